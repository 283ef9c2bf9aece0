"""The technicians' association's rules of 2026, as the rules' tests want them."""

from datetime import datetime

from server.domain.days import SHANGHAI
from server.domain.phases import Dates
from server.domain.turnout import ConsolidateIn
from server.rulebooks.loader import FOLDER, load_file

BOOK = load_file(FOLDER / "technicians-2026.toml").book


def dates(month: str) -> Dates:
    """The days of the sitting of a month (YYYY-MM)."""
    one = next(planned for _, _, planned in BOOK.planned() if planned.month == month)
    assert one.day is not None
    assert one.ticket_from is not None
    return Dates(one.apply, one.pay, one.ticket_from, one.day)


def consolidation() -> ConsolidateIn:
    """What is done where too few come."""
    below = BOOK.turnout.below
    assert isinstance(below, ConsolidateIn)
    return below


def shanghai(text: str) -> datetime:
    """An instant on a Shanghai clock: 2026-03-22 23:59:59."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
