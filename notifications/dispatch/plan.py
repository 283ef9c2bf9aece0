"""Which channels a notice takes: its kind's route, the phone, the openid and the credits that its reader has."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.db import transaction
from server.domain.notices import ROUTES, ChannelName, Kind, Route
from server.models import Account, Delivery, Notice, NoticeCause
from server.services.granting import open_credits

Templates = Mapping[ChannelName, Mapping[str, str]]


def plan_due(templates: Templates, now: datetime, most: int = 1000) -> int:
    """Turn up to `most` new notices that are due into deliveries; the number of notices planned."""
    with transaction() as session:
        rows = session.execute(
            select(Notice.id, Notice.account_id, NoticeCause.kind, NoticeCause.useful_until, Account.phone_index)
            .join(NoticeCause, NoticeCause.id == Notice.cause_id)
            .join(Account, Account.id == Notice.account_id)
            .where(Notice.state == "new", Notice.due_at <= now)
            .order_by(Notice.due_at, Notice.id)
            .limit(most)
            .with_for_update(of=Notice, skip_locked=True)
        ).all()
        granted = _granted(session, [(row.account_id, row.kind) for row in rows], templates)
        new, states = [], dict[str, list[int]]()
        for row in rows:
            if row.useful_until is not None and row.useful_until <= now:
                states.setdefault("cancelled", []).append(row.id)
                continue
            usable = {ChannelName.SMS} if row.phone_index or row.kind == Kind.SIGN_IN_CODE else set()
            if (row.account_id, row.kind) in granted:
                usable.add(ChannelName.WECHAT)
            chosen = channels_for(ROUTES[Kind(row.kind)], usable)
            new += [_queued(row.id, channel, now) for channel in chosen]
            states.setdefault("planned" if chosen else "unreachable", []).append(row.id)
        if new:
            session.execute(insert(Delivery), new)
        for state, ids in states.items():
            session.execute(update(Notice).where(Notice.id.in_(ids)).values(state=state))
        return len(rows)


def channels_for(route: Route, usable: set[ChannelName]) -> list[ChannelName]:
    """The channels to begin with: all that are owed, the first usable rung, and the extras that cost nothing."""
    first = [channel for channel in route.ladder if channel in usable][:1]
    wanted = [*route.owed, *first, *route.extra]
    return [channel for channel in dict.fromkeys(wanted) if channel in usable]


def queue_next_rung(session: Session, delivery: Delivery, kind: Kind, now: datetime) -> bool:
    """After a channel failed for good: the next one of the ladder, where there is one."""
    ladder = ROUTES[kind].ladder
    if delivery.channel not in ladder:
        return False
    below = ladder[ladder.index(ChannelName(delivery.channel)) + 1 :]
    tried = set(session.scalars(select(Delivery.channel).where(Delivery.notice_id == delivery.notice_id)))
    for channel in below:
        if channel.value not in tried:
            session.add(Delivery(**_queued(delivery.notice_id, channel, now)))
            return True
    return False


def _granted(session: Session, wanted: list[tuple[int, str]], templates: Templates) -> set[tuple[int, str]]:
    """Which of these accounts hold an open WeChat credit for the template of these kinds."""
    found = set()
    for kind in {kind for _, kind in wanted}:
        template = templates[ChannelName.WECHAT].get(kind)
        if template is not None:
            accounts = [account for account, other in wanted if other == kind]
            found |= {(account, kind) for account in open_credits(session, accounts, template)}
    return found


def _queued(notice_id: int, channel: ChannelName, now: datetime) -> dict[str, object]:
    return {
        "notice_id": notice_id,
        "channel": channel.value,
        "state": "queued",
        "next_at": now,
        "tries": 0,
        "vendor_reference": "",
        "last_code": "",
    }
