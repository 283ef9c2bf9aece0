"""The day that is proposed for a sitting: the month's last free weekend, after the decision, in time to tell people."""

import calendar
from datetime import date, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.days import Window
from server.domain.working_days import DayTable, Proposal, propose
from tests.domain.year_2026 import DAYS_2026

On = Literal["weekend", "any"]
ONE = timedelta(days=1)


def month(year: int, number: int) -> Window:
    return Window(date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1]))


def proposed(year: int, number: int, on: On = "weekend", length: int = 1) -> Proposal:
    """For a month whose people applied and paid in the one before: decided on its 2nd, told ten days before at the least."""
    decided = date(year, number, 2)
    return propose(month(year, number), on, DAYS_2026, after=decided, told=decided + 10 * ONE, length=length)


# Of each month of 2026 and the January after it: the day, the two days, the day where any will do, and what speaks against
# the first. September loses the 26th and 27th to 中秋节, and the 20th is worked.
MONTHS = [
    (2026, 1, 31, (24, 25), 31, ""),
    (2026, 2, 7, (7, 8), 28, "too soon to tell people"),
    (2026, 3, 28, (28, 29), 31, ""),
    (2026, 4, 25, (25, 26), 30, ""),
    (2026, 5, 30, (30, 31), 31, ""),
    (2026, 6, 27, (27, 28), 30, ""),
    (2026, 7, 25, (25, 26), 31, ""),
    (2026, 8, 29, (29, 30), 31, ""),
    (2026, 9, 19, (12, 13), 30, ""),
    (2026, 10, 31, (24, 25), 31, ""),
    (2026, 11, 28, (28, 29), 30, ""),
    (2026, 12, 26, (26, 27), 31, ""),
    (2027, 1, 30, (30, 31), 31, "a guess"),
]


@pytest.mark.parametrize(("year", "number", "day", "two", "any_day", "but"), MONTHS)
def test_the_day_of_each_month(
    year: int, number: int, day: int, two: tuple[int, int], any_day: int, but: str
) -> None:
    def on(first: int, last: int, *, ideal: bool) -> Proposal:
        return Proposal(Window(date(year, number, first), date(year, number, last)), ideal, sure=but != "a guess")

    ideal = but != "too soon to tell people"
    assert proposed(year, number) == on(day, day, ideal=ideal)
    assert proposed(year, number, length=2) == on(*two, ideal=ideal)
    assert proposed(year, number, "any") == on(any_day, any_day, ideal=True)


def test_in_february_2026_only_the_7th_and_8th_are_left_and_both_are_too_soon() -> None:
    """The 14th and the 28th are worked, and the weekends between them are the Spring Festival's."""
    free = [day for day in _days(month(2026, 2)) if DAYS_2026.is_free_weekend(day)]
    assert free == [date(2026, 2, 1), date(2026, 2, 7), date(2026, 2, 8)]
    assert not proposed(2026, 2).ideal


FEBRUARY = month(2026, 2)


@pytest.mark.parametrize(
    ("after", "told", "length", "expected", "ideal"),
    [
        (2, 7, 1, (7, 7), True),  # told on the last day
        (2, 8, 1, (8, 8), True),  # Saturday would be too soon, Sunday is not
        (2, 9, 1, (7, 7), False),
        (2, 8, 2, (7, 8), False),
        (6, 1, 1, (7, 7), True),
        (7, 1, 1, (8, 8), True),  # decided on the Saturday
        (7, 1, 2, (27, 28), False),  # no two free days are left: the month's last, for staff to change
        (8, 1, 1, (28, 28), False),
        (28, 28, 1, (28, 28), False),
    ],
)
def test_the_decision_is_before_it_and_there_is_time_to_tell_people_where_the_month_has_such_a_day(
    after: int, told: int, length: int, expected: tuple[int, int], ideal: bool
) -> None:
    decided, from_day = date(2026, 2, after), date(2026, 2, told)
    proposal = propose(FEBRUARY, "weekend", DAYS_2026, after=decided, told=from_day, length=length)
    days = Window(date(2026, 2, expected[0]), date(2026, 2, expected[1]))
    assert proposal == Proposal(days, ideal, sure=True)


def test_of_a_weekend_the_saturday_is_proposed_and_the_sunday_only_where_the_saturday_is_taken() -> None:
    march = month(2026, 3)
    taken = DayTable(frozenset({2026}), off=frozenset({date(2026, 3, 28)}))
    assert propose(march, "weekend", DAYS_2026, after=march.first, told=march.first).days.first == date(2026, 3, 28)
    assert propose(march, "weekend", taken, after=march.first, told=march.first).days.first == date(2026, 3, 29)


def test_days_that_belong_to_the_old_years_last_week_come_before_the_new_years_first() -> None:
    """1 to 3 January 2027 are of week 53 of 2026, 29 to 31 December 2025 of week 1 of 2026."""
    first_days = Window(date(2027, 1, 1), date(2027, 1, 10))
    last_days = Window(date(2025, 12, 20), date(2025, 12, 31))
    for among, expected in ((first_days, date(2027, 1, 9)), (last_days, date(2025, 12, 27))):
        found = propose(among, "weekend", DayTable(), after=among.first - ONE, told=among.first)
        assert found.days.first == expected


def test_nobody_is_assessed_on_a_holiday_where_any_other_day_will_do() -> None:
    among = Window(date(2026, 2, 1), date(2026, 2, 23))
    assert propose(among, "any", DAYS_2026, after=among.first, told=among.first).days.first == date(2026, 2, 14)
    two = propose(among, "any", DAYS_2026, after=among.first, told=among.first, length=2)
    assert two.days == Window(date(2026, 2, 13), date(2026, 2, 14))


months = st.builds(month, st.integers(2024, 2031), st.integers(1, 12))
near = st.integers(-40, 75)
off_or_worked = st.sets(st.integers(0, 30), max_size=31)


@given(months, st.sampled_from(["weekend", "any"]), near, near, st.integers(1, 4), off_or_worked, off_or_worked)
def test_whatever_the_year_brings_the_best_day_of_the_month_is_proposed(
    among: Window, on: On, after_on: int, told_on: int, length: int, off: set[int], worked: set[int]
) -> None:
    after, told = among.first + after_on * ONE, among.first + told_on * ONE
    table = DayTable(
        frozenset({2024, 2026}),
        frozenset(among.first + number * ONE for number in off),
        frozenset(among.first + number * ONE for number in worked - off),
    )
    proposal = propose(among, on, table, after=after, told=told, length=length)
    days = proposal.days
    assert (days.last - days.first).days == length - 1
    assert days.first in among
    assert days.last in among
    assert proposal.sure is table.is_known(days.first)
    fit = [one for one in _days(among) if one > after and _fits(one, length, among, on, table)]
    in_time = [one for one in fit if one >= told]
    assert proposal.ideal is bool(in_time)
    if fit:
        assert days.first == min(in_time or fit, key=lambda one: _rank(one, on))


def _days(among: Window) -> list[date]:
    return [among.first + number * ONE for number in range((among.last - among.first).days + 1)]


def _fits(first: date, length: int, among: Window, on: On, table: DayTable) -> bool:
    every = [first + number * ONE for number in range(length)]
    good = table.is_free_weekend if on == "weekend" else lambda day: not table.is_holiday(day)
    return every[-1] in among and all(good(day) for day in every)


def _rank(day: date, on: On) -> tuple[int, int]:
    """The latest first; of weekends the latest, and of its two days the Saturday."""
    if on == "any":
        return (-day.toordinal(), 0)
    saturday = day - timedelta(days=day.weekday() - 5)
    return (-saturday.toordinal(), day.toordinal())
