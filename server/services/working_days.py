"""Working days (工作日): the table that rules reckon with, seeded from a package, entered and corrected by staff."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from server import holidays
from server.db import one_at_a_time, reading, transaction
from server.domain.published_year import DayKind, NamedDay, PublishedYear, is_one_line
from server.domain.working_days import DayTable
from server.errors import ERRORS, Problem
from server.models import CalendarDay, CalendarYear
from server.services.auditing import record, require_reason

ACTOR = "jiping"


def day_table(session: Session) -> DayTable:
    """Every day that is known, in two selects: read it once for each piece of work."""
    known = session.scalars(select(CalendarYear.year)).all()
    days = session.execute(select(CalendarDay.day, CalendarDay.kind)).all()
    return DayTable(
        frozenset(known),
        off=frozenset(day for day, kind in days if kind == "off"),
        worked=frozenset(day for day, kind in days if kind == "worked"),
    )


def seed_years(session: Session, now: datetime) -> list[int]:
    """Take over the years that the package knows and the database does not; which they were.

    What staff entered or corrected is never touched, even where the package says otherwise.
    """
    one_at_a_time(session, "calendar")
    known = set(session.scalars(select(CalendarYear.year)))
    new = [one for one in holidays.published_years() if one.year not in known]
    for one in new:
        _write(session, one, holidays.source(), ACTOR, now)
    return [one.year for one in new]


def known_year(year: int) -> tuple[CalendarYear, PublishedYear]:
    """A year's days, and where they come from. Raises calendar_year_unknown."""
    with reading() as session:
        return _known(session, year), _days(session, year)


def set_year(
    year: int,
    off: Sequence[NamedDay],
    worked: Sequence[NamedDay],
    source: str,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    """Enter a whole year as the State Council published it, or replace it; taken over whole or not at all.

    source: the notice that says so. reason: why a year that is known already is replaced.
    Raises calendar_day_outside, calendar_day_twice, calendar_worked_weekday, calendar_new_year, calendar_text_wrong,
    source_needed, reason_needed.
    """
    source = source.strip()
    if not source:
        raise Problem("source_needed")
    wanted = PublishedYear(year, tuple(sorted(off)), tuple(sorted(worked)))
    _require_sound(wanted)
    _require_texts([source, *(one.note for one in (*off, *worked))])
    with transaction() as session:
        one_at_a_time(session, "calendar")
        there = session.get(CalendarYear, year)
        before = None
        if there is not None:
            require_reason(reason)
            before = {"source": there.source} | _told(_days(session, year))
            session.execute(delete(CalendarDay).where(_in(year)))
            session.delete(there)
            session.flush()
        _write(session, wanted, source, actor, now)
        after = {"source": source} | _told(wanted)
        record(
            session, now, actor, "calendar.year_set", f"calendar:{year}", before=before, after=after, reason=reason
        )


def set_day(day: date, kind: DayKind | None, note: str, actor: str, reason: str, now: datetime) -> bool:
    """Correct one day of a year that is known; False where it is so already. None leaves it to its weekday.

    Raises calendar_year_unknown, calendar_worked_weekday, calendar_new_year, calendar_text_wrong, reason_needed.
    """
    note = note.strip() if kind is not None else ""
    require_reason(reason)
    _require_texts([note])
    with transaction() as session:
        one_at_a_time(session, "calendar")
        _known(session, day.year)
        there = _days(session, day.year)
        wanted = there.with_day(day, kind, note)
        if wanted == there:
            return False
        _require_sound(wanted)
        session.execute(delete(CalendarDay).where(CalendarDay.day == day))
        if kind is not None:
            session.execute(insert(CalendarDay).values(day=day, kind=kind, note=note))
        before, after = _told_of(there, day), _told_of(wanted, day)
        record(session, now, actor, "calendar.day_set", f"calendar:{day}", before=before, after=after, reason=reason)
    return True


def _known(session: Session, year: int) -> CalendarYear:
    found = session.get(CalendarYear, year)
    if found is None:
        raise Problem("calendar_year_unknown", text=f"{year}年：{ERRORS['calendar_year_unknown'][1]}")
    return found


def _days(session: Session, year: int) -> PublishedYear:
    rows = session.execute(select(CalendarDay.day, CalendarDay.kind, CalendarDay.note).where(_in(year)))
    named = [(kind, NamedDay(day, note)) for day, kind, note in rows.all()]
    off, worked = (tuple(sorted(one for kind, one in named if kind == wanted)) for wanted in ("off", "worked"))
    return PublishedYear(year, off, worked)


def _in(year: int) -> ColumnElement[bool]:
    return CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))


def _write(session: Session, one: PublishedYear, source: str, by: str, now: datetime) -> None:
    session.add(CalendarYear(year=one.year, source=source, set_by=by, set_at=now))
    kinds: tuple[tuple[DayKind, tuple[NamedDay, ...]], ...] = (("off", one.off), ("worked", one.worked))
    rows = [{"day": each.day, "kind": kind, "note": each.note.strip()} for kind, days in kinds for each in days]
    session.execute(insert(CalendarDay), rows)


def _require_sound(wanted: PublishedYear) -> None:
    faults = list(wanted.faults())
    if faults:
        code = faults[0].code
        days = "、".join(str(one.day) for one in faults if one.code == code)
        raise Problem(code, text=f"{ERRORS[code][1]}（{days}）")


def _require_texts(texts: Iterable[str]) -> None:
    if not all(is_one_line(text) for text in texts):
        raise Problem("calendar_text_wrong")


def _told(one: PublishedYear) -> dict[str, Any]:
    """A year as an audit entry keeps it."""
    return {
        "off": {str(each.day): each.note for each in one.off},
        "worked": {str(each.day): each.note for each in one.worked},
    }


def _told_of(one: PublishedYear, day: date) -> dict[str, Any]:
    """One day as an audit entry keeps it."""
    for kind, days in (("off", one.off), ("worked", one.worked)):
        for each in days:
            if each.day == day:
                return {"kind": kind, "note": each.note}
    return {"kind": None, "note": ""}
