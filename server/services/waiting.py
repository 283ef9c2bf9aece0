"""People who wait for next year's rules (等待次年公告): who they are, and the move when a sitting is there that can take them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from server.db import reading, transaction
from server.domain.days import local_day
from server.domain.quiet_hours import daytime
from server.domain.turnout import NextSitting, Outcome, next_target
from server.domain.turnout import Sitting as TurnoutSitting
from server.models import Registration, Sitting
from server.rulebooks.catalogue import catalogue
from server.services.auditing import record
from server.services.decisions import decision_of
from server.services.expiring import hold
from server.services.noticing import limit_of
from server.services.one_by_one import one_by_one
from server.services.places import waiting
from server.services.postponing import Move, move_all, why_of
from server.services.sitting_list import book_of, known, locked_sitting
from server.services.turnout import undecided_later

ACTOR = "scheduler"


@dataclass(frozen=True)
class Waiting:
    """A sitting that people have left for one that next year's rules have still to name, and how many they are."""

    sitting: Sitting
    people: int


def who_waits() -> list[Waiting]:
    """Every group of people who wait, the earliest sitting first."""
    groups = select(Registration.sitting_id, func.count()).where(waiting()).group_by(Registration.sitting_id)
    with reading() as session:
        found = [Waiting(known(session, sitting_id), people) for sitting_id, people in session.execute(groups)]
    return sorted(found, key=lambda one: (one.sitting.assessed_first, one.sitting.id))


def in_vain(everybody: list[Waiting], now: datetime) -> list[Waiting]:
    """Those of them for whom next year's rules are there and have no sitting: a trade is given up, or it is too late to tell
    them of the last one."""
    years = {(one.book.institution_key, one.book.year) for one in catalogue().loaded}
    later = [one for one in everybody if any(_is_later(one.sitting, *loaded) for loaded in years)]
    with reading() as session:
        decisions = {one.sitting.id: decision_of(session, one.sitting.id) for one in later}
        return [
            one
            for one in later
            if (decision := decisions[one.sitting.id]) is not None
            and _found(session, one.sitting, crowded=decision.outcome == Outcome.HELD.value, now=now) is None
        ]


def _is_later(sitting: Sitting, institution: str, year: int) -> bool:
    return sitting.institution == institution and book_of(sitting).year < year


def attach_due(now: datetime) -> int:
    """Move those for whom a sitting is there now, one transaction for each sitting that they left; the number moved."""
    due = [one.sitting.id for one in who_waits()]
    return sum(one_by_one("waiting", due, lambda sitting_id: _attach(sitting_id, now)))


def _attach(sitting_id: int, now: datetime) -> int:
    with transaction() as session:
        origin = session.scalars(select(Sitting).where(Sitting.id == sitting_id).with_for_update()).one()
        decision = decision_of(session, sitting_id)
        if decision is None:
            return 0
        crowded = decision.outcome == Outcome.HELD.value
        target = target_in_time(session, origin, crowded=crowded, now=now)
        if target is None:
            return 0
        people = hold(session, _left(sitting_id))
        if people == 0:
            return 0  # placed by another while we waited for the sitting, or all of them stepped back
        if decision.target_sitting_id is None:  # or it is where staff have sent the others
            decision.target_sitting_id = target.id
        move_all(
            session,
            Move(origin, target, decision, why_of(decision), waited=True),
            _left(sitting_id),
            now,
        )
        after = {"target": target.id, "people": people}
        record(session, now, ACTOR, "waiting.attached", f"sitting:{sitting_id}", after=after, reason=decision.reason)
        return people


def target_in_time(session: Session, origin: Sitting, *, crowded: bool, now: datetime) -> Sitting | None:
    """The sitting that takes them: the one that the rule would have taken, if they can still be told of it in time; held."""
    found = _found(session, origin, crowded=crowded, now=now)
    if found is None:
        return None
    target = locked_sitting(session, found.id)
    # Where it was decided while we waited for it, the next run looks again.
    return target if decision_of(session, target.id) is None else None


def _found(session: Session, origin: Sitting, *, crowded: bool, now: datetime) -> TurnoutSitting | None:
    below = book_of(origin).turnout.below
    if crowded:
        below = NextSitting(kind="next_sitting", without_target=below.without_target, source=below.source)
    later = undecided_later(session, origin)
    today = local_day(daytime(now))
    in_time = [one for one in later if today <= limit_of(known(session, one.id)).tell_by]
    return next_target(below, TurnoutSitting(origin.id, origin.assessed_first), in_time)


def _left(sitting_id: int) -> ColumnElement[bool]:
    return and_(Registration.sitting_id == sitting_id, waiting())
