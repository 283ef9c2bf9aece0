"""Reminders of the payment window's end (缴费截止提醒)."""

from datetime import datetime

from sqlalchemy import select

from server.db import reading, transaction
from server.domain.days import end_of
from server.domain.money import yuan
from server.domain.notices import Kind
from server.domain.phases import days_left
from server.domain.registrations import Status
from server.models import Sitting
from server.services.noticing import sitting_facts, tell_all
from server.services.one_by_one import one_by_one
from server.services.places import in_sitting
from server.services.sitting_list import book_of, dates_of


def remind_due(now: datetime) -> int:
    """Remind those who may still pay, on the days that the rulebook names; the number reminded.

    Somebody approved later on such a day is reminded by the next run: each is told once per day named.
    """
    with reading() as session:
        due = {
            one.id: days_left(one.pay_last, now)
            for one in session.scalars(select(Sitting).where(Sitting.pay_last >= now.date()))
            if dates_of(one).pay.is_open(now)
            and days_left(one.pay_last, now) in book_of(one).payment.remind_days_before_end
        }
    return sum(one_by_one("reminders", due, lambda sitting_id: _remind(sitting_id, due[sitting_id], now)))


def _remind(sitting_id: int, left: int, now: datetime) -> int:
    with transaction() as session:
        sitting = session.get_one(Sitting, sitting_id, with_for_update=True)
        level = book_of(sitting).occupation(sitting.occupation).level(sitting.level)
        facts = sitting_facts(sitting) | {"fee": yuan(level.fee.fen), "number": ""}
        who = in_sitting(sitting_id, Status.APPROVED)
        key = f"sitting:{sitting_id}:{left}"
        return tell_all(session, Kind.PAYMENT_ENDING, key, facts, who, now, end_of(sitting.pay_last))
