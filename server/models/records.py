"""Records that the program keeps about itself: audit, repeated requests, limits, the shared WeChat token, job runs."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, EncryptedText
from server.models.columns import Id, Instant, JsonValue, Short, Text


class AuditEntry(Base):
    """Who did what to what, before and after, and why. Never changed, never deleted; no numbers, no phones."""

    __tablename__ = "audit_entry"

    id: Mapped[Id]
    at: Mapped[Instant]
    actor: Mapped[Short]
    action: Mapped[Short]
    subject: Mapped[str] = mapped_column(String(80), index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    after: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    reason: Mapped[Text] = mapped_column(default="")
    source: Mapped[Text] = mapped_column(default="")


class IdempotencyKey(Base):
    """The answer to a request that may be sent twice, kept with the effect in one transaction."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    key: Mapped[str] = mapped_column(String(80))
    request_hash: Mapped[str] = mapped_column(String(64))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    created_at: Mapped[Instant]


class LimitHit(Base):
    """One try at something that can be guessed; counted over a time."""

    __tablename__ = "limit_hit"
    __table_args__ = (Index("ix_limit_hit_bucket_at", "bucket", "at"),)

    id: Mapped[Id]
    bucket: Mapped[str] = mapped_column(String(120))
    at: Mapped[Instant]


class WechatToken(Base):
    """WeChat's access token, shared by all processes, and who is renewing it."""

    __tablename__ = "wechat_token"

    appid: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str | None] = mapped_column(EncryptedText("wechat_token.value"))
    expires_at: Mapped[Instant | None]
    refresher: Mapped[str | None] = mapped_column(String(80))
    refreshing_until: Mapped[Instant | None]


class JobRun(Base):
    """The last run of each scheduled job, for whoever asks whether the scheduler lives."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    fault: Mapped[Text] = mapped_column(default="")
