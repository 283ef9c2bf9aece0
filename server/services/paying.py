"""Payment (缴费): what is owed, what reached the bank account, what is given back. The ledger is only ever added to."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.db import insert_new, one_at_a_time, reading, transaction
from server.domain.days import local_day
from server.domain.notices import Kind
from server.domain.registrations import LIVE, STATUS_NAMES, Action, Status
from server.domain.turnout import Outcome
from server.errors import Problem
from server.models import CollectionAccount, LedgerEntry, Registration, RegistrationMove, Sitting, TurnoutDecision
from server.rulebooks.catalogue import catalogue
from server.services.auditing import record
from server.services.decisions import decision_of
from server.services.forfeiting import rule_of
from server.services.moving import apply_move, locked
from server.services.noticing import tell_one
from server.services.places import in_sitting
from server.services.postponing import Move, move_all, why_of
from server.services.sitting_list import dates_of, has_begun, known
from server.services.waiting import target_in_time

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
    registration_unknown, amount_wrong, value_date_wrong, reference_used.
    """
    if amount_fen <= 0:
        raise Problem("amount_wrong")
    if not bank_reference.strip():
        raise Problem("reference_needed")
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
        if not other_amount and amount_fen != registration.fee_fen - balance(session, registration.id):
            raise Problem("amount_wrong")
        entry = {"kind": "payment", "amount_fen": amount_fen, "value_date": value_date}
        _enter(session, registration, bank_reference, actor, now, **entry)
        after = {"amount_fen": amount_fen, "value_date": value_date.isoformat()}
        record(session, now, actor, "payment.recorded", f"registration:{registration.id}", after=after)
        settle_fee(session, registration, actor, now)
        return _state(session, registration, value_date, new=True)


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
    if registration.status != Status.EXPIRED.value or not _was_approved(session, registration):
        return False
    # Nobody decides the sitting between this look and the payment: whoever is expired is not among those it would lock.
    session.execute(select(Sitting.id).where(Sitting.id == registration.sitting_id).with_for_update(read=True))
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
    return _after_the_others(session, registration, now) is not None


def _was_approved(session: Session, registration: Registration) -> bool:
    """It expired for want of money alone: nobody comes in unreviewed by paying."""
    moves = select(RegistrationMove.from_status).where(
        RegistrationMove.registration_id == registration.id, RegistrationMove.action == Action.EXPIRE.value
    )
    return session.scalar(moves.order_by(RegistrationMove.id.desc()).limit(1)) == Status.APPROVED.value


def _pay(session: Session, registration: Registration, actor: str, now: datetime) -> None:
    """Count it as paid, in its sitting or where the others have gone meanwhile, and tell its owner."""
    late = registration.status == Status.EXPIRED.value
    move = _after_the_others(session, registration, now) if late else None
    if not apply_move(session, registration, Action.PAY, actor, now):
        return
    if move is not None:
        move_all(session, move, Registration.id == registration.id, now)
        session.refresh(registration)
    _count_again(session, registration, actor, now)
    tell_one(session, Kind.PAYMENT_ARRIVED, registration, known(session, registration.sitting_id), now)


def _count_again(session: Session, registration: Registration, actor: str, now: datetime) -> None:
    """Nobody had come to the sitting, it was thought, and somebody had: it is undecided again, and settled by its rule."""
    decision = decision_of(session, registration.sitting_id)
    if decision is not None and decision.outcome == Outcome.NONE.value:
        decision.overruled_at = now
        why = "在截止前到账的款项，决定之后才登记"
        record(session, now, actor, "turnout.reopened", f"sitting:{decision.sitting_id}", reason=why)


def _after_the_others(session: Session, registration: Registration, now: datetime) -> Move | None:
    """Money that came in time, recorded after the sitting was decided: its owner goes where the others went, or where
    those went who found no room. None where the sitting is held and has room, or where it is too late to follow."""
    sitting, decision = known(session, registration.sitting_id), decision_of(session, registration.sitting_id)
    if decision is None:
        return None
    if decision.outcome == Outcome.HELD.value and not _has_no_room(session, sitting, decision):
        return None
    if decision.outcome == Outcome.NONE.value:
        return None
    if decision.outcome == Outcome.HELD.value and not decision.moved:
        # As many as there was room for: there are no others to follow.
        found = target_in_time(session, sitting, crowded=True, now=now)
        return None if found is None else Move(sitting, found, decision, why_of(decision))
    target = known(session, decision.target_sitting_id) if decision.target_sitting_id is not None else None
    if target is not None and (decision_of(session, target.id) is not None or dates_of(target).pay.is_over(now)):
        return None
    return Move(sitting, target, decision, why_of(decision))


def _has_no_room(session: Session, sitting: Sitting, decision: TurnoutDecision) -> bool:
    """It is full, and staff have not let in more than it holds."""
    if sitting.capacity is None or (decision.counted - decision.moved > sitting.capacity):
        return False
    paid = session.scalar(select(func.count()).where(in_sitting(sitting.id, Status.PAID))) or 0
    return paid >= sitting.capacity


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
    if not reason.strip():
        raise Problem("reason_needed")
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
        return surplus


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
