"""Reminders: that payment begins (缴费开始), that it ends soon (缴费截止提醒), and of the day before it comes (考前提醒)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from server.db import reading, transaction
from server.domain.days import end_of, local_day, start_of
from server.domain.money import yuan
from server.domain.notices import Kind
from server.domain.phases import days_left
from server.domain.registrations import Action, Status
from server.domain.turnout import Outcome
from server.domain.wording import weekday_text
from server.models import Notice, NoticeCause, Registration, RegistrationMove, Sitting, Ticket
from server.services.decisions import decided
from server.services.noticing import sitting_facts, tell_all
from server.services.one_by_one import one_by_one
from server.services.places import in_sitting
from server.services.rearranging import arrangement
from server.services.sitting_list import book_of, dates_of

_REMIND_FROM = timedelta(hours=10)


def announce_due(now: datetime) -> int:
    """Tell those who were approved before the payment window that it is open; the number told.

    Whoever is approved within it was told to pay at once. From the first reminder of the window's end on, that one says
    all of this.
    """
    today = local_day(now)
    untold = exists().where(
        Registration.sitting_id == Sitting.id,
        Registration.status == Status.APPROVED.value,
        ~_told(Kind.PAYMENT_OPEN, Registration.id),
    )
    with reading() as session:
        rows = session.scalars(select(Sitting).where(Sitting.pay_first <= today, Sitting.pay_last >= today, untold))
        due = [one.id for one in rows if now < _reminders_begin(one)]
    return sum(one_by_one("payment opening", due, lambda sitting_id: _announce(sitting_id, now)))


def _told(kind: Kind, registration: InstrumentedAttribute[int], *more: ColumnElement[bool]) -> ColumnElement[bool]:
    causes = select(NoticeCause.id).where(NoticeCause.kind == kind.value)
    return exists().where(Notice.registration_id == registration, Notice.cause_id.in_(causes), *more)


def _reminders_begin(sitting: Sitting) -> datetime:
    days = book_of(sitting).payment.remind_days_before_end
    return start_of(sitting.pay_last - timedelta(days=max(days))) if days else end_of(sitting.pay_last)


def _announce(sitting_id: int, now: datetime) -> int:
    with transaction() as session:
        sitting = session.get_one(Sitting, sitting_id, with_for_update=True)
        before = exists().where(
            RegistrationMove.registration_id == Registration.id,
            RegistrationMove.action == Action.APPROVE.value,
            RegistrationMove.at < start_of(sitting.pay_first),
        )
        who = and_(in_sitting(sitting_id, Status.APPROVED), before)
        key, useful = f"opens:{sitting_id}", end_of(sitting.pay_last)
        return tell_all(session, Kind.PAYMENT_OPEN, key, _payment_facts(sitting), who, now, useful)


def remind_due(now: datetime) -> int:
    """Remind those who may still pay, on the days that the rulebook names; the number reminded.

    Somebody approved later on such a day is reminded by the next run: each is told once per day named.
    """
    unpaid = exists().where(Registration.sitting_id == Sitting.id, Registration.status == Status.APPROVED.value)
    with reading() as session:
        due = {
            one.id: days_left(one.pay_last, now)
            for one in session.scalars(select(Sitting).where(Sitting.pay_last >= now.date(), unpaid))
            if dates_of(one).pay.is_open(now)
            and days_left(one.pay_last, now) in book_of(one).payment.remind_days_before_end
        }
    return sum(one_by_one("reminders", due, lambda sitting_id: _remind(sitting_id, due[sitting_id], now)))


def _remind(sitting_id: int, left: int, now: datetime) -> int:
    with transaction() as session:
        sitting = session.get_one(Sitting, sitting_id, with_for_update=True)
        who = in_sitting(sitting_id, Status.APPROVED)
        key, useful = f"sitting:{sitting_id}:{left}", end_of(sitting.pay_last)
        return tell_all(session, Kind.PAYMENT_ENDING, key, _payment_facts(sitting), who, now, useful)


def _payment_facts(sitting: Sitting) -> dict[str, object]:
    level = book_of(sitting).occupation(sitting.occupation).level(sitting.level)
    return sitting_facts(sitting) | {"fee": yuan(level.fee.fen), "number": ""}


def remind_of_day_due(now: datetime) -> int:
    """Remind those who hold a valid ticket, from ten o'clock on the day before; the number reminded.

    Once for each arrangement: where the place is changed afterwards, the new ticket's holder is reminded of the new one.
    """
    tomorrow = local_day(now) + timedelta(days=1)
    if now < start_of(local_day(now)) + _REMIND_FROM:
        return 0
    untold = exists().where(
        Ticket.sitting_id == Sitting.id,
        Ticket.voided_at.is_(None),
        ~_told(Kind.TOMORROW, Ticket.registration_id, Notice.due_at >= Ticket.issued_at),
    )
    with reading() as session:
        held = (Sitting.assessed_first == tomorrow, Sitting.day_fixed.is_(True), decided(Outcome.HELD))
        due = list(session.scalars(select(Sitting.id).where(*held, untold)))
    return sum(one_by_one("day reminders", due, lambda sitting_id: _remind_of_day(sitting_id, now)))


def _remind_of_day(sitting_id: int, now: datetime) -> int:
    with transaction() as session:
        sitting = session.get_one(Sitting, sitting_id, with_for_update=True)
        holds = exists().where(
            Ticket.registration_id == Registration.id, Ticket.sitting_id == sitting_id, Ticket.voided_at.is_(None)
        )
        facts = sitting_facts(sitting) | day_facts(sitting)
        key, who = f"tomorrow:{arrangement(sitting)}", and_(in_sitting(sitting_id, Status.PAID), holds)
        # Somebody on the way has no use for it: what is late is sent in the evening, and not in the morning.
        return tell_all(session, Kind.TOMORROW, key, facts, who, now, start_of(sitting.assessed_first))


def day_facts(sitting: Sitting) -> dict[str, str]:
    """When the first subject begins, and what to bring."""
    first = min(((one["day"], one["starts"]) for one in sitting.timetable), default=(1, "，时间见准考证"))
    day = sitting.assessed_first + timedelta(days=first[0] - 1)
    return {"begins": f"{weekday_text(day)}{first[1]}", "hint": "请带有效身份证件和准考证", "number": ""}
