"""Signing in on the phone pages, where there is no WeChat: by a phone number that a code in an SMS proves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import Session

from server.config import Settings
from server.db import field_cipher, one_at_a_time, reading, transaction
from server.domain.identity import typed_end
from server.errors import Problem
from server.models import Account, Candidate, PhoneCode, SignIn
from server.privacy import same
from server.services.auditing import record
from server.services.limits import Limit, forgive, neighbourhood, spend, spend_together
from server.services.phone_numbers import give_up_number
from server.services.signing_in import (
    CODE_LASTS,
    PER_PHONE,
    SignedIn,
    new_code,
    right_code,
    set_phone,
    signed_in,
    typed_phone,
)
from server.services.signing_out import whose

# A training room shares one address, and so do many phones of one carrier.
_PER_ADDRESS = ((40, timedelta(hours=1)), (200, timedelta(days=1)))
# Fewer than a phone's own, so that no stranger at one address uses up all that its owner may ask for.
_PER_PHONE_AND_ADDRESS = ((4, timedelta(hours=1)), (6, timedelta(days=1)))
# Fewer than a code's own, so that no stranger at one address makes it worthless to its owner.
_TRIES_PER_ADDRESS = ((3, CODE_LASTS),)
#: counts every code that anybody had sent without having signed in
ALL_CODES = "sign-in-codes"
_WRONG_CODE = {"phone_code_wrong", "phone_code_tries"}
#: Some months after a number was given up its carrier hands it on. Whoever signs in by SMS when nobody has for so long says
#: the end of the document's number as well.
KNOWN_FOR = timedelta(days=60)
_ENDS_PER_ACCOUNT = ((3, timedelta(hours=1)), (5, timedelta(days=1)))
_ENDS_PER_ADDRESS = ((20, timedelta(hours=1)), (60, timedelta(days=1)))


@dataclass(frozen=True, repr=False)
class Said:
    """What is sent with a code by somebody who was asked who they are: the last four characters of the document, or that
    what the number leads to is not theirs."""

    document_end: str = ""
    not_mine: bool = False


def send_sign_in_code(typed: str, address: str, now: datetime) -> None:
    """Send a code to a phone, whoever has it; nobody learns whether it is known here. Raises phone_shape,
    too_many_requests, sign_in_codes_spent.

    address: where the request comes from; only its fingerprint is kept.
    """
    phone, cipher = typed_phone(typed), field_cipher()
    index, origin = cipher.index(phone, "phone"), cipher.index(neighbourhood(address), "address")
    # A phone's bucket is not that of whoever has signed in: what strangers ask for here leaves them theirs.
    limits = {
        f"sign-in-code:{index}": PER_PHONE,
        f"sign-in-code-from:{origin}": _PER_ADDRESS,
        f"sign-in-code-both:{cipher.index(f'{index}:{origin}', 'address')}": _PER_PHONE_AND_ADDRESS,
        ALL_CODES: budget(),
    }
    spend_together(limits, now, {ALL_CODES: "sign_in_codes_spent"})
    with transaction() as session:
        one_at_a_time(session, f"phone-sign-in:{index}")  # or two first requests would make two accounts
        found = _account(session, index)
        if found is None:
            found = Account(openid=None, created_at=now)
            session.add(found)
            session.flush()
        new_code(session, found.id, phone, now)


def budget() -> tuple[Limit, ...]:
    """How many codes may be sent to whoever asks, all of them together."""
    settings: Settings = current_app.extensions["jiping_settings"]
    return (settings.sign_in_codes_per_hour, timedelta(hours=1)), (settings.sign_in_codes_per_day, timedelta(days=1))


def sign_in_by_phone(typed: str, code: str, address: str, now: datetime, said: Said | None = None) -> SignedIn:
    """Sign in with the code that was sent. Where nobody has for sixty days, and somebody's particulars are there, the code
    alone does not do, and stays good until what is asked was said: carriers give old numbers to new people.

    Raises phone_shape, phone_code_wrong, phone_code_tries, document_end_needed, document_end_wrong, too_many_requests.
    """
    phone, said = typed_phone(typed), said or Said()
    guesses = _count_try(phone, address, now)
    answer = _entered(phone, code, Said(not_mine=said.not_mine), now)
    if not (isinstance(answer, Problem) and answer.code in _WRONG_CODE):
        forgive(guesses, now)  # what is asked next is asked of somebody who has the right code
    tries: dict[str, tuple[tuple[int, timedelta], ...]] = {}
    if said.document_end and isinstance(answer, Problem) and answer.code == "document_end_needed":
        # Counted only after the right code, or anybody could use up another's tries.
        cipher = field_cipher()
        with reading() as session:
            found = _account(session, cipher.index(phone, "phone"))
        tries[f"document-end:{found.id if found else 0}"] = _ENDS_PER_ACCOUNT
        tries[f"document-end-from:{cipher.index(neighbourhood(address), 'address')}"] = _ENDS_PER_ADDRESS
        spend_together(tries, now)
        answer = _entered(phone, code, said, now)
    # Raised after the commit: a wrong try must be counted.
    if isinstance(answer, Problem):
        raise answer
    for bucket in tries:
        forgive(bucket, now)
    return answer


def _entered(phone: str, code: str, said: Said, now: datetime) -> SignedIn | Problem:
    with transaction() as session:
        found = _account(session, field_cipher().index(phone, "phone"))
        if found is None:
            return Problem("phone_code_wrong")
        sent = right_code(session, found.id, phone, code, now)
        if isinstance(sent, Problem):
            return sent
        by = "sms"
        if said.not_mine and found.candidate_id is not None:
            found = _for_oneself(session, found.candidate_id, sent, now)
        elif _is_asked(session, found, now):
            if not said.document_end:
                return Problem("document_end_needed")
            candidate = session.get_one(Candidate, found.candidate_id)
            if not same(candidate.document_number[-4:], typed_end(said.document_end)):
                return Problem("document_end_wrong")
            by = "sms and document"
        sent.used_at = now
        if found.phone_index is None:
            set_phone(session, found.id, phone, now)
        record(session, now, f"account:{found.id}", "account.signed_in", whose(found), after={"by": by})
        return signed_in(session, found.id, now)


def _is_asked(session: Session, account: Account, now: datetime) -> bool:
    """Is somebody's life here, and has nobody proved for long that the number is still theirs?"""
    if account.candidate_id is None:
        return False
    last = session.scalar(select(func.max(SignIn.created_at)).where(SignIn.account_id == account.id))
    return last is None or last <= now - KNOWN_FOR


def _for_oneself(session: Session, candidate_id: int, sent: PhoneCode, now: datetime) -> Account:
    """An account of their own for whoever has another's number now; the code was sent to them."""
    made = Account(openid=None, created_at=now)
    session.add(made)
    session.flush()
    give_up_number(session, candidate_id, f"account:{made.id}", now)
    sent.account_id = made.id
    return made


def _count_try(phone: str, address: str, now: datetime) -> str:
    """Count a try of this address at the phone's latest code; where it is counted. Raises phone_code_tries."""
    cipher = field_cipher()
    index, origin = cipher.index(phone, "phone"), cipher.index(neighbourhood(address), "address")
    with reading() as session:
        found = _account(session, index)
        mine = (PhoneCode.account_id == found.id, PhoneCode.phone_index == index) if found is not None else (false(),)
        latest = session.scalar(select(func.max(PhoneCode.id)).where(*mine)) or 0
    bucket = f"code-try:{cipher.index(f'{latest}:{index}:{origin}', 'address')}"
    try:
        spend(bucket, _TRIES_PER_ADDRESS, now)
    except Problem:
        raise Problem("phone_code_tries") from None
    return bucket


def _account(session: Session, index: str) -> Account | None:
    """The account without WeChat that asked for a code to this phone and has it, or has none yet.

    Whoever has given up a phone, here or on another account of theirs, is not found by it: carriers give old numbers to
    new people. An account that a clerk made at the window never asked for a code, so that its owner says who they are first.
    """
    rows = (
        select(Account)
        .join(PhoneCode, PhoneCode.account_id == Account.id)
        .outerjoin(Candidate, Candidate.id == Account.candidate_id)
        .where(
            Account.openid.is_(None),
            PhoneCode.phone_index == index,
            or_(Account.phone_index == index, Account.phone_index.is_(None)),
            or_(Account.candidate_id.is_(None), Candidate.phone_index == index),
        )
        .order_by(Account.phone_verified_at.is_(None), Account.phone_verified_at.desc(), Account.id.desc())
        .limit(1)
    )
    return session.scalar(rows)
