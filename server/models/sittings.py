"""Sittings (考次), the editions of the rulebooks that they stand on, and the working days that they reckon with."""

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
        UniqueConstraint("institution", "occupation", "level", "month"),
        ForeignKeyConstraint(["rulebook", "edition"], ["rulebook_edition.slug", "rulebook_edition.edition"]),
    )

    id: Mapped[Id]
    #: whose it is, whatever the year: people who are carried over a New Year stay with their institution
    institution: Mapped[Short]
    rulebook: Mapped[Short]
    edition: Mapped[int]
    occupation: Mapped[Short]
    level: Mapped[int]
    month: Mapped[str] = mapped_column(String(7))
    apply_first: Mapped[date]
    apply_last: Mapped[date]
    pay_first: Mapped[date]
    pay_last: Mapped[date]
    #: for individuals; groups may be served on another day
    ticket_from: Mapped[date]
    group_ticket_from: Mapped[date]
    #: the first and the last day on which the calendar lets it be
    among_first: Mapped[date]
    among_last: Mapped[date]
    #: the day or days of the assessment; a proposal until the day is fixed
    assessed_first: Mapped[date]
    assessed_last: Mapped[date]
    #: published in the notice, or set by staff
    day_fixed: Mapped[bool]
    #: how many it holds; None where nobody is moved for want of room
    capacity: Mapped[int | None]
    place: Mapped[Text]
    #: [{"subject", "day", "starts", "ends"}]
    timetable: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue)
    created_at: Mapped[Instant]


class CalendarYear(Base):
    """A year whose public holidays and working weekends (放假安排) are known."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: where it comes from: the package's list, or the notice that staff entered
    source: Mapped[Text]
    set_by: Mapped[Short]
    set_at: Mapped[Instant]


class CalendarDay(Base):
    """A day that is off although, or worked although, its weekday says otherwise; or a holiday's day on a weekend."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    #: "off" or "worked"
    kind: Mapped[Short]
    note: Mapped[Text] = mapped_column(default="")
