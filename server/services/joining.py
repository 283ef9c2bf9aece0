"""Whose account a registration hangs on: it decides by which WeChat its owner is told, where there is one."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.models import Account, Candidate, Registration
from server.services.auditing import record


def account_for(session: Session, candidate: Candidate, now: datetime) -> Account:
    """The account for a registration that was not made on a phone: one with WeChat if the candidate has any, of several
    the newest, for people change their WeChat; otherwise one without."""
    mine = select(Account).where(Account.candidate_id == candidate.id)
    found = session.scalar(mine.order_by(Account.openid.is_(None), Account.id.desc()).limit(1))
    if found is not None:
        return found
    made = Account(
        openid=None,
        candidate_id=candidate.id,
        phone=candidate.phone,
        phone_index=candidate.phone_index,
        phone_verified_at=now,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made


def take_over(session: Session, account: Account, now: datetime) -> None:
    """Hang on this account the registrations that its candidate has on accounts without WeChat. Their notices go where
    the registration says: what is still to be sent goes to this account, and a channel once chosen is kept."""
    without = select(Account.id).where(Account.candidate_id == account.candidate_id, Account.openid.is_(None))
    theirs = (Registration.candidate_id == account.candidate_id, Registration.account_id.in_(without))
    moved = session.scalars(
        update(Registration).where(*theirs).values(account_id=account.id).returning(Registration.number)
    ).all()
    if not moved:
        return
    after = {"registrations": sorted(moved)}
    record(session, now, f"account:{account.id}", "account.joined", f"candidate:{account.candidate_id}", after=after)
