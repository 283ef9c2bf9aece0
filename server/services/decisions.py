"""The standing turnout decision of a sitting: an overruled one stays on record and counts no more."""

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from server.domain.turnout import Outcome
from server.models import Sitting, TurnoutDecision


def standing() -> ColumnElement[bool]:
    """The decision has not been overruled."""
    return TurnoutDecision.overruled_at.is_(None)


def decided(outcome: Outcome | None = None) -> ColumnElement[bool]:
    """The sitting of the enclosing query has a standing decision, of this outcome where one is named."""
    found = exists().where(TurnoutDecision.sitting_id == Sitting.id, standing())
    return found if outcome is None else found.where(TurnoutDecision.outcome == outcome.value)


def decision_of(session: Session, sitting_id: int) -> TurnoutDecision | None:
    """The standing decision of a sitting."""
    return session.scalar(select(TurnoutDecision).where(TurnoutDecision.sitting_id == sitting_id, standing()))
