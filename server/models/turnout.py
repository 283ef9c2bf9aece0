"""Turnout decisions (开考决定), with the frozen list of those who counted."""

from datetime import date

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.models.columns import Id, Instant, Short, Text

_STANDING = text("overruled_at IS NULL")


class TurnoutDecision(Base):
    """One standing decision per sitting, made by the rule or by staff with a reason.

    Where a sitting that was to be held must be moved after all, staff overrule it; where nobody seemed to
    have come and money received in time turns up, it is counted again. The old decision stays on record.
    """

    __tablename__ = "turnout_decision"
    __table_args__ = (
        Index(
            "uq_turnout_decision_standing",
            "sitting_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: Mapped[Id]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    outcome: Mapped[Short]
    counted: Mapped[int]
    threshold: Mapped[int]
    #: how many were moved; of a sitting that is held, those beyond its capacity
    moved: Mapped[int] = mapped_column(default=0)
    target_sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"))
    reason: Mapped[Text]
    source: Mapped[Text]
    edition: Mapped[int]
    actor: Mapped[Short]
    decided_at: Mapped[Instant]
    decided_on: Mapped[date]
    #: the last day on which a postponement is told in time
    tell_by: Mapped[date]
    overruled_at: Mapped[Instant | None]


class TurnoutCounted(Base):
    """Who counted when the decision was made."""

    __tablename__ = "turnout_counted"

    decision_id: Mapped[int] = mapped_column(ForeignKey("turnout_decision.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    #: the place in the order of payment, 1 is the first; None where nobody is moved for want of room
    place: Mapped[int | None]


class TurnoutWait(Base):
    """A sitting that the rule leaves to staff, and why; it ends with their decision."""

    __tablename__ = "turnout_wait"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    since: Mapped[Instant]
    counted: Mapped[int]
    threshold: Mapped[int]
    reason: Mapped[Text]
    source: Mapped[Text]
