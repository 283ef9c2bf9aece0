"""The telephone list (电话通知名单): who has no confirmed message when clerks must begin to call, and what came of the calls."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from server.db import transaction
from server.domain.days import local_day
from server.domain.notices import ChannelName, Kind
from server.domain.registrations import LIVE
from server.errors import Problem
from server.models import Candidate, Delivery, Notice, NoticeCause, Registration, TelephoneCall
from server.services.auditing import record

REACHED = "reached"
CALL_RESULTS = (REACHED, "no_answer", "wrong_number", "refused")


@dataclass(frozen=True)
class ToCall:
    """Somebody to telephone, and what to say: what the last of their notices says, for of somebody who was moved twice only
    the last move is true. `told_by_this` are all that one call settles. The number is for the clerk who calls, and opening
    the list is on record."""

    notice_id: int
    told_by_this: tuple[int, ...]
    kind: Kind
    registration_number: str
    name: str
    phone: str
    facts: dict[str, str]
    tell_by: date


def confirmed_sms(notice: type[Notice] = Notice) -> ColumnElement[bool]:
    """The notice has an SMS that the handset confirmed."""
    return exists().where(
        Delivery.notice_id == notice.id,
        Delivery.channel == ChannelName.SMS.value,
        Delivery.state == "delivered",
    )


def reached_by_call(notice: type[Notice] = Notice) -> ColumnElement[bool]:
    return exists().where(TelephoneCall.notice_id == notice.id, TelephoneCall.result == REACHED)


def _outstanding(now: datetime) -> ColumnElement[bool]:
    """Must be known by a day, is still of use, and neither it nor anything told later has reached its reader; and its reader
    has not asked for another sitting since: who did so knows of it, and the day that was to be told is theirs no more."""
    later, later_cause = aliased(Notice), aliased(NoticeCause)
    overtaken = exists().where(
        later.registration_id == Notice.registration_id,
        later.id > Notice.id,
        later_cause.id == later.cause_id,
        or_(
            later_cause.kind == Kind.BOOKED_AGAIN.value,
            and_(later_cause.call_from.is_not(None), or_(confirmed_sms(later), reached_by_call(later))),
        ),
    )
    return and_(
        NoticeCause.call_from.is_not(None),
        NoticeCause.useful_until > now,
        Notice.state != "cancelled",
        ~confirmed_sms(),
        ~reached_by_call(),
        ~overtaken,
    )


@dataclass(frozen=True)
class Untold:
    """Somebody who was not told yet, without a word of who it is: by when they must know, and from when clerks call."""

    registration_id: int
    tell_by: date
    call_from: date


def untold(session: Session, now: datetime) -> list[Untold]:
    """Everybody who has something to know by a day and was not told, whether or not clerks call already."""
    rows = (
        select(Registration.id, func.min(NoticeCause.tell_by), func.min(NoticeCause.call_from))
        .join(Notice, Notice.registration_id == Registration.id)
        .join(NoticeCause, NoticeCause.id == Notice.cause_id)
        .where(_outstanding(now), Registration.status.in_(LIVE))
        .group_by(Registration.id)
    )
    found = session.execute(rows)
    return [Untold(number, by, begin) for number, by, begin in found if by is not None and begin is not None]


def to_telephone(actor: str, now: datetime) -> list[ToCall]:
    """Who is to be called today: whoever has something to know by a day that is two days off or past, and was not told.

    Opening the list is on record.
    """
    rows = (
        select(Notice, Registration, Candidate, NoticeCause)
        .join(NoticeCause, NoticeCause.id == Notice.cause_id)
        .join(Registration, Registration.id == Notice.registration_id)
        .join(Candidate, Candidate.id == Registration.candidate_id)
        .where(_outstanding(now), Registration.status.in_(LIVE))
        .order_by(Notice.registration_id, Notice.id)
    )
    today = local_day(now)
    with transaction() as session:
        found = []
        for _, group in groupby(session.execute(rows), key=lambda row: row.Registration.id):
            every = list(group)
            causes = [row.NoticeCause for row in every]
            if min(one.call_from for one in causes) <= today:
                last = every[-1]
                found.append(
                    ToCall(
                        last.Notice.id,
                        tuple(row.Notice.id for row in every),
                        Kind(last.NoticeCause.kind),
                        last.Registration.number,
                        last.Candidate.name,
                        last.Candidate.phone,
                        last.NoticeCause.facts,
                        min(one.tell_by for one in causes),
                    )
                )
        if found:
            record(session, now, actor, "telephone_list.opened", "notices", after={"people": len(found)})
        return sorted(found, key=lambda one: (one.tell_by, one.notice_id))


def record_call(notice_id: int, result: str, actor: str, now: datetime, note: str = "") -> None:
    """What came of a call about something that had to be known by a day; somebody reached has heard of all that was still
    to be told. Raises notice_unknown."""
    with transaction() as session:
        limit = select(NoticeCause.tell_by).join(Notice, Notice.cause_id == NoticeCause.id)
        if session.scalar(limit.where(Notice.id == notice_id)) is None:
            raise Problem("notice_unknown")
        person = select(Notice.registration_id).where(Notice.id == notice_id).scalar_subquery()
        same = select(Notice.id).join(NoticeCause, NoticeCause.id == Notice.cause_id)
        earlier = session.scalars(
            same.where(Notice.registration_id == person, Notice.id < notice_id, _outstanding(now))
        ).all()
        for one in [*earlier, notice_id] if result == REACHED else [notice_id]:
            session.add(TelephoneCall(notice_id=one, at=now, actor=actor, result=result, note=note))
        record(session, now, actor, "telephone.called", f"notice:{notice_id}", after={"result": result})
