"""Admission tickets (准考证): when they are released, to whom and how, and what stands on them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from server.domain.clauses import STRICT, Clause
from server.domain.working_days import DayTable

#: how a ticket comes to its holder: 下载, 邮件发送, 打印后发放, 领取后分发
Given = Literal["download", "mailed", "handed_out", "collected"]


@dataclass(frozen=True, kw_only=True)
class OnDate(Clause):
    """From the date that the calendar gives (下载准考证日期)."""

    kind: Literal["on_date"]
    given: Given
    how: str


@dataclass(frozen=True, kw_only=True)
class DaysBefore(Clause):
    """So many days before the assessment (考前一周)."""

    kind: Literal["days_before"]
    days: int
    given: Given
    how: str


@dataclass(frozen=True, kw_only=True)
class WorkingDaysBefore(Clause):
    """So many working days before the assessment (考试前五个工作日)."""

    kind: Literal["working_days_before"]
    days: int
    given: Given
    how: str


TicketRule = OnDate | DaysBefore | WorkingDaysBefore


@dataclass(frozen=True, kw_only=True)
class TicketRules:
    """Individuals (个人申报) and groups (团体申报) get theirs each in their own way."""

    __pydantic_config__ = STRICT

    individual: TicketRule
    group: TicketRule


def released_on(
    rule: TicketRule, assessed_first: date, published: date | None, decided_on: date, table: DayTable
) -> date:
    """The day from which tickets are given out: as the rule says, but not before it is decided that the sitting is held.

    published: the date that the calendar gives, which `on_date` wants; ValueError without it.
    """
    match rule:
        case OnDate():
            if published is None:
                raise ValueError("no date of release is published")
            return max(published, decided_on)
        case DaysBefore():
            return max(assessed_first - timedelta(days=rule.days), decided_on)
        case WorkingDaysBefore():
            return max(table.before(assessed_first, rule.days), decided_on)


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
