"""Kinds of rules of turnout, and a year with a sitting a month, as their tests want them."""

from datetime import date, timedelta

from server.domain.turnout import (
    Above,
    Below,
    Capacity,
    ConsolidateIn,
    Counting,
    Decision,
    MoreGroups,
    NextSitting,
    Overflow,
    Sitting,
    Telling,
    Threshold,
    TurnoutRule,
    decide,
)

NEXT = NextSitting(source="三、顺延至下月", kind="next_sitting", without_target="next_year")
TWICE_A_YEAR = ConsolidateIn(
    source="三、6月、12月", kind="consolidate", months=(6, 12), in_that_month="hold", without_target="next_year"
)
FULL_AT_50 = Overflow(
    source="三、考场承载范围", kind="overflow", capacity=Capacity(source="未列人数", assumed=True, people=50)
)
GROUPS = MoreGroups(source="三、场次可适时调整", kind="more_groups")


def rule(below: Below = NEXT, above: Above | None = None) -> TurnoutRule:
    return TurnoutRule(
        threshold=Threshold(source="三、满30人", people=30),
        counting=Counting(source="未说明", assumed=True, counts="paid", recording_days=1),
        below=below,
        telling=Telling(source="未说明", assumed=True, days_before=7, telephone_days_before_that=2),
        above=above,
    )


# The 25th of every month from February 2026 to the January after it: a sitting a month.
YEAR = [Sitting(number, date(2026 + (number == 13), number if number < 13 else 1, 25)) for number in range(2, 14)]
FEBRUARY, MARCH, MAY, JUNE, JULY, NOVEMBER, DECEMBER, JANUARY = (YEAR[n] for n in (0, 1, 3, 4, 5, 9, 10, 11))


def settled(
    by: TurnoutRule,
    sitting: Sitting,
    counted: int,
    *,
    unpaid: int = 0,
    later: list[Sitting] | None = None,
    days_early: int = 0,
) -> Decision:
    """Decided on the last day on which it can be told, or so many days earlier, as far as others are still undecided."""
    tell_by = sitting.assessed_on - timedelta(days=by.telling.days_before)
    after = [one for one in YEAR if one.assessed_on > sitting.assessed_on] if later is None else later
    today = tell_by - timedelta(days=days_early)
    return decide(by, sitting, counted, counted + unpaid, after, tell_by, today, by.capacity)
