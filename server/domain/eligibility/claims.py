"""What a candidate says of themselves: each claim is backed by evidence that a clerk judges."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

School = Literal[
    "secondary_vocational",
    "technical",
    "technical_senior",
    "technician_college",
    "technician_class",
    "higher_vocational",
    "college",
]
TitleGrade = Literal["junior", "middle", "senior"]

TITLE_NAMES: dict[TitleGrade, str] = {"junior": "初级职称", "middle": "中级职称", "senior": "高级职称"}
SCHOOL_NAMES: dict[School, str] = {
    "secondary_vocational": "中等职业学校",
    "technical": "技工院校",
    "technical_senior": "技工院校高级工班及以上",
    "technician_college": "技师学院",
    "technician_class": "技师学院预备技师班、技师班",
    "higher_vocational": "高等职业学校",
    "college": "专科及以上普通高等学校",
}


@dataclass(frozen=True)
class Work:
    """A period of work in this or a related occupation; `until` is None while it lasts. `occupation` is what the
    candidate calls the work, and may be left empty."""

    since: date
    until: date | None = None
    occupation: str = ""


@dataclass(frozen=True)
class Certificate:
    """职业资格（职业技能等级）证书."""

    occupation: str
    level: int
    issued_on: date


@dataclass(frozen=True)
class Title:
    """职称（专业技术人员职业资格）."""

    grade: TitleGrade
    issued_on: date


@dataclass(frozen=True)
class Diploma:
    """A diploma, or a final year at school (含在读应届毕业生).

    The school "technician_class" says that one is a student of such a class now, in whatever year; who has left it
    with a diploma is a graduate of a "technician_college".
    """

    school: School
    major: str
    final_year: bool = False
    course_assessed: bool = False  # 经评估论证


@dataclass(frozen=True)
class Claims:
    """All that somebody says; `intends` declares that they intend to work in this or a related occupation (拟从事)."""

    born: date
    work: tuple[Work, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    titles: tuple[Title, ...] = ()
    diplomas: tuple[Diploma, ...] = ()
    intends: bool = False
