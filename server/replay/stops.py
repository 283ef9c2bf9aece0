"""At which instants a year is looked at: only those on which something can happen, in the order of time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from server.domain.phases import Dates
from server.replay.people import Person, on
from server.rulebooks.book import Rulebook


def stops(book: Rulebook, calendar: Iterable[Dates], people: Iterable[Person]) -> list[datetime]:
    """Every stop of the year: the days of each sitting, and whenever one of the people does something."""
    found = {stop for dates in calendar for stop in _of_sitting(book, dates)}
    for person in people:
        found |= {one for one in (person.applies_at, person.pays_at, person.recorded_at) if one is not None}
    return sorted(found)


def decision_day(book: Rulebook, dates: Dates) -> datetime:
    """The first instant of the day on which turnout is decided."""
    return dates.decide_from(book.turnout.counting.recording_days)


def _of_sitting(book: Rulebook, dates: Dates) -> set[datetime]:
    telling = book.turnout.telling
    tell_by = dates.tell_by(telling.days_before)
    decided = decision_day(book, dates)
    return {
        on(dates.apply.first, 9),
        on(dates.apply.last, 10),
        on(dates.pay.first, 10),
        *(on(dates.pay.last - timedelta(days=days), 9) for days in book.payment.remind_days_before_end),
        on(dates.pay.last, 10),
        on(dates.pay.last + timedelta(days=book.turnout.counting.recording_days), 16),
        # What is decided at night is told in the morning: nobody's phone rings before eight.
        decided + timedelta(minutes=30),
        decided + timedelta(hours=9),
        on(tell_by - timedelta(days=telling.telephone_days_before_that), 10),
        on(tell_by, 10),
        on(tell_by + timedelta(days=1), 10),
        on(dates.ticket_from, 0, 30),
        on(dates.ticket_from, 10),
        on(dates.assessed.last + timedelta(days=1), 1),
    }
