"""The closed vocabulary of alternatives, any one of which opens a level, and the evidence that each wants.

The sentences are those of the 2023 national rules (RULES.md, section 4). "Then N years" counts years worked after the date
of that certificate or title.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar, Literal

from server.domain.clauses import STRICT, Clause
from server.domain.eligibility.claims import School, TitleGrade

EvidenceKind = Literal["work", "certificate", "title", "diploma", "student"]
EVIDENCE_NAMES: dict[EvidenceKind, str] = {
    "work": "工作证明",
    "certificate": "职业资格（职业技能等级）证书",
    "title": "职称证书",
    "diploma": "毕业证书",
    "student": "在读证明",
}
#: all that is handed in: the evidence, and what no alternative asks for
UPLOAD_NAMES = EVIDENCE_NAMES | {"identity": "身份证件", "other": "其他材料"}


@dataclass(frozen=True, kw_only=True)
class WorksOrIntends:
    """拟从事（intends），或从事（works）本职业或相关职业工作."""

    __pydantic_config__ = STRICT
    kind: Literal["works_or_intends"]
    id: str
    text: str
    says: Literal["intends", "works"]

    @property
    def wanted(self) -> tuple[EvidenceKind, ...]:
        """An intention has no papers: it is declared."""
        return ("work",) if self.says == "works" else ()


@dataclass(frozen=True, kw_only=True)
class YearsWorked:
    """累计从事本职业或相关职业工作满 N 年."""

    __pydantic_config__ = STRICT
    wanted: ClassVar[tuple[EvidenceKind, ...]] = ("work",)
    kind: Literal["years_worked"]
    id: str
    text: str
    years: int


@dataclass(frozen=True, kw_only=True)
class CertificateThenYears:
    """取得 L 级证书后，累计从事本职业或相关职业工作满 N 年."""

    __pydantic_config__ = STRICT
    wanted: ClassVar[tuple[EvidenceKind, ...]] = ("certificate", "work")
    kind: Literal["certificate_then_years"]
    id: str
    text: str
    level: int
    years: int


@dataclass(frozen=True, kw_only=True)
class TitleThenYears:
    """取得符合专业对应关系的职称后，累计工作满 N 年."""

    __pydantic_config__ = STRICT
    wanted: ClassVar[tuple[EvidenceKind, ...]] = ("title", "work")
    kind: Literal["title_then_years"]
    id: str
    text: str
    grade: TitleGrade
    years: int


@dataclass(frozen=True, kw_only=True)
class TitleAndCertificateThenYears:
    """取得职称后累计工作满 N 年，并在取得 L 级证书后工作满 M 年. The same years of work may serve both."""

    __pydantic_config__ = STRICT
    wanted: ClassVar[tuple[EvidenceKind, ...]] = ("title", "certificate", "work")
    kind: Literal["title_and_certificate_then_years"]
    id: str
    text: str
    grade: TitleGrade
    title_years: int
    level: int
    certificate_years: int


@dataclass(frozen=True, kw_only=True)
class WithDiploma:
    """取得本专业或相关专业的毕业证书（含在读应届毕业生）."""

    __pydantic_config__ = STRICT
    wanted: ClassVar[tuple[EvidenceKind, ...]] = ("diploma",)
    kind: Literal["diploma"]
    id: str
    text: str
    schools: tuple[School, ...]
    course_assessed: bool = False


@dataclass(frozen=True, kw_only=True)
class CertificateAndDiploma:
    """取得 L 级证书，并取得毕业证书（含在读应届毕业生）."""

    __pydantic_config__ = STRICT
    wanted: ClassVar[tuple[EvidenceKind, ...]] = ("certificate", "diploma")
    kind: Literal["certificate_and_diploma"]
    id: str
    text: str
    level: int
    schools: tuple[School, ...]


@dataclass(frozen=True, kw_only=True)
class GraduateWithCertificateThenYears:
    """取得 L 级证书的毕业生，累计工作满 N 年. Graduates only, of any major; the sentence has no 后, so all years count,
    those before the certificate too."""

    __pydantic_config__ = STRICT
    wanted: ClassVar[tuple[EvidenceKind, ...]] = ("certificate", "diploma", "work")
    kind: Literal["graduate_with_certificate_then_years"]
    id: str
    text: str
    level: int
    schools: tuple[School, ...]
    years: int


@dataclass(frozen=True, kw_only=True)
class CertificateHeldYears:
    """取得 L 级证书满 N 年的学生. The certificate is held that long, worked or not."""

    __pydantic_config__ = STRICT
    wanted: ClassVar[tuple[EvidenceKind, ...]] = ("certificate", "student")
    kind: Literal["certificate_held_years"]
    id: str
    text: str
    level: int
    years: int
    schools: tuple[School, ...]


Alternative = (
    WorksOrIntends
    | YearsWorked
    | CertificateThenYears
    | TitleThenYears
    | TitleAndCertificateThenYears
    | WithDiploma
    | CertificateAndDiploma
    | GraduateWithCertificateThenYears
    | CertificateHeldYears
)


@dataclass(frozen=True, kw_only=True)
class LevelConditions:
    """The alternatives of one level: any one will do."""

    __pydantic_config__ = STRICT
    level: int
    any_of: tuple[Alternative, ...]


@dataclass(frozen=True, kw_only=True)
class Related(Clause):
    """相关职业、本专业或相关专业, as a notice lists them; an empty list is none. The lists end with 等: what they leave
    out is not thereby unrelated."""

    occupations: tuple[str, ...]
    majors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EligibilityRule(Clause):
    """年满 N 周岁，且具备所报等级的条件之一. `standard` names the published standard that the levels were taken from."""

    minimum_age: int
    levels: tuple[LevelConditions, ...]
    standard: str = ""
    related: Related | None = None

    def alternative(self, level: int, key: str) -> Alternative:
        """The alternative of a level with this id. Raises KeyError."""
        for conditions in self.levels:
            for one in conditions.any_of:
                if (conditions.level, one.id) == (level, key):
                    return one
        raise KeyError(key)


def evidence_missing(one: Alternative, shown: Collection[str]) -> tuple[EvidenceKind, ...]:
    """The kinds of evidence that an alternative wants and nobody has handed in.

    Who is in the final year has no diploma yet, and shows that they study (在读证明).
    """
    final_year_too = isinstance(one, WithDiploma | CertificateAndDiploma) and "student" in shown
    return tuple(kind for kind in one.wanted if kind not in shown and not (kind == "diploma" and final_year_too))
