"""Who is in a sitting: its registrations, less those who have left it and wait for next year's rules to name another."""

from sqlalchemy import ColumnElement, and_

from server.domain.registrations import LIVE, Status
from server.models import Registration


def in_sitting(sitting_id: int, *statuses: Status) -> ColumnElement[bool]:
    """The registrations of a sitting, with these statuses where any are named."""
    here = and_(Registration.sitting_id == sitting_id, Registration.waiting_since.is_(None))
    return and_(here, Registration.status.in_([one.value for one in statuses])) if statuses else here


def live_in(sitting_id: int) -> ColumnElement[bool]:
    """The registrations of a sitting that still count for something."""
    return in_sitting(sitting_id, *sorted(LIVE))


def waiting() -> ColumnElement[bool]:
    """The registrations that wait for next year's rules."""
    return and_(Registration.waiting_since.is_not(None), Registration.status == Status.PAID.value)
