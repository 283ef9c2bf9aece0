"""Which channels a notice takes: its kind's route, the phone, the openid and the credits that its reader has."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, literal, select, update
from sqlalchemy.orm import Session

from server.db import transaction
from server.domain.notices import ROUTES, ChannelName, Kind, Route, template_key
from server.models import Account, Delivery, Notice, NoticeCause, Registration
from server.services.granting import open_credits

Templates = Mapping[ChannelName, Mapping[str, str]]
#: a kind, in the version of its wording that the notice was written for
Said = tuple[Kind, int]


def plan_due(templates: Templates, now: datetime, most: int = 1000) -> int:
    """Turn up to `most` new notices that are due into deliveries; the number of notices planned."""
    with transaction() as session:
        # The first are chosen before anything else is looked up: a hundred thousand are not joined to choose a thousand.
        due = select(Notice.id, Notice.cause_id, Notice.registration_id)
        due = due.where(Notice.state == "new", Notice.due_at <= now).order_by(Notice.due_at).limit(most)
        first = due.with_for_update(skip_locked=True).cte("first")
        rows = session.execute(
            select(
                first.c.id,
                Account.id.label("account_id"),
                NoticeCause.kind,
                NoticeCause.wording,
                NoticeCause.useful_until,
                Account.phone_index,
            )
            .join_from(first, NoticeCause, NoticeCause.id == first.c.cause_id)
            .outerjoin(Registration, Registration.id == first.c.registration_id)
            .join(Account, Account.id == told_account())
        ).all()
        granted = _granted(session, [(row.account_id, (Kind(row.kind), row.wording)) for row in rows], templates)
        wanted, states = dict[tuple[Kind, ChannelName], list[int]](), dict[str, list[int]]()
        for row in rows:
            if row.useful_until is not None and row.useful_until <= now:
                states.setdefault("cancelled", []).append(row.id)
                continue
            usable = {ChannelName.SMS} if row.phone_index or row.kind == Kind.SIGN_IN_CODE else set()
            if (row.account_id, (Kind(row.kind), row.wording)) in granted:
                usable.add(ChannelName.WECHAT)
            chosen = channels_for(ROUTES[Kind(row.kind)], usable)
            for channel in chosen:
                wanted.setdefault((Kind(row.kind), channel), []).append(row.id)
            states.setdefault("planned" if chosen else "unreachable", []).append(row.id)
        for (kind, channel), ids in wanted.items():
            _queue_all(session, ids, _queued(kind, channel, now))
        for state, ids in states.items():
            session.execute(update(Notice).where(Notice.id.in_(ids)).values(state=state))
        return len(rows)


def told_account() -> ColumnElement[int]:
    """The account by which one is told: that of the registration as it is now, or else the one that the cause names."""
    return func.coalesce(NoticeCause.account_id, Registration.account_id)


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
            session.add(Delivery(notice_id=delivery.notice_id, **_queued(kind, channel, now)))
            return True
    return False


def template_of(templates: Templates, channel: ChannelName, said: Said) -> str | None:
    """The vendor's template of a kind in one version; None where the settings name none."""
    return templates[channel].get(template_key(*said))


def _granted(session: Session, wanted: list[tuple[int, Said]], templates: Templates) -> set[tuple[int, Said]]:
    """Which of these accounts hold an open WeChat credit for the template of what they are to be told."""
    found = set()
    for said in {said for _, said in wanted}:
        template = template_of(templates, ChannelName.WECHAT, said)
        if template is not None:
            accounts = [account for account, other in wanted if other == said]
            found |= {(account, said) for account in open_credits(session, accounts, template)}
    return found


def _queue_all(session: Session, notices: list[int], alike: Mapping[str, object]) -> None:
    """One statement for all of them: what they share goes to the database once."""
    types = Delivery.__table__.c
    shared = [literal(value, types[name].type) for name, value in alike.items()]
    rows = select(Notice.id, *shared).where(Notice.id.in_(notices))
    session.execute(insert(Delivery).from_select(["notice_id", *alike], rows))


def _queued(kind: Kind, channel: ChannelName, now: datetime) -> dict[str, object]:
    return {
        "channel": channel.value,
        "state": "queued",
        "queued_at": now,
        "rank": 0 if kind is Kind.SIGN_IN_CODE else 1,
        "next_at": now,
        "tries": 0,
        "vendor_reference": "",
        "last_code": "",
    }
