"""Turnout decisions (开考决定), with the frozen list of those who counted."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.models.columns import Id, Instant, Short, Text


class TurnoutDecision(Base):
    """One decision per sitting, made by the rule or by staff with a reason."""

    __tablename__ = "turnout_decision"

    id: Mapped[Id]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), unique=True)
    outcome: Mapped[Short]
    counted: Mapped[int]
    threshold: Mapped[int]
    target_sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"))
    reason: Mapped[Text]
    source: Mapped[Text]
    edition: Mapped[int]
    actor: Mapped[Short]
    decided_at: Mapped[Instant]
    decided_on: Mapped[date]
    #: the last day on which a postponement is told in time
    tell_by: Mapped[date]


class TurnoutCounted(Base):
    """Who counted when the decision was made."""

    __tablename__ = "turnout_counted"

    decision_id: Mapped[int] = mapped_column(ForeignKey("turnout_decision.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)


class TurnoutWait(Base):
    """A sitting that the rule leaves to staff, and why; it ends with their decision."""

    __tablename__ = "turnout_wait"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    since: Mapped[Instant]
    counted: Mapped[int]
    threshold: Mapped[int]
    reason: Mapped[Text]
    source: Mapped[Text]
