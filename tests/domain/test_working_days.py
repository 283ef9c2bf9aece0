"""Working days, public holidays and worked weekends, reckoned with the list of 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.working_days import DayTable
from tests.domain.year_2026 import DAYS_2026

NOTHING_KNOWN = DayTable()
WORKING, HOLIDAY, FREE_WEEKEND = "working", "holiday", "free weekend"


def kinds(table: DayTable, day: date) -> list[str]:
    """All that a day is; exactly one of the three, unless the table contradicts itself."""
    said = {
        WORKING: table.is_working(day),
        HOLIDAY: table.is_holiday(day),
        FREE_WEEKEND: table.is_free_weekend(day),
    }
    return [kind for kind, is_so in said.items() if is_so]


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 1, 1), HOLIDAY),
        (date(2026, 1, 3), HOLIDAY),  # a Saturday
        (date(2026, 1, 4), WORKING),  # a Sunday
        (date(2026, 1, 5), WORKING),
        (date(2026, 1, 10), FREE_WEEKEND),
        (date(2026, 2, 13), WORKING),
        (date(2026, 2, 14), WORKING),  # a Saturday, worked before the Spring Festival
        (date(2026, 2, 15), HOLIDAY),  # a Sunday
        (date(2026, 2, 16), HOLIDAY),
        (date(2026, 2, 21), HOLIDAY),  # a Saturday
        (date(2026, 2, 23), HOLIDAY),
        (date(2026, 2, 24), WORKING),
        (date(2026, 2, 28), WORKING),  # a Saturday, worked after it
        (date(2026, 3, 1), FREE_WEEKEND),
        (date(2026, 9, 19), FREE_WEEKEND),
        (date(2026, 9, 20), WORKING),  # a Sunday
        (date(2026, 9, 25), HOLIDAY),
        (date(2026, 9, 28), WORKING),
        (date(2026, 10, 7), HOLIDAY),
        (date(2026, 10, 8), WORKING),
        (date(2026, 12, 31), WORKING),
    ],
)
def test_each_day_of_2026_is_what_the_list_makes_of_it(day: date, kind: str) -> None:
    assert kinds(DAYS_2026, day) == [kind]


def test_2026_has_248_working_days() -> None:
    """365 days less 104 of weekends, less the 19 weekdays off, and 6 weekend days worked."""
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    off_weekdays = sum(day.weekday() < 5 for day in DAYS_2026.off)
    assert sum(DAYS_2026.is_working(day) for day in year) == 365 - 104 - off_weekdays + 6 == 248


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 3, 14), 5, date(2026, 3, 9)),  # from a Saturday: Friday is the first
        (date(2026, 3, 15), 5, date(2026, 3, 9)),  # from the Sunday too
        (date(2026, 3, 16), 5, date(2026, 3, 9)),  # from a Monday: a week
        (date(2026, 3, 13), 5, date(2026, 3, 6)),
        (date(2026, 3, 14), 1, date(2026, 3, 13)),
        (date(2026, 3, 14), 0, date(2026, 3, 14)),
        (date(2026, 3, 1), 1, date(2026, 2, 28)),  # the worked Saturday counts
        (date(2026, 3, 1), 5, date(2026, 2, 24)),
        (date(2026, 3, 1), 6, date(2026, 2, 14)),  # over the whole Spring Festival, to the worked Saturday
        (date(2026, 3, 1), 7, date(2026, 2, 13)),
        (date(2026, 10, 17), 5, date(2026, 10, 12)),
        (date(2026, 10, 11), 5, date(2026, 9, 29)),  # the worked 10th, 9th, 8th; then over the National Day
        (date(2026, 1, 10), 6, date(2026, 1, 4)),
        (date(2026, 1, 10), 7, date(2025, 12, 31)),  # over New Year into a year that is not known
    ],
)
def test_so_many_working_days_before_a_day(day: date, count: int, expected: date) -> None:
    assert DAYS_2026.before(day, count) == expected


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 4, 26), 1, date(2026, 4, 27)),
        (date(2026, 4, 26), 20, date(2026, 5, 26)),  # over the Labour Day, with the worked 9 May
        (date(2026, 8, 23), 20, date(2026, 9, 18)),
        (date(2026, 2, 7), 1, date(2026, 2, 9)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 27), 1, date(2026, 2, 28)),
        (date(2026, 2, 27), 2, date(2026, 3, 2)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),  # a guess: nobody has said yet which days are off
        (date(2026, 4, 26), 0, date(2026, 4, 26)),
    ],
)
def test_so_many_working_days_after_a_day(day: date, count: int, expected: date) -> None:
    assert DAYS_2026.after(day, count) == expected


def test_a_year_that_is_not_known_is_guessed_by_its_weekdays_and_says_so() -> None:
    new_year, saturday = date(2027, 1, 1), date(2027, 1, 2)
    assert not DAYS_2026.is_known(new_year)
    assert DAYS_2026.is_known(date(2026, 12, 31))
    assert kinds(DAYS_2026, new_year) == [WORKING]
    assert kinds(DAYS_2026, saturday) == [FREE_WEEKEND]
    assert kinds(NOTHING_KNOWN, date(2026, 2, 16)) == [WORKING]
    assert not NOTHING_KNOWN.is_known(date(2026, 2, 16))
    assert NOTHING_KNOWN.before(date(2026, 3, 1), 6) == date(2026, 2, 20)


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
tables = st.builds(
    lambda off, worked: DayTable(frozenset({2026}), frozenset(off), frozenset(worked - off)),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=40),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=40),
)


@given(tables, days)
def test_every_day_is_one_thing_only(table: DayTable, day: date) -> None:
    assert len(kinds(table, day)) == 1


@given(tables, days, st.integers(1, 40))
def test_between_a_day_and_so_many_working_days_from_it_lie_so_many(table: DayTable, day: date, count: int) -> None:
    before, after = table.before(day, count), table.after(day, count)
    one = timedelta(days=1)
    assert table.is_working(before)
    assert table.is_working(after)
    assert sum(table.is_working(before + number * one) for number in range((day - before).days)) == count
    assert sum(table.is_working(after - number * one) for number in range((after - day).days)) == count
