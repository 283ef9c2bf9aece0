"""The table of working days (工作日), as the rules want it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.working_days import DayTable
from server.models import CalendarDay, CalendarYear


def day_table(session: Session) -> DayTable:
    """Every day that is known to be off or worked against its weekday."""
    years = frozenset(session.scalars(select(CalendarYear.year)))
    days = list(session.execute(select(CalendarDay.day, CalendarDay.kind)))
    off = frozenset(day for day, kind in days if kind == "off")
    return DayTable(years, off, frozenset(day for day, kind in days if kind == "worked"))


def seed_years(session: Session, now: datetime) -> None:
    """Write down the years that the package knows and the database does not."""
    import chinese_calendar  # type: ignore[import-untyped] # it has no types

    known = set(session.scalars(select(CalendarYear.year)))
    for year in {day.year for day in chinese_calendar.constants.holidays} - known:
        if year < now.year - 1:
            continue
        session.add(CalendarYear(year=year, source="chinesecalendar", set_by="program", set_at=now))
        for kind, days in (
            ("off", chinese_calendar.constants.holidays),
            ("worked", chinese_calendar.constants.workdays),
        ):
            session.add_all(CalendarDay(day=day, kind=kind) for day in days if day.year == year)
