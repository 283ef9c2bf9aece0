"""Who did not come (缺考): marked by a clerk from the list of the day, mended where it was a mistake, booked again in time."""

from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.db import transaction
from server.domain.days import end_of, local_day, start_of
from server.domain.notices import Kind
from server.domain.quiet_hours import daytime
from server.domain.registrations import Action, Status
from server.domain.turnout import Outcome
from server.domain.wording import full_day_text
from server.errors import Problem
from server.models import Registration, Sitting
from server.services.auditing import record, require_reason
from server.services.decisions import decision_of
from server.services.forfeiting import last_day, rule_of
from server.services.moving import apply_move, locked
from server.services.moving_one import choose, require_takes
from server.services.noticing import tell_one_between
from server.services.postponing import MISSED, Move, move_one
from server.services.sitting_list import known

_REMIND_BEFORE = timedelta(days=30)


def mark_absent(number: str, actor: str, reason: str, now: datetime) -> bool:
    """Somebody who was to sit a sitting that was held did not come; False where that is on record already.

    Where the notice limits how long a fee is good for, the person is told until when another sitting can be booked, and
    again shortly before that. Raises reason_needed, registration_unknown, absent_too_early, move_refused.
    """
    require_reason(reason)
    with transaction() as session:
        registration = locked(session, number)
        sitting = known(session, registration.sitting_id)
        if registration.status in {Status.PAID.value, Status.CONCLUDED.value}:
            _require_held(session, registration, sitting, now)
        if not apply_move(session, registration, Action.MARK_ABSENT, actor, now, reason):
            return False
        until, rule = last_day(session, registration), rule_of(registration)
        if until is not None and local_day(daytime(now)) <= until:
            _tell(session, registration, sitting, until, now)
        record(
            session,
            now,
            actor,
            "registration.absent",
            f"registration:{registration.id}",
            after={"sitting": sitting.id, "until": until.isoformat() if until else None},
            reason=reason,
            source=rule.source if rule else "",
        )
        return True


def _require_held(session: Session, registration: Registration, sitting: Sitting, now: datetime) -> None:
    """Nobody is absent from what was not held, from what they had been moved out of, or from a day that nobody set."""
    decision = decision_of(session, sitting.id)
    held = decision is not None and decision.outcome == Outcome.HELD.value
    over = sitting.day_fixed and now >= end_of(sitting.assessed_first)
    if not held or not over or registration.waiting_since is not None:
        raise Problem("absent_too_early")


def _tell(session: Session, registration: Registration, sitting: Sitting, until: date, now: datetime) -> None:
    """Now, and a month before the time is over. The later one is written now and due then: the next step cancels it."""
    facts = {"until": full_day_text(until), "hint": "请联系我们另行安排考次"}
    useful = end_of(until)
    tell_one_between(session, Kind.ABSENT, registration, sitting, now, daytime(now), useful, facts)
    remind_on = until - _REMIND_BEFORE
    if remind_on > local_day(daytime(now)):
        due_at = daytime(start_of(remind_on))
        tell_one_between(session, Kind.FORFEIT_NEAR, registration, sitting, now, due_at, useful, facts)


def unmark_absent(number: str, actor: str, reason: str, now: datetime) -> bool:
    """Somebody marked absent had been there after all; False where nothing says otherwise.

    Raises reason_needed, registration_unknown, move_refused.
    """
    require_reason(reason)
    with transaction() as session:
        registration = locked(session, number)
        if not apply_move(session, registration, Action.UNMARK_ABSENT, actor, now, reason):
            return False
        record(session, now, actor, "registration.present", f"registration:{registration.id}", reason=reason)
        return True


def book_again(number: str, sitting_id: int, actor: str, reason: str, now: datetime) -> bool:
    """Put somebody who was absent into a later sitting, within the time that the fee is good for; False where that is so
    already.

    Raises reason_needed, registration_unknown, sitting_unknown, stale, not_absent, forfeited, no_second_chance,
    another_registration, target_wrong, target_too_late.
    """
    require_reason(reason)
    try:
        with transaction() as session:
            registration, origin, target = choose(session, number, sitting_id)
            if registration.status == Status.PAID.value and registration.sitting_id == target.id:
                return False
            until = _require_chance(session, registration, now)
            require_takes(session, origin, target, now)
            if target.assessed_first > until:
                raise Problem("target_too_late")
            apply_move(session, registration, Action.BOOK_AGAIN, actor, now, reason)
            move_one(session, Move(origin, target, None, MISSED), registration, now)
            _note(session, registration, origin, target, actor, reason, now)
            return True
    except IntegrityError:
        # The person has registered anew meanwhile; the database lets nobody into two sittings.
        raise Problem("another_registration") from None


def _note(
    session: Session,
    registration: Registration,
    origin: Sitting,
    target: Sitting,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    rule = rule_of(registration)
    record(
        session,
        now,
        actor,
        "registration.booked_again",
        f"registration:{registration.id}",
        before={"sitting": origin.id},
        after={"sitting": target.id},
        reason=reason,
        source=rule.source if rule else "",
    )


def _require_chance(session: Session, registration: Registration, now: datetime) -> date:
    """The last day on which the fee is still good. Raises forfeited, not_absent, no_second_chance."""
    if registration.status == Status.FORFEITED.value:
        raise Problem("forfeited")
    if registration.status != Status.ABSENT.value:
        raise Problem("not_absent")
    until = last_day(session, registration)
    if until is None:
        raise Problem("no_second_chance")
    if local_day(now) > until:
        raise Problem("forfeited")
    return until
