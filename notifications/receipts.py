"""Receipts: what carriers say came of a message. Each event counts once, in whatever order and however often it comes."""

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from notifications.channels.contract import Receipt
from notifications.channels.two_carriers import carrier_of
from notifications.dispatch.plan import queue_next_rung
from server.db import insert_new, transaction
from server.domain.notices import Kind
from server.models import Delivery, Notice, NoticeCause, VendorEvent

_OPEN = {"sending", "accepted", "unknown"}
# What we handed over to be handed back: the id of one of our deliveries, and no number that no database holds.
_OURS = re.compile(r"[0-9]{1,15}")


def apply_receipts(vendor: str, receipts: Iterable[Receipt], now: datetime) -> int:
    """Take receipts in; the number that were new. What they speak of may not be known yet: then they wait for it."""
    with transaction() as session:
        return sum(_apply(session, vendor, receipt, now) for receipt in _in_line(session, vendor, list(receipts)))


def _in_line(session: Session, vendor: str, receipts: list[Receipt]) -> list[Receipt]:
    """Everybody locks deliveries in the order of their ids, or two batches would wait for each other; also those of which
    a receipt gives the carrier's number alone."""
    strange = {
        one.vendor_reference for one in receipts if one.vendor_reference and not _OURS.fullmatch(one.reference)
    }
    known = (Delivery.channel == vendor, Delivery.vendor_reference.in_(strange))
    ids = dict(session.execute(select(Delivery.vendor_reference, Delivery.id).where(*known)).all()) if strange else {}

    def place(receipt: Receipt) -> tuple[int, str, str]:
        ours = int(receipt.reference) if _OURS.fullmatch(receipt.reference) else ids.get(receipt.vendor_reference, 0)
        return ours, receipt.vendor_reference, receipt.event

    return sorted(receipts, key=place)


def _apply(session: Session, vendor: str, receipt: Receipt, now: datetime) -> bool:
    delivery = _delivery_of(session, vendor, receipt)
    new = insert_new(
        session,
        VendorEvent,
        vendor=vendor,
        event=receipt.event[:160],
        received_at=now,
        delivery_id=delivery.id if delivery else None,
        vendor_reference=receipt.vendor_reference[:64],
        delivered=receipt.delivered,
        happened_at=receipt.at or now,
        code=receipt.code[:80],
    )
    if new and delivery is not None:
        settle(session, delivery, delivered=receipt.delivered, code=receipt.code, at=receipt.at or now, now=now)
    return new


def _delivery_of(session: Session, vendor: str, receipt: Receipt) -> Delivery | None:
    query = select(Delivery).where(Delivery.channel == vendor).with_for_update()
    if _OURS.fullmatch(receipt.reference):
        delivery = session.scalar(query.where(Delivery.id == int(receipt.reference)))
        return delivery if delivery is None or _may_have_it(delivery, receipt) else None
    if receipt.vendor_reference:
        return session.scalar(query.where(Delivery.vendor_reference == receipt.vendor_reference))
    return None


def _may_have_it(delivery: Delivery, receipt: Receipt) -> bool:
    """A carrier speaks only of what it took: of two, the one that did not take a message has no say about it."""
    taken_by, says = carrier_of(delivery.vendor_reference), carrier_of(receipt.vendor_reference)
    return not taken_by or not says or taken_by == says


def match_late(now: datetime) -> int:
    """Receipts that came while the answer to their message was being recorded, so that neither saw the other; how many."""
    with transaction() as session:
        sent = exists().where(
            Delivery.vendor_reference == VendorEvent.vendor_reference, Delivery.channel == VendorEvent.vendor
        )
        waiting = select(VendorEvent.vendor_reference).where(
            VendorEvent.delivery_id.is_(None), VendorEvent.vendor_reference != "", sent
        )
        references = list(session.scalars(waiting))
        match_waiting(session, references, now)
        return len(references)


def match_waiting(session: Session, references: list[str], now: datetime) -> None:
    """Receipts that were quicker than the carrier's own answer find their delivery now."""
    if not references:
        return
    waiting = session.scalars(
        select(VendorEvent).where(VendorEvent.vendor_reference.in_(references), VendorEvent.delivery_id.is_(None))
    )
    for event in waiting.all():
        known = (Delivery.vendor_reference == event.vendor_reference, Delivery.channel == event.vendor)
        delivery = session.scalar(select(Delivery).where(*known).with_for_update())
        if delivery is not None:
            event.delivery_id = delivery.id
            settle(session, delivery, delivered=event.delivered, code=event.code, at=event.happened_at, now=now)


def settle(session: Session, delivery: Delivery, *, delivered: bool, code: str, at: datetime, now: datetime) -> None:
    """The delivery's last state. A confirmation counts whenever it comes, the earliest of several for its time; a failure
    only while nothing is known better."""
    if delivered:
        delivery.state = "delivered"
        if delivery.confirmed_at is None or at < delivery.confirmed_at:
            delivery.confirmed_at, delivery.last_code = at, code[:80]
    elif delivery.state in _OPEN:
        delivery.state, delivery.last_code = "failed", code[:80]
        _next_rung(session, delivery, now)


def _next_rung(session: Session, delivery: Delivery, now: datetime) -> None:
    queue_next_rung(session, delivery, _kind(session, delivery), now)


def _kind(session: Session, delivery: Delivery) -> Kind:
    """What the notice of a delivery is about."""
    kind = select(NoticeCause.kind).join(Notice, Notice.cause_id == NoticeCause.id)
    return Kind(session.scalars(kind.where(Notice.id == delivery.notice_id)).one())
