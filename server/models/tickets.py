"""Admission tickets (准考证)."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, EncryptedText
from server.models.columns import Id, Instant, Text

_VALID = text("voided_at IS NULL")


class Ticket(Base):
    """One ticket. Its link is a capability: the code is random, kept encrypted, and found by its fingerprint."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("uq_ticket_valid", "registration_id", unique=True, sqlite_where=_VALID, postgresql_where=_VALID),
        UniqueConstraint("sitting_id", "seat"),
    )

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    number: Mapped[str] = mapped_column(String(20), unique=True)
    seat: Mapped[int]
    code: Mapped[str] = mapped_column(EncryptedText("ticket.code"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[Instant]
    voided_at: Mapped[Instant | None]
    void_reason: Mapped[Text] = mapped_column(default="")
