"""Turnout (开考人数): is a sitting held, moved, or left to staff. Pure: counts and dates in, a decision with its reason out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
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


# Where the year has no further sitting that could take the people: staff decide, or they wait for next year's rules.
WithoutTarget = Literal["needs_staff", "next_year"]


@dataclass(frozen=True, kw_only=True)
class ConsolidateIn(Clause):
    """不足开考条件的，集中于某月统一安排: everybody moves to the next sitting in one of these months.

    A sitting in such a month has nowhere to go; `in_that_month` says whether it is held all the same or staff decide.
    """

    kind: Literal["consolidate"]
    months: tuple[int, ...]
    in_that_month: Literal["hold", "needs_staff"]
    without_target: WithoutTarget

    def takes(self, month: int) -> bool:
        """May people be moved to a sitting in this month?"""
        return month in self.months

    @property
    def words(self) -> str:
        """What is done, as it stands in reasons and messages."""
        return f"集中于{'、'.join(f'{month}月' for month in self.months)}统一安排"


@dataclass(frozen=True, kw_only=True)
class NextSitting(Clause):
    """报名人数不足的，顺延至下月: everybody moves to the next sitting, again and again."""

    kind: Literal["next_sitting"]
    without_target: WithoutTarget

    def takes(self, month: int) -> bool:
        """May people be moved to a sitting in this month? In any."""
        return True

    @property
    def words(self) -> str:
        """What is done, as it stands in reasons and messages."""
        return "顺延至下一考次"


Below = ConsolidateIn | NextSitting


@dataclass(frozen=True, kw_only=True)
class Capacity(Clause):
    """考场承载范围, in people, until staff set another for a sitting."""

    people: int


@dataclass(frozen=True, kw_only=True)
class Overflow(Clause):
    """超出考场承载范围的，顺延至下月: who paid last goes on to the next sitting."""

    kind: Literal["overflow"]
    capacity: Capacity


@dataclass(frozen=True, kw_only=True)
class MoreGroups(Clause):
    """每月评价认定场次可适时调整: staff add groups; nobody is moved for want of room."""

    kind: Literal["more_groups"]


Above = Overflow | MoreGroups


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
    below: Below
    telling: Telling
    above: Above | None = None

    @property
    def capacity(self) -> int | None:
        """How many a sitting holds unless staff say otherwise; None where nobody is moved for want of room."""
        return self.above.capacity.people if isinstance(self.above, Overflow) else None


@dataclass(frozen=True)
class Sitting:
    """What turnout needs to know of a sitting, or of one that may take its people."""

    id: int
    assessed_on: date


@dataclass(frozen=True)
class Decision:
    """What was decided and why.

    target: the sitting that takes those who are moved; None where nobody is, or where they wait for next year's rules.
    moved: how many are moved; of a sitting that is held, those beyond its capacity.
    """

    outcome: Outcome
    reason: str
    source: str
    target: Sitting | None = None
    moved: int = 0

    @property
    def waits(self) -> bool:
        """People are moved, and next year's rules are not there yet to say where."""
        return self.moved > 0 and self.target is None


def next_target(below: Below, sitting: Sitting, later: Iterable[Sitting]) -> Sitting | None:
    """The sitting that takes the people of another: the nearest that comes after it and that the rule allows.

    Nobody is ever moved into the past, whatever the caller offers.
    """
    fitting = [one for one in later if one.assessed_on > sitting.assessed_on and below.takes(one.assessed_on.month)]
    return min(fitting, key=lambda one: (one.assessed_on, one.id), default=None)


def decide(
    rule: TurnoutRule,
    sitting: Sitting,
    counted: int,
    live: int,
    later: list[Sitting],
    tell_by: date,
    today: date,
    capacity: int | None = None,
) -> Decision:
    """Decide one sitting.

    counted: those who count towards the threshold. live: all whose registration would have to move or stay.
    later: undecided sittings of the same occupation and level that come after this one. tell_by: the last day on which
    a postponement can still be told in time. capacity: how many the sitting holds; nobody is moved for want of room unless
    the rule says so (Overflow).
    """
    need, below = rule.threshold.people, rule.below
    if live == 0:
        return Decision(Outcome.NONE, "无人申报，无需决定", rule.threshold.source)
    if counted < need:
        short = f"已缴费{counted}人，不足开考条件{need}人"
        if isinstance(below, ConsolidateIn) and below.takes(sitting.assessed_on.month):
            if below.in_that_month == "hold":
                return _within(
                    rule,
                    sitting,
                    counted,
                    later,
                    tell_by,
                    today,
                    capacity,
                    f"{short}；本次为集中安排的考次，如期开考",
                    below.source,
                )
            return Decision(Outcome.NEEDS_STAFF, f"{short}；本次为集中安排的考次，无可延期的考次", below.source)
        return _moved(rule, sitting, live, later, tell_by, today, Outcome.POSTPONED, short, below.source)
    enough = f"已缴费{counted}人，达到开考条件{need}人"
    return _within(rule, sitting, counted, later, tell_by, today, capacity, enough, rule.threshold.source)


def _within(
    rule: TurnoutRule,
    sitting: Sitting,
    counted: int,
    later: list[Sitting],
    tell_by: date,
    today: date,
    capacity: int | None,
    why: str,
    source: str,
) -> Decision:
    """Held; and where the rule has the overflow go on, and more have paid than there is room for, the last of them do."""
    if capacity is None or counted <= capacity or not isinstance(rule.above, Overflow):
        return Decision(Outcome.HELD, why, source)
    beyond = counted - capacity
    text = f"{why}；考场可容纳{capacity}人，按缴费先后，后{beyond}人"
    return _moved(rule, sitting, beyond, later, tell_by, today, Outcome.HELD, text, rule.above.source)


def _moved(
    rule: TurnoutRule,
    sitting: Sitting,
    people: int,
    later: list[Sitting],
    tell_by: date,
    today: date,
    outcome: Outcome,
    why: str,
    source: str,
) -> Decision:
    below = rule.below
    if today > tell_by:
        return Decision(Outcome.NEEDS_STAFF, f"{why}；已过通知截止日{tell_by}，不能自动延期", rule.telling.source)
    words = below.words if outcome is Outcome.POSTPONED else "顺延至下一考次"
    # Whoever finds no room goes to the next sitting, wherever those go for whom too few came.
    where = (
        below
        if outcome is Outcome.POSTPONED
        else NextSitting(kind="next_sitting", without_target=below.without_target, source=source)
    )
    target = next_target(where, sitting, later)
    if target is not None:
        return Decision(outcome, f"{why}，{words}", source, target, people)
    if below.without_target == "next_year":
        return Decision(outcome, f"{why}，{words}；本年度没有后续考次，等待次年公告", source, None, people)
    return Decision(Outcome.NEEDS_STAFF, f"{why}；没有可延期的考次", source)


@dataclass(frozen=True, order=True)
class Payer:
    """Somebody who paid: by the day on which the account received the money, then by when it was recorded, then by number."""

    received_on: date
    recorded_at: datetime
    registration_id: int


def beyond_capacity(payers: Iterable[Payer], capacity: int) -> list[int]:
    """The registrations that find no room, in the order of payment: who paid first stays."""
    return [one.registration_id for one in sorted(payers)[capacity:]]
