"""Grants (订阅授权): each accepted tap is a credit for one WeChat message of one template."""

from datetime import datetime, timedelta

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from server.db import transaction
from server.models import Account, Grant

# WeChat reports a tap by its own event too; the client's report and that event within this time are one tap.
SAME_TAP = timedelta(minutes=10)


def report_answers(account_id: int, tap: str, answers: dict[str, str], now: datetime) -> int:
    """What the client saw somebody answer; the credits added. The same tap reported again adds none."""
    with transaction() as session:
        accepted = [template for template, answer in answers.items() if answer == "accept"]
        return sum(
            _add(session, account_id, template, f"client:{account_id}:{tap}:{template}", now) for template in accepted
        )


def _add(
    session: Session, account_id: int, template: str, event: str, now: datetime, *, confirmed: bool = False
) -> int:
    if session.scalar(select(exists().where(Grant.event == event))):
        return 0
    session.add(Grant(account_id=account_id, template=template, event=event[:160], given_at=now, confirmed=confirmed))
    session.flush()
    return 1


def note_event(openid: str, template: str, answer: str, event: str, at: datetime, now: datetime) -> None:
    """WeChat's own word of a tap (popup) or of a refusal in the settings (change). Repeated events change nothing."""
    with transaction() as session:
        account_id = session.scalar(select(Account.id).where(Account.openid == openid))
        if account_id is None:
            return
        open_credits = (Grant.account_id == account_id, Grant.template == template, Grant.spent_at.is_(None))
        if answer != "accept":
            session.execute(update(Grant).where(*open_credits).values(spent_at=now))
            return
        if session.scalar(select(exists().where(Grant.event == event))):
            return
        # The client's report of this tap, whose credit may have been spent already.
        same_tap = Grant.given_at.between(at - SAME_TAP, at + SAME_TAP)
        reported = session.scalar(
            select(Grant)
            .where(Grant.account_id == account_id, Grant.template == template)
            .where(Grant.confirmed.is_(False), same_tap)
            .order_by(Grant.id)
            .limit(1)
            .with_for_update()
        )
        if reported is None:
            _add(session, account_id, template, event, now, confirmed=True)
        else:
            reported.confirmed, reported.event = True, event


def open_credits(session: Session, account_ids: list[int], template: str) -> dict[int, int]:
    """The oldest open credit of each account, as grant id by account."""
    mine = (Grant.account_id.in_(account_ids), Grant.template == template, Grant.spent_at.is_(None))
    rows = session.execute(select(Grant.account_id, func.min(Grant.id)).where(*mine).group_by(Grant.account_id))
    return dict(rows.all())
