"""Money that came in time and was recorded late (截止前到账、决定之后登记): where does its owner go, when the sitting is decided?"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.registrations import Action, Status
from server.domain.turnout import Outcome
from server.models import Registration, RegistrationMove, Sitting, TurnoutDecision
from server.services.auditing import record
from server.services.decisions import decision_of
from server.services.places import in_sitting
from server.services.postponing import Move, why_of
from server.services.sitting_list import dates_of, known, locked_sitting
from server.services.waiting import target_in_time


def was_approved(session: Session, registration: Registration) -> bool:
    """It expired for want of money alone: nobody comes in unreviewed by paying."""
    moves = select(RegistrationMove.from_status).where(
        RegistrationMove.registration_id == registration.id, RegistrationMove.action == Action.EXPIRE.value
    )
    return session.scalar(moves.order_by(RegistrationMove.id.desc()).limit(1)) == Status.APPROVED.value


def after_the_others(session: Session, registration: Registration, now: datetime) -> Move | None:
    """Money that came in time, recorded after the sitting was decided: its owner goes where the others went, or where
    those went who found no room. None where the sitting is held and has room, or where it is too late to follow."""
    sitting, decision = known(session, registration.sitting_id), decision_of(session, registration.sitting_id)
    if decision is None:
        return None
    if decision.outcome == Outcome.HELD.value and not _has_no_room(session, sitting, decision):
        return None
    if decision.outcome == Outcome.NONE.value:
        return None
    if decision.outcome == Outcome.HELD.value and not decision.moved:
        # As many as there was room for: there are no others to follow.
        found = target_in_time(session, sitting, crowded=True, now=now)
        return None if found is None else Move(sitting, found, decision, why_of(decision))
    number = decision.target_sitting_id
    target = locked_sitting(session, number) if number is not None else None  # or it could be decided without them
    if target is not None and (decision_of(session, target.id) is not None or dates_of(target).pay.is_over(now)):
        return None
    return Move(sitting, target, decision, why_of(decision))


def _has_no_room(session: Session, sitting: Sitting, decision: TurnoutDecision) -> bool:
    """It is full, and staff have not let in more than it holds."""
    if sitting.capacity is None or (decision.counted - decision.moved > sitting.capacity):
        return False
    paid = session.scalar(select(func.count()).where(in_sitting(sitting.id, Status.PAID))) or 0
    return paid >= sitting.capacity


def count_again(session: Session, registration: Registration, actor: str, now: datetime) -> None:
    """Nobody had come to the sitting, it was thought, and somebody had: it is undecided again, and settled by its rule."""
    decision = decision_of(session, registration.sitting_id)
    if decision is not None and decision.outcome == Outcome.NONE.value:
        decision.overruled_at = now
        why = "在截止前到账的款项，决定之后才登记"
        record(session, now, actor, "turnout.reopened", f"sitting:{decision.sitting_id}", reason=why)
