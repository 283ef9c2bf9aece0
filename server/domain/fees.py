"""What a registration costs (收费标准). Rulebooks say yuan, as the notices do; everything else is fen."""

from dataclasses import dataclass

from server.domain.clauses import Clause


@dataclass(frozen=True, kw_only=True)
class OneSum(Clause):
    """评价服务费 as one sum for all subjects, and the price of each subject sat again (补考收费, 元/模块)."""

    yuan: int
    retake_yuan_per_subject: int

    @property
    def fen(self) -> int:
        return self.yuan * 100

    @property
    def retake_fen_per_subject(self) -> int:
        return self.retake_yuan_per_subject * 100
