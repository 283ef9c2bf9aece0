"""Record what came of the tries, a batch at a time, and what happens next."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from notifications.channels.contract import Answer, Outcome
from notifications.dispatch.claim import Claimed
from notifications.dispatch.plan import queue_next_rung
from notifications.receipts import match_waiting
from server.db import transaction
from server.models import Attempt, Delivery, Grant

log = structlog.get_logger(__name__)

# Seconds before the second, third … try. After the last one the channel has failed for this person.
SOON = (10, 30, 60, 300, 900, 1800, 3600)
LATER = (3600,) * 24
STOPPED = timedelta(minutes=10)
LOOK_UP_AFTER = timedelta(minutes=2)


def record_answers(answers: list[tuple[Claimed, Answer]], now: datetime) -> None:
    """Close the attempts and set each delivery's next state, in one transaction."""
    with transaction() as session:
        ids = [claimed.delivery_id for claimed, _ in answers]
        found = session.scalars(select(Delivery).where(Delivery.id.in_(ids)).order_by(Delivery.id).with_for_update())
        deliveries = {one.id: one for one in found}
        session.execute(
            update(Attempt),
            [
                {"id": claimed.attempt_id, "ended_at": now, "outcome": answer.outcome.value, "code": answer.code[:80]}
                for claimed, answer in answers
            ],
        )
        for claimed, answer in answers:
            delivery = deliveries[claimed.delivery_id]
            # A receipt, or the sweep of a lease that ended, may have been quicker: it is not undone.
            if delivery.state in {"sending", "unknown"}:
                _next_state(session, delivery, claimed, answer, now)
            if answer.reference:
                delivery.vendor_reference = answer.reference[:64]
        session.flush()
        match_waiting(session, [answer.reference for _, answer in answers if answer.reference], now)


def _next_state(session: Session, delivery: Delivery, claimed: Claimed, answer: Answer, now: datetime) -> None:
    delivery.leased_until, delivery.last_code = None, answer.code[:80]
    match answer.outcome:
        case Outcome.ACCEPTED:
            delivery.state, delivery.accepted_at = "accepted", now
        case Outcome.UNKNOWN:
            delivery.state, delivery.next_at = "unknown", now + LOOK_UP_AFTER
        case Outcome.NOT_THIS_WAY:
            _failed(session, delivery, claimed, now)
        case Outcome.STOP:
            log.error("channel.stopped", channel=delivery.channel, code=answer.code)
            delivery.tries -= 1
            _again(session, delivery, claimed, now + STOPPED)
        case Outcome.RETRY_SOON | Outcome.RETRY_LATER:
            waits = SOON if answer.outcome is Outcome.RETRY_SOON else LATER
            if delivery.tries > len(waits):
                _failed(session, delivery, claimed, now)
            else:
                _again(session, delivery, claimed, now + timedelta(seconds=waits[delivery.tries - 1]))


def _again(session: Session, delivery: Delivery, claimed: Claimed, at: datetime) -> None:
    """To be tried again: it was certainly not sent, so a WeChat credit is given back."""
    delivery.state, delivery.next_at = "queued", at
    if claimed.grant_id is not None:
        session.execute(
            update(Grant).where(Grant.id == claimed.grant_id).values(spent_at=None, spent_by_delivery_id=None)
        )


def _failed(session: Session, delivery: Delivery, claimed: Claimed, now: datetime) -> None:
    delivery.state = "failed"
    queue_next_rung(session, delivery, claimed.kind, now)
