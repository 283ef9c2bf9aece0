"""More than there is room for: who paid last goes on to the next sitting, where the rule says so."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.days import SHANGHAI
from server.domain.turnout import Above, Outcome, Payer, WithoutTarget, beyond_capacity, decide
from tests.domain.turnout_rules import (
    DECEMBER,
    FEBRUARY,
    FULL_AT_50,
    GROUPS,
    JANUARY,
    JULY,
    JUNE,
    MARCH,
    NEXT,
    TWICE_A_YEAR,
    rule,
    settled,
)


@pytest.mark.parametrize(
    ("counted", "outcome", "moved"),
    [
        (29, Outcome.POSTPONED, 29),
        (30, Outcome.HELD, 0),
        (49, Outcome.HELD, 0),
        (50, Outcome.HELD, 0),
        (51, Outcome.HELD, 1),
        (120, Outcome.HELD, 70),
    ],
)
def test_at_capacity_nobody_goes_on_and_above_it_those_beyond(counted: int, outcome: Outcome, moved: int) -> None:
    decision = settled(rule(above=FULL_AT_50), FEBRUARY, counted, unpaid=0)
    assert (decision.outcome, decision.moved) == (outcome, moved)
    assert decision.target == (MARCH if moved else None)


def test_who_goes_on_for_want_of_room_is_told_why_and_by_which_clause() -> None:
    decision = settled(rule(above=FULL_AT_50), FEBRUARY, 53)
    assert decision.reason == ("已缴费53人，达到开考条件30人；考场可容纳50人，按缴费先后，后3人，顺延至下一考次")
    assert decision.source == FULL_AT_50.source


def test_who_has_not_paid_takes_no_room() -> None:
    assert settled(rule(above=FULL_AT_50), FEBRUARY, 50, unpaid=20).moved == 0


def test_staff_may_say_another_capacity_for_one_sitting() -> None:
    by = rule(above=FULL_AT_50)
    decision = decide(by, FEBRUARY, 40, 40, [MARCH], FEBRUARY.assessed_on, date(2026, 2, 2), capacity=35)
    assert (decision.outcome, decision.moved, decision.target) == (Outcome.HELD, 5, MARCH)
    assert decide(by, FEBRUARY, 60, 60, [MARCH], FEBRUARY.assessed_on, date(2026, 2, 2), capacity=None).moved == 0


@pytest.mark.parametrize("above", [None, GROUPS], ids=["nothing said", "more groups"])
def test_nobody_goes_on_for_want_of_room_where_the_rule_does_not_say_so(above: Above | None) -> None:
    by = rule(above=above)
    decision = decide(by, FEBRUARY, 60, 60, [MARCH], FEBRUARY.assessed_on, date(2026, 2, 2), capacity=50)
    assert by.capacity is None
    assert (decision.outcome, decision.moved, decision.source) == (Outcome.HELD, 0, by.threshold.source)


def test_the_overflow_goes_to_the_next_sitting_wherever_those_go_for_whom_too_few_came() -> None:
    by = rule(TWICE_A_YEAR, FULL_AT_50)
    assert settled(by, FEBRUARY, 53).target == MARCH
    assert settled(by, FEBRUARY, 29).target == JUNE


def test_june_is_held_though_too_few_and_still_full() -> None:
    """Staff gave June a small room: it is held because it is June, and who finds no place goes to July, not to December."""
    by = rule(TWICE_A_YEAR, FULL_AT_50)
    told = JUNE.assessed_on - timedelta(days=7)
    decision = decide(by, JUNE, 25, 25, [JULY, DECEMBER], told, told, capacity=20)
    assert (decision.outcome, decision.moved, decision.target) == (Outcome.HELD, 5, JULY)
    assert "本次为集中安排的考次，如期开考；考场可容纳20人，按缴费先后，后5人，顺延至下一考次" in decision.reason
    assert decision.source == FULL_AT_50.source


@pytest.mark.parametrize(
    ("without", "outcome", "moved", "waits"),
    [("next_year", Outcome.HELD, 3, True), ("needs_staff", Outcome.NEEDS_STAFF, 0, False)],
)
def test_the_years_last_overflow_waits_or_is_left_to_staff(
    without: WithoutTarget, outcome: Outcome, moved: int, waits: bool
) -> None:
    decision = settled(rule(replace(NEXT, without_target=without), FULL_AT_50), JANUARY, 53)
    assert (decision.outcome, decision.moved, decision.waits, decision.target) == (outcome, moved, waits, None)


def test_an_overflow_that_cannot_be_told_in_time_is_left_to_staff() -> None:
    decision = settled(rule(above=FULL_AT_50), FEBRUARY, 51, days_early=-1)
    assert (decision.outcome, decision.moved) == (Outcome.NEEDS_STAFF, 0)
    assert settled(rule(above=FULL_AT_50), FEBRUARY, 50, days_early=-1).outcome is Outcome.HELD


# ---- who finds no room


def payer(number: int, received: int, hour: int) -> Payer:
    recorded = datetime(2026, 1, received, hour, tzinfo=SHANGHAI)
    return Payer(date(2026, 1, received), recorded, number)


@pytest.mark.parametrize(
    ("payers", "beyond"),
    [
        ([payer(1, 5, 9), payer(2, 6, 9), payer(3, 7, 9)], [3]),
        ([payer(3, 5, 9), payer(2, 6, 9), payer(1, 7, 9)], [1]),
        # received on one day: by when it was recorded
        ([payer(1, 5, 11), payer(2, 5, 10), payer(3, 5, 9)], [1]),
        # recorded at one moment: by number
        ([payer(3, 5, 9), payer(1, 5, 9), payer(2, 5, 9)], [3]),
        # received earlier and recorded later is earlier
        ([payer(1, 6, 9), payer(2, 7, 9), Payer(date(2026, 1, 5), datetime(2026, 1, 9, tzinfo=SHANGHAI), 3)], [2]),
    ],
    ids=["by day", "not by number", "one day", "one moment", "recorded late"],
)
def test_who_paid_first_stays(payers: list[Payer], beyond: list[int]) -> None:
    assert beyond_capacity(payers, 2) == beyond_capacity(payers[::-1], 2) == beyond


def test_at_capacity_nobody_is_beyond_and_all_are_where_there_is_no_room() -> None:
    three = [payer(number, 5, 9) for number in (1, 2, 3)]
    assert beyond_capacity(three, 3) == beyond_capacity(three, 4) == beyond_capacity([], 0) == []
    assert beyond_capacity(three, 0) == [1, 2, 3]


payers = st.lists(
    st.builds(payer, st.integers(1, 99), st.integers(1, 5), st.integers(0, 5)),
    unique_by=lambda one: one.registration_id,
    max_size=12,
)


@given(payers, st.integers(0, 12))
def test_exactly_those_beyond_the_capacity_go_on_and_none_paid_before_one_who_stays(
    who: list[Payer], capacity: int
) -> None:
    beyond = beyond_capacity(who, capacity)
    assert len(beyond) == max(len(who) - capacity, 0)
    gone = [one for one in who if one.registration_id in beyond]
    stay = [one for one in who if one.registration_id not in beyond]
    if gone and stay:
        assert min(gone) > max(stay)
