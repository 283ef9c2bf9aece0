"""Payment (缴费): what is owed, what reached the bank account, what is given back. The ledger is only ever added to."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.db import insert_new, one_at_a_time, reading, transaction
from server.domain.days import local_day
from server.domain.money import yuan
from server.domain.notices import Kind
from server.domain.quiet_hours import daytime
from server.domain.registrations import LIVE, STATUS_NAMES, Action, Status
from server.domain.turnout import Outcome
from server.errors import Problem
from server.models import CollectionAccount, LedgerEntry, Registration, Sitting
from server.rulebooks.catalogue import catalogue
from server.services.auditing import record, require_reason
from server.services.decisions import decision_of
from server.services.forfeiting import rule_of
from server.services.late_money import after_the_others, count_again, was_approved
from server.services.moving import apply_move, locked
from server.services.noticing import tell_one, tell_one_between
from server.services.postponing import move_all
from server.services.sitting_list import has_begun, known

# How long the news of a refund is worth sending, should the carriers be down.
_REFUND_IS_NEWS = timedelta(days=60)
_OUT = {Status.WITHDRAWN.value, Status.EXPIRED.value, Status.REJECTED.value}
# Paid, and what comes after it: the fee has been used, or has lapsed.
_PAID = {Status.PAID.value, Status.CONCLUDED.value, Status.ABSENT.value, Status.FORFEITED.value}


@dataclass(frozen=True)
class PaymentRecorded:
    """What came of a payment: is the registration paid now, and what is still to pay (above zero) or to give back."""

    paid: bool
    outstanding_fen: int
    late: bool
    new: bool


def balance(session: Session, registration_id: int) -> int:
    """What has been paid and not given back, in fen."""
    total = select(func.sum(LedgerEntry.amount_fen)).where(LedgerEntry.registration_id == registration_id)
    return int(session.scalar(total) or 0)


def record_payment(
    number: str,
    amount_fen: int,
    value_date: date,
    bank_reference: str,
    actor: str,
    now: datetime,
    *,
    other_amount: bool = False,
) -> PaymentRecorded:
    """Enter money that the bank account received. It counts by the day of receipt, not by the day of entry (二（四）).

    The same bank reference for the same registration and amount is the same payment, and changes nothing. An amount that
    is not what is owed is taken only where the clerk says so: `other_amount`. Raises reference_needed,
    registration_unknown, amount_wrong, value_date_wrong, reference_used, stale.
    """
    if amount_fen <= 0:
        raise Problem("amount_wrong")
    if not bank_reference.strip():
        raise Problem("reference_needed")
    if value_date > local_day(now):
        raise Problem("value_date_wrong")
    payment = (number, amount_fen, value_date, bank_reference, actor, now)
    try:
        return _recorded(*payment, other_amount=other_amount)
    except IntegrityError:
        # Its owner has registered anew at the same moment: now that is there, and this one is not paid.
        return _recorded(*payment, other_amount=other_amount)


def _recorded(
    number: str,
    amount_fen: int,
    value_date: date,
    bank_reference: str,
    actor: str,
    now: datetime,
    *,
    other_amount: bool,
) -> PaymentRecorded:
    with transaction() as session:
        registration = _locked_after_its_sitting(session, number)
        known_before = session.scalar(select(LedgerEntry).where(LedgerEntry.bank_reference == bank_reference))
        if known_before is not None:
            same = (known_before.registration_id, known_before.amount_fen) == (registration.id, amount_fen)
            if not same:
                raise Problem("reference_used")
            return _state(session, registration, value_date, new=False)
        if not other_amount and amount_fen != registration.fee_fen - balance(session, registration.id):
            raise Problem("amount_wrong")
        entry = {"kind": "payment", "amount_fen": amount_fen, "value_date": value_date}
        _enter(session, registration, bank_reference, actor, now, **entry)
        after = {"amount_fen": amount_fen, "value_date": value_date.isoformat()}
        record(session, now, actor, "payment.recorded", f"registration:{registration.id}", after=after)
        settle_fee(session, registration, actor, now)
        return _state(session, registration, value_date, new=True)


def _locked_after_its_sitting(session: Session, number: str) -> Registration:
    """The registration, and its sitting, kept from being decided and from giving its last place to two: the sitting first,
    as whoever decides or moves locks them, for the other way round they would wait for each other. Its key stays free for
    those who apply. Raises registration_unknown, stale."""
    sitting_id = session.scalar(select(Registration.sitting_id).where(Registration.number == number))
    session.execute(select(Sitting.id).where(Sitting.id == sitting_id).with_for_update(key_share=True))
    registration = locked(session, number)
    if registration.sitting_id != sitting_id:
        raise Problem("stale")  # moved by another while we waited
    return registration


def settle_fee(session: Session, registration: Registration, actor: str, now: datetime) -> bool:
    """Count a registration as paid where the whole fee came in time and it may be; called whenever either may have become
    so: money was entered, or what was paid already was approved. False where it is not so."""
    came = _came_in_time(session, registration) >= registration.fee_fen
    if not came or not _may_be_paid(session, registration, now):
        return False
    _pay(session, registration, actor, now)
    return True


def _enter(
    session: Session, registration: Registration, bank_reference: str, actor: str, now: datetime, **entry: Any
) -> None:
    """Add to the ledger. Raises reference_used, also where another registration is given the same one at this moment."""
    columns = {"registration_id": registration.id, "bank_reference": bank_reference, "actor": actor, "at": now}
    if not insert_new(session, LedgerEntry, **columns, **entry):
        raise Problem("reference_used")


def _state(session: Session, registration: Registration, value_date: date, *, new: bool) -> PaymentRecorded:
    sitting = known(session, registration.sitting_id)
    owed = 0 if registration.status in _OUT - {Status.EXPIRED.value} else registration.fee_fen
    return PaymentRecorded(
        paid=registration.status in _PAID,
        outstanding_fen=owed - balance(session, registration.id),
        late=value_date > sitting.pay_last,
        new=new,
    )


def _may_be_paid(session: Session, registration: Registration, now: datetime) -> bool:
    """Approved ones; and ones that expired approved and whose money had come in time, while their sitting still takes place
    and no other registration has taken their stead."""
    sitting = known(session, registration.sitting_id)
    if has_begun(sitting, now):
        return False  # nobody can sit it any more: the money is to be given back
    if registration.status == Status.APPROVED.value:
        return True
    if registration.status != Status.EXPIRED.value or not was_approved(session, registration):
        return False
    another = select(Registration.id).where(
        Registration.candidate_id == registration.candidate_id,
        Registration.institution == registration.institution,
        Registration.occupation == registration.occupation,
        Registration.level == registration.level,
        Registration.status.in_(LIVE),
    )
    if session.scalar(another) is not None:
        return False
    decision = decision_of(session, registration.sitting_id)
    if decision is None or decision.outcome in {Outcome.HELD.value, Outcome.NONE.value}:
        return True
    return after_the_others(session, registration, now) is not None


def _pay(session: Session, registration: Registration, actor: str, now: datetime) -> None:
    """Count it as paid, in its sitting or where the others have gone meanwhile, and tell its owner."""
    late = registration.status == Status.EXPIRED.value
    move = after_the_others(session, registration, now) if late else None
    if not apply_move(session, registration, Action.PAY, actor, now):
        return
    if move is not None:
        move_all(session, move, Registration.id == registration.id, now)
        session.refresh(registration)
    count_again(session, registration, actor, now)
    tell_one(session, Kind.PAYMENT_ARRIVED, registration, known(session, registration.sitting_id), now)


def _came_in_time(session: Session, registration: Registration) -> int:
    """What the account had received by the last day of the window, in fen, less what was given back."""
    last = known(session, registration.sitting_id).pay_last
    counted = (LedgerEntry.registration_id == registration.id, LedgerEntry.value_date <= last)
    return int(session.scalar(select(func.sum(LedgerEntry.amount_fen)).where(*counted)) or 0)


def refund(number: str, bank_reference: str, actor: str, reason: str, now: datetime) -> int:
    """Give back what was paid for a registration that is over (退费), by a clerk's decision; the amount in fen.

    What was paid beyond the fee is given back whatever became of the registration. Raises registration_unknown,
    reason_needed, nothing_to_refund, no_refund, reference_used.
    """
    require_reason(reason)
    with transaction() as session:
        registration = locked(session, number)
        if session.scalar(select(LedgerEntry.id).where(LedgerEntry.bank_reference == bank_reference)) is not None:
            raise Problem("reference_used")
        paid = balance(session, registration.id)
        surplus = paid if registration.status in _OUT else paid - registration.fee_fen
        if surplus <= 0:
            raise _no_refund(registration)
        entry = {"kind": "refund", "amount_fen": -surplus, "value_date": local_day(now), "note": reason}
        _enter(session, registration, bank_reference, actor, now, **entry)
        subject = f"registration:{registration.id}"
        record(session, now, actor, "payment.refunded", subject, after={"amount_fen": -surplus}, reason=reason)
        _tell_refunded(session, registration, surplus, bank_reference, now)
        return surplus


def _tell_refunded(
    session: Session, registration: Registration, amount_fen: int, bank_reference: str, now: datetime
) -> None:
    """Each refund is news of its own: it leaves the registration as it was."""
    entry = select(LedgerEntry.id).where(LedgerEntry.bank_reference == bank_reference)
    sitting, key = known(session, registration.sitting_id), f"refund:{session.scalar(entry)}"
    facts = {"refunded": yuan(amount_fen), "hint": "到账时间以银行为准"}
    due_at, useful = daytime(now), now + _REFUND_IS_NEWS
    tell_one_between(session, Kind.REFUNDED, registration, sitting, now, due_at, useful, facts, key)


def _no_refund(registration: Registration) -> Problem:
    """Why nothing is given back; in the notice's own words where it says so."""
    rule = rule_of(registration)
    if rule is None or registration.status not in {Status.ABSENT.value, Status.FORFEITED.value}:
        return Problem("nothing_to_refund")
    return Problem("no_refund", text=f"此人{STATUS_NAMES[Status(registration.status)]}，不能退费（{rule.source}）")


def set_collection_account(rulebook: str, holder: str, bank: str, number: str, actor: str, now: datetime) -> None:
    """Set the bank account that candidates pay into. The audit trail keeps the old one: a swapped account is theft."""
    if rulebook not in {one.book.slug for one in catalogue().loaded}:
        raise Problem("rulebook_unknown")
    number = "".join(number.split())
    if not (holder.strip() and bank.strip() and re.fullmatch(r"[0-9\-]{8,40}", number, re.ASCII)):
        raise Problem("account_wrong")
    with transaction() as session:
        one_at_a_time(session, f"collection_account:{rulebook}")
        account = session.get(CollectionAccount, rulebook)
        before = {"holder": account.holder, "bank": account.bank, "number": account.number} if account else None
        if account is None:
            account = CollectionAccount(rulebook=rulebook)
            session.add(account)
        account.holder, account.bank, account.number = holder, bank, number
        account.set_by, account.set_at = actor, now
        after = {"holder": holder, "bank": bank, "number": number}
        record(session, now, actor, "account.set", f"rulebook:{rulebook}", before=before, after=after)


@dataclass(frozen=True)
class Due:
    """What to pay, to which account, by when, with which remark."""

    registration: Registration
    sitting: Sitting
    account: CollectionAccount | None
    paid_fen: int


def due(registration_id: int) -> Due:
    """The payment side of one registration. Raises registration_unknown."""
    with reading() as session:
        registration = session.get(Registration, registration_id)
        if registration is None:
            raise Problem("registration_unknown")
        account = session.get(CollectionAccount, registration.rulebook)
        sitting = known(session, registration.sitting_id)
        return Due(registration, sitting, account, balance(session, registration.id))


def ledger(registration_id: int) -> list[LedgerEntry]:
    """Every entry of one registration, in order."""
    mine = select(LedgerEntry).where(LedgerEntry.registration_id == registration_id).order_by(LedgerEntry.id)
    with reading() as session:
        return list(session.scalars(mine))
