"""When things happen: the calendar kinds, and the sittings that each gives for a year."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from server.domain.clauses import STRICT, Clause
from server.domain.days import Window


@dataclass(frozen=True)
class Planned:
    """One sitting date as a calendar gives it, for some levels.

    month: YYYY-MM of the assessment. among: the days on which it may be. day: the published day or days; None where
    staff set them. ticket_from: where the calendar says it. by_next_notice: next year's notice has the last word.
    """

    month: str
    apply: Window
    pay: Window
    among: Window
    day: Window | None = None
    ticket_from: date | None = None
    levels: tuple[int, ...] | None = None
    by_next_notice: bool = False

    def is_for(self, level: int) -> bool:
        return self.levels is None or level in self.levels


@dataclass(frozen=True)
class FixedSitting:
    """One row of a published table of sittings (technicians: 二（三）)."""

    __pydantic_config__ = STRICT

    month: str  # YYYY-MM of the assessment
    levels: tuple[int, ...]
    apply: Window
    pay: Window
    assessed: Window
    ticket_from: date | None = None

    def faults(self) -> list[str]:
        """What cannot be so, in words for whoever wrote the rulebook."""
        found = []
        if self.month != f"{self.assessed.first:%Y-%m}":
            found.append(f"month {self.month} 与评价日期 {self.assessed.first} 不符")
        if not self.apply.last < self.pay.first:
            found.append("缴费日期与受理申报日期重叠")
        if self.ticket_from is not None and not self.pay.last < self.ticket_from:
            found.append("准考证下载日期早于缴费截止")
        if self.ticket_from is not None and not self.ticket_from <= self.assessed.first:
            found.append("准考证下载日期晚于评价日期")
        if not self.pay.last < self.assessed.first:
            found.append("缴费截止不早于评价日期")
        return found


@dataclass(frozen=True, kw_only=True)
class FixedCalendar(Clause):
    """The sittings stand in the notice, each with its windows."""

    kind: Literal["fixed"]
    sittings: tuple[FixedSitting, ...]

    def planned(self, year: int) -> tuple[Planned, ...]:
        """The rows of the table, which name their year themselves."""
        return tuple(
            Planned(one.month, one.apply, one.pay, one.assessed, one.assessed, one.ticket_from, one.levels)
            for one in self.sittings
        )


@dataclass(frozen=True, kw_only=True)
class SittingDays(Clause):
    """On which days of the month a sitting may be: 除节假日的双休日, or any but public holidays."""

    on: Literal["weekend", "any"]


@dataclass(frozen=True, kw_only=True)
class MonthlyCalendar(Clause):
    """Who applies and pays in month M is assessed before the end of month M+1 (申报及缴费日期 2月, 评价时间 3月底前).

    December's applicants come into January: the notice says 12月底前或根据次年公告排考, and a window that is open until
    31 December leaves no day of December after it.
    """

    kind: Literal["monthly"]
    december: Literal["next_notice"]
    days: SittingDays

    def planned(self, year: int) -> tuple[Planned, ...]:
        return tuple(
            _planned(_month(year, number), *_next(year, number), by_next_notice=number == 12)
            for number in range(1, 13)
        )


@dataclass(frozen=True)
class MidMonthWindow:
    """One row of a table of windows, MM-DD to MM-DD; assessed in the month with this number, this year or the next."""

    __pydantic_config__ = STRICT

    first: str
    last: str
    assessed_in: int

    def window(self, year: int) -> Window:
        """The window in a year. Raises ValueError for days that do not exist."""
        return Window(_day(year, self.first), _day(year, self.last))


@dataclass(frozen=True, kw_only=True)
class MidMonthCalendar(Clause):
    """Windows that do not follow the months (1月1日-2月15日 → 3月); application, payment and review share each."""

    kind: Literal["mid_month"]
    days: SittingDays
    windows: tuple[MidMonthWindow, ...]

    def planned(self, year: int) -> tuple[Planned, ...]:
        """Raises ValueError for windows that do not exist."""
        found = []
        for row in self.windows:
            window = row.window(year)
            assessed_year = year if row.assessed_in > window.last.month else year + 1
            found.append(_planned(window, assessed_year, row.assessed_in))
        return tuple(found)


Calendar = FixedCalendar | MonthlyCalendar | MidMonthCalendar


def _planned(window: Window, year: int, month: int, *, by_next_notice: bool = False) -> Planned:
    return Planned(f"{year}-{month:02d}", window, window, _month(year, month), by_next_notice=by_next_notice)


def _month(year: int, month: int) -> Window:
    return Window(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _next(year: int, month: int) -> tuple[int, int]:
    return (year, month + 1) if month < 12 else (year + 1, 1)


def _day(year: int, text: str) -> date:
    if not re.fullmatch(r"[0-9]{2}-[0-9]{2}", text, re.ASCII):
        raise ValueError(f"{text} 须如 02-15")
    try:
        return date(year, int(text[:2]), int(text[3:]))
    except ValueError:
        raise ValueError(f"{year}年没有 {text} 这一天") from None
