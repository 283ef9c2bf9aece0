"""What candidates do on the phone with a registration (申报): make it, mend it after a return, step back."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.db import transaction
from server.domain.registrations import MINI_PROGRAM, Action, Status
from server.errors import Problem
from server.models import Account, Candidate, IdempotencyKey, Postponement, Registration, RegistrationUpload
from server.services.auditing import record
from server.services.judging import required_verdict
from server.services.limits import spend
from server.services.moving import apply_move
from server.services.postponing import lets_step_back
from server.services.profile import needed_candidate
from server.services.registering import Application, Entered, registered, require_open, require_own_evidence
from server.services.sitting_list import book_of, dates_of, known
from server.services.ways_to_apply import require_way

_PER_ACCOUNT = ((100, timedelta(hours=1)), (200, timedelta(days=1)))


def register(account_id: int, form: Application, key: str, request_hash: str, now: datetime) -> str:
    """Register for a sitting; the registration's number. The same key with the same content gives the same answer.

    Raises sitting_unknown, not_open_yet, window_closed, apply_at_window, profile_needed, photo_needed, declaration_needed,
    alternative_unknown, not_eligible, too_young, claims_wrong, evidence_needed, upload_unknown, already_registered,
    idempotency_key_reused, too_many_requests.
    """
    spend(f"register:{account_id}", _PER_ACCOUNT, now)
    try:
        with transaction() as session:
            # The account is locked, so that of requests sent twice at once the second finds what the first did.
            session.scalars(select(Account).where(Account.id == account_id).with_for_update()).one()
            before = session.scalar(
                select(IdempotencyKey).where(IdempotencyKey.account_id == account_id, IdempotencyKey.key == key)
            )
            if before is not None:
                return _answered(session, before, request_hash)
            made = _registered(session, account_id, form, now)
            session.add(
                IdempotencyKey(
                    account_id=account_id,
                    key=key,
                    request_hash=request_hash,
                    registration_id=made.id,
                    created_at=now,
                )
            )
            return made.number
    except IntegrityError:
        # Two accounts of one candidate at the same moment: the database lets one through.
        raise Problem("already_registered") from None


def _answered(session: Session, before: IdempotencyKey, request_hash: str) -> str:
    if before.request_hash != request_hash:
        raise Problem("idempotency_key_reused")
    return session.get_one(Registration, before.registration_id).number


def _registered(session: Session, account_id: int, form: Application, now: datetime) -> Registration:
    sitting = known(session, form.sitting_id)
    require_open(session, sitting, now)
    require_way(book_of(sitting), MINI_PROGRAM)  # before anything is asked for: it would be asked for in vain
    candidate = needed_candidate(session, account_id)
    entered = Entered(account_id, MINI_PROGRAM, f"account:{account_id}")
    return registered(session, candidate, sitting, form, entered, now)


def own(session: Session, account_id: int, number: str, *, lock: bool = False) -> Registration:
    """One's own registration; another's looks as if it were not there. Raises registration_unknown."""
    mine = (
        select(Registration)
        .join(Account, Account.candidate_id == Registration.candidate_id)
        .where(Account.id == account_id, Registration.number == number)
    )
    found = session.scalar(mine.with_for_update(of=Registration) if lock else mine)
    if found is None:
        raise Problem("registration_unknown")
    return found


def amend(account_id: int, number: str, form: Application, version: int, now: datetime) -> None:
    """Hand in again after a return (补正), until the payment window closes.

    Raises registration_unknown, stale, move_refused, amend_too_late, and what `register` raises of the content.
    """
    with transaction() as session:
        registration = own(session, account_id, number, lock=True)
        if registration.version != version:
            raise Problem("stale")
        sitting = known(session, registration.sitting_id)
        candidate = session.get_one(Candidate, registration.candidate_id)
        if dates_of(sitting).pay.is_over(now):
            raise Problem("amend_too_late")
        if registration.status != Status.RETURNED.value:
            raise Problem("move_refused")
        if not form.declared:
            raise Problem("declaration_needed")
        # The age and the years are those on the day of application, but evidence may be from today.
        verdict = required_verdict(candidate.born, sitting, form.alternative, form.said, now)
        require_own_evidence(session, candidate, sitting, form)
        registration.alternative, registration.claims = form.alternative, form.said.as_json()
        registration.verdict, registration.paper_certificate = asdict(verdict), form.paper_certificate
        registration.declared_at = now
        registration.photo_id = candidate.photo_id or registration.photo_id
        kept = set(
            session.scalars(
                select(RegistrationUpload.upload_id).where(RegistrationUpload.registration_id == registration.id)
            )
        )
        new = set(form.upload_ids) - kept
        session.add_all(RegistrationUpload(registration_id=registration.id, upload_id=one) for one in new)
        apply_move(session, registration, Action.AMEND, f"account:{account_id}", now)


def withdraw(account_id: int, number: str, now: datetime) -> bool:
    """Step back. Before payment always; after it only where the institution moved the sitting, until the new payment window
    closes.

    False where it was withdrawn already. A fee that was paid is refunded by a clerk. Raises registration_unknown,
    paid_cannot_withdraw, withdraw_too_late, move_refused.
    """
    with transaction() as session:
        registration = own(session, account_id, number, lock=True)
        if registration.status == Status.PAID.value:
            _require_moved(session, registration, now)
        moved = apply_move(session, registration, Action.WITHDRAW, f"account:{account_id}", now, "本人申请退出")
        if moved:
            subject = f"registration:{registration.id}"
            record(session, now, f"account:{account_id}", "registration.withdrawn", subject)
        return moved


def _require_moved(session: Session, registration: Registration, now: datetime) -> None:
    if registration.waiting_since is not None:
        return  # nobody can say yet until when
    moved = select(Postponement.id).where(
        Postponement.registration_id == registration.id,
        Postponement.to_sitting_id == registration.sitting_id,
        lets_step_back(),
    )
    if session.scalar(moved) is None:
        raise Problem("paid_cannot_withdraw")
    if dates_of(known(session, registration.sitting_id)).pay.is_over(now):
        raise Problem("withdraw_too_late")
