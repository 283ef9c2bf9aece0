"""Claim due deliveries: batches that no other dispatcher can have, each try on record before it is made."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import and_, false, or_, select, update
from sqlalchemy.orm import Session

from notifications.channels.contract import Message
from notifications.dispatch.plan import Templates, queue_next_rung
from notifications.wording import plainer_sms_params, sms_params, wechat_fields, wechat_page
from server.db import transaction
from server.domain.notices import ChannelName, Kind
from server.models import Account, Attempt, Candidate, Delivery, Grant, Notice, NoticeCause, Registration
from server.services.granting import open_credits

# Longer than any single call may last: a lease that ends means that the sender is dead, not slow.
LEASE = timedelta(minutes=2)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Claimed:
    """A delivery that is ours to send, and the attempt that stands open for it."""

    delivery_id: int
    attempt_id: int
    channel: ChannelName
    kind: Kind
    message: Message
    grant_id: int | None


Closed = frozenset[tuple[ChannelName, Kind]]


def claim_due(
    templates: Templates, channels: set[ChannelName], now: datetime, most: int, closed: Closed = frozenset()
) -> list[Claimed]:
    """Claim up to `most` deliveries that are due on these channels, codes first, less what is closed for a while."""
    shut = [and_(Delivery.channel == channel.value, NoticeCause.kind == kind.value) for channel, kind in closed]
    with transaction() as session:
        rows = session.execute(
            select(Delivery, Notice, NoticeCause.id, NoticeCause.kind, NoticeCause.useful_until, Account)
            .join(Notice, Notice.id == Delivery.notice_id)
            .join(NoticeCause, NoticeCause.id == Notice.cause_id)
            .join(Account, Account.id == Notice.account_id)
            .where(
                Delivery.state == "queued",
                Delivery.next_at <= now,
                Delivery.channel.in_([channel.value for channel in channels]),
                ~or_(false(), *shut),
            )
            # A code lives five minutes: it does not wait behind ten thousand others.
            .order_by(NoticeCause.kind != Kind.SIGN_IN_CODE.value, Delivery.next_at, Delivery.id)
            .limit(most)
            .with_for_update(of=Delivery, skip_locked=True)
        ).all()
        if not rows:
            return []
        facts = _facts(session, {row[2] for row in rows})
        people = _people(session, [row.Notice.registration_id for row in rows if row.Notice.registration_id])
        spendable = _spendable(session, rows, templates)
        ready: list[tuple[Delivery, Kind, Message, int | None]] = []
        for delivery, notice, cause_id, kind_name, useful_until, account in rows:
            kind, channel = Kind(kind_name), ChannelName(delivery.channel)
            grant_id = spendable.pop((account.id, kind_name), None) if channel is ChannelName.WECHAT else None
            if useful_until is not None and useful_until <= now:
                delivery.state, delivery.last_code = "cancelled", "too_late"
            elif channel is ChannelName.WECHAT and grant_id is None:
                delivery.state, delivery.last_code = "failed", "no_grant"
                queue_next_rung(session, delivery, kind, now)
            else:
                number, phone = people.get(notice.registration_id or 0, ("", account.phone or ""))
                known = facts[cause_id] | ({"number": number} if number else {})
                try:
                    message = _message(delivery, kind, channel, known, phone, account.openid, templates)
                except (KeyError, ValueError) as fault:
                    # One that cannot be put in words must not keep all the others from being sent.
                    log.error("notice.unwordable", delivery=delivery.id, kind=kind.value, fault=type(fault).__name__)
                    delivery.state, delivery.last_code = "failed", "unwordable"
                    queue_next_rung(session, delivery, kind, now)
                else:
                    ready.append((delivery, kind, message, grant_id))
        return _leased(session, ready, now)


def _leased(
    session: Session, ready: list[tuple[Delivery, Kind, Message, int | None]], now: datetime
) -> list[Claimed]:
    attempts = []
    for delivery, _, _, grant_id in ready:
        delivery.state, delivery.leased_until = "sending", now + LEASE
        delivery.tries += 1
        attempts.append(Attempt(delivery_id=delivery.id, started_at=now))
        if grant_id is not None:
            session.execute(
                update(Grant).where(Grant.id == grant_id).values(spent_at=now, spent_by_delivery_id=delivery.id)
            )
    session.add_all(attempts)
    session.flush()
    return [
        Claimed(delivery.id, attempt.id, ChannelName(delivery.channel), kind, message, grant_id)
        for (delivery, kind, message, grant_id), attempt in zip(ready, attempts, strict=True)
    ]


def _facts(session: Session, causes: set[int]) -> dict[int, dict[str, Any]]:
    rows = session.execute(select(NoticeCause.id, NoticeCause.facts).where(NoticeCause.id.in_(causes)))
    return dict(rows.all())


def _people(session: Session, registrations: list[int]) -> dict[int, tuple[str, str]]:
    """The number of each registration and the phone of its candidate, as it is now."""
    rows = session.execute(
        select(Registration.id, Registration.number, Candidate.phone)
        .join(Candidate, Candidate.id == Registration.candidate_id)
        .where(Registration.id.in_(registrations))
    )
    return {registration_id: (number, phone) for registration_id, number, phone in rows}


def _spendable(session: Session, rows: Any, templates: Templates) -> dict[tuple[int, str], int]:
    """One open credit for each account and kind among the WeChat deliveries."""
    wanted = dict[str, list[int]]()
    for delivery, _, _, kind, _, account in rows:
        if delivery.channel == ChannelName.WECHAT.value:
            wanted.setdefault(kind, []).append(account.id)
    found = {}
    for kind, accounts in wanted.items():
        for account_id, grant_id in open_credits(session, accounts, templates[ChannelName.WECHAT][kind]).items():
            found[account_id, kind] = grant_id
    return found


def _message(
    delivery: Delivery,
    kind: Kind,
    channel: ChannelName,
    facts: dict[str, Any],
    phone: str | None,
    openid: str | None,
    templates: Templates,
) -> Message:
    template = templates[channel][kind.value]
    reference = str(delivery.id)
    if channel is ChannelName.SMS:
        to = str(facts.get("to_phone") or phone)
        return Message(
            reference,
            to,
            template,
            sms_params(kind, facts),
            kind=kind.value,
            tries=delivery.tries + 1,
            plainer=plainer_sms_params(kind, facts),
        )
    return Message(reference, openid or "", template, wechat_fields(kind, facts), wechat_page(kind, facts))
