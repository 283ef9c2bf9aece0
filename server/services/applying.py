"""What candidates do on the phone with a registration (申报): make it, mend it after a return, step back."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.db import transaction
from server.domain.registrations import MINI_PROGRAM
from server.errors import Problem
from server.models import Account, IdempotencyKey, Registration
from server.services.holding import hold
from server.services.limits import spend
from server.services.profile import needed_candidate
from server.services.registering import (
    Application,
    Entered,
    amended,
    registered,
    require_amendable,
    require_open,
    withdrawn,
)
from server.services.sitting_list import book_of, known
from server.services.ways_to_apply import require_way

_PER_ACCOUNT = ((100, timedelta(hours=1)), (200, timedelta(days=1)))


def register(account_id: int, form: Application, key: str, request_hash: str, now: datetime) -> str:
    """Register for a sitting; the registration's number. The same key with the same content gives the same answer.

    Raises sitting_unknown, not_open_yet, window_closed, apply_at_window, profile_needed, document_taken, photo_needed,
    declaration_needed, alternative_unknown, not_eligible, too_young, claims_wrong, evidence_needed, upload_unknown, already_registered,
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
    hold(session, candidate, entered.actor, now)
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
        require_amendable(session, registration, version, now)
        amended(session, registration, form, f"account:{account_id}", now)


def withdraw(account_id: int, number: str, now: datetime) -> bool:
    """Step back. Before payment always; after it only where the institution moved the sitting, until the new payment window
    closes.

    False where it was withdrawn already. A fee that was paid is refunded by a clerk. Raises registration_unknown,
    paid_cannot_withdraw, withdraw_too_late, move_refused.
    """
    with transaction() as session:
        registration = own(session, account_id, number, lock=True)
        return withdrawn(session, registration, f"account:{account_id}", "本人申请退出", now)
