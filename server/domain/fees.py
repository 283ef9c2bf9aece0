"""What a registration costs (收费标准). Rulebooks say yuan, as the notices do; everything else is fen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Literal

from server.domain.clauses import STRICT, Clause
from server.domain.retakes import years_later


@dataclass(frozen=True, kw_only=True)
class OneSum(Clause):
    """评价服务费 as one sum for all subjects, and the price of each subject sat again (补考收费, 元/模块)."""

    kind: Literal["one_sum"]
    yuan: int
    retake_yuan_per_subject: int

    @property
    def fen(self) -> int:
        return self.yuan * 100

    def retake_fen(self, subject: str) -> int:
        """What one subject sat again costs."""
        return self.retake_yuan_per_subject * 100

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects that have a price of their own: none."""
        return ()

    def prices(self) -> tuple[int, ...]:
        """Every sum of money, in yuan."""
        return (self.yuan, self.retake_yuan_per_subject)


@dataclass(frozen=True, kw_only=True)
class SubjectFee:
    """The price of one subject."""

    __pydantic_config__ = STRICT

    subject: str
    yuan: int


@dataclass(frozen=True, kw_only=True)
class RetakeListed(Clause):
    """补考收费标准 as the notice lists it, subject by subject."""

    kind: Literal["listed"]
    by_subject: tuple[SubjectFee, ...]


@dataclass(frozen=True, kw_only=True)
class RetakeAtOwnFee(Clause):
    """A subject sat again costs what it cost the first time."""

    kind: Literal["own_fee"]


@dataclass(frozen=True, kw_only=True)
class PerSubject(Clause):
    """考核费 subject by subject (理论知识 + 操作技能 = 合计), and what each costs when sat again."""

    kind: Literal["per_subject"]
    by_subject: tuple[SubjectFee, ...]
    retake: RetakeListed | RetakeAtOwnFee

    @property
    def fen(self) -> int:
        return sum(one.yuan for one in self.by_subject) * 100

    def retake_fen(self, subject: str) -> int:
        """What one subject sat again costs. Raises KeyError."""
        listed = self.retake.by_subject if isinstance(self.retake, RetakeListed) else self.by_subject
        return {one.subject: one.yuan for one in listed}[subject] * 100

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects that have a price of their own."""
        return tuple(one.subject for one in self.by_subject)

    def prices(self) -> tuple[int, ...]:
        """Every sum of money, in yuan."""
        listed = self.retake.by_subject if isinstance(self.retake, RetakeListed) else ()
        return tuple(one.yuan for one in (*self.by_subject, *listed))


Fee = OneSum | PerSubject


@dataclass(frozen=True, kw_only=True)
class Forfeit(Clause):
    """Paid and not assessed within so many years: taken as given up, not refunded (付费一年内未参加认定的，视作自动放弃)."""

    years: int


def received_whole_on(fee_fen: int, entries: Iterable[tuple[date, int]]) -> date | None:
    """The day on which the account had received the whole fee, from the entries' days and fen, refunds below zero.

    None while it has not. Where part was given back and paid anew, it is the day on which the fee was whole again.
    """
    balance, whole_on = 0, None
    for day, of_the_day in groupby(sorted(entries), key=itemgetter(0)):
        balance += sum(fen for _, fen in of_the_day)
        if balance < fee_fen:
            whole_on = None
        elif whole_on is None:
            whole_on = day
    return whole_on


def forfeits_after(rule: Forfeit, received_on: date) -> date:
    """The last day on which one may still be assessed for a fee that was received on this day: its anniversary."""
    return years_later(received_on, rule.years)
