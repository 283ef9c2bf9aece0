"""Sittings (考次) and the editions of the rulebooks that they stand on."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.models.columns import Id, Instant, JsonValue, Short, Text


class RulebookEdition(Base):
    """An edition that was loaded once; its digest finds out one that was edited after use."""

    __tablename__ = "rulebook_edition"

    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[Instant]


class Sitting(Base):
    """One occupation and level of one institution on one date, with its windows. What phase it is in is never stored."""

    __tablename__ = "sitting"
    __table_args__ = (
        UniqueConstraint("rulebook", "occupation", "level", "month"),
        ForeignKeyConstraint(["rulebook", "edition"], ["rulebook_edition.slug", "rulebook_edition.edition"]),
    )

    id: Mapped[Id]
    rulebook: Mapped[Short]
    edition: Mapped[int]
    occupation: Mapped[Short]
    level: Mapped[int]
    month: Mapped[str] = mapped_column(String(7))
    apply_first: Mapped[date]
    apply_last: Mapped[date]
    pay_first: Mapped[date]
    pay_last: Mapped[date]
    ticket_from: Mapped[date]
    assessed_first: Mapped[date]
    assessed_last: Mapped[date]
    place: Mapped[Text]
    #: [{"subject", "day", "starts", "ends"}]
    timetable: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue)
    created_at: Mapped[Instant]
