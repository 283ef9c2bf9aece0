"""Registrations that were not reviewed, mended or paid in time expire (逾期失效), all of a sitting in three statements."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, insert, literal, select, update
from sqlalchemy.orm import Session

from server.db import UtcDateTime, transaction
from server.domain.days import end_of
from server.domain.notices import Kind
from server.domain.registrations import Action, Status
from server.domain.turnout import Outcome
from server.models import Registration, RegistrationMove, Sitting
from server.services.decisions import decided
from server.services.noticing import sitting_facts, tell_all
from server.services.one_by_one import one_by_one
from server.services.places import in_sitting
from server.services.sitting_list import book_of

ACTOR = "scheduler"


def hold(session: Session, who: ColumnElement[bool]) -> int:
    """Lock every registration that `who` selects, so that all statements after this one see the same people; how many.

    Each statement looks anew: somebody whose payment is recorded between two of them would be told one thing and be
    another.
    """
    locked = select(Registration.id).where(who).order_by(Registration.id).with_for_update().subquery()
    return session.scalar(select(func.count()).select_from(locked)) or 0


def bulk_move(
    session: Session,
    who: ColumnElement[bool],
    status: Status,
    after: Status,
    action: Action,
    now: datetime,
    reason: str,
) -> int:
    """Move every registration that `who` selects from one status to another, with its history; the number moved."""
    columns = ["registration_id", "at", "actor", "action", "from_status", "to_status", "reason"]
    chosen = and_(who, Registration.status == status.value)
    hold(session, chosen)
    history = select(
        Registration.id,
        literal(now, UtcDateTime),
        literal(ACTOR),
        literal(action.value),
        literal(status.value),
        literal(after.value),
        literal(reason),
    ).where(chosen)
    added = insert(RegistrationMove).from_select(columns, history).execution_options(preserve_rowcount=True)
    moved: int = session.execute(added).rowcount  # type: ignore[attr-defined] # a cursor's
    if moved:
        session.execute(
            update(Registration)
            .where(chosen)
            .values(status=after.value, version=Registration.version + 1)
            .execution_options(synchronize_session=False)
        )
    return moved


_WHY = {
    Status.SUBMITTED: "截止前未完成审核",
    Status.RETURNED: "截止前未完成补正",
    Status.APPROVED: "截止前未完成缴费",
}


def expire_unpaid(session: Session, sitting: Sitting, now: datetime) -> int:
    """Expire what is not paid in a sitting whose payment window is over; within the caller's transaction."""
    here = in_sitting(sitting.id)
    waiting = and_(here, Registration.status.in_([status.value for status in _WHY]))
    if hold(session, waiting) == 0:
        return 0
    useful, expired = end_of(sitting.assessed_last), 0
    for status, why in _WHY.items():
        facts = sitting_facts(sitting) | {"reason": why, "number": ""}
        theirs = and_(here, Registration.status == status.value)
        if session.scalar(select(exists().where(theirs))):
            key = f"sitting:{sitting.id}:{status.value}:{now.isoformat()}"
            tell_all(session, Kind.EXPIRED, key, facts, theirs, now, useful)
            expired += bulk_move(session, here, status, Status.EXPIRED, Action.EXPIRE, now, why)
    return expired


def unpaid_sittings(session: Session, now: datetime) -> list[int]:
    """Sittings past their payment window, and the days for the bank's last records, with somebody who has not paid."""
    waiting = exists().where(
        Registration.sitting_id == Sitting.id,
        Registration.status.in_([Status.SUBMITTED.value, Status.RETURNED.value, Status.APPROVED.value]),
    )
    rows = session.scalars(select(Sitting).where(Sitting.pay_last <= now.date(), waiting))
    return [one.id for one in rows if now >= settles_from(one)]


def settles_from(sitting: Sitting) -> datetime:
    """From when unpaid registrations expire and turnout is counted: the bank's last day has had time to be recorded."""
    days = book_of(sitting).turnout.counting.recording_days
    return end_of(sitting.pay_last + timedelta(days=days))


def expire_due(now: datetime) -> int:
    """Expire what is due in every sitting, one transaction each; the number expired."""
    with transaction() as session:
        due = unpaid_sittings(session, now)
    return sum(one_by_one("expiry", due, lambda sitting_id: _expire(sitting_id, now)))


def _expire(sitting_id: int, now: datetime) -> int:
    with transaction() as session:
        sitting = session.scalars(select(Sitting).where(Sitting.id == sitting_id).with_for_update()).one()
        return expire_unpaid(session, sitting, now)


def conclude_due(now: datetime) -> int:
    """Close the registrations of sittings whose days are over; the number closed. A day that nobody has set is never over:
    whoever waits to hear it would be left behind."""
    paid = exists().where(
        Registration.sitting_id == Sitting.id,
        Registration.status == Status.PAID.value,
        Registration.waiting_since.is_(None),
    )
    with transaction() as session:
        rows = session.scalars(
            select(Sitting).where(
                Sitting.assessed_last <= now.date(), Sitting.day_fixed.is_(True), decided(Outcome.HELD), paid
            )
        )
        over = [one.id for one in rows if now >= end_of(one.assessed_last)]
    return sum(one_by_one("conclusion", over, lambda sitting_id: _conclude(sitting_id, now)))


def _conclude(sitting_id: int, now: datetime) -> int:
    here = in_sitting(sitting_id)
    with transaction() as session:
        return bulk_move(session, here, Status.PAID, Status.CONCLUDED, Action.CONCLUDE, now, "")
