"""Registrations (申报), their moves, reviews, evidence and postponements."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, EncryptedJson
from server.models.columns import Id, Instant, JsonValue, Short, Text

_LIVE = text("status IN ('submitted', 'returned', 'approved', 'paid')")


class Registration(Base):
    """A candidate's application for a sitting. The sitting changes when it is postponed; the status does not."""

    __tablename__ = "registration"
    __table_args__ = (
        # One live registration per candidate, occupation and level, however many phones press the button.
        Index(
            "uq_registration_live",
            "candidate_id",
            "institution",
            "occupation",
            "level",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_registration_sitting_status", "sitting_id", "status"),
    )

    id: Mapped[Id]
    #: 申报号: spoken over the telephone and written into the bank's remark
    number: Mapped[str] = mapped_column(String(16), unique=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    #: moved out of its sitting, to one that next year's rules have still to name
    waiting_since: Mapped[Instant | None] = mapped_column(default=None)
    #: mini_program, window or group (个人小程序, 个人窗口, 团体); a group's registrations name who filed them
    channel: Mapped[Short] = mapped_column(default="mini_program")
    unit: Mapped[Text] = mapped_column(default="")
    institution: Mapped[Short]
    rulebook: Mapped[Short]
    edition: Mapped[int]
    occupation: Mapped[Short]
    level: Mapped[int]
    status: Mapped[Short]
    #: counts every change, so that a stale page cannot overwrite a newer one
    version: Mapped[int] = mapped_column(default=1)
    alternative: Mapped[Short]
    #: what the candidate says of work, certificates, titles and diplomas
    claims: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("registration.claims"))
    #: the verdict on the day of application, with all reasons
    verdict: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    #: the portrait that the reviewer judged, and the ticket prints: a later one does not change it
    photo_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    paper_certificate: Mapped[bool]
    fee_fen: Mapped[int]
    declared_at: Mapped[Instant]
    applied_at: Mapped[Instant]


class RegistrationMove(Base):
    """One step in the life of a registration; never changed, never deleted."""

    __tablename__ = "registration_move"

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    at: Mapped[Instant]
    actor: Mapped[Short]
    action: Mapped[Short]
    from_status: Mapped[str | None] = mapped_column(String(64))
    to_status: Mapped[Short]
    reason: Mapped[Text] = mapped_column(default="")


class RegistrationUpload(Base):
    """Which evidence a registration rests on."""

    __tablename__ = "registration_upload"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), primary_key=True)


class FormSignature(Base):
    """A form (报名表) that its candidate confirmed and signed (确认所填信息无误并签字). It counts for what the form said then, and
    no more once the form says anything else."""

    __tablename__ = "form_signature"

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    #: the fingerprint of all that the form said
    digest: Mapped[str] = mapped_column(String(64))
    picture_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    signed_at: Mapped[Instant]


class Review(Base):
    """A clerk's judgement (资格审核) of one version of a registration."""

    __tablename__ = "review"

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    at: Mapped[Instant]
    actor: Mapped[Short]
    decision: Mapped[Short]
    reasons: Mapped[list[str]] = mapped_column(JsonValue)
    version: Mapped[int]


class Postponement(Base):
    """A registration moved to another sitting (延期): from, to, and by which decision; `to` is None while next year's rules
    have still to name one."""

    __tablename__ = "postponement"
    __table_args__ = (UniqueConstraint("registration_id", "decision_id", "to_sitting_id"),)

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    #: None where staff moved one person by hand, for a reason
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("turnout_decision.id"), index=True)
    reason: Mapped[Text] = mapped_column(default="")
    from_sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    to_sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"), index=True)
    at: Mapped[Instant]
