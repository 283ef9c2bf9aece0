"""The net under the queue: tries whose sender died, and tries whose outcome nobody knows."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from notifications.channels.contract import Channel, Message, Receipt
from notifications.channels.two_carriers import SECOND_MARK
from notifications.dispatch.plan import queue_next_rung, told_account
from notifications.receipts import apply_receipts
from server.db import reading, transaction
from server.domain.notices import ChannelName, Kind
from server.models import Account, Attempt, Candidate, Delivery, Notice, NoticeCause, Registration

LOOK_UP_EVERY = timedelta(minutes=10)
SILENCE = timedelta(minutes=30)
CARRIERS_REMEMBER = timedelta(days=3)  # after that nobody can say, and it stays unknown


def release_dead(now: datetime) -> int:
    """Tries whose lease has ended: the sender died between the call and its record, so nobody knows. Never sent again."""
    with transaction() as session:
        # One that is locked is being recorded at this moment: its sender is not dead.
        over = select(Delivery.id).where(Delivery.state == "sending", Delivery.leased_until <= now)
        dead = session.scalars(over.order_by(Delivery.id).with_for_update(skip_locked=True)).all()
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_(dead))
            .values(state="unknown", next_at=now, leased_until=None, last_code="sender_died")
        )
        if dead:
            still_open = (Attempt.delivery_id.in_(dead), Attempt.ended_at.is_(None))
            session.execute(update(Attempt).where(*still_open).values(ended_at=now, outcome="unknown"))
            _take_the_next_way(session, dead, now)
        return len(dead)


def give_up_waiting(now: datetime) -> int:
    """WeChat took the card and says nothing of it: after a while the next way on the ladder is taken as well."""
    with transaction() as session:
        silent = session.scalars(
            select(Delivery.id)
            .where(
                Delivery.channel == ChannelName.WECHAT.value,
                Delivery.state == "accepted",
                Delivery.accepted_at <= now - SILENCE,
            )
            .order_by(Delivery.id)
            .limit(1000)
            .with_for_update(skip_locked=True)
        ).all()
        session.execute(update(Delivery).where(Delivery.id.in_(silent)).values(state="unknown", next_at=now))
        _take_the_next_way(session, silent, now)
        return len(silent)


def _take_the_next_way(session: Session, dead: Sequence[int], now: datetime) -> None:
    """Where another channel stands below on the ladder, it is taken: told twice is better than not told."""
    rows = (
        select(Delivery, NoticeCause.kind)
        .join(Notice, Notice.id == Delivery.notice_id)
        .join(NoticeCause, NoticeCause.id == Notice.cause_id)
        .where(Delivery.id.in_(dead))
    )
    for delivery, kind in session.execute(rows).all():
        queue_next_rung(session, delivery, Kind(kind), now)


def look_up_unknown(channels: Mapping[ChannelName, Channel], now: datetime, most: int = 100) -> int:
    """Ask the carriers what became of tries whose outcome is unknown, and of texts whose receipt does not come from a
    carrier that hands out no receipts in bulk; the number found out."""
    in_doubt = and_(Delivery.state == "unknown", Attempt.outcome == "unknown")
    silent = and_(
        Delivery.state == "accepted",
        Attempt.outcome == "accepted",
        Delivery.accepted_at <= now - SILENCE,
        Delivery.vendor_reference.startswith(SECOND_MARK),
    )
    with reading() as session:
        rows = session.execute(
            select(Delivery, Attempt.started_at, Attempt.to_number, NoticeCause.facts, Candidate.phone, Account.phone)
            .join(Attempt, Attempt.delivery_id == Delivery.id)
            .join(Notice, Notice.id == Delivery.notice_id)
            .join(NoticeCause, NoticeCause.id == Notice.cause_id)
            .outerjoin(Registration, Registration.id == Notice.registration_id)
            .join(Account, Account.id == told_account())
            .outerjoin(Candidate, Candidate.id == Registration.candidate_id)
            .where(
                or_(in_doubt, silent),
                Delivery.next_at <= now,
                Delivery.channel.in_([name.value for name in channels]),
                Attempt.started_at > now - CARRIERS_REMEMBER,
            )
            # Those in doubt first: a phone that is switched off for a week keeps nobody else waiting.
            .order_by(Delivery.state.desc(), Delivery.next_at)
            .limit(most)
        ).all()
    found: list[tuple[ChannelName, Receipt]] = []
    for delivery, sent_at, sent_to, facts, phone, account_phone in rows:
        name = ChannelName(delivery.channel)
        # The number of then, which may be another's now; of tries before that was kept, the one of now. A code goes to the
        # number that is being proved, which nobody has yet.
        to = str(sent_to or facts.get("to_phone") or phone or account_phone or "")
        asked = Message(str(delivery.id), to, "", ())
        receipt = channels[name].look_up(asked, delivery.vendor_reference, sent_at)
        if receipt is not None:
            found.append((name, receipt))
    for name in {name for name, _ in found}:
        apply_receipts(name.value, [receipt for other, receipt in found if other is name], now)
    with transaction() as session:
        asked_ids = [row.Delivery.id for row in rows]
        still = select(Delivery.id).where(Delivery.id.in_(asked_ids), Delivery.state.in_(["unknown", "accepted"]))
        again = session.scalars(still.order_by(Delivery.id).with_for_update()).all()
        session.execute(update(Delivery).where(Delivery.id.in_(again)).values(next_at=now + LOOK_UP_EVERY))
    return len(found)
