"""Carriers that answer as they are told, and a whole installation whose carriers are given faults."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import requests
from sqlalchemy import select

from notifications.channels.contract import Answer, Message, Receipt
from server.db import reading
from server.domain.notices import ChannelName
from server.local import LocalStack
from server.models import Delivery, VendorEvent
from tests.people import Phone


@dataclass
class Carrier:
    """A carrier that answers as it is told and remembers what it was asked."""

    answer: Answer
    receipt: Receipt | None = None
    sent: list[Message] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    name: str = "sms"

    def send(self, message: Message) -> Answer:
        self.sent.append(message)
        return self.answer

    def look_up(self, message: Message, vendor_reference: str, sent_at: datetime) -> Receipt | None:
        self.asked.append(vendor_reference)
        return self.receipt

    def pull(self) -> list[Receipt]:
        return [self.receipt] if self.receipt else []


@dataclass
class House:
    """An installation, with one phone that asks for a code: a notice that goes by SMS alone."""

    stack: LocalStack
    phone: str = "13900000009"

    def fault(self, operation: str, kind: str, **more: object) -> None:
        body = {"operation": operation, "kind": kind, **more}
        answer = requests.post(f"{self.stack.sandbox}/sandbox/faults", json=body, timeout=10)
        assert answer.status_code == 201, answer.text

    def ask(self) -> None:
        Phone(self.stack).ready(1).ok("POST", "me/phone/code", json={"phone": self.phone})
        self.later(0)

    def later(self, minutes: float) -> None:
        self.stack.clock.stand_at(self.stack.clock.now() + timedelta(minutes=minutes))
        self.stack.run_jobs()
        answer = requests.post(f"{self.stack.sandbox}/sandbox/drain", json={"timeout": 10}, timeout=20)
        assert answer.json()["empty"]

    def carriers(self) -> list[str]:
        """The carrier of each text that reached the phone."""
        found = requests.get(f"{self.stack.sandbox}/sandbox/messages", params={"to": self.phone}, timeout=10).json()
        return [one["carrier"] for one in found]

    def delivery(self) -> Delivery:
        with self.stack.app.app_context(), reading() as session:
            query = select(Delivery).where(Delivery.channel == ChannelName.SMS.value).order_by(Delivery.id.desc())
            return session.scalars(query.limit(1)).one()

    def events(self) -> int:
        with self.stack.app.app_context(), reading() as session:
            return len(session.scalars(select(VendorEvent)).all())
