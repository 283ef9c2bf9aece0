"""The phase of a sitting follows from its days and the instant alone."""

from datetime import date, timedelta

import pytest

from server.domain.days import Window
from server.domain.phases import PHASE_NAMES, Dates, Phase, days_left, decided_from
from tests.domain.technicians import BOOK, dates, shanghai

# The last second before and the first second of every phase of the April sitting.
APRIL = [
    ("2026-02-22 23:59:59", Phase.SOON),
    ("2026-02-23 00:00:00", Phase.APPLYING),
    ("2026-03-22 23:59:59", Phase.APPLYING),
    ("2026-03-23 00:00:00", Phase.PAYING),
    ("2026-03-29 23:59:59", Phase.PAYING),
    ("2026-03-30 00:00:00", Phase.PREPARING),
    ("2026-04-19 23:59:59", Phase.PREPARING),
    ("2026-04-20 00:00:00", Phase.TICKETS),
    ("2026-04-24 23:59:59", Phase.TICKETS),
    ("2026-04-25 00:00:00", Phase.ASSESSING),
    ("2026-04-26 23:59:59", Phase.ASSESSING),
    ("2026-04-27 00:00:00", Phase.OVER),
]


@pytest.mark.parametrize(("instant", "phase"), APRIL)
def test_each_phase_of_the_april_sitting_begins_and_ends_to_the_second(instant: str, phase: Phase) -> None:
    assert dates("2026-04").phase(shanghai(instant)) is phase


@pytest.mark.parametrize(
    ("instant", "phase"),
    [
        ("2026-03-31 23:59:59", Phase.APPLYING),
        ("2026-04-01 00:00:00", Phase.BETWEEN),
        ("2026-04-02 23:59:59", Phase.BETWEEN),
        ("2026-04-03 00:00:00", Phase.PAYING),
    ],
)
def test_a_gap_between_applying_and_paying_has_a_name(instant: str, phase: Phase) -> None:
    gap = Dates(
        Window(date(2026, 3, 1), date(2026, 3, 31)),
        Window(date(2026, 4, 3), date(2026, 4, 9)),
        date(2026, 4, 20),
        Window(date(2026, 4, 25), date(2026, 4, 25)),
    )
    assert gap.phase(shanghai(instant)) is phase


@pytest.mark.parametrize(
    ("instant", "phase"),
    [
        ("2026-01-31 23:59:59", Phase.SOON),
        ("2026-02-01 00:00:00", Phase.APPLYING),
        ("2026-02-28 23:59:59", Phase.APPLYING),
        ("2026-03-01 00:00:00", Phase.PREPARING),
        ("2026-03-21 00:00:00", Phase.TICKETS),
        ("2026-03-28 00:00:00", Phase.ASSESSING),
        ("2026-03-29 00:00:00", Phase.OVER),
    ],
)
def test_where_application_and_payment_share_a_window_it_is_called_by_the_application(
    instant: str, phase: Phase
) -> None:
    february = Window(date(2026, 2, 1), date(2026, 2, 28))
    shared = Dates(february, february, date(2026, 3, 21), Window(date(2026, 3, 28), date(2026, 3, 28)))
    assert shared.phase(shanghai(instant)) is phase


def test_a_sitting_passes_through_its_phases_in_order() -> None:
    order, april = list(Phase), dates("2026-04")
    hours = (shanghai("2026-02-20 00:00:00") + timedelta(hours=passed) for passed in range(24 * 70))
    seen = [order.index(april.phase(hour)) for hour in hours]
    assert seen == sorted(seen)


def test_every_phase_has_a_chinese_name() -> None:
    assert set(PHASE_NAMES) == set(Phase)


@pytest.mark.parametrize(
    ("month", "tell_by"),
    [("2026-04", date(2026, 4, 15)), ("2026-08", date(2026, 8, 12)), ("2026-11", date(2026, 10, 28))],
)
def test_people_are_told_ten_days_before_the_first_day_of_the_assessment(month: str, tell_by: date) -> None:
    assert dates(month).tell_by(BOOK.turnout.telling.days_before) == tell_by


def test_turnout_is_counted_when_the_banks_last_day_has_been_recorded() -> None:
    assert dates("2026-04").decide_from(0) == shanghai("2026-03-30 00:00:00")
    assert dates("2026-04").decide_from(1) == shanghai("2026-03-31 00:00:00")
    assert decided_from(date(2026, 2, 28), 1) == shanghai("2026-03-02 00:00:00")
    assert decided_from(date(2026, 12, 31), 0) == shanghai("2027-01-01 00:00:00")


@pytest.mark.parametrize(
    ("instant", "left"),
    [("2026-03-27 00:00:00", 2), ("2026-03-29 23:59:59", 0), ("2026-03-30 00:00:00", -1)],
)
def test_days_left_are_counted_in_shanghai_days(instant: str, left: int) -> None:
    assert days_left(date(2026, 3, 29), shanghai(instant)) == left
