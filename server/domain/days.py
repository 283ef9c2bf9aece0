"""Days are Asia/Shanghai days and windows include both ends (RULES.md, head)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

# China has had one zone and no summer time since 1991, so a fixed offset needs no zone data anywhere.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def local_day(instant: datetime) -> date:
    """The Shanghai calendar day of an aware instant."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone")
    return instant.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The first instant of a Shanghai day."""
    return datetime.combine(day, time.min, SHANGHAI)


def end_of(day: date) -> datetime:
    """The first instant after a Shanghai day: 3月22日截止 closes when 3月23日 begins."""
    return start_of(day + timedelta(days=1))


@dataclass(frozen=True)
class Window:
    """Days from first to last, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"最后一天 {self.last} 早于第一天 {self.first}")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def is_open(self, instant: datetime) -> bool:
        return start_of(self.first) <= instant < end_of(self.last)

    def is_over(self, instant: datetime) -> bool:
        return instant >= end_of(self.last)

    @property
    def closes(self) -> datetime:
        return end_of(self.last)


def whole_years(since: date, until: date) -> int:
    """Completed years between two days; 2月29日 is completed on 3月1日 in a common year. Negative never."""
    if until < since:
        return 0
    years = until.year - since.year
    return years - ((until.month, until.day) < (since.month, since.day))


def whole_months(since: date, until: date) -> int:
    """Completed months between two days."""
    if until < since:
        return 0
    months = (until.year - since.year) * 12 + until.month - since.month
    return months - (until.day < since.day)
