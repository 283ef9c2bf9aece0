"""Ending sign-ins: one's own, those on a phone that was lost, and somebody else's at the window."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from server.db import transaction
from server.models import Account, SignIn
from server.privacy import token_hash
from server.services.auditing import record, require_reason
from server.services.moving import numbered


def sign_out(token: str, now: datetime) -> None:
    """Revoke a token; one that is unknown or revoked already stays so."""
    with transaction() as session:
        _revoke(session, SignIn.token_hash == token_hash(token), now)


def sign_out_everywhere(account_id: int, now: datetime) -> int:
    """End every sign-in of whoever this account is of, on all their accounts, this one's own among them; how many."""
    with transaction() as session:
        account = session.get_one(Account, account_id)
        ended = end_sign_ins(session, account, now)
        record(session, now, f"account:{account_id}", "account.signed_out", whose(account), after={"sign_ins": ended})
        return ended


def sign_out_by_staff(number: str, actor: str, reason: str, now: datetime) -> int:
    """End every sign-in of a registration's person, who has lost a phone and asks for it; how many there were.

    Raises registration_unknown, reason_needed.
    """
    require_reason(reason)
    with transaction() as session:
        registration = numbered(session, number)
        theirs = select(Account.id).where(Account.candidate_id == registration.candidate_id)
        ended = _revoke(session, SignIn.account_id.in_([*session.scalars(theirs), registration.account_id]), now)
        subject = f"candidate:{registration.candidate_id}"
        record(session, now, actor, "account.signed_out", subject, after={"sign_ins": ended}, reason=reason)
        return ended


def whose(account: Account) -> str:
    """What an entry about an account speaks of: its candidate, where it has one."""
    return f"account:{account.id}" if account.candidate_id is None else f"candidate:{account.candidate_id}"


def end_sign_ins(session: Session, account: Account, now: datetime, *, but: str = "") -> int:
    """End the sign-ins of an account and of its candidate's other accounts, but for the one token; how many."""
    mine = SignIn.account_id == account.id
    if account.candidate_id is not None:
        theirs = select(Account.id).where(Account.candidate_id == account.candidate_id)
        mine = or_(mine, SignIn.account_id.in_(theirs))
    return _revoke(session, mine & (SignIn.token_hash != token_hash(but)), now)


def _revoke(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    """Those that are over already need no end."""
    good = (which, SignIn.revoked_at.is_(None), SignIn.expires_at > now)
    ended = session.execute(update(SignIn).where(*good).values(revoked_at=now).returning(SignIn.id))
    return len(ended.all())
