"""Working days (工作日), public holidays and working weekends: what a table of days says, and what it cannot say yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from server.domain.days import Window

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class DayTable:
    """The State Council's yearly list: which days are off, and which weekend days are worked instead.

    A year that is not known is no error: its weekdays count as worked and its weekends as free, and whoever asks can see
    that it is a guess.
    """

    known: frozenset[int] = frozenset()
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_known(self, day: date) -> bool:
        return day.year in self.known

    def is_working(self, day: date) -> bool:
        """Is this a working day?"""
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def is_holiday(self, day: date) -> bool:
        """Is this one of the days of a public holiday (节假日)?"""
        return day in self.off

    def is_free_weekend(self, day: date) -> bool:
        """除节假日的双休日: a Saturday or Sunday that is neither a public holiday nor worked in exchange for one."""
        return day.weekday() >= _SATURDAY and day not in self.off and day not in self.worked

    def before(self, day: date, count: int) -> date:
        """The working day that lies `count` working days before a day (考试前五个工作日)."""
        return self._stepped(day, count, -_DAY)

    def after(self, day: date, count: int) -> date:
        """The last of the `count` working days that follow a day (20个工作日内)."""
        return self._stepped(day, count, _DAY)

    def _stepped(self, day: date, count: int, step: timedelta) -> date:
        while count > 0:
            day += step
            count -= self.is_working(day)
        return day


@dataclass(frozen=True)
class Proposal:
    """A proposed day for a sitting and how good it is.

    ideal: it is of the kind wanted and leaves time to tell people. sure: the year's holidays are known.
    """

    days: Window
    ideal: bool
    sure: bool


def propose(
    among: Window, on: Literal["weekend", "any"], table: DayTable, *, after: date, told: date, length: int = 1
) -> Proposal:
    """The day to propose within a month: the last free weekend (Saturday first), or the last day that is no holiday.

    after: the day on which turnout is decided; nobody is assessed before it. told: the first day that leaves time to tell
    people of a change; an earlier one is proposed only where the month has no other. length: days in a row.
    """
    windows = [Window(first, first + (length - 1) * _DAY) for first in _latest_first(among, on)]
    fitting = [one for one in windows if one.first > after and one.last <= among.last and _suits(one, on, table)]
    for wanted in (told, after + _DAY):
        for one in fitting:
            if one.first >= wanted:
                return Proposal(one, ideal=wanted == told, sure=table.is_known(one.first))
    last = Window(among.last - (length - 1) * _DAY, among.last)
    return Proposal(last, ideal=False, sure=table.is_known(last.first))


def _suits(days: Window, on: str, table: DayTable) -> bool:
    every = [days.first + number * _DAY for number in range((days.last - days.first).days + 1)]
    return all(table.is_free_weekend(day) if on == "weekend" else not table.is_holiday(day) for day in every)


def _latest_first(among: Window, on: str) -> Iterator[date]:
    """The days of a window from its end; of each weekend the Saturday before the Sunday."""
    days = [among.first + number * _DAY for number in range((among.last - among.first).days + 1)]
    if on == "any":
        return reversed(days)
    return iter(sorted(days, key=lambda day: (-day.isocalendar().year, -day.isocalendar().week, day)))
