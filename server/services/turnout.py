"""Settle turnout (开考决定): count, decide, and carry out, in one transaction per sitting. The heart of the program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, Row, case, exists, func, insert, literal, select
from sqlalchemy.orm import Session

from server.db import reading, transaction
from server.domain.days import local_day
from server.domain.fees import received_whole_on
from server.domain.notices import Kind
from server.domain.quiet_hours import daytime
from server.domain.registrations import Status
from server.domain.turnout import Decision, Outcome, Payer, beyond_capacity, decide, next_target
from server.domain.turnout import Sitting as TurnoutSitting
from server.errors import Problem
from server.models import LedgerEntry, Registration, Sitting, TurnoutCounted, TurnoutDecision, TurnoutWait
from server.services.auditing import record, require_reason
from server.services.decisions import decided, decision_of
from server.services.expiring import expire_unpaid, settles_from
from server.services.noticing import limit_of, tell_everybody_in
from server.services.one_by_one import one_by_one
from server.services.places import in_sitting, live_in
from server.services.postponing import Move, move_all, why_of
from server.services.sitting_list import book_of, has_begun, known, locked_sitting

ACTOR = "scheduler"


@dataclass(frozen=True)
class Count:
    """What is held against the threshold, and all who would have to move."""

    counted: int
    live: int
    threshold: int


def settle_due(now: datetime) -> list[tuple[int, str]]:
    """Settle every sitting that is due; what was decided. One sitting's failure does not stop the next."""
    with reading() as session:
        undecided = ~decided()
        rows = session.scalars(select(Sitting).where(undecided).order_by(Sitting.assessed_first, Sitting.id))
        due = [one.id for one in rows if now >= settles_from(one)]
    outcomes = one_by_one("turnout", due, lambda sitting_id: (sitting_id, settle(sitting_id, now)))
    return [(sitting_id, outcome.value) for sitting_id, outcome in outcomes if outcome is not None]


def settle(sitting_id: int, now: datetime) -> Outcome | None:
    """Settle one sitting by its rule; None where nothing changed. A second run changes nothing.

    Raises decision_too_early, sitting_unknown.
    """
    with transaction() as session:
        sitting = locked_sitting(session, sitting_id)
        if decision_of(session, sitting_id) is not None:
            return None
        if now < settles_from(sitting):
            raise Problem("decision_too_early")
        expire_unpaid(session, sitting, now)
        count = _count(session, sitting, lock=True)
        decision = _by_rule(session, sitting, count, now)
        if decision.outcome is Outcome.NEEDS_STAFF:
            return _wait(session, sitting, count, decision, now)
        _carry_out(session, sitting, count, decision, ACTOR, now)
        return decision.outcome


def settle_by_hand(
    sitting_id: int, outcome: Outcome, actor: str, reason: str, now: datetime, target_id: int | None = None
) -> Outcome:
    """Staff decide a sitting themselves, with a reason: hold it all the same, or move it all the same.

    A sitting that was to be held can still be moved until its first day; its tickets are void then. Raises reason_needed, already_decided, no_target, decision_too_early, sitting_unknown.
    """
    require_reason(reason)
    with transaction() as session:
        sitting = locked_sitting(session, sitting_id)
        before = decision_of(session, sitting_id)
        if before is not None:
            _overrule(before, sitting, outcome, now)
            session.flush()
        if now < settles_from(sitting):
            raise Problem("decision_too_early")
        expire_unpaid(session, sitting, now)
        count = _count(session, sitting, lock=True)
        target = _chosen_target(session, sitting, target_id, now) if outcome is Outcome.POSTPONED else None
        moved = count.live if outcome is Outcome.POSTPONED else 0
        decision = Decision(outcome, reason, book_of(sitting).turnout.below.source, target, moved)
        _carry_out(session, sitting, count, decision, actor, now)
        return outcome


def _overrule(before: TurnoutDecision, sitting: Sitting, outcome: Outcome, now: datetime) -> None:
    """Only one thing can be changed after a decision: what was to be held is moved, before it has begun."""
    if before.outcome != Outcome.HELD.value or outcome is not Outcome.POSTPONED or has_begun(sitting, now):
        raise Problem("already_decided")
    before.overruled_at = now


def _chosen_target(session: Session, sitting: Sitting, target_id: int | None, now: datetime) -> TurnoutSitting | None:
    """The sitting that staff name, or the one that the rule would take, of those still to come; None where the rule lets
    people wait for next year. Raises no_target."""
    below, today = book_of(sitting).turnout.below, local_day(now)
    # One that waited for staff like this one may be undecided, and over.
    later = [one for one in undecided_later(session, sitting) if one.assessed_on > today]
    if target_id is None:
        found = next_target(below, TurnoutSitting(sitting.id, sitting.assessed_first), later)
        if found is None and below.without_target == "needs_staff":
            raise Problem("no_target")
        return found
    for one in later:
        if one.id == target_id:
            return one
    raise Problem("no_target")


def waiting_for_staff() -> set[int]:
    """Sittings that the rule left to staff and that nobody has decided yet."""
    with reading() as session:
        return set(session.scalars(select(TurnoutWait.sitting_id)))


def preview(sitting_id: int, now: datetime) -> tuple[Count, Decision]:
    """What would be decided if it were counted now; changes nothing. Raises sitting_unknown."""
    with reading() as session:
        sitting = known(session, sitting_id)
        count = _count(session, sitting, lock=False)
        return count, _by_rule(session, sitting, count, now)


def _count(session: Session, sitting: Sitting, *, lock: bool) -> Count:
    """Count, with every counted row locked, so that nobody pays or leaves while it is decided."""
    rows = select(Registration.id, Registration.status).where(live_in(sitting.id))
    inner = (rows.with_for_update() if lock else rows).subquery()
    paid = func.count(case((inner.c.status == Status.PAID.value, 1)))
    counted, live = session.execute(select(paid, func.count()).select_from(inner)).one()
    return Count(int(counted), int(live), book_of(sitting).turnout.threshold.people)


def _by_rule(session: Session, sitting: Sitting, count: Count, now: datetime) -> Decision:
    rule = book_of(sitting).turnout
    tell_by = limit_of(sitting).tell_by
    this = TurnoutSitting(sitting.id, sitting.assessed_first)
    later, today = undecided_later(session, sitting), local_day(daytime(now))
    return decide(rule, this, count.counted, count.live, later, tell_by, today, sitting.capacity)


def undecided_later(session: Session, sitting: Sitting) -> list[TurnoutSitting]:
    """Undecided sittings of the same institution, occupation and level after this one, next year's too."""
    rows = select(Sitting.id, Sitting.assessed_first).where(
        Sitting.institution == sitting.institution,
        Sitting.occupation == sitting.occupation,
        Sitting.level == sitting.level,
        Sitting.assessed_first > sitting.assessed_last,
        ~decided(),
    )
    return [TurnoutSitting(number, day) for number, day in session.execute(rows)]


def _wait(session: Session, sitting: Sitting, count: Count, decision: Decision, now: datetime) -> Outcome | None:
    if session.get(TurnoutWait, sitting.id) is not None:
        return None
    session.add(
        TurnoutWait(
            sitting_id=sitting.id,
            since=now,
            counted=count.counted,
            threshold=count.threshold,
            reason=decision.reason,
            source=decision.source,
        )
    )
    record(session, now, ACTOR, "turnout.needs_staff", f"sitting:{sitting.id}", reason=decision.reason)
    return Outcome.NEEDS_STAFF


def _carry_out(
    session: Session, sitting: Sitting, count: Count, decision: Decision, actor: str, now: datetime
) -> None:
    row = TurnoutDecision(
        sitting_id=sitting.id,
        outcome=decision.outcome.value,
        counted=count.counted,
        threshold=count.threshold,
        moved=decision.moved,
        target_sitting_id=decision.target.id if decision.target else None,
        reason=decision.reason,
        source=decision.source,
        edition=sitting.edition,
        actor=actor,
        decided_at=now,
        decided_on=local_day(now),
        tell_by=limit_of(sitting).tell_by,
    )
    session.add(row)
    wait = session.get(TurnoutWait, sitting.id)
    if wait is not None:
        session.delete(wait)
    session.flush()
    _freeze_counted(session, sitting, row)
    after = {"outcome": row.outcome, "counted": count.counted, "threshold": count.threshold, "moved": row.moved}
    record(
        session,
        now,
        actor,
        f"turnout.{row.outcome}",
        f"sitting:{sitting.id}",
        after=after | {"target": row.target_sitting_id},
        reason=decision.reason,
        source=decision.source,
    )
    if decision.moved:
        _move(session, sitting, decision, row, now)
    if decision.outcome is Outcome.HELD:
        who = in_sitting(sitting.id, Status.PAID)
        tell_everybody_in(session, Kind.HELD, f"decision:{row.id}", sitting, who, now)


def _move(session: Session, sitting: Sitting, decision: Decision, row: TurnoutDecision, now: datetime) -> None:
    target = locked_sitting(session, decision.target.id) if decision.target is not None else None
    if target is not None and decision_of(session, target.id) is not None:
        raise Problem("no_target")  # decided by another while we waited for it; the next run looks again
    who = live_in(sitting.id) if decision.outcome is Outcome.POSTPONED else _beyond(row, sitting)
    move_all(session, Move(sitting, target, row, why_of(row)), who, now)


def _beyond(decision: TurnoutDecision, sitting: Sitting) -> ColumnElement[bool]:
    """Those of the frozen list whose place in the order of payment is beyond the capacity."""
    return exists().where(
        TurnoutCounted.decision_id == decision.id,
        TurnoutCounted.registration_id == Registration.id,
        TurnoutCounted.place > sitting.capacity,
    )


def _freeze_counted(session: Session, sitting: Sitting, decision: TurnoutDecision) -> None:
    """Who counted; where there is a limit to the room, each with the place in the order of payment."""
    if sitting.capacity is None:
        who = select(literal(decision.id), Registration.id).where(in_sitting(sitting.id, Status.PAID))
        session.execute(insert(TurnoutCounted).from_select(["decision_id", "registration_id"], who))
        return
    order = beyond_capacity(_payers(session, sitting), 0)
    rows = [
        {"decision_id": decision.id, "registration_id": one, "place": place}
        for place, one in enumerate(order, start=1)
    ]
    if rows:
        session.execute(insert(TurnoutCounted), rows)


def _payers(session: Session, sitting: Sitting) -> list[Payer]:
    """By when each one's fee was whole: whoever pays a second time by mistake does not lose the place."""
    entries = (
        select(Registration.id, Registration.fee_fen, LedgerEntry.value_date, LedgerEntry.amount_fen, LedgerEntry.at)
        .join(LedgerEntry, LedgerEntry.registration_id == Registration.id)
        .where(in_sitting(sitting.id, Status.PAID))
        .order_by(Registration.id)
    )
    return [_payer(number, list(theirs)) for number, theirs in groupby(session.execute(entries), lambda row: row.id)]


def _payer(number: int, entries: Sequence[Row[int, int, date, int, datetime]]) -> Payer:
    whole_on = received_whole_on(entries[0].fee_fen, [(one.value_date, one.amount_fen) for one in entries])
    received_on = whole_on or max(one.value_date for one in entries)
    return Payer(received_on, max(one.at for one in entries if one.value_date <= received_on), number)
