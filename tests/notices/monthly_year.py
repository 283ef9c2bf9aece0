"""A year of monthly sittings as the pure rules make it out of a rulebook: the day proposed, and what is decided of each."""

from datetime import date, timedelta

from server.domain.calendar import MonthlyCalendar
from server.domain.days import Window, local_day
from server.domain.phases import Dates
from server.domain.turnout import Decision, Sitting, decide
from server.domain.working_days import DayTable, Proposal, propose
from server.rulebooks.book import Rulebook

# The State Council's list for 2026: (month, first, last) off, and (month, day) worked instead.
_OFF = [(1, 1, 3), (2, 15, 23), (4, 4, 6), (5, 1, 5), (6, 19, 21), (9, 25, 27), (10, 1, 7)]
_WORKED = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]
HOLIDAYS = DayTable(
    known=frozenset({2026}),
    off=frozenset(date(2026, month, day) for month, first, last in _OFF for day in range(first, last + 1)),
    worked=frozenset(date(2026, month, day) for month, day in _WORKED),
)


class MonthlyYear:
    """The sittings of one occupation and level, each on the day that is proposed for it."""

    def __init__(self, book: Rulebook) -> None:
        assert isinstance(book.calendar, MonthlyCalendar)
        self.on, self.turnout = book.calendar.days.on, book.turnout
        self.planned = {one.month: one for one in book.calendar.planned(book.year)}
        days = {month: self.proposed(month).days.first for month in self.planned}
        self.sittings = {month: Sitting(number, day) for number, (month, day) in enumerate(days.items(), 1)}

    def decided_on(self, month: str) -> date:
        """The day on which turnout is counted: the payment window is over and the bank's last day recorded."""
        one = self.planned[month]
        dates = Dates(one.apply, one.pay, one.among.last, Window(one.among.last, one.among.last))
        return local_day(dates.decide_from(self.turnout.counting.recording_days))

    def proposed(self, month: str) -> Proposal:
        decided = self.decided_on(month)
        told = decided + timedelta(days=self.turnout.telling.days_before)
        return propose(self.planned[month].among, self.on, HOLIDAYS, after=decided, told=told)

    def settled(self, month: str, counted: int) -> Decision:
        """What is decided of a month's sitting with so many paid, with all the later ones of the table there."""
        sitting = self.sittings[month]
        later = [one for one in self.sittings.values() if one.assessed_on > sitting.assessed_on]
        tell_by = sitting.assessed_on - timedelta(days=self.turnout.telling.days_before)
        decided = self.decided_on(month)
        return decide(
            self.turnout, sitting, counted, counted, later, tell_by, decided, capacity=self.turnout.capacity
        )
