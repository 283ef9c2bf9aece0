"""Give a planned sitting its dates: the day of the assessment, published or proposed, and the days that follow from it."""

from dataclasses import dataclass
from datetime import date, timedelta

from server.domain.calendar import FixedCalendar, Planned
from server.domain.days import Window, local_day
from server.domain.phases import decided_from
from server.domain.tickets import released_on
from server.domain.working_days import DayTable, propose
from server.rulebooks.book import Rulebook


@dataclass(frozen=True)
class SittingDates:
    """The day or days of a sitting, and from when individuals and groups get their tickets.

    fixed: published by the notice; otherwise a proposal that staff confirm or change. ideal: of a proposal, that it is on
    a day of the kind wanted and leaves time to tell people; sure: that the year's holidays are known.
    """

    assessed: Window
    ticket_from: date
    group_ticket_from: date
    fixed: bool
    ideal: bool = True
    sure: bool = True


def length_of(book: Rulebook) -> int:
    """How many days in a row a sitting has, where staff set the day."""
    return max((one.day for one in book.timetable.subjects), default=1)


def decided_on(book: Rulebook, pay_last: date) -> date:
    """The day on which turnout is decided: the payment window is over and its last records have come in."""
    return local_day(decided_from(pay_last, book.turnout.counting.recording_days))


def proposed_dates(book: Rulebook, one: Planned, table: DayTable) -> SittingDates:
    """The dates of a sitting as the calendar gives them; where it leaves the day open, a proposal."""
    if one.day is not None:
        return dates_for(book, one.day, one.pay.last, one.ticket_from, table, fixed=True)
    if isinstance(book.calendar, FixedCalendar):
        raise TypeError("a fixed calendar names its days")
    decided = decided_on(book, one.pay.last)
    proposal = propose(
        one.among,
        book.calendar.days.on,
        table,
        after=decided,
        told=decided + timedelta(days=book.turnout.telling.days_before),
        length=length_of(book),
    )
    made = dates_for(book, proposal.days, one.pay.last, None, table, fixed=False)
    return SittingDates(
        made.assessed, made.ticket_from, made.group_ticket_from, False, ideal=proposal.ideal, sure=proposal.sure
    )


def dates_for(
    book: Rulebook, assessed: Window, pay_last: date, published: date | None, table: DayTable, *, fixed: bool
) -> SittingDates:
    """The dates that follow from the day of the assessment. published: the calendar's own date of release."""
    decided, first = decided_on(book, pay_last), assessed.first
    return SittingDates(
        assessed,
        released_on(book.tickets.individual, first, published, decided, table),
        released_on(book.tickets.group, first, published, decided, table),
        fixed,
    )
