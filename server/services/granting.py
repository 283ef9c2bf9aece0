"""Grants (订阅授权): each accepted tap is a credit for one WeChat message of one template."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from server.db import insert_new, transaction
from server.domain.notices import ChannelName
from server.models import Account, Grant, VendorEvent

# WeChat reports a tap by its own event too; the client's report and that event within this time are one tap.
SAME_TAP = timedelta(minutes=10)
# WeChat gives the seconds of its events, and we know the instant of what the client reports.
_WITHIN_THE_SECOND = timedelta(seconds=1)
_CLIENT = "client:"


def report_answers(account_id: int, tap: str, answers: dict[str, str], now: datetime) -> int:
    """What the client saw somebody answer; the credits of this tap. The same tap reported again adds none."""
    with transaction() as session:
        _locked_account(session, Account.id == account_id)
        accepted = [template for template, answer in answers.items() if answer == "accept"]
        return sum(_reported(session, account_id, template, tap, now) for template in accepted)


def _locked_account(session: Session, which: ColumnElement[bool]) -> int | None:
    """Its id, with all reports about it waiting: of two that speak of one tap, the second must see what the first did."""
    return session.scalar(select(Account.id).where(which).with_for_update())


def _reported(session: Session, account_id: int, template: str, tap: str, now: datetime) -> int:
    event = f"{_CLIENT}{account_id}:{tap}:{template}"[:160]
    if session.scalar(select(exists().where(Grant.event == event))):
        return 0
    brought = _same_tap(session, account_id, template, now, Grant.event.not_like(f"{_CLIENT}%"))
    if brought is None:
        session.add(Grant(account_id=account_id, template=template, event=event, given_at=now, confirmed=False))
    else:
        brought.event = event  # WeChat's own word was quicker; the client's number finds it from now on
    session.flush()
    return 1


def _same_tap(
    session: Session, account_id: int, template: str, at: datetime, other_side: ColumnElement[bool]
) -> Grant | None:
    """The credit that the other side alone has reported at this time; it may have been spent already."""
    near = Grant.given_at.between(at - SAME_TAP, at + SAME_TAP)
    mine = (Grant.account_id == account_id, Grant.template == template)
    return session.scalar(select(Grant).where(*mine, near, other_side).order_by(Grant.id).limit(1).with_for_update())


def note_event(openid: str, template: str, answer: str, event: str, at: datetime, now: datetime) -> None:
    """WeChat's own word of a tap (popup) or of a refusal in the settings (change). Repeated events change nothing, and in
    whatever order they come: a refusal takes the credits that were given before it, and no later one."""
    with transaction() as session:
        account_id = _locked_account(session, Account.openid == openid)
        about = _about(openid, template)
        if account_id is None or not _first_time(session, about, answer, event, at, now):
            return
        if answer != "accept":
            theirs = (Grant.account_id == account_id, Grant.template == template, Grant.spent_at.is_(None))
            given_before = Grant.given_at < at + _WITHIN_THE_SECOND
            session.execute(update(Grant).where(*theirs, given_before).values(spent_at=now))
            return
        reported = _same_tap(session, account_id, template, at, Grant.confirmed.is_(False))
        if reported is not None:
            reported.confirmed = True
            return
        taken_back = now if _refused_since(session, about, at) else None
        values = {"event": event[:160], "given_at": at, "spent_at": taken_back}
        session.add(Grant(account_id=account_id, template=template, confirmed=True, **values))


def _about(openid: str, template: str) -> str:
    """What an event speaks of, by which a later one finds it; nobody's openid can be read from it."""
    return hashlib.sha256(f"{openid}\n{template}".encode()).hexdigest()


def _refused_since(session: Session, about: str, at: datetime) -> bool:
    refusals = (VendorEvent.vendor == ChannelName.WECHAT.value, VendorEvent.vendor_reference == about)
    later = (VendorEvent.code != "accept", VendorEvent.happened_at > at - _WITHIN_THE_SECOND)
    return bool(session.scalar(select(exists().where(*refusals, *later))))


def _first_time(session: Session, about: str, answer: str, event: str, at: datetime, now: datetime) -> bool:
    return insert_new(
        session,
        VendorEvent,
        vendor=ChannelName.WECHAT.value,
        event=event[:160],
        vendor_reference=about,
        received_at=now,
        delivered=answer == "accept",
        happened_at=at,
        code=answer[:80],
    )


def open_credits(session: Session, account_ids: list[int], template: str) -> dict[int, int]:
    """The oldest open credit of each account, as grant id by account."""
    mine = (Grant.account_id.in_(account_ids), Grant.template == template, Grant.spent_at.is_(None))
    rows = session.execute(select(Grant.account_id, func.min(Grant.id)).where(*mine).group_by(Grant.account_id))
    return dict(rows.all())
