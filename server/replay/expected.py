"""What must come of a plan: each sitting's decision, worked out from the plan and the pure rule, without the database."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.domain.days import local_day
from server.domain.phases import Dates
from server.domain.turnout import Outcome, Sitting, decide
from server.replay.plan import PlanRow, SittingName
from server.rulebooks.book import Rulebook


@dataclass(frozen=True)
class Expected:
    """What must have been decided, on how many people, and where they go."""

    outcome: Outcome
    counted: int
    target: SittingName | None


def calendar_of(book: Rulebook) -> dict[SittingName, Dates]:
    """Every sitting of a rulebook's year with its days."""
    return {
        SittingName(one.month, trade.name, level): Dates(one.apply, one.pay, one.ticket_from, one.assessed)
        for trade, level, one in book.planned()
    }


def expected(book: Rulebook, plan: Iterable[PlanRow]) -> dict[SittingName, Expected]:
    """Settle the year on paper, in the order in which the scheduler comes to it."""
    calendar, rule = calendar_of(book), book.turnout
    people = dict.fromkeys(calendar, 0) | {row.name: row.paid for row in plan}
    names = sorted(calendar, key=lambda name: (calendar[name].decide_from(rule.counting.recording_days), name))
    found: dict[SittingName, Expected] = {}
    for name in names:
        dates, counted = calendar[name], people[name]
        later = {
            place: other
            for place, other in enumerate(names)
            if (other.occupation, other.level) == (name.occupation, name.level)
            and calendar[other].assessed.first > dates.assessed.last
            and (other not in found or found[other].outcome is Outcome.NEEDS_STAFF)
        }
        decision = decide(
            rule,
            Sitting(names.index(name), dates.assessed.first),
            counted,
            counted,  # who has not paid by then has expired: those who count are all who are left
            [Sitting(place, calendar[other].assessed.first) for place, other in later.items()],
            dates.tell_by(rule.telling.days_before),
            local_day(dates.decide_from(rule.counting.recording_days)),
        )
        target = later[decision.target.id] if decision.target else None
        if target is not None:
            people[target] += counted
        found[name] = Expected(decision.outcome, counted, target)
    return found
