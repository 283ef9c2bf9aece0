"""Days are Shanghai days, windows include both ends to the second, and years are complete on the birthday."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.days import Window, end_of, local_day, start_of, whole_months, whole_years

APPLY = Window(date(2026, 2, 23), date(2026, 3, 22))
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("instant", "is_open", "is_over"),
    [
        (datetime(2026, 2, 22, 15, 59, 59, tzinfo=UTC), False, False),
        (datetime(2026, 2, 22, 16, 0, 0, tzinfo=UTC), True, False),
        (datetime(2026, 3, 22, 15, 59, 59, 999999, tzinfo=UTC), True, False),
        (datetime(2026, 3, 22, 16, 0, 0, tzinfo=UTC), False, True),
    ],
)
def test_a_window_is_open_from_its_first_second_to_its_last(instant: datetime, is_open: bool, is_over: bool) -> None:
    assert (APPLY.is_open(instant), APPLY.is_over(instant)) == (is_open, is_over)


def test_the_22nd_of_march_closes_at_16_00_utc() -> None:
    assert APPLY.closes == datetime(2026, 3, 22, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2026, 2, 22), False),
        (date(2026, 2, 23), True),
        (date(2026, 3, 22), True),
        (date(2026, 3, 23), False),
    ],
)
def test_both_end_days_are_inside(day: date, inside: bool) -> None:
    assert (day in APPLY) is inside


def test_a_window_of_one_day_lasts_that_day() -> None:
    day = date(2026, 4, 20)
    assert Window(day, day).is_open(start_of(day))
    assert Window(day, day).closes - start_of(day) == timedelta(days=1)


def test_a_window_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="2026-03-22 早于第一天 2026-03-23"):
        Window(date(2026, 3, 23), date(2026, 3, 22))


def test_an_instant_without_a_zone_belongs_to_no_day() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        local_day(datetime(2026, 3, 22, 12))  # noqa: DTZ001 # the mistake itself


@given(DAYS)
def test_a_day_holds_exactly_the_instants_between_its_ends(day: date) -> None:
    last = end_of(day) - timedelta(microseconds=1)
    assert local_day(start_of(day)) == local_day(last) == day
    assert local_day(end_of(day)) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        (date(2010, 4, 25), date(2026, 4, 24), 15),
        (date(2010, 4, 25), date(2026, 4, 25), 16),
        (date(2010, 12, 31), date(2026, 12, 31), 16),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 1, 1), date(2025, 1, 1), 0),
    ],
)
def test_a_year_of_age_is_complete_on_the_birthday(born: date, today: date, years: int) -> None:
    assert whole_years(born, today) == years


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2025, 1, 15), date(2025, 2, 14), 0),
        (date(2025, 1, 15), date(2025, 2, 15), 1),
        (date(2025, 1, 31), date(2025, 2, 28), 0),
        (date(2025, 1, 31), date(2025, 3, 1), 1),
        (date(2020, 1, 1), date(2025, 1, 1), 60),
        (date(2025, 2, 1), date(2025, 1, 1), 0),
    ],
)
def test_a_month_is_complete_on_the_same_day_of_the_next(since: date, until: date, months: int) -> None:
    assert whole_months(since, until) == months


@given(DAYS, DAYS)
def test_twelve_months_are_a_year(since: date, until: date) -> None:
    assert whole_months(since, until) // 12 == whole_years(since, until)
