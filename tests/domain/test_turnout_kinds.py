"""Turnout by the other kinds of rule: too few go to the next sitting, or to June and December."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from server.domain.turnout import Below, Outcome, Sitting, WithoutTarget
from tests.domain.turnout_rules import (
    DECEMBER,
    FEBRUARY,
    JANUARY,
    JULY,
    JUNE,
    MARCH,
    MAY,
    NEXT,
    NOVEMBER,
    TWICE_A_YEAR,
    YEAR,
    rule,
    settled,
)

# ---- to the next sitting


@pytest.mark.parametrize(("sitting", "target"), list(pairwise(YEAR)))
def test_too_few_go_on_to_the_next_sitting(sitting: Sitting, target: Sitting) -> None:
    decision = settled(rule(), sitting, 29)
    assert (decision.outcome, decision.target, decision.moved) == (Outcome.POSTPONED, target, 29)
    assert decision.reason == "已缴费29人，不足开考条件30人，顺延至下一考次"
    assert decision.source == NEXT.source


def test_they_go_on_again_and_again_until_there_are_enough() -> None:
    """Ten a month: February's go to March, both go to April, and there they are thirty."""
    waiting, ends = 0, []
    for sitting in YEAR[:3]:
        decision = settled(rule(), sitting, waiting + 10)
        ends.append((decision.outcome, decision.target))
        waiting = decision.moved
    assert ends == [(Outcome.POSTPONED, MARCH), (Outcome.POSTPONED, YEAR[2]), (Outcome.HELD, None)]


def test_everybody_moves_those_who_do_not_count_too() -> None:
    assert settled(rule(), FEBRUARY, 3, unpaid=4).moved == 7


@pytest.mark.parametrize("below", [NEXT, TWICE_A_YEAR], ids=["next sitting", "in June and December"])
@pytest.mark.parametrize(
    ("without", "outcome", "moved", "waits"),
    [("next_year", Outcome.POSTPONED, 29, True), ("needs_staff", Outcome.NEEDS_STAFF, 0, False)],
)
def test_without_a_further_sitting_they_wait_for_next_year_or_staff_decide_as_the_rule_says(
    below: Below, without: WithoutTarget, outcome: Outcome, moved: int, waits: bool
) -> None:
    decision = settled(rule(replace(below, without_target=without)), JANUARY, 29)
    assert (decision.outcome, decision.moved, decision.waits) == (outcome, moved, waits)
    assert decision.target is None
    end = f"，{below.words}；本年度没有后续考次，等待次年公告" if waits else "；没有可延期的考次"
    assert decision.reason == f"已缴费29人，不足开考条件30人{end}"


@pytest.mark.parametrize(
    ("early", "outcome"), [(1, Outcome.POSTPONED), (0, Outcome.POSTPONED), (-1, Outcome.NEEDS_STAFF)]
)
@pytest.mark.parametrize("sitting", [FEBRUARY, JANUARY], ids=["with a target", "without one"])
def test_after_the_last_day_on_which_it_can_be_told_staff_decide(
    sitting: Sitting, early: int, outcome: Outcome
) -> None:
    decision = settled(rule(), sitting, 29, days_early=early)
    assert decision.outcome is outcome
    if outcome is Outcome.NEEDS_STAFF:
        assert "已过通知截止日" in decision.reason
        assert decision.source == rule().telling.source


# ---- in June and December


@pytest.mark.parametrize(
    ("sitting", "target"),
    [(FEBRUARY, JUNE), (MAY, JUNE), (JULY, DECEMBER), (NOVEMBER, DECEMBER), (JANUARY, None)],
)
def test_too_few_are_gathered_in_june_or_december_whichever_is_next(sitting: Sitting, target: Sitting | None) -> None:
    decision = settled(rule(TWICE_A_YEAR), sitting, 29)
    assert (decision.outcome, decision.target, decision.moved) == (Outcome.POSTPONED, target, 29)
    assert decision.reason.startswith("已缴费29人，不足开考条件30人，集中于6月、12月统一安排")


@pytest.mark.parametrize("sitting", [JUNE, DECEMBER])
def test_june_and_december_are_held_however_few_come(sitting: Sitting) -> None:
    decision = settled(rule(TWICE_A_YEAR), sitting, 1)
    assert (decision.outcome, decision.moved, decision.target) == (Outcome.HELD, 0, None)
    assert decision.source == TWICE_A_YEAR.source


def test_where_june_is_settled_already_december_takes_the_people() -> None:
    assert settled(rule(TWICE_A_YEAR), FEBRUARY, 29, later=[DECEMBER, JULY]).target == DECEMBER


def test_next_years_june_takes_those_for_whom_this_year_has_none() -> None:
    next_june = Sitting(99, date(2027, 6, 26))
    decision = settled(rule(TWICE_A_YEAR), JANUARY, 29, later=[next_june])
    assert (decision.target, decision.waits) == (next_june, False)
