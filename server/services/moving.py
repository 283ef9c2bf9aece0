"""Move a registration along the table of moves, with its history."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.notices import Kind
from server.domain.registrations import Action, MoveRefused, Status, move
from server.errors import Problem
from server.models import Registration, RegistrationMove
from server.services.noticing import cancel_unsent

# What a further step makes untrue, if it has not been sent yet.
_OVERTAKEN = (
    Kind.RECEIVED,
    Kind.RETURNED,
    Kind.APPROVED,
    Kind.PAYMENT_OPEN,
    Kind.PAYMENT_ENDING,
    Kind.EXPIRED,
    Kind.HELD,
    Kind.TICKET_READY,
    Kind.TOMORROW,
    Kind.ABSENT,
    Kind.FORFEIT_NEAR,
)


def numbered(session: Session, number: str, *, lock: bool = False) -> Registration:
    """The registration with this number. Raises registration_unknown."""
    wanted = select(Registration).where(Registration.number == number)
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise Problem("registration_unknown")
    return found


def locked(session: Session, number: str) -> Registration:
    """The same, locked until the transaction ends. Raises registration_unknown."""
    return numbered(session, number, lock=True)


def apply_move(
    session: Session, registration: Registration, action: Action, actor: str, now: datetime, reason: str = ""
) -> bool:
    """Apply an action; False where its result already held and nothing was changed. Raises move_refused."""
    before = Status(registration.status)
    try:
        after = move(before, action)
    except MoveRefused:
        raise Problem("move_refused") from None
    if after is None:
        return False
    cancel_unsent(session, _OVERTAKEN, Registration.id == registration.id)
    registration.status = after.value
    registration.version += 1
    session.add(
        RegistrationMove(
            registration_id=registration.id,
            at=now,
            actor=actor,
            action=action.value,
            from_status=before.value,
            to_status=after.value,
            reason=reason[:500],
        )
    )
    return True
