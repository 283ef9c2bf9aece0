"""The kinds of calendar: a table of sittings, month after month, and windows that do not follow the months."""

import calendar
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.calendar import (
    FixedCalendar,
    FixedSitting,
    MidMonthCalendar,
    MidMonthWindow,
    MonthlyCalendar,
    Planned,
    SittingDays,
)
from server.domain.days import Window

WEEKENDS = SittingDays(source="二（三）", on="weekend")
MONTHLY = MonthlyCalendar(source="附件2", kind="monthly", december="next_notice", days=WEEKENDS)
years = st.integers(2000, 2099)

# ---- a table of sittings

GOOD = FixedSitting(
    month="2026-04",
    levels=(4, 3),
    apply=Window(date(2026, 2, 23), date(2026, 3, 22)),
    pay=Window(date(2026, 3, 23), date(2026, 3, 29)),
    ticket_from=date(2026, 4, 20),
    assessed=Window(date(2026, 4, 25), date(2026, 4, 26)),
)


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"month": "2026-05"}, ["month 2026-05 与评价日期 2026-04-25 不符"]),
        ({"month": "2026-4"}, ["month 2026-4 与评价日期 2026-04-25 不符"]),
        ({"apply": Window(date(2026, 2, 23), date(2026, 3, 23))}, ["缴费日期与受理申报日期重叠"]),
        ({"pay": Window(date(2026, 3, 23), date(2026, 4, 20))}, ["准考证下载日期早于缴费截止"]),
        ({"ticket_from": date(2026, 4, 26)}, ["准考证下载日期晚于评价日期"]),
        ({"ticket_from": date(2026, 4, 25)}, []),
        ({"ticket_from": None}, []),
        ({"pay": Window(date(2026, 3, 23), date(2026, 4, 24)), "ticket_from": None}, []),
        ({"pay": Window(date(2026, 3, 23), date(2026, 4, 25)), "ticket_from": None}, ["缴费截止不早于评价日期"]),
    ],
)
def test_a_published_sitting_that_cannot_be_says_why(change: dict[str, object], faults: list[str]) -> None:
    assert GOOD.faults() == []
    assert FixedSitting(**{**GOOD.__dict__, **change}).faults() == faults


def test_a_published_sitting_is_on_its_published_days_and_no_others() -> None:
    table = FixedCalendar(source="二（三）", kind="fixed", sittings=(GOOD,))
    (one,) = table.planned(2026)
    assert one == Planned("2026-04", GOOD.apply, GOOD.pay, GOOD.assessed, GOOD.assessed, date(2026, 4, 20), (4, 3))
    assert [level for level in range(1, 6) if one.is_for(level)] == [3, 4]


# ---- month after month

# Application and payment in this month, assessed before the end of the next: the first and last days of both.
MONTHS_OF_2026 = [
    ("2026-02", (1, 1), (1, 31), (2026, 2, 28)),
    ("2026-03", (2, 1), (2, 28), (2026, 3, 31)),
    ("2026-04", (3, 1), (3, 31), (2026, 4, 30)),
    ("2026-05", (4, 1), (4, 30), (2026, 5, 31)),
    ("2026-06", (5, 1), (5, 31), (2026, 6, 30)),
    ("2026-07", (6, 1), (6, 30), (2026, 7, 31)),
    ("2026-08", (7, 1), (7, 31), (2026, 8, 31)),
    ("2026-09", (8, 1), (8, 31), (2026, 9, 30)),
    ("2026-10", (9, 1), (9, 30), (2026, 10, 31)),
    ("2026-11", (10, 1), (10, 31), (2026, 11, 30)),
    ("2026-12", (11, 1), (11, 30), (2026, 12, 31)),
    ("2027-01", (12, 1), (12, 31), (2027, 1, 31)),
]


@pytest.mark.parametrize(("number", "row"), list(enumerate(MONTHS_OF_2026)))
def test_who_applies_in_a_month_is_assessed_before_the_end_of_the_next(
    number: int, row: tuple[str, tuple[int, int], tuple[int, int], tuple[int, int, int]]
) -> None:
    month, first, last, until = row
    one = MONTHLY.planned(2026)[number]
    window = Window(date(2026, *first), date(2026, *last))
    assert (one.month, one.apply, one.pay) == (month, window, window)
    assert one.among == Window(date(until[0], until[1], 1), date(*until))
    assert one.by_next_notice is (number == 11)


def test_a_year_has_twelve_windows_and_only_decembers_waits_for_the_next_notice() -> None:
    planned = MONTHLY.planned(2026)
    assert len(planned) == 12
    assert [one.month for one in planned if one.by_next_notice] == ["2027-01"]


@pytest.mark.parametrize(
    ("year", "days"), [(2026, 28), (2028, 29), (2000, 29), (2096, 29)], ids=["common", "leap", "2000", "2096"]
)
def test_february_ends_on_its_own_last_day(year: int, days: int) -> None:
    before, after = MONTHLY.planned(year)[:2]
    assert before.among.last == after.apply.last == after.pay.last == date(year, 2, days)


@given(years)
def test_the_months_leave_no_day_out_and_no_day_twice_and_run_into_the_next_year_without_a_gap(year: int) -> None:
    planned = MONTHLY.planned(year)
    follows(planned)
    assert (planned[0].apply.first, planned[-1].apply.last) == (date(year, 1, 1), date(year, 12, 31))
    # December's people are assessed in the month before that in which next January's are.
    after = MONTHLY.planned(year + 1)[0]
    assert after.among.first == planned[-1].among.last + timedelta(days=1)
    assert len({one.month for one in (*planned, after)}) == 13


def test_staff_set_the_day_of_a_months_sitting_and_it_is_for_every_level() -> None:
    for one in MONTHLY.planned(2026):
        assert (one.day, one.ticket_from) == (None, None)
        assert all(one.is_for(level) for level in range(1, 6))


# ---- windows that do not follow the months

ROWS = [
    ("01-01", "02-15", 3),
    ("02-16", "03-15", 4),
    ("03-16", "04-15", 5),
    ("04-16", "05-15", 6),
    ("05-16", "06-15", 7),
    ("06-16", "07-15", 8),
    ("07-16", "08-15", 9),
    ("08-16", "09-15", 10),
    ("09-16", "10-15", 11),
    ("10-16", "11-15", 12),
    ("11-16", "12-31", 1),
]


def windows(*rows: tuple[str, str, int]) -> MidMonthCalendar:
    table = tuple(MidMonthWindow(*row) for row in rows)
    return MidMonthCalendar(source="二（三）", kind="mid_month", days=WEEKENDS, windows=table)


MID_MONTH = windows(*ROWS)


@pytest.mark.parametrize(("number", "row"), list(enumerate(ROWS)))
def test_each_row_of_the_table_is_one_window_for_application_and_payment(
    number: int, row: tuple[str, str, int]
) -> None:
    first, last, month = row
    one = MID_MONTH.planned(2025)[number]
    year = 2026 if month == 1 else 2025
    assert one.apply == one.pay == Window(day(2025, first), day(2025, last))
    assert one.month == f"{year}-{month:02d}"
    assert one.among == Window(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
    assert (one.day, one.ticket_from, one.levels, one.by_next_notice) == (None, None, None, False)


@given(years)
def test_the_table_of_windows_leaves_no_day_of_any_year_out(year: int) -> None:
    planned = MID_MONTH.planned(year)
    follows(planned)
    assert (planned[0].apply.first, planned[-1].apply.last) == (date(year, 1, 1), date(year, 12, 31))
    assert all(one.pay.last < one.among.first for one in planned)


def test_the_last_window_of_a_year_leads_into_the_next_year() -> None:
    assert MID_MONTH.planned(2025)[-1].among == Window(date(2026, 1, 1), date(2026, 1, 31))
    assert MID_MONTH.planned(2026)[0].month == "2026-03"


@pytest.mark.parametrize(("assessed_in", "month"), [(5, "2026-05"), (4, "2027-04"), (3, "2027-03"), (1, "2027-01")])
def test_a_month_that_does_not_come_after_its_window_is_the_next_years(assessed_in: int, month: str) -> None:
    """The loader refuses it where it is a slip of the pen."""
    (one,) = windows(("03-16", "04-15", assessed_in)).planned(2026)
    assert one.month == month


def test_a_window_may_end_on_the_last_of_february_of_a_leap_year() -> None:
    table = windows(("02-01", "02-29", 3))
    assert table.planned(2028)[0].apply.last == date(2028, 2, 29)
    with pytest.raises(ValueError, match="2026年没有 02-29 这一天"):
        table.planned(2026)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("02-29", "03-15", "2026年没有 02-29 这一天"),
        ("02-16", "02-30", "2026年没有 02-30 这一天"),
        ("04-01", "04-31", "2026年没有 04-31 这一天"),
        ("13-01", "13-15", "2026年没有 13-01 这一天"),
        ("00-01", "01-15", "2026年没有 00-01 这一天"),
        ("01-00", "01-15", "2026年没有 01-00 这一天"),
        ("1-1", "02-15", "1-1 须如 02-15"),
        ("01-01", "2月15日", "2月15日 须如 02-15"),
        ("01-01", "2026-02-15", "2026-02-15 须如 02-15"),
        ("01-01", "02-15 ", "02-15  须如 02-15"),
        ("01-01", "02-15\n", "02-15\n 须如 02-15"),
        ("０１-０１", "02-15", "０１-０１ 须如 02-15"),
        ("", "02-15", " 须如 02-15"),
        ("03-15", "02-16", "最后一天 2026-02-16 早于第一天 2026-03-15"),
        ("12-16", "01-15", "最后一天 2026-01-15 早于第一天 2026-12-16"),
    ],
)
def test_a_window_that_does_not_exist_says_why(first: str, last: str, why: str) -> None:
    with pytest.raises(ValueError) as fault:  # noqa: PT011 -- the whole text is compared
        MidMonthWindow(first, last, 3).window(2026)
    assert str(fault.value) == why


def day(year: int, text: str) -> date:
    month, number = text.split("-")
    return date(year, int(month), int(number))


def follows(planned: tuple[Planned, ...]) -> None:
    """Each window begins on the day after the one before, and people come to be assessed in the order of the windows."""
    for one, after in pairwise(planned):
        assert after.apply.first == one.apply.last + timedelta(days=1)
        assert after.among.first == one.among.last + timedelta(days=1)
