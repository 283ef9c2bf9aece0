"""Review (资格审核): a clerk's judgement of one version of a registration."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.db import reading, transaction
from server.domain.days import end_of
from server.domain.notices import Kind
from server.domain.quiet_hours import ring_from
from server.domain.registrations import Action, Status
from server.domain.wording import full_day_text
from server.errors import Problem
from server.models import Candidate, Registration, Review, Sitting
from server.services.auditing import record
from server.services.moving import apply_move, locked
from server.services.noticing import tell_one_between
from server.services.paying import settle_fee
from server.services.sitting_list import dates_of, known

_DECISIONS = {
    Action.APPROVE: Kind.APPROVED,
    Action.RETURN: Kind.RETURNED,
    Action.REJECT: Kind.REJECTED,
}


def review(
    number: str, decision: Action, actor: str, now: datetime, *, reasons: list[str], version: int | None = None
) -> bool:
    """Approve, return for correction, or reject. False where that was decided already.

    `version` is the one that the clerk looked at: a registration amended meanwhile is judged anew. Raises
    registration_unknown, stale, reason_needed, move_refused, window_closed.
    """
    reasons = [one.strip() for one in reasons if one.strip()]
    if decision is not Action.APPROVE and not reasons:
        raise Problem("reason_needed")
    with transaction() as session:
        registration = locked(session, number)
        if version is not None and registration.version != version:
            raise Problem("stale")
        sitting = known(session, registration.sitting_id)
        if registration.status == Status.SUBMITTED.value and dates_of(sitting).pay.is_over(now):
            raise Problem("window_closed", text="缴费已截止，不能再审核这个申报")
        judged = registration.version
        if not apply_move(session, registration, decision, actor, now, "；".join(reasons)):
            return False
        session.add(
            Review(
                registration_id=registration.id,
                at=now,
                actor=actor,
                decision=decision.value,
                reasons=reasons,
                version=judged,
            )
        )
        record(
            session,
            now,
            actor,
            f"review.{decision.value}",
            f"registration:{registration.id}",
            after={"status": registration.status, "version": judged},
            reason="；".join(reasons),
        )
        if decision is Action.APPROVE and settle_fee(session, registration, actor, now):
            return True  # who paid before the review hears that the money has come, and not to pay
        _tell(session, decision, registration, sitting, reasons, now)
        return True


def _tell(
    session: Session,
    decision: Action,
    registration: Registration,
    sitting: Sitting,
    reasons: list[str],
    now: datetime,
) -> None:
    """What is to be paid or mended is to be so by the last day of payment: on that day nobody waits for the morning."""
    facts = {"reason": reasons[0] if reasons else "无", "until": full_day_text(sitting.pay_last)}
    useful = end_of(sitting.assessed_last if decision is Action.REJECT else sitting.pay_last)
    due_at = ring_from(now, useful, None)
    tell_one_between(session, _DECISIONS[decision], registration, sitting, now, due_at, useful, facts)


@dataclass(frozen=True)
class Waiting:
    """A registration that waits for review."""

    registration: Registration
    candidate: Candidate
    sitting: Sitting


def waiting_for_review() -> list[Waiting]:
    """What clerks have to review, the longest waiting first."""
    rows = (
        select(Registration, Candidate, Sitting)
        .join(Candidate, Candidate.id == Registration.candidate_id)
        .join(Sitting, Sitting.id == Registration.sitting_id)
        .where(Registration.status == Status.SUBMITTED.value)
        .order_by(Registration.applied_at, Registration.id)
    )
    with reading() as session:
        return [Waiting(*row) for row in session.execute(rows)]
