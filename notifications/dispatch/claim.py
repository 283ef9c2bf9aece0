"""Claim due deliveries: batches that no other dispatcher can have, each try on record before it is made."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, Select, Update, and_, case, insert, or_, select, update
from sqlalchemy.orm import Session

from notifications.channels.contract import Message
from notifications.dispatch.plan import Said, Templates, queue_next_rung, template_of, told_account
from notifications.wording.shape import Wording
from notifications.wording.words import WORDINGS, plainer_sms_params, sms_params, wechat_fields, wechat_page
from server.db import transaction
from server.domain.days import local_day
from server.domain.notices import AT_ANY_HOUR, ChannelName, Kind, template_key
from server.domain.quiet_hours import daytime
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
    version: int
    message: Message
    grant_id: int | None


Closed = frozenset[tuple[ChannelName, Kind, int]]


@dataclass(frozen=True)
class _Due:
    """A delivery with what it takes to send it."""

    delivery_id: int
    channel: ChannelName
    tries: int
    said: Said
    cause_id: int
    useful_until: datetime | None
    account_id: int
    openid: str
    #: the registration's, empty where there is none
    number: str
    phone: str


def claim_due(
    templates: Templates, channels: set[ChannelName], now: datetime, most: int, closed: Closed = frozenset()
) -> list[Claimed]:
    """Claim up to `most` deliveries that are due on these channels and may ring now, codes first, less what is closed for a
    while. However many they are, it takes the same few statements."""
    with transaction() as session:
        due = [_due(row) for row in session.execute(_queue(channels, now, most, closed))]
        if not due:
            return []
        facts = _facts(session, {one.cause_id for one in due})
        spendable = _spendable(session, due, templates)
        ready: list[tuple[_Due, Message, int | None]] = []
        late: list[int] = []
        for one in due:
            template, wording = template_of(templates, one.channel, one.said), WORDINGS.get(one.said)
            grant_id = spendable.pop((one.account_id, one.said), None) if one.channel is ChannelName.WECHAT else None
            if one.useful_until is not None and one.useful_until <= now:
                late.append(one.delivery_id)
            elif template is None or wording is None:
                # Whoever edits a text has left no way to say what was to be said: never is it said in other words.
                code = "wording_gone" if wording is None else "template_gone"
                log.error("notice.cannot_be_said", delivery=one.delivery_id, kind=one.said[0].value, code=code)
                _fail(session, one, code, now)
            elif one.channel is ChannelName.WECHAT and grant_id is None:
                _fail(session, one, "no_grant", now)
            else:
                known = facts[one.cause_id] | ({"number": one.number} if one.number else {})
                to = str(known.get("to_phone") or one.phone) if one.channel is ChannelName.SMS else one.openid
                if not to:  # queued before the number turned out to be somebody else's now
                    _fail(session, one, "no_number", now)
                    continue
                try:
                    message = _message(one, wording, known, to, template)
                except (KeyError, ValueError) as fault:
                    # One that cannot be put in words must not keep all the others from being sent.
                    told = {"kind": one.said[0].value, "fault": type(fault).__name__}
                    log.error("notice.unwordable", delivery=one.delivery_id, **told)
                    _fail(session, one, "unwordable", now)
                else:
                    ready.append((one, message, grant_id))
        if late:
            session.execute(_change(late).values(state="cancelled", last_code="too_late"))
        return _leased(session, ready, now)


def _queue(channels: set[ChannelName], now: datetime, most: int, closed: Closed) -> Select[*tuple[Any, ...]]:
    """What is due, locked, and what it takes to send it. The first are chosen before anything else is looked up, in the order
    of an index: a long queue is neither sorted nor joined for each claim, whatever the database knows of its tables."""
    first = select(Delivery.id, Delivery.notice_id, Delivery.channel, Delivery.tries, Delivery.rank, Delivery.next_at)
    fit = _fit(now, closed)
    if fit:
        first = first.join(Notice, Notice.id == Delivery.notice_id)
        first = first.join(NoticeCause, NoticeCause.id == Notice.cause_id).where(*fit)
    first = first.where(
        Delivery.state == "queued",
        Delivery.next_at <= now,
        Delivery.channel.in_([channel.value for channel in channels]),
    )
    first = first.order_by(Delivery.rank, Delivery.next_at).limit(most)
    taken = first.with_for_update(of=Delivery, skip_locked=True).cte("taken")
    return (
        select(
            taken.c.id,
            taken.c.channel,
            taken.c.tries,
            NoticeCause.kind,
            NoticeCause.wording,
            NoticeCause.id.label("cause_id"),
            NoticeCause.useful_until,
            Account.id.label("account_id"),
            Account.openid,
            Account.phone.label("account_phone"),
            Registration.number,
            Candidate.phone,
        )
        .join_from(taken, Notice, Notice.id == taken.c.notice_id)
        .join(NoticeCause, NoticeCause.id == Notice.cause_id)
        .outerjoin(Registration, Registration.id == Notice.registration_id)
        .outerjoin(Candidate, Candidate.id == Registration.candidate_id)
        .join(Account, Account.id == told_account())
        .order_by(taken.c.rank, taken.c.next_at)
    )


def _due(row: Row[*tuple[Any, ...]]) -> _Due:
    """The number and the phone are those of the candidate as they are now."""
    return _Due(
        row.id,
        ChannelName(row.channel),
        row.tries,
        (Kind(row.kind), row.wording),
        row.cause_id,
        row.useful_until,
        row.account_id,
        row.openid or "",
        row.number or "",
        (row.phone if row.number else row.account_phone) or "",
    )


def _fit(now: datetime, closed: Closed) -> list[ColumnElement[bool]]:
    """What must hold of its cause: by day, and with nothing closed, nothing. At night only what somebody waits for, and what by
    the morning would be too late to know or of no use.

    Asked here, so that it holds for what is tried again, and for what others kept waiting, as for what is new.
    """
    wanted = [
        ~and_(Delivery.channel == channel.value, NoticeCause.kind == kind.value, NoticeCause.wording == version)
        for channel, kind, version in closed
    ]
    morning = daytime(now)
    if morning != now:
        any_hour = NoticeCause.kind.in_([kind.value for kind in AT_ANY_HOUR])
        too_late = or_(NoticeCause.tell_by < local_day(morning), NoticeCause.useful_until <= morning)
        # Without a limit or an end they are NULL, which is no yes.
        wanted.append(or_(any_hour, too_late))
    return wanted


def _fail(session: Session, one: _Due, code: str, now: datetime) -> None:
    delivery = session.get_one(Delivery, one.delivery_id)
    delivery.state, delivery.last_code = "failed", code
    queue_next_rung(session, delivery, one.said[0], now)


def _change(deliveries: list[int]) -> Update:
    chosen = update(Delivery).where(Delivery.id.in_(deliveries))
    return chosen.execution_options(synchronize_session=False)


def _leased(session: Session, ready: list[tuple[_Due, Message, int | None]], now: datetime) -> list[Claimed]:
    """Each try on record before it is made, all of them by the same few statements."""
    if not ready:
        return []
    leased = {"state": "sending", "leased_until": now + LEASE, "tries": Delivery.tries + 1}
    session.execute(_change([one.delivery_id for one, _, _ in ready]).values(leased))
    written = session.execute(
        insert(Attempt).returning(Attempt.delivery_id, Attempt.id),
        [
            {
                "delivery_id": one.delivery_id,
                "started_at": now,
                "outcome": "",
                "code": "",
                # An openid is no number, and stands with the account.
                "to_number": message.to if one.channel is ChannelName.SMS else None,
                "template": message.template,
            }
            for one, message, _ in ready
        ],
    )
    attempts = dict(written.all())
    spent = {grant_id: one.delivery_id for one, _, grant_id in ready if grant_id is not None}
    if spent:
        by = case(spent, value=Grant.id)
        session.execute(update(Grant).where(Grant.id.in_(spent)).values(spent_at=now, spent_by_delivery_id=by))
    return [
        Claimed(one.delivery_id, attempts[one.delivery_id], one.channel, *one.said, message, grant_id)
        for one, message, grant_id in ready
    ]


def _facts(session: Session, causes: set[int]) -> dict[int, dict[str, Any]]:
    rows = session.execute(select(NoticeCause.id, NoticeCause.facts).where(NoticeCause.id.in_(causes)))
    return dict(rows.all())


def _spendable(session: Session, due: list[_Due], templates: Templates) -> dict[tuple[int, Said], int]:
    """One open credit for each account and wording among the WeChat deliveries."""
    wanted = dict[Said, list[int]]()
    for one in due:
        if one.channel is ChannelName.WECHAT:
            wanted.setdefault(one.said, []).append(one.account_id)
    found = {}
    for said, accounts in wanted.items():
        template = template_of(templates, ChannelName.WECHAT, said)
        for account_id, grant_id in open_credits(session, accounts, template).items() if template else ():
            found[account_id, said] = grant_id
    return found


def _message(one: _Due, wording: Wording, facts: dict[str, Any], to: str, template: str) -> Message:
    reference = str(one.delivery_id)
    if one.channel is ChannelName.SMS:
        return Message(
            reference,
            to,
            template,
            sms_params(wording, facts),
            kind=template_key(*one.said),
            tries=one.tries + 1,
            plainer=plainer_sms_params(wording, facts),
        )
    return Message(reference, to, template, wechat_fields(wording, facts), wechat_page(wording, facts))
