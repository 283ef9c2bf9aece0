"""A year's public holidays and working weekends (放假安排) as the State Council publishes them, and what can be wrong with a
list of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

DayKind = Literal["off", "worked"]
_SATURDAY = 5
_LONGEST_TEXT = 200


@dataclass(frozen=True, order=True)
class NamedDay:
    """A day and what it is for: 春节, 国庆节调休."""

    day: date
    note: str = ""


def is_one_line(text: str) -> bool:
    """Can a source or a note be kept and shown: one line of at most 200 characters, none of which controls anything?"""
    return len(text) <= _LONGEST_TEXT and text.isprintable()


@dataclass(frozen=True)
class Fault:
    """What is wrong with a list (a code of server/errors.py), and with which day."""

    code: str
    day: date


@dataclass(frozen=True)
class PublishedYear:
    """The days that are off, weekend days of a holiday among them, and the weekend days that are worked instead."""

    year: int
    off: tuple[NamedDay, ...]
    worked: tuple[NamedDay, ...]

    def with_day(self, day: date, kind: DayKind | None, note: str) -> "PublishedYear":
        """The same year with one day changed; None leaves that day to its weekday."""
        off = [one for one in self.off if one.day != day]
        worked = [one for one in self.worked if one.day != day]
        if kind is not None:
            (off if kind == "off" else worked).append(NamedDay(day, note))
        return replace(self, off=tuple(sorted(off)), worked=tuple(sorted(worked)))

    def faults(self) -> Iterator[Fault]:
        """What makes the list wrong as a whole: it is to be taken over whole or not at all."""
        counted = Counter(one.day for one in (*self.off, *self.worked))
        yield from (Fault("calendar_day_outside", day) for day in sorted(counted) if day.year != self.year)
        yield from (Fault("calendar_day_twice", day) for day in sorted(counted) if counted[day] > 1)
        for one in self.worked:
            if one.day.weekday() < _SATURDAY:
                yield Fault("calendar_worked_weekday", one.day)
        # The one holiday whose day never moves: a list without it is another year's, or half a list.
        new_year = date(self.year, 1, 1)
        if new_year not in {one.day for one in self.off}:
            yield Fault("calendar_new_year", new_year)
