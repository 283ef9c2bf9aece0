"""Held, moved to November, or left to staff."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.turnout import OUTCOME_NAMES, Decision, Outcome, Sitting, decide
from tests.domain.technicians import BOOK, consolidation

RULE = BOOK.turnout
APRIL, AUGUST, NOVEMBER = (
    Sitting(n, day) for n, day in ((1, date(2026, 4, 25)), (2, date(2026, 8, 22)), (3, date(2026, 11, 7)))
)
LATER = {APRIL: [AUGUST, NOVEMBER], AUGUST: [NOVEMBER], NOVEMBER: []}
IN_TIME, LAST_DAY, TOO_LATE = date(2026, 3, 31), date(2026, 4, 15), date(2026, 4, 16)


def settled(sitting: Sitting, counted: int, live: int, today: date = IN_TIME) -> Decision:
    tell_by = sitting.assessed_on - timedelta(days=10)
    return decide(RULE, sitting, counted, live, LATER[sitting], tell_by, today)


@pytest.mark.parametrize(
    ("sitting", "counted", "live", "today", "outcome", "target"),
    [
        (APRIL, 30, 30, IN_TIME, Outcome.HELD, None),
        (APRIL, 29, 29, IN_TIME, Outcome.POSTPONED, NOVEMBER),
        (APRIL, 29, 40, IN_TIME, Outcome.POSTPONED, NOVEMBER),
        (APRIL, 1, 1, IN_TIME, Outcome.POSTPONED, NOVEMBER),
        (APRIL, 0, 5, IN_TIME, Outcome.POSTPONED, NOVEMBER),
        (APRIL, 0, 0, IN_TIME, Outcome.NONE, None),
        (APRIL, 0, 0, TOO_LATE, Outcome.NONE, None),
        (APRIL, 29, 29, LAST_DAY, Outcome.POSTPONED, NOVEMBER),
        (APRIL, 29, 29, TOO_LATE, Outcome.NEEDS_STAFF, None),
        (APRIL, 30, 30, TOO_LATE, Outcome.HELD, None),
        (AUGUST, 29, 29, date(2026, 7, 28), Outcome.POSTPONED, NOVEMBER),
        (NOVEMBER, 1, 1, date(2026, 10, 14), Outcome.HELD, None),
        (NOVEMBER, 30, 30, date(2026, 10, 14), Outcome.HELD, None),
        (NOVEMBER, 0, 0, date(2026, 10, 14), Outcome.NONE, None),
        (NOVEMBER, 1, 1, date(2026, 11, 6), Outcome.HELD, None),
    ],
)
def test_the_decision(
    sitting: Sitting, counted: int, live: int, today: date, outcome: Outcome, target: Sitting | None
) -> None:
    decision = settled(sitting, counted, live, today)
    assert (decision.outcome, decision.target) == (outcome, target)
    assert decision.moved == (live if outcome is Outcome.POSTPONED else 0)
    assert not decision.waits


@pytest.mark.parametrize("later", [[], [AUGUST]])
def test_without_a_november_sitting_staff_decide(later: list[Sitting]) -> None:
    decision = decide(RULE, APRIL, 29, 29, later, LAST_DAY, IN_TIME)
    assert (decision.outcome, decision.target) == (Outcome.NEEDS_STAFF, None)
    assert "没有可延期的考次" in decision.reason


def test_a_rulebook_may_leave_the_last_month_to_staff() -> None:
    rule = replace(RULE, below=replace(consolidation(), in_that_month="needs_staff"))
    decision = decide(rule, NOVEMBER, 29, 29, [], date(2026, 10, 28), date(2026, 10, 14))
    assert (decision.outcome, decision.source) == (Outcome.NEEDS_STAFF, RULE.below.source)
    assert decision.reason == "已缴费29人，不足开考条件30人；本次为集中安排的考次，无可延期的考次"
    assert (decision.target, decision.moved, decision.waits) == (None, 0, False)


def test_of_several_targets_the_nearest_takes_the_people() -> None:
    next_year = Sitting(4, date(2027, 11, 6))
    assert decide(RULE, APRIL, 29, 29, [next_year, NOVEMBER], LAST_DAY, IN_TIME).target == NOVEMBER


def test_nobody_is_moved_into_the_past_whatever_is_offered() -> None:
    last_year = Sitting(9, date(2025, 11, 8))
    assert decide(RULE, APRIL, 29, 29, [last_year, NOVEMBER], LAST_DAY, IN_TIME).target == NOVEMBER
    assert decide(RULE, APRIL, 29, 29, [last_year], LAST_DAY, IN_TIME).outcome is Outcome.NEEDS_STAFF


@pytest.mark.parametrize(
    ("decision", "reason", "source"),
    [
        (settled(APRIL, 31, 31), "已缴费31人，达到开考条件30人", RULE.threshold.source),
        (settled(APRIL, 29, 29), "已缴费29人，不足开考条件30人，集中于11月统一安排", RULE.below.source),
        (
            settled(APRIL, 29, 29, TOO_LATE),
            "已缴费29人，不足开考条件30人；已过通知截止日2026-04-15，不能自动延期",
            RULE.telling.source,
        ),
        (settled(NOVEMBER, 2, 2), "已缴费2人，不足开考条件30人；本次为集中安排的考次，如期开考", RULE.below.source),
        (settled(APRIL, 0, 0), "无人申报，无需决定", RULE.threshold.source),
    ],
)
def test_each_decision_says_why_and_by_which_clause(decision: Decision, reason: str, source: str) -> None:
    assert (decision.reason, decision.source) == (reason, source)


def test_every_outcome_has_a_chinese_name() -> None:
    assert set(OUTCOME_NAMES) == set(Outcome)


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
sittings = st.builds(Sitting, st.integers(1, 50), days)
people = st.integers(0, 60)


@given(sittings, people, people, st.lists(sittings, max_size=6), days, days)
def test_whatever_comes_the_decision_is_one_that_can_be_carried_out(
    sitting: Sitting, counted: int, unpaid: int, later: list[Sitting], tell_by: date, today: date
) -> None:
    live = counted + unpaid
    decision = decide(RULE, sitting, counted, live, later, tell_by, today)
    assert decision == decide(RULE, sitting, counted, live, later[::-1], tell_by, today)
    assert (decision.outcome is Outcome.POSTPONED) == (decision.target is not None)
    if decision.target is not None:
        assert decision.target in later
        assert decision.target.assessed_on > sitting.assessed_on
        assert decision.target.assessed_on.month == 11
        assert today <= tell_by
        assert decision.moved == live
    else:
        assert decision.moved == 0
    if counted >= 30:
        assert decision.outcome is Outcome.HELD
    assert (decision.outcome is Outcome.NONE) == (live == 0)
    assert decision.reason
    assert decision.source
