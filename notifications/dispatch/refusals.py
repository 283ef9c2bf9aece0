"""The refusal of a carrier whose text another one then took: a try of its own, or nobody would ever see it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from notifications.channels.contract import Answer
from notifications.dispatch.claim import Claimed
from server.models import Attempt


def record_refusals(session: Session, answers: Sequence[tuple[Claimed, Answer]], now: datetime) -> None:
    """Give the try that was claimed to whoever refused, and write down another for the carrier that answered after it."""
    passed_on = {claimed.attempt_id: (claimed, answer) for claimed, answer in answers if answer.refusal is not None}
    if not passed_on:
        return
    # A question about the text names the moment of its sending, so both tries began with the claim.
    first = session.execute(
        select(Attempt.id, Attempt.started_at, Attempt.to_number).where(Attempt.id.in_(passed_on))
    )
    began = {row.id: {"started_at": row.started_at, "to_number": row.to_number} for row in first}
    session.execute(
        update(Attempt),
        [
            {"id": attempt_id, "outcome": answer.refusal.outcome.value, "code": answer.refusal.code[:80]}
            for attempt_id, (_, answer) in passed_on.items()
            if answer.refusal is not None
        ],
    )
    session.execute(
        insert(Attempt),
        [
            began[attempt_id]
            | {
                "delivery_id": claimed.delivery_id,
                "template": answer.template[:80] or claimed.message.template,
                "ended_at": now,
                "outcome": answer.outcome.value,
                "code": answer.code[:80],
            }
            for attempt_id, (claimed, answer) in passed_on.items()
        ],
    )
