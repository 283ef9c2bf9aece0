"""Money: an append-only ledger in integer fen, and the bank accounts that candidates pay into."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.models.columns import Id, Instant, Short, Text


class LedgerEntry(Base):
    """One entry: a payment that reached the account (above zero) or a refund (below). A balance is a sum."""

    __tablename__ = "ledger_entry"
    __table_args__ = (CheckConstraint("amount_fen <> 0", name="amount_not_zero"),)

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    kind: Mapped[Short]
    amount_fen: Mapped[int]
    #: the day on which the bank account received or sent it
    value_date: Mapped[date]
    #: the bank's own reference: the same transfer is never entered twice
    bank_reference: Mapped[str] = mapped_column(String(64), unique=True)
    actor: Mapped[Short]
    at: Mapped[Instant]
    note: Mapped[Text] = mapped_column(default="")


class CollectionAccount(Base):
    """The bank account (指定银行账户) of an institution, where the notice does not print it."""

    __tablename__ = "collection_account"

    rulebook: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[Text]
    bank: Mapped[Text]
    number: Mapped[Short]
    set_by: Mapped[Short]
    set_at: Mapped[Instant]
