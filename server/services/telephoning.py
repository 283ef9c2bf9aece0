"""The telephone list (电话通知名单): who has no confirmed message when clerks must begin to call, and what came of the calls."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased
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
    """Somebody to telephone. The number is for the clerk who calls, and opening the list is on record."""

    notice_id: int
    kind: Kind
    registration_number: str
    name: str
    phone: str
    facts: dict[str, str]
    tell_by: date


def confirmed_sms() -> ColumnElement[bool]:
    """The notice has an SMS that the handset confirmed."""
    return exists().where(
        Delivery.notice_id == Notice.id,
        Delivery.channel == ChannelName.SMS.value,
        Delivery.state == "delivered",
    )


def reached_by_call() -> ColumnElement[bool]:
    return exists().where(TelephoneCall.notice_id == Notice.id, TelephoneCall.result == REACHED)


def to_telephone(actor: str, now: datetime) -> list[ToCall]:
    """Who is to be called today: of everything that must be known by a day that is two days off or past, those not told.

    Of somebody who was moved twice only the last move is true. Opening the list is on record.
    """
    later, later_cause = aliased(Notice), aliased(NoticeCause)
    overtaken = exists().where(
        later.registration_id == Notice.registration_id,
        later.id > Notice.id,
        later_cause.id == later.cause_id,
        later_cause.call_from.is_not(None),
    )
    rows = (
        select(Notice, Registration, Candidate, NoticeCause)
        .join(NoticeCause, NoticeCause.id == Notice.cause_id)
        .join(Registration, Registration.id == Notice.registration_id)
        .join(Candidate, Candidate.id == Registration.candidate_id)
        .where(
            NoticeCause.call_from <= local_day(now),
            NoticeCause.useful_until > now,
            Notice.state != "cancelled",
            Registration.status.in_(LIVE),
            ~overtaken,
            ~confirmed_sms(),
            ~reached_by_call(),
        )
        .order_by(NoticeCause.tell_by, Notice.id)
    )
    with transaction() as session:
        found = [
            ToCall(notice.id, Kind(cause.kind), one.number, person.name, person.phone, cause.facts, cause.tell_by)
            for notice, one, person, cause in session.execute(rows)
            if cause.tell_by is not None
        ]
        if found:
            record(session, now, actor, "telephone_list.opened", "notices", after={"people": len(found)})
        return found


def record_call(notice_id: int, result: str, actor: str, now: datetime, note: str = "") -> None:
    """What came of a call about something that had to be known by a day. Raises notice_unknown."""
    with transaction() as session:
        limit = select(NoticeCause.tell_by).join(Notice, Notice.cause_id == NoticeCause.id)
        if session.scalar(limit.where(Notice.id == notice_id)) is None:
            raise Problem("notice_unknown")
        session.add(TelephoneCall(notice_id=notice_id, at=now, actor=actor, result=result, note=note))
        record(session, now, actor, "telephone.called", f"notice:{notice_id}", after={"result": result})
