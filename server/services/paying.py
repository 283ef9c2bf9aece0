"""Payment (缴费): what is owed, what reached the bank account, what is given back. The ledger is only ever added to."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.db import insert_new, one_at_a_time, reading, transaction
from server.domain.days import local_day
from server.domain.notices import Kind
from server.domain.registrations import LIVE, Action, Status
from server.domain.turnout import Outcome
from server.errors import Problem
from server.models import CollectionAccount, LedgerEntry, Registration, Sitting
from server.services.auditing import record
from server.services.decisions import decision_of
from server.services.moving import apply_move, locked
from server.services.noticing import tell_one
from server.services.sitting_list import known

_OUT = {Status.WITHDRAWN.value, Status.EXPIRED.value, Status.REJECTED.value}


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
    number: str, amount_fen: int, value_date: date, bank_reference: str, actor: str, now: datetime
) -> PaymentRecorded:
    """Enter money that the bank account received. It counts by the day of receipt, not by the day of entry (二（四）).

    The same bank reference for the same registration and amount is the same payment, and changes nothing. Raises
    registration_unknown, amount_wrong, value_date_wrong, reference_used.
    """
    if amount_fen <= 0:
        raise Problem("amount_wrong")
    if value_date > local_day(now):
        raise Problem("value_date_wrong")
    with transaction() as session:
        registration = locked(session, number)
        known_before = session.scalar(select(LedgerEntry).where(LedgerEntry.bank_reference == bank_reference))
        if known_before is not None:
            same = (known_before.registration_id, known_before.amount_fen) == (registration.id, amount_fen)
            if not same:
                raise Problem("reference_used")
            return _state(session, registration, value_date, new=False)
        entry = {"kind": "payment", "amount_fen": amount_fen, "value_date": value_date}
        _enter(session, registration, bank_reference, actor, now, **entry)
        after = {"amount_fen": amount_fen, "value_date": value_date.isoformat()}
        record(session, now, actor, "payment.recorded", f"registration:{registration.id}", after=after)
        state = _state(session, registration, value_date, new=True)
        if state.outstanding_fen <= 0 and not state.late and _may_be_paid(session, registration):
            moved = apply_move(session, registration, Action.PAY, actor, now)
            if moved:
                sitting = known(session, registration.sitting_id)
                tell_one(session, Kind.PAYMENT_ARRIVED, registration, sitting, now)
        return _state(session, registration, value_date, new=True)


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
        paid=registration.status == Status.PAID.value,
        outstanding_fen=owed - balance(session, registration.id),
        late=value_date > sitting.pay_last,
        new=new,
    )


def _may_be_paid(session: Session, registration: Registration) -> bool:
    """Approved ones; and expired ones whose money had come in time, while their sitting still takes place and no other
    registration has taken their stead."""
    if registration.status == Status.APPROVED.value:
        return True
    if registration.status != Status.EXPIRED.value:
        return False
    # Nobody decides the sitting between this look and the payment: whoever is expired is not among those it would lock.
    session.execute(select(Sitting.id).where(Sitting.id == registration.sitting_id).with_for_update(read=True))
    decision = decision_of(session, registration.sitting_id)
    another = select(Registration.id).where(
        Registration.candidate_id == registration.candidate_id,
        Registration.rulebook == registration.rulebook,
        Registration.occupation == registration.occupation,
        Registration.level == registration.level,
        Registration.status.in_(LIVE),
    )
    open_still = decision is None or decision.outcome == Outcome.HELD.value
    return open_still and session.scalar(another) is None


def refund(number: str, bank_reference: str, actor: str, reason: str, now: datetime) -> int:
    """Give back what was paid for a registration that is over (退费), by a clerk's decision; the amount in fen.

    Raises registration_unknown, reason_needed, nothing_to_refund, reference_used, move_refused.
    """
    if not reason.strip():
        raise Problem("reason_needed")
    with transaction() as session:
        registration = locked(session, number)
        if session.scalar(select(LedgerEntry.id).where(LedgerEntry.bank_reference == bank_reference)) is not None:
            raise Problem("reference_used")
        paid = balance(session, registration.id)
        surplus = paid if registration.status in _OUT else paid - registration.fee_fen
        if surplus <= 0:
            raise Problem("nothing_to_refund")
        entry = {"kind": "refund", "amount_fen": -surplus, "value_date": local_day(now), "note": reason}
        _enter(session, registration, bank_reference, actor, now, **entry)
        subject = f"registration:{registration.id}"
        record(session, now, actor, "payment.refunded", subject, after={"amount_fen": -surplus}, reason=reason)
        return surplus


def set_collection_account(rulebook: str, holder: str, bank: str, number: str, actor: str, now: datetime) -> None:
    """Set the bank account that candidates pay into. The audit trail keeps the old one: a swapped account is theft."""
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
