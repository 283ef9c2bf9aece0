"""What the package `chinesecalendar` knows of the State Council's lists (放假安排), as plain data and without its refusals.

It is brought up to date once a year, some time after the State Council's notice of November; until then staff enter the
next year themselves.
"""

from datetime import date
from importlib.metadata import version

from chinese_calendar import constants

from server.domain.published_year import NamedDay, PublishedYear

#: sittings before this year are nobody's business here
FIRST_YEAR = 2024


def source() -> str:
    """Where these days come from, in words for staff."""
    return f"国务院办公厅放假安排（chinesecalendar {version('chinesecalendar')}）"


def published_years() -> tuple[PublishedYear, ...]:
    """Every year from 2024 that the package knows."""
    last = max(constants.holidays).year
    found = (published_year(year) for year in range(FIRST_YEAR, last + 1))
    return tuple(one for one in found if one is not None)


def published_year(year: int) -> PublishedYear | None:
    """One year's days; None where the package does not know it, or knows only days that another year's list spilt into it."""
    if date(year, 1, 1) not in constants.holidays:
        return None
    return PublishedYear(year, _named(constants.holidays, year, ""), _named(constants.workdays, year, "调休"))


def _named(days: dict[date, str], year: int, suffix: str) -> tuple[NamedDay, ...]:
    chinese = {one.value: one.chinese for one in constants.Holiday}
    return tuple(sorted(NamedDay(day, chinese[name] + suffix) for day, name in days.items() if day.year == year))
