"""Turnout (开考人数): is a sitting held, moved, or left to staff. Pure: counts and dates in, a decision with its reason out."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from server.domain.clauses import Clause


class Outcome(StrEnum):
    HELD = "held"  # 如期开考
    POSTPONED = "postponed"  # 延期
    NEEDS_STAFF = "needs_staff"  # 等待人工决定
    NONE = "none"  # 无人申报


OUTCOME_NAMES = {
    Outcome.HELD: "如期开考",
    Outcome.POSTPONED: "延期",
    Outcome.NEEDS_STAFF: "等待人工决定",
    Outcome.NONE: "无人申报",
}


@dataclass(frozen=True, kw_only=True)
class Threshold(Clause):
    """开考条件: so many people or it is not held."""

    people: int


@dataclass(frozen=True, kw_only=True)
class Counting(Clause):
    """Who counts, and how many days after the payment window the last bank records may still come in."""

    counts: Literal["paid"]
    recording_days: int


@dataclass(frozen=True, kw_only=True)
class ConsolidateIn(Clause):
    """不足开考条件的，集中于某月统一安排: everybody moves to the next sitting in one of these months.

    A sitting in such a month has nowhere to go; `in_that_month` says whether it is held all the same or staff decide.
    """

    kind: Literal["consolidate"]
    months: tuple[int, ...]
    in_that_month: Literal["hold", "needs_staff"]


@dataclass(frozen=True, kw_only=True)
class Telling(Clause):
    """How long before the assessment each person must have been told (认定考核前10日前), and when clerks begin to call."""

    days_before: int
    telephone_days_before_that: int


@dataclass(frozen=True, kw_only=True)
class TurnoutRule:
    """All that a rulebook says of turnout."""

    __pydantic_config__ = Clause.__pydantic_config__

    threshold: Threshold
    counting: Counting
    below: ConsolidateIn
    telling: Telling


@dataclass(frozen=True)
class Sitting:
    """What turnout needs to know of a sitting, or of one that may take its people."""

    id: int
    assessed_on: date


@dataclass(frozen=True)
class Decision:
    """What was decided and why; `target` is the sitting that takes the people."""

    outcome: Outcome
    reason: str
    source: str
    target: Sitting | None = None


def decide(
    rule: TurnoutRule,
    sitting: Sitting,
    counted: int,
    live: int,
    later: list[Sitting],
    tell_by: date,
    today: date,
) -> Decision:
    """Decide one sitting.

    counted: those who count towards the threshold. live: all whose registration would have to move or stay.
    later: undecided sittings of the same occupation and level that come after this one. tell_by: the last day on which
    a postponement can still be told in time.
    """
    need, below = rule.threshold.people, rule.below
    if live == 0:
        return Decision(Outcome.NONE, "无人申报，无需决定", rule.threshold.source)
    if counted >= need:
        return Decision(Outcome.HELD, f"已缴费{counted}人，达到开考条件{need}人", rule.threshold.source)
    short = f"已缴费{counted}人，不足开考条件{need}人"
    if sitting.assessed_on.month in below.months:
        if below.in_that_month == "hold":
            return Decision(Outcome.HELD, f"{short}；本次为集中安排的考次，如期开考", below.source)
        return Decision(Outcome.NEEDS_STAFF, f"{short}；本次为集中安排的考次，无可延期的考次", below.source)
    if today > tell_by:
        return Decision(Outcome.NEEDS_STAFF, f"{short}；已过通知截止日{tell_by}，不能自动延期", rule.telling.source)
    # The caller offers later ones; nobody is ever moved into the past, whatever it offers.
    coming = [one for one in later if one.assessed_on > sitting.assessed_on]
    targets = [one for one in coming if one.assessed_on.month in below.months]
    if not targets:
        return Decision(Outcome.NEEDS_STAFF, f"{short}；没有可延期的考次", below.source)
    target = min(targets, key=lambda one: (one.assessed_on, one.id))
    months = "、".join(f"{month}月" for month in below.months)
    return Decision(Outcome.POSTPONED, f"{short}，集中于{months}统一安排", below.source, target)
