"""What a rulebook (规则) holds: one institution's published rules for one year, as data."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from server.domain.calendar import FixedCalendar, FixedSitting
from server.domain.clauses import STRICT, Clause
from server.domain.eligibility import EligibilityRule
from server.domain.fees import OneSum
from server.domain.tickets import SubjectTime, TicketOnDate
from server.domain.turnout import TurnoutRule


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The published notice that the rulebook carries out."""

    __pydantic_config__ = STRICT
    title: str
    number: str
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class Website:
    __pydantic_config__ = STRICT
    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Institution(Clause):
    """评价机构: where it is, when its window is open, whom to call."""

    name: str
    address: str
    hours: str
    telephone: str
    complaints: tuple[str, ...]
    websites: tuple[Website, ...]


@dataclass(frozen=True, kw_only=True)
class Application(Clause):
    """申报方式, and the declaration of truth that a candidate gives."""

    individual: Literal["mini_program"]
    mini_program: str
    group: str
    declaration: str


@dataclass(frozen=True, kw_only=True)
class OccupationLevel:
    __pydantic_config__ = STRICT
    level: int
    fee: OneSum


@dataclass(frozen=True, kw_only=True)
class Occupation(Clause):
    """职业（工种）. `key` is ours and goes into addresses; `code` is the national one, where the notice gives it."""

    key: str
    name: str
    subjects: tuple[str, ...]
    levels: tuple[OccupationLevel, ...]
    code: str = ""

    def level(self, number: int) -> OccupationLevel:
        """The level with this number. Raises KeyError."""
        for one in self.levels:
            if one.level == number:
                return one
        raise KeyError(number)


@dataclass(frozen=True, kw_only=True)
class Withdrawal(Clause):
    """Until when somebody whose sitting was moved may step back and be refunded by a clerk."""

    after_postponement: Literal["until_payment_closes"]


@dataclass(frozen=True, kw_only=True)
class Payment(Clause):
    """缴费: what counts as paid, and what to write into the transfer's remark."""

    counts_when: Literal["received"]
    remark: str
    remind_days_before_end: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Timetable(Clause):
    """Place and times of the subjects until staff set others for a sitting."""

    place: str
    subjects: tuple[SubjectTime, ...]


@dataclass(frozen=True, kw_only=True)
class Validity:
    """How long a passed subject stays valid (成绩有效期)."""

    __pydantic_config__ = STRICT
    levels: tuple[int, ...]
    years: int


@dataclass(frozen=True, kw_only=True)
class Results(Clause):
    """When and where results are found."""

    working_days: int
    working_days_with_marking: int
    where: str
    validity: tuple[Validity, ...]


@dataclass(frozen=True, kw_only=True)
class PassMark(Clause):
    points: int
    out_of: int


@dataclass(frozen=True, kw_only=True)
class Certificates(Clause):
    """How certificates are given out."""

    electronic: bool
    paper: Literal["on_request"]
    paper_delivery: str


@dataclass(frozen=True, kw_only=True)
class Conduct(Clause):
    """参评人员须知, as it is printed on the ticket."""

    rules: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """One institution's rules for one year. An edition in use is never edited: a new one is added."""

    __pydantic_config__ = STRICT
    slug: str
    edition: int
    year: int
    notice: Notice
    institution: Institution
    application: Application
    occupations: tuple[Occupation, ...]
    calendar: FixedCalendar
    turnout: TurnoutRule
    withdrawal: Withdrawal
    payment: Payment
    tickets: TicketOnDate
    timetable: Timetable
    results: Results
    pass_mark: PassMark
    certificates: Certificates
    eligibility: EligibilityRule
    conduct: Conduct

    def occupation(self, key: str) -> Occupation:
        """The occupation with this key. Raises KeyError."""
        for one in self.occupations:
            if one.key == key:
                return one
        raise KeyError(key)

    def planned(self) -> list[tuple[Occupation, int, FixedSitting]]:
        """Every sitting of the year: each occupation and level on each date of the calendar."""
        return [
            (occupation, level.level, dates)
            for dates in self.calendar.sittings
            for occupation in self.occupations
            for level in occupation.levels
            if level.level in dates.levels
        ]
