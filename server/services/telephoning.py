"""The telephone list (电话通知名单): who has no confirmed message when clerks must begin to call, and what came of the calls."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.sql.elements import ColumnElement

from server.db import transaction
from server.domain.days import local_day
from server.domain.notices import ChannelName, Kind
from server.domain.registrations import LIVE
from server.errors import Problem
from server.models import (
    Candidate,
    Delivery,
    Notice,
    NoticeCause,
    Postponement,
    Registration,
    Sitting,
    TelephoneCall,
    TurnoutDecision,
)
from server.services.auditing import record
from server.services.sitting_list import book_of

REACHED = "reached"
CALL_RESULTS = (REACHED, "no_answer", "wrong_number", "refused")


@dataclass(frozen=True)
class ToCall:
    """Somebody to telephone. The number is for the clerk who calls, and opening the list is on record."""

    notice_id: int
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
    """Who is to be called today: of every postponement within two days of its limit (or past it), those not told."""
    rows = (
        select(Notice, Registration, Candidate, TurnoutDecision, Sitting, NoticeCause.facts)
        .join(NoticeCause, NoticeCause.id == Notice.cause_id)
        .join(Registration, Registration.id == Notice.registration_id)
        .join(Candidate, Candidate.id == Registration.candidate_id)
        .join(Postponement, Postponement.registration_id == Registration.id)
        .join(TurnoutDecision, TurnoutDecision.id == Postponement.decision_id)
        .join(Sitting, Sitting.id == TurnoutDecision.sitting_id)
        .where(
            NoticeCause.kind == Kind.POSTPONED.value,
            NoticeCause.key == _decision_key(),
            Registration.status.in_(LIVE),
            ~confirmed_sms(),
            ~reached_by_call(),
        )
        .order_by(TurnoutDecision.tell_by, Notice.id)
    )
    today = local_day(now)
    with transaction() as session:
        found = []
        for notice, registration, candidate, decision, sitting, facts in session.execute(rows):
            early = timedelta(days=book_of(sitting).turnout.telling.telephone_days_before_that)
            if today >= decision.tell_by - early:
                found.append(
                    ToCall(notice.id, registration.number, candidate.name, candidate.phone, facts, decision.tell_by)
                )
        if found:
            record(session, now, actor, "telephone_list.opened", "notices", after={"people": len(found)})
        return found


def _decision_key() -> ColumnElement[str]:
    from sqlalchemy import String, cast, literal

    return literal("decision:") + cast(TurnoutDecision.id, String)


def record_call(notice_id: int, result: str, actor: str, now: datetime, note: str = "") -> None:
    """What came of a call about a postponement. Raises notice_unknown."""
    with transaction() as session:
        kind = select(NoticeCause.kind).join(Notice, Notice.cause_id == NoticeCause.id).where(Notice.id == notice_id)
        if session.scalar(kind) != Kind.POSTPONED.value:
            raise Problem("notice_unknown")
        session.add(TelephoneCall(notice_id=notice_id, at=now, actor=actor, result=result, note=note))
        record(session, now, actor, "telephone.called", f"notice:{notice_id}", after={"result": result})
