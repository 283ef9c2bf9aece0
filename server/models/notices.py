"""Notices (通知): what caused one, who must be told, each try on each channel, and what the carrier said came of it."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, EncryptedJson, EncryptedText
from server.models.columns import Id, Instant, Number, Short, Text


class NoticeCause(Base):
    """Something that people must be told, with its facts frozen once for all of them."""

    __tablename__ = "notice_cause"

    id: Mapped[Id]
    kind: Mapped[Short]
    #: who is told, where it is not about a registration, such as whoever asked for a sign-in code
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: what happened, such as decision:12; the same cause is never written twice
    key: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("notice_cause.facts"))
    wording: Mapped[int]
    created_at: Mapped[Instant]
    #: after this the message is of no use and is not sent
    useful_until: Mapped[Instant | None]
    #: the last day on which it is in time to know it, and from when clerks telephone those whom no message reached
    tell_by: Mapped[date | None]
    call_from: Mapped[date | None]

    __table_args__ = (UniqueConstraint("kind", "key"),)


class Notice(Base):
    """One thing that one person must be told.

    By which account, the registration says at the moment of sending, so that a notice follows whoever changes WeChat.
    A postponement writes a hundred thousand rows at once, and each foreign key costs nearly as much as the whole row: on
    PostgreSQL that of the cause, which all rows of a statement share, is watched once a statement, by triggers (0004).
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("cause_id", "registration_id"),
        Index("ix_notice_state_due", "state", "due_at"),
        ForeignKeyConstraint(["cause_id"], ["notice_cause.id"], info={"dialect": "sqlite"}),
    )

    id: Mapped[Id]
    cause_id: Mapped[Number]
    #: None only for what is not about a registration, such as a sign-in code
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="new")
    due_at: Mapped[Instant]


class Delivery(Base):
    """One notice on one channel, from queued to delivered."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        Index("ix_delivery_state_next", "state", "rank", "next_at"),
    )

    id: Mapped[Id]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    channel: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    #: when it was put into the queue; None of what was queued before that was kept
    queued_at: Mapped[Instant | None]
    #: its place in the queue: a code lives five minutes and does not wait behind ten thousand others
    rank: Mapped[int] = mapped_column(default=1)
    next_at: Mapped[Instant]
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[Instant | None]
    vendor_reference: Mapped[str] = mapped_column(String(64), default="", index=True)
    last_code: Mapped[str] = mapped_column(String(80), default="")
    accepted_at: Mapped[Instant | None]
    #: when the carrier says that the handset confirmed
    confirmed_at: Mapped[Instant | None]


class Attempt(Base):
    """One try on one channel, written before the call: a crash leaves it open, and it is then looked up, not repeated."""

    __tablename__ = "attempt"

    id: Mapped[Id]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    started_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    outcome: Mapped[str] = mapped_column(String(16), default="")
    code: Mapped[str] = mapped_column(String(80), default="")
    #: the number as it was then (SMS only), and the carrier's template; None of tries before that was kept
    to_number: Mapped[str | None] = mapped_column(EncryptedText("attempt.to_number"))
    template: Mapped[str | None] = mapped_column(String(80))


class TelephoneCall(Base):
    """A clerk's call to somebody whom no message reached."""

    __tablename__ = "telephone_call"

    id: Mapped[Id]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    at: Mapped[Instant]
    actor: Mapped[Short]
    result: Mapped[Short]
    note: Mapped[Text] = mapped_column(default="")


class VendorEvent(Base):
    """One event that a vendor told us: kept once, so that a repeated one changes nothing."""

    __tablename__ = "vendor_event"

    id: Mapped[Id]
    vendor: Mapped[str] = mapped_column(String(12))
    event: Mapped[str] = mapped_column(String(160))
    received_at: Mapped[Instant]
    #: None until the delivery that it speaks of is known: a receipt can be quicker than the answer to the sending
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    vendor_reference: Mapped[str] = mapped_column(String(64), default="", index=True)
    delivered: Mapped[bool]
    happened_at: Mapped[Instant]
    code: Mapped[str] = mapped_column(String(80), default="")

    __table_args__ = (UniqueConstraint("vendor", "event"),)


class Grant(Base):
    """One accepted tap on a WeChat subscription (订阅授权): a credit for one message of one template."""

    __tablename__ = "grant_credit"
    __table_args__ = (Index("ix_grant_credit_open", "account_id", "template", "spent_at"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    template: Mapped[Short]
    #: unique per tap, so that a repeated report adds nothing
    event: Mapped[str] = mapped_column(String(160), unique=True)
    given_at: Mapped[Instant]
    confirmed: Mapped[bool] = mapped_column(default=False)
    spent_at: Mapped[Instant | None]
    spent_by_delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
