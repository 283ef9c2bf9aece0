"""People: candidates (参评人员), the accounts they sign in with, and what they uploaded."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from server.db import Base, EncryptedBytes, EncryptedText
from server.models.columns import Id, Instant, Short


class Candidate(Base):
    """A person, known by document type and number and not by openid: people change their WeChat."""

    __tablename__ = "candidate"

    id: Mapped[Id]
    document_type: Mapped[Short]
    document_number: Mapped[str] = mapped_column(EncryptedText("candidate.document_number"))
    #: keyed fingerprint of type and number, the only way to find somebody by it; of nothing where another has entered it
    document_index: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(50))
    sex: Mapped[str] = mapped_column(String(2))
    born: Mapped[date]
    #: "" where the number they had is another's now
    phone: Mapped[str] = mapped_column(EncryptedText("candidate.phone"))
    phone_index: Mapped[str] = mapped_column(String(64), index=True)
    #: an upload of this candidate's; without a foreign key, for uploads point here and SQLite could not add it later
    photo_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Instant]
    #: characters of the name that no font of this machine can print; staff must see to it before a ticket
    unprintable: Mapped[str] = mapped_column(String(50), default="")


class Account(Base):
    """What somebody signs in with, and is told by: a WeChat openid. Several may belong to one candidate."""

    __tablename__ = "account"

    id: Mapped[Id]
    #: None for somebody whose registration was taken at the window and who has no WeChat with us yet
    openid: Mapped[str | None] = mapped_column(String(64), unique=True)
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.id"), index=True)
    phone: Mapped[str | None] = mapped_column(EncryptedText("account.phone"))
    phone_index: Mapped[str | None] = mapped_column(String(64))
    phone_verified_at: Mapped[Instant | None]
    created_at: Mapped[Instant]


class SignIn(Base):
    """A signed-in phone: the fingerprint of an opaque random token, which can be revoked."""

    __tablename__ = "sign_in"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]


class PhoneCode(Base):
    """A code sent by SMS (验证码). Only its keyed fingerprint is kept."""

    __tablename__ = "phone_code"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    phone_index: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    wrong_tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[Instant | None]


class Upload(Base):
    """A photo or a piece of evidence (佐证材料), cleaned, and encrypted at rest."""

    __tablename__ = "upload"
    __table_args__ = (Index("ix_upload_candidate_kind", "candidate_id", "kind"),)

    id: Mapped[Id]
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    kind: Mapped[Short]
    content: Mapped[bytes] = deferred(mapped_column(EncryptedBytes("upload.content")))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[Instant]
