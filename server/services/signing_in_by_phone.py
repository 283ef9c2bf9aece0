"""Signing in on the phone pages, where there is no WeChat: by a phone number that a code in an SMS proves."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.db import field_cipher, one_at_a_time, transaction
from server.errors import Problem
from server.models import Account, Candidate, PhoneCode
from server.services.limits import spend_together
from server.services.signing_in import PER_PHONE, SignedIn, new_code, set_phone, signed_in, typed_phone, use_code

# A training room shares one address, and so do many phones of one carrier.
_PER_ADDRESS = ((40, timedelta(hours=1)), (200, timedelta(days=1)))


def send_sign_in_code(typed: str, address: str, now: datetime) -> None:
    """Send a code to a phone, whoever has it; nobody learns whether it is known here. Raises phone_shape,
    too_many_requests.

    address: where the request comes from; only its fingerprint is kept.
    """
    phone, cipher = typed_phone(typed), field_cipher()
    index, origin = cipher.index(phone, "phone"), cipher.index(address, "address")
    spend_together({f"phone-code:{index}": PER_PHONE, f"phone-code-from:{origin}": _PER_ADDRESS}, now)
    with transaction() as session:
        one_at_a_time(session, f"phone-sign-in:{index}")  # or two first requests would make two accounts
        found = _account(session, index)
        if found is None:
            found = Account(openid=None, created_at=now)
            session.add(found)
            session.flush()
        new_code(session, found.id, phone, now)


def sign_in_by_phone(typed: str, code: str, now: datetime) -> SignedIn:
    """Sign in with the code that was sent. Raises phone_shape, phone_code_wrong, phone_code_tries."""
    phone = typed_phone(typed)
    with transaction() as session:
        found = _account(session, field_cipher().index(phone, "phone"))
        if found is None:
            raise Problem("phone_code_wrong")
        refusal = use_code(session, found.id, phone, code, now)
        if refusal is None:
            if found.phone_index is None:
                set_phone(session, found.id, phone, now)
            return signed_in(session, found.id, now)
    # Raised after the commit: a wrong try must be counted.
    raise refusal


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
