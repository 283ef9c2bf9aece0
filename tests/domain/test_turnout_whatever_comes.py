"""What holds of every decision, whatever the rule, the counts, the days and the sittings offered."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from server.domain.turnout import Below, Outcome, Overflow, Sitting, TurnoutRule, WithoutTarget, decide, next_target
from tests.domain.turnout_rules import FULL_AT_50, GROUPS, NEXT, TWICE_A_YEAR, rule

days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
sittings = st.builds(Sitting, st.integers(1, 50), days)
without_target: st.SearchStrategy[WithoutTarget] = st.sampled_from(["needs_staff", "next_year"])
belows: st.SearchStrategy[Below] = st.one_of(
    st.builds(lambda without: replace(NEXT, without_target=without), without_target),
    st.builds(
        lambda months, in_that_month, without: replace(
            TWICE_A_YEAR, months=tuple(months), in_that_month=in_that_month, without_target=without
        ),
        st.lists(st.integers(1, 12), unique=True, max_size=3),
        st.sampled_from(["hold", "needs_staff"]),
        without_target,
    ),
)
rules = st.builds(rule, belows, st.sampled_from([None, GROUPS, FULL_AT_50]))
people = st.integers(0, 80)


@given(rules, sittings, people, people, st.lists(sittings, max_size=6), days, days, st.none() | people)
def test_whatever_comes_the_decision_can_be_carried_out(
    by: TurnoutRule,
    sitting: Sitting,
    counted: int,
    unpaid: int,
    later: list[Sitting],
    tell_by: date,
    today: date,
    capacity: int | None,
) -> None:
    live = counted + unpaid
    decision = decide(by, sitting, counted, live, later, tell_by, today, capacity)
    assert decision == decide(by, sitting, counted, live, later[::-1], tell_by, today, capacity)
    assert decision.reason
    assert decision.source
    assert 0 <= decision.moved <= live
    assert (decision.outcome is Outcome.NONE) is (live == 0)
    if decision.moved:
        assert decision.outcome in {Outcome.HELD, Outcome.POSTPONED}
        assert today <= tell_by
    if decision.outcome is Outcome.POSTPONED:
        assert decision.moved == live
        assert counted < by.threshold.people
    if decision.outcome is Outcome.HELD and decision.moved:
        assert capacity is not None
        assert isinstance(by.above, Overflow)
        assert decision.moved == counted - capacity > 0
    if decision.target is not None:
        assert decision.moved
        assert decision.target in later
        assert decision.target.assessed_on > sitting.assessed_on
        assert decision.outcome is Outcome.HELD or by.below.takes(decision.target.assessed_on.month)
    assert decision.waits is (decision.moved > 0 and decision.target is None)
    if decision.waits:
        assert by.below.without_target == "next_year"


@given(belows, sittings, st.lists(sittings, max_size=6))
def test_the_target_is_the_nearest_that_the_rule_allows(below: Below, sitting: Sitting, later: list[Sitting]) -> None:
    target = next_target(below, sitting, later)
    allowed = [one for one in later if one.assessed_on > sitting.assessed_on and below.takes(one.assessed_on.month)]
    if target is None:
        assert allowed == []
    else:
        assert target in allowed
        assert all((target.assessed_on, target.id) <= (one.assessed_on, one.id) for one in allowed)
