"""What must come of a plan: each sitting's decision, worked out from the plan and the pure rules, without the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from server.domain.days import local_day
from server.domain.phases import Dates
from server.domain.turnout import Outcome, Sitting, decide
from server.domain.working_days import DayTable
from server.replay.plan import PlanRow, SittingName
from server.rulebooks.book import Rulebook
from server.rulebooks.dating import decided_on, proposed_dates


@dataclass(frozen=True)
class Expected:
    """What must have been decided, on how many people, how many of them are moved, and where they go."""

    outcome: Outcome
    counted: int
    moved: int
    target: SittingName | None


def calendar_of(book: Rulebook, table: DayTable) -> dict[SittingName, Dates]:
    """Every sitting of a rulebook's year with its days; where staff set the day, the one that is proposed."""
    found = {}
    for trade, level, one in book.planned():
        dates = proposed_dates(book, one, table)
        found[SittingName(one.month, trade.name, level)] = Dates(
            one.apply, one.pay, dates.ticket_from, dates.assessed
        )
    return found


def expected(book: Rulebook, plan: Iterable[PlanRow], table: DayTable) -> dict[SittingName, Expected]:
    """Settle the year on paper, in the order in which the scheduler comes to it."""
    calendar, rule = calendar_of(book, table), book.turnout
    people = dict.fromkeys(calendar, 0) | {row.name: row.paid for row in plan}
    names = sorted(calendar, key=lambda name: (decided_on(book, calendar[name].pay.last), name))
    found: dict[SittingName, Expected] = {}
    for name in names:
        dates, counted = calendar[name], people[name]
        later = _later(name, names, calendar, found)
        decision = decide(
            rule,
            Sitting(names.index(name), dates.assessed.first),
            counted,
            counted,  # who has not paid by then has expired: those who count are all who are left
            [Sitting(place, calendar[other].assessed.first) for place, other in later.items()],
            dates.assessed.first - timedelta(days=rule.telling.days_before),
            local_day(dates.decide_from(rule.counting.recording_days)),
            rule.capacity,
        )
        target = later[decision.target.id] if decision.target else None
        if target is not None:
            people[target] += decision.moved
        found[name] = Expected(decision.outcome, counted, decision.moved, target)
    return found


def _later(
    name: SittingName,
    names: list[SittingName],
    calendar: Mapping[SittingName, Dates],
    found: Mapping[SittingName, Expected],
) -> dict[int, SittingName]:
    """Sittings of the same occupation and level that come later and are not decided yet."""
    return {
        place: other
        for place, other in enumerate(names)
        if (other.occupation, other.level) == (name.occupation, name.level)
        and calendar[other].assessed.first > calendar[name].assessed.last
        and (other not in found or found[other].outcome is Outcome.NEEDS_STAFF)
    }
