"""Move one person to another sitting by hand (个别调整): for an illness, a summons, or to end a wait for next year's rules."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.db import transaction
from server.domain.days import local_day
from server.domain.registrations import Status
from server.errors import Problem
from server.models import Registration, Sitting
from server.services.auditing import record, require_reason
from server.services.decisions import decision_of
from server.services.moving import locked
from server.services.postponing import ASKED, REARRANGED, Move, move_one
from server.services.sitting_list import has_begun


def move_by_hand(number: str, sitting_id: int, actor: str, reason: str, now: datetime, *, asked: bool) -> bool:
    """Move one paid registration to a later sitting that is not decided yet; False where it is there already.

    asked: the person asked for it. Otherwise it is the institution's doing: it is told like any postponement, by SMS or by
    telephone, and the person may step back. Raises reason_needed, registration_unknown, sitting_unknown, stale,
    move_refused, sitting_begun, target_wrong.
    """
    require_reason(reason)
    with transaction() as session:
        registration, origin, target = choose(session, number, sitting_id)
        if registration.status != Status.PAID.value:
            raise Problem("move_refused")
        waited = registration.waiting_since is not None
        if origin.id == target.id and not waited:
            return False
        if not waited and has_begun(origin, now):
            raise Problem("sitting_begun")
        require_takes(session, origin, target, now)
        move = Move(origin, target, None, ASKED if asked else REARRANGED, waited=waited)
        move_one(session, move, registration, now)
        record(
            session,
            now,
            actor,
            "registration.moved",
            f"registration:{registration.id}",
            before={"sitting": origin.id, "waited": waited},
            after={"sitting": target.id, "why": move.why},
            reason=reason,
        )
        return True


def choose(session: Session, number: str, sitting_id: int) -> tuple[Registration, Sitting, Sitting]:
    """A registration, the sitting that it is in, and another, all locked: the sittings first and the earlier one before
    the later, as turnout locks them. Raises registration_unknown, sitting_unknown, stale.
    """
    left = session.scalar(select(Registration.sitting_id).where(Registration.number == number))
    if left is None:
        raise Problem("registration_unknown")
    both = select(Sitting).where(Sitting.id.in_({left, sitting_id})).order_by(Sitting.assessed_first, Sitting.id)
    found = {one.id: one for one in session.scalars(both.with_for_update())}
    if sitting_id not in found:
        raise Problem("sitting_unknown")
    registration = locked(session, number)
    if registration.sitting_id != left:
        raise Problem("stale")  # moved by another while we waited for the locks
    return registration, found[left], found[sitting_id]


def require_takes(session: Session, origin: Sitting, target: Sitting, now: datetime) -> None:
    """May the target take somebody from the origin: the same assessment, later, not decided, not past. Raises target_wrong."""
    this, that = ((one.institution, one.occupation, one.level) for one in (origin, target))
    later = target.assessed_first > max(origin.assessed_last, local_day(now))
    if this != that or not later or decision_of(session, target.id) is not None:
        raise Problem("target_wrong")
