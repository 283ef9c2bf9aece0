"""Record what came of the tries, a batch at a time, and what happens next."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from notifications.channels.contract import Answer, Outcome
from notifications.dispatch.claim import Claimed
from notifications.dispatch.plan import queue_next_rung
from notifications.dispatch.refusals import record_refusals
from notifications.receipts import match_waiting
from server.db import transaction
from server.models import Attempt, Delivery, Grant

log = structlog.get_logger(__name__)

# Seconds before the second, third … try: of what may pass any moment, and then the channel has failed for this person;
# and of a limit or a closed account, which is asked again until the message is of no use.
SOON = (10, 30, 60, 300, 900, 1800, 3600)
LATER = (600, 1800, 3600)
STOPPED = timedelta(minutes=10)
LOOK_UP_AFTER = timedelta(minutes=2)
DOUBT = timedelta(minutes=10)


Answered = Sequence[tuple[Claimed, Answer]]


def record_answers(answers: Answered, now: datetime) -> None:
    """Close the attempts and set each delivery's next state, in one transaction. However many were accepted, it takes the same
    few statements."""
    with transaction() as session:
        ids = [claimed.delivery_id for claimed, _ in answers]
        locked = (
            select(Delivery.id, Delivery.state).where(Delivery.id.in_(ids)).order_by(Delivery.id).with_for_update()
        )
        # A receipt, or the sweep of a lease that ended, may have been quicker: it is not undone.
        still_open = {one for one, state in session.execute(locked) if state in {"sending", "unknown"}}
        _close_attempts(session, answers, now)
        taken, others = list[tuple[Claimed, Answer]](), list[tuple[Claimed, Answer]]()
        for claimed, answer in answers:
            plain = answer.outcome is Outcome.ACCEPTED and claimed.delivery_id in still_open
            (taken if plain else others).append((claimed, answer))
        _accepted(session, taken, now)
        _one_by_one(session, others, still_open, now)
        record_refusals(session, answers, now)
        match_waiting(session, [answer.reference for _, answer in answers if answer.reference], now)


def _close_attempts(session: Session, answers: Answered, now: datetime) -> None:
    alike = dict[tuple[str, str, str], list[int]]()
    for claimed, answer in answers:
        template = "" if answer.refusal is not None else answer.template[:80]
        alike.setdefault((answer.outcome.value, answer.code[:80], template), []).append(claimed.attempt_id)
    for (outcome, code, template), attempts in alike.items():
        said = {"ended_at": now, "outcome": outcome, "code": code} | ({"template": template} if template else {})
        session.execute(update(Attempt).where(Attempt.id.in_(attempts)).values(said))


def _accepted(session: Session, answers: Answered, now: datetime) -> None:
    alike = dict[str, dict[int, str]]()
    for claimed, answer in answers:
        alike.setdefault(answer.code[:80], {})[claimed.delivery_id] = answer.reference[:64]
    for code, references in alike.items():
        known = {one: reference for one, reference in references.items() if reference}
        values: dict[str, object] = {"state": "accepted", "accepted_at": now, "leased_until": None, "last_code": code}
        if known:
            values["vendor_reference"] = case(known, value=Delivery.id, else_=Delivery.vendor_reference)
        changed = update(Delivery).where(Delivery.id.in_(references)).values(values)
        session.execute(changed.execution_options(synchronize_session=False))


def _one_by_one(session: Session, answers: Answered, still_open: set[int], now: datetime) -> None:
    """What did not go as it should, or is known better by now."""
    ids = [claimed.delivery_id for claimed, _ in answers]
    if not ids:
        return
    deliveries = {one.id: one for one in session.scalars(select(Delivery).where(Delivery.id.in_(ids)))}
    for claimed, answer in answers:
        delivery = deliveries[claimed.delivery_id]
        if delivery.id in still_open:
            _next_state(session, delivery, claimed, answer, now)
        elif answer.outcome is Outcome.ACCEPTED:
            delivery.leased_until, delivery.accepted_at = None, delivery.accepted_at or now
        if answer.reference:
            delivery.vendor_reference = answer.reference[:64]
    session.flush()


def _next_state(session: Session, delivery: Delivery, claimed: Claimed, answer: Answer, now: datetime) -> None:
    delivery.leased_until, delivery.last_code = None, answer.code[:80]
    match answer.outcome:
        case Outcome.UNKNOWN:
            # It may have arrived and is never sent again this way; where another way stands open, that one is taken if
            # nothing is heard for a while, because told twice is better than not told.
            delivery.state, delivery.next_at = "unknown", now + LOOK_UP_AFTER
            queue_next_rung(session, delivery, claimed.kind, now + DOUBT)
        case Outcome.NOT_THIS_WAY:
            _failed(session, delivery, claimed, now)
        case Outcome.STOP:
            log.error("channel.stopped", channel=delivery.channel, code=answer.code)
            delivery.tries -= 1
            _this_way_or_the_next(session, delivery, claimed, now, now + STOPPED)
        case Outcome.RETRY_LATER:
            at = now + timedelta(seconds=LATER[min(delivery.tries, len(LATER)) - 1])
            _this_way_or_the_next(session, delivery, claimed, now, at)
        case Outcome.RETRY_SOON if delivery.tries <= len(SOON):
            _again(session, delivery, claimed, now + timedelta(seconds=SOON[delivery.tries - 1]))
        case Outcome.RETRY_SOON:
            _give_back(session, claimed)
            _failed(session, delivery, claimed, now)


def _this_way_or_the_next(
    session: Session, delivery: Delivery, claimed: Claimed, now: datetime, at: datetime
) -> None:
    """Closed for a while: nobody waits for a channel that has another below it; the last one is tried until it is of no
    use any more."""
    if queue_next_rung(session, delivery, claimed.kind, now):
        delivery.state = "failed"
        _give_back(session, claimed)
    else:
        _again(session, delivery, claimed, at)


def _again(session: Session, delivery: Delivery, claimed: Claimed, at: datetime) -> None:
    delivery.state, delivery.next_at = "queued", at
    _give_back(session, claimed)


def _give_back(session: Session, claimed: Claimed) -> None:
    """It was certainly not sent, so a WeChat credit is not spent."""
    if claimed.grant_id is not None:
        session.execute(
            update(Grant).where(Grant.id == claimed.grant_id).values(spent_at=None, spent_by_delivery_id=None)
        )


def _failed(session: Session, delivery: Delivery, claimed: Claimed, now: datetime) -> None:
    delivery.state = "failed"
    queue_next_rung(session, delivery, claimed.kind, now)
