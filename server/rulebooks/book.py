"""What a rulebook (规则) holds: one institution's published rules for one year, as data."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from server.domain.calendar import Calendar, Planned
from server.domain.clauses import STRICT, Clause
from server.domain.eligibility import EligibilityRule
from server.domain.fees import Fee, Forfeit
from server.domain.retakes import RetakeRule
from server.domain.tickets import SubjectTime, TicketRules
from server.domain.turnout import TurnoutRule


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The published notice that the rulebook carries out."""

    __pydantic_config__ = STRICT
    title: str
    number: str = ""
    issued_on: date | None = None
    #: what the notice says besides: changes of policy, of holidays, of the catalogue
    remarks: tuple[str, ...] = ()


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
    #: 机构备案号
    registry_number: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class MiniProgram(Clause):
    """个人申报 in the mini-program with this name."""

    kind: Literal["mini_program"]
    name: str


@dataclass(frozen=True, kw_only=True)
class AtWindow(Clause):
    """个人申报 in person at the window (个人业务受理窗口), with these papers."""

    kind: Literal["window"]
    address: str
    materials: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Group(Clause):
    """团体申报: training bodies and schools check first and file through the city's system."""

    kind: Literal["city_system"]
    how: str


@dataclass(frozen=True, kw_only=True)
class Application(Clause):
    """申报方式, and the declaration of truth that a candidate gives."""

    individual: MiniProgram | AtWindow
    group: Group
    declaration: str


@dataclass(frozen=True, kw_only=True)
class OccupationLevel:
    __pydantic_config__ = STRICT
    level: int
    fee: Fee


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
class Account(Clause):
    """指定账户 as the notice prints it; staff can set another. tax_id and address are for invoices."""

    holder: str
    bank: str
    number: str
    tax_id: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Proof(Clause):
    """Where proof of payment and what an invoice needs are mailed to, and under which subject line."""

    to: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class Payment(Clause):
    """缴费: what counts as paid, and what to write into the transfer's remark."""

    counts_when: Literal["received"]
    remark: str
    remind_days_before_end: tuple[int, ...]
    account: Account | None = None
    proof: Proof | None = None
    forfeit: Forfeit | None = None


@dataclass(frozen=True, kw_only=True)
class Timetable(Clause):
    """Place and times of the subjects until staff set others for a sitting."""

    place: str
    subjects: tuple[SubjectTime, ...]


@dataclass(frozen=True, kw_only=True)
class Results(Clause):
    """When and where results are found: within so many working days, more where papers are marked or pieces inspected."""

    working_days: int
    where: str
    working_days_with_marking: int | None = None


@dataclass(frozen=True, kw_only=True)
class PassMark(Clause):
    points: int
    out_of: int


@dataclass(frozen=True, kw_only=True)
class Certificates(Clause):
    """How certificates are given out, to individuals and to groups, and again where one was lost."""

    electronic: bool
    paper: Literal["on_request", "collected"]
    individual: str
    group: str
    reissue: str = ""


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
    #: the edition of the same year that this one takes the place of
    replaces: int | None = None
    notice: Notice
    institution: Institution
    application: Application
    occupations: tuple[Occupation, ...]
    calendar: Calendar
    turnout: TurnoutRule
    withdrawal: Withdrawal
    payment: Payment
    tickets: TicketRules
    timetable: Timetable
    results: Results
    retakes: RetakeRule
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

    @property
    def institution_key(self) -> str:
        """The institution, whatever the year: the slug without it."""
        return self.slug.removesuffix(f"-{self.year}")

    def planned(self) -> list[tuple[Occupation, int, Planned]]:
        """Every sitting of the year: each occupation and level on each date of the calendar."""
        return [
            (occupation, level.level, dates)
            for dates in self.calendar.planned(self.year)
            for occupation in self.occupations
            for level in occupation.levels
            if dates.is_for(level.level)
        ]
