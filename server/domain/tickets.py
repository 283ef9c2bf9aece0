"""Admission tickets (准考证): when they are released, and what stands on them."""

from dataclasses import dataclass
from typing import Literal

from server.domain.clauses import STRICT, Clause


@dataclass(frozen=True, kw_only=True)
class TicketOnDate(Clause):
    """Downloaded from the date that the calendar gives (下载准考证日期)."""

    kind: Literal["on_date"]
    how: str


@dataclass(frozen=True)
class SubjectTime:
    """One subject on the timetable: on which day of the sitting (1 is the first), from when to when (HH:MM)."""

    __pydantic_config__ = STRICT

    subject: str
    day: int
    starts: str
    ends: str


def ticket_number(year: int, sitting_id: int, seat: int) -> str:
    """准考证号: two digits of the year, four of the sitting, four of the seat; no notice fixes its form."""
    return f"{year % 100:02d}{sitting_id:04d}{seat:04d}"
