"""Messages by hand (人工通知): what a clerk typed for the people of a sitting, and who confirmed it."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, EncryptedText
from server.models.columns import Id, Instant, Short


class HandMessage(Base):
    """A draft until a second person confirms it; then one cause of notices stands behind it. Its words never change."""

    __tablename__ = "hand_message"
    __table_args__ = (
        # One person must not write to hundreds alone: whoever writes it in capitals is still the same.
        CheckConstraint("lower(confirmed_by) <> lower(author)", name="two_people"),
        CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL) AND (confirmed_by IS NULL) = (cause_id IS NULL)",
            name="confirmed_whole",
        ),
        CheckConstraint("dropped_at IS NULL OR confirmed_at IS NULL", name="dropped_or_confirmed"),
    )

    id: Mapped[Id]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    #: which of its people: live, paid, unpaid
    whom: Mapped[str] = mapped_column(String(12))
    heading: Mapped[str] = mapped_column(EncryptedText("hand_message.heading"))
    words: Mapped[str] = mapped_column(EncryptedText("hand_message.words"))
    #: SHA-256 of heading and words; it stands in the audit entries too
    digest: Mapped[str] = mapped_column(String(64))
    author: Mapped[Short]
    drafted_at: Mapped[Instant]
    confirmed_by: Mapped[Short | None]
    confirmed_at: Mapped[Instant | None]
    #: how many people there were at the confirmation
    people: Mapped[int | None]
    cause_id: Mapped[int | None] = mapped_column(ForeignKey("notice_cause.id"), unique=True)
    dropped_by: Mapped[Short | None]
    dropped_at: Mapped[Instant | None]
