"""Who takes part in a replay: invented people, one for each applicant of the plan, and what the plan has in store for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from server.domain.days import SHANGHAI
from server.domain.identity import DocumentType, check_digit
from server.domain.phases import Dates
from server.domain.registrations import WINDOW, Action
from server.domain.working_days import DayTable
from server.replay.plan import PlanRow, SittingName

# Short and long, of two writing systems, with characters that few fonts hold: what forms and fields stumble over.
NAMES = (
    "王芳",
    "欧阳娜娜",
    "李䶮",
    "张伟",
    "阿卜杜热合曼·麦麦提吐尔逊江",
    "陈喆珺",
    "刘洋",
    "Maria da Silva",
    "司马相如",
    "赵㛃",
)
# Every tenth person brings another document than an ID card.
_OTHER_DOCUMENTS = {
    3: (DocumentType.PASSPORT, "E{:08d}"),
    13: (DocumentType.HK_MACAO_PERMIT, "H{:08d}"),
    23: (DocumentType.TAIWAN_PERMIT, "{:08d}"),
    33: (DocumentType.FOREIGN_PERMANENT, "CHN{:012d}"),
}
_BIRTH_DAYS = (
    5000  # from 1975 into 1988: old enough for every condition, and a number for each of them is easily made
)


@dataclass(frozen=True)
class Particulars:
    """Name, document and phone of a person who does not exist."""

    name: str
    document: DocumentType
    number: str
    born: date
    sex: str
    phone: str


@dataclass
class Person:
    """One applicant: what the plan wants of them, and, as the year goes on, what has been done."""

    serial: int
    applied_for: SittingName
    particulars: Particulars
    applies_at: datetime
    verdict: Action
    #: when the transfer is made, and when the clerk finds it in the bank's records; None for those who never pay
    pays_at: datetime | None
    recorded_at: datetime | None
    granted: bool
    confirms: bool
    number: str = ""
    openid: str = ""
    fee_fen: int = 0
    judged: bool = False
    paid_on: date | None = None
    recorded: bool = False
    token: str = field(default="", repr=False)

    @property
    def has_common_name(self) -> bool:
        """Is the name made of the characters of everyday print (GB 2312)?"""
        try:
            self.particulars.name.encode("gb2312")
        except UnicodeEncodeError:
            return False
        return True


def cast(
    plan: Iterable[PlanRow], dates: Mapping[SittingName, Dates], recording_days: int, way: str, table: DayTable
) -> list[Person]:
    """Everybody whom a plan speaks of. `recording_days` after the payment window the last transfers are recorded; `way` is
    how individuals apply (mini_program, window), and `table` says when a window is open."""
    people: list[Person] = []
    for row in plan:
        # Those without a grant and those whose phone is silent overlap, so that one person may be both.
        silent = {(row.no_grant // 2 + number) % row.paid for number in range(row.sms_fails)}
        days = dates[row.name]
        comes = _at_window(days, table) if way == WINDOW else _on_phone(days)
        for place in range(row.applicants):
            person = _person(len(people) + 1, place, row, comes[place % 3], _payment(place, days, recording_days))
            person.granted, person.confirms = not place < row.no_grant, place not in silent
            people.append(person)
    return people


def _person(
    serial: int, place: int, row: PlanRow, applies_at: datetime, payment: tuple[datetime, datetime]
) -> Person:
    pays_at, recorded_at = payment if place < row.paid else (None, None)
    return Person(
        serial=serial,
        applied_for=row.name,
        particulars=particulars(serial),
        applies_at=applies_at,
        verdict=Action.APPROVE if place < row.approved else (Action.REJECT, Action.RETURN)[place % 2],
        pays_at=pays_at,
        recorded_at=recorded_at,
        granted=True,
        confirms=True,
    )


def on(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant on a Shanghai clock."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def _on_phone(dates: Dates) -> tuple[datetime, datetime, datetime]:
    """A third at the window's beginning, a third on its last day, a third at the last minute if there is time to review."""
    last_minute = on(dates.apply.last, 23, 59) if dates.apply.last < dates.pay.last else on(dates.apply.last, 10)
    return on(dates.apply.first, 9), on(dates.apply.last, 10), last_minute


def _at_window(dates: Dates, table: DayTable) -> tuple[datetime, datetime, datetime]:
    """The same at a window, which is closed at night and when nobody works. All institutions' are open at ten and at three."""
    first, last = dates.apply.first, dates.apply.last
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    working = [day for day in days if table.is_working(day)] or days
    return on(working[0], 10), on(working[-1], 10), on(working[-1], 15)


def _payment(place: int, dates: Dates, recording_days: int) -> tuple[datetime, datetime]:
    """A third on the first day, a third on the last, a third on the last and recorded when the bank has sent its list."""
    first, last = on(dates.pay.first, 10), on(dates.pay.last, 10)
    late = on(dates.pay.last + timedelta(days=recording_days), 16)
    return ((first, first), (last, last), (last, late))[place % 3]


def particulars(serial: int) -> Particulars:
    """The same person for the same number, unlike every other. The region code 999999 was never given to any place."""
    born = date(1975, 1, 1) + timedelta(days=serial * 7 % _BIRTH_DAYS)
    order = serial // _BIRTH_DAYS * 2 + serial % 2
    seventeen = f"999999{born:%Y%m%d}{order:03d}"
    kind, number = DocumentType.ID_CARD, seventeen + check_digit(seventeen)
    if serial % 40 in _OTHER_DOCUMENTS:
        kind, shape = _OTHER_DOCUMENTS[serial % 40]
        number = shape.format(serial)
    name, sex = NAMES[serial % len(NAMES)], "男" if serial % 2 else "女"
    return Particulars(name, kind, number, born, sex, f"138{serial:08d}")
