"""A postponed sitting, and what came of telling its people, written as the carriers and the clerks would."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from server.db import reading, transaction
from server.models import Attempt, Delivery, Notice, NoticeCause, Registration, VendorEvent
from server.services.making_sittings import load_sittings
from server.services.turnout import settle
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id

DECIDED = at(2026, 3, 31, 9)
#: ten days before 25 April
LAST_MOMENT, TOO_LATE = at(2026, 4, 15, 23, 59), at(2026, 4, 16, 0, 0)


def postponed(app: Flask, people: int) -> int:
    """April with too few people, moved to November on 31 March; April's id."""
    load_sittings(at(2026, 2, 23))
    april = sitting_id(app, "2026-04")
    seed_paid(app, april, people)
    settle(april, DECIDED)
    return april


def notices(kind: str = "postponed") -> list[int]:
    """The notices of a kind, in the order of their people."""
    rows = select(Notice.id).join(NoticeCause, NoticeCause.id == Notice.cause_id).where(NoticeCause.kind == kind)
    with reading() as session:
        return list(session.scalars(rows.order_by(Notice.registration_id, Notice.id)))


def number_of(notice_id: int) -> str:
    with reading() as session:
        rows = select(Registration.number).join(Notice, Notice.registration_id == Registration.id)
        return session.scalars(rows.where(Notice.id == notice_id)).one()


def send(
    notice_id: int,
    confirmed_at: datetime | None,
    *,
    channel: str = "sms",
    state: str = "",
    code: str = "DELIVRD",
    reference: str = "2433:30000000000000001",
) -> None:
    """One message that the carrier took on the day of the decision, and what it said of it later."""
    sent = Delivery(
        notice_id=notice_id,
        channel=channel,
        state=state or ("delivered" if confirmed_at else "accepted"),
        queued_at=DECIDED,
        next_at=DECIDED,
        tries=1,
        vendor_reference=reference,
        last_code=code,
        accepted_at=DECIDED,
        confirmed_at=confirmed_at,
    )
    with transaction() as session:
        session.get_one(Notice, notice_id).state = "planned"
        session.add(sent)
        session.flush()
        tried = Attempt(
            delivery_id=sent.id,
            started_at=DECIDED,
            ended_at=DECIDED,
            outcome="accepted",
            code="Ok",
            to_number="13900000009" if channel == "sms" else None,
            template="1000011",
        )
        session.add(tried)
        if confirmed_at is not None:
            session.add(
                VendorEvent(
                    vendor=channel,
                    event=f"{sent.id}",
                    received_at=confirmed_at,
                    delivery_id=sent.id,
                    delivered=True,
                    happened_at=confirmed_at,
                    code=code,
                )
            )
