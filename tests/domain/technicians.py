"""The technicians' association's rules of 2026, as the rules' tests want them."""

from datetime import datetime

from server.domain.days import SHANGHAI
from server.domain.phases import Dates
from server.rulebooks.loader import FOLDER, load_file

BOOK = load_file(FOLDER / "technicians-2026.toml").book


def dates(month: str) -> Dates:
    """The days of the sitting of a month (YYYY-MM)."""
    one = next(sitting for sitting in BOOK.calendar.sittings if sitting.month == month)
    return Dates(one.apply, one.pay, one.ticket_from, one.assessed)


def shanghai(text: str) -> datetime:
    """An instant on a Shanghai clock: 2026-03-22 23:59:59."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
