"""A person's number that is another's now, and the one that takes its place: carriers hand on old numbers after months."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.db import field_cipher, transaction
from server.domain.identity import BadIdentity, masked_phone, read_phone
from server.errors import Problem
from server.models import Account, Candidate
from server.services.auditing import record, require_reason
from server.services.moving import numbered

#: what a candidate has on record whose number is another's now: nothing is sent there, and nobody is found by it
NO_NUMBER = ""


def give_up_number(session: Session, candidate_id: int, actor: str, now: datetime) -> None:
    """Whoever has a candidate's number now says that they are not the candidate: it goes off all that is the candidate's.

    Registrations stay as they are. What must be known by a day is telephoned, by a number that a clerk finds in the files;
    the person has theirs set by a clerk, who looks at the document (`change_number`).
    """
    candidate = _locked(session, candidate_id)
    held = (Account.candidate_id == candidate.id, Account.phone_index == candidate.phone_index)
    for account in session.scalars(select(Account).where(*held)):
        account.phone = account.phone_index = account.phone_verified_at = None
    before = {"phone": masked_phone(candidate.phone)}
    candidate.phone, candidate.phone_index = NO_NUMBER, NO_NUMBER
    record(session, now, actor, "phone.given_up", f"candidate:{candidate.id}", before=before)


def change_number(session: Session, candidate: Candidate, phone: str, actor: str, reason: str, now: datetime) -> None:
    """A clerk sets a number, on the candidate and on the accounts that had the old one or have none: one that kept it would
    bring it back when its particulars are saved. Accounts and candidate are locked by the caller."""
    index = field_cipher().index(phone, "phone")
    had = or_(Account.phone_index == candidate.phone_index, Account.phone_index.is_(None))
    for account in session.scalars(select(Account).where(Account.candidate_id == candidate.id, had)):
        account.phone, account.phone_index, account.phone_verified_at = phone, index, now
    before = {"phone": masked_phone(candidate.phone)}
    candidate.phone, candidate.phone_index = phone, index
    after = {"phone": masked_phone(phone)}
    subject = f"candidate:{candidate.id}"
    record(session, now, actor, "phone.changed", subject, before=before, after=after, reason=reason)


def change_number_by_staff(number: str, typed: str, actor: str, reason: str, now: datetime) -> None:
    """Set the number of a registration's person, who has shown a clerk the document.

    Raises reason_needed, phone_shape, registration_unknown.
    """
    require_reason(reason)
    try:
        phone = read_phone(typed)
    except BadIdentity as fault:
        raise Problem(fault.code) from None
    with transaction() as session:
        candidate = _locked(session, numbered(session, number).candidate_id)
        change_number(session, candidate, phone, actor, reason, now)


def _locked(session: Session, candidate_id: int) -> Candidate:
    """Accounts before their candidate, as everywhere."""
    theirs = select(Account).where(Account.candidate_id == candidate_id).order_by(Account.id)
    session.scalars(theirs.with_for_update(key_share=True)).all()
    return session.get_one(Candidate, candidate_id, with_for_update=True)
