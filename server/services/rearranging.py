"""What follows when the day or the place of a sitting changes after it was told (日期、地点改动): tickets on paper are void,
and whom it concerns is told."""

import zlib
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from server.domain.notices import Kind
from server.domain.registrations import Status
from server.domain.turnout import Outcome
from server.models import Delivery, Notice, NoticeCause, Registration, Sitting, Ticket
from server.services.decisions import decision_of
from server.services.noticing import Limit, cancel_unsent, tell_everybody_in
from server.services.places import in_sitting

# The first two characters say what a change is of.
DAY_SET, DAY_CHANGED, PLACE_CHANGED = "日期已定", "日期已改", "地点已改"
# What an older day or place is said in.
_OLD_NEWS = (Kind.HELD, Kind.DAY_SET, Kind.TICKET_READY, Kind.TOMORROW)
_CONCERNED = (Status.PAID, Status.APPROVED, Status.SUBMITTED, Status.RETURNED)


def arrangement(sitting: Sitting) -> str:
    """A sitting as it is arranged now, for the keys of what is told once of each arrangement."""
    return f"{sitting.id}:{sitting.assessed_first:%Y%m%d}:{zlib.crc32(sitting.place.encode()):08x}"


def concerned(session: Session, sitting: Sitting) -> ColumnElement[bool]:
    """Who would come: those who paid; before it is decided everybody who applied and is still in it."""
    decision = decision_of(session, sitting.id)
    held = decision is not None and decision.outcome == Outcome.HELD.value
    return in_sitting(sitting.id, *((Status.PAID,) if held else _CONCERNED))


def told_the_place(sitting: Sitting) -> ColumnElement[bool]:
    """Those to whom a message or a ticket has named the place."""
    causes = select(NoticeCause.id).where(
        NoticeCause.kind == Kind.DAY_SET.value, NoticeCause.key.startswith(f"day:{sitting.id}:")
    )
    by_message = exists().where(Notice.registration_id == Registration.id, Notice.cause_id.in_(causes))
    by_ticket = exists().where(
        Ticket.registration_id == Registration.id, Ticket.sitting_id == sitting.id, Ticket.voided_at.is_(None)
    )
    return or_(by_message, by_ticket)


def tell_change(
    session: Session, sitting: Sitting, change: str, who: ColumnElement[bool], limit: Limit, now: datetime
) -> None:
    """Tell how the sitting is arranged now. What has not been sent of an earlier change is not sent; this says it too."""
    facts = {"change": _with_unsent(session, change, who), "number": ""}
    cancel_unsent(session, _OLD_NEWS, who)
    # The number tells apart two changes at one instant, and a change from one that undoes it.
    key = f"day:{sitting.id}:"
    before = select(func.count()).where(NoticeCause.kind == Kind.DAY_SET.value, NoticeCause.key.startswith(key))
    key += str(session.scalar(before))
    tell_everybody_in(session, Kind.DAY_SET, key, sitting, who, now, limit=limit, **facts)


def _with_unsent(session: Session, change: str, who: ColumnElement[bool]) -> str:
    queued = exists().where(Delivery.notice_id == Notice.id, Delivery.state == "queued")
    unsent = select(Notice.cause_id).where(
        or_(Notice.state == "new", queued), Notice.registration_id.in_(select(Registration.id).where(who))
    )
    causes = select(NoticeCause).where(NoticeCause.kind == Kind.DAY_SET.value, NoticeCause.id.in_(unsent))
    said = {
        one[:2]: one
        for cause in session.scalars(causes.order_by(NoticeCause.id))
        for one in cause.facts["change"].split("、")
    }
    return "、".join((said | {change[:2]: change}).values())


def void_tickets(session: Session, sitting: Sitting, why: str, now: datetime) -> None:
    """A ticket on paper shows what is no longer so: it is void, and a new one comes out on its day."""
    session.execute(
        update(Ticket)
        .where(and_(Ticket.sitting_id == sitting.id, Ticket.voided_at.is_(None)))
        .values(voided_at=now, void_reason=f"{why}，请重新下载准考证")
        .execution_options(synchronize_session=False)
    )
