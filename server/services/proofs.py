"""What a proof says (告知证明的内容): its parts, one canonical text of it, and the digest of that."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from server.domain.days import SHANGHAI
from server.domain.notices import Kind
from server.domain.telling import Verdict
from server.domain.turnout import Outcome


@dataclass(frozen=True)
class Try:
    """One attempt on a channel; `ended_at` is None while nobody knows what came of it. `to` is the number as it was then,
    masked, and `template` the carrier's; "" of a card, and of tries before they were kept."""

    started_at: datetime
    ended_at: datetime | None
    outcome: str
    code: str
    to: str
    template: str


@dataclass(frozen=True)
class CarrierSaid:
    """One receipt: when it came to us, and what it says happened when."""

    received_at: datetime
    happened_at: datetime
    delivered: bool
    code: str


@dataclass(frozen=True)
class Sent:
    """One channel of one notice, in a version of its wording. `due_at` is when it was to be sent, `queued_at` when it was put
    into the queue; None of what was queued before that was kept."""

    channel: str
    wording: int
    state: str
    due_at: datetime
    queued_at: datetime | None
    accepted_at: datetime | None
    confirmed_at: datetime | None
    reference: str
    code: str
    tries: tuple[Try, ...]
    receipts: tuple[CarrierSaid, ...]


@dataclass(frozen=True)
class Called:
    """One telephone call. The clerk's note stays in the record: it may say more of a person than a proof needs."""

    at: datetime
    actor: str
    result: str


@dataclass(frozen=True)
class Told:
    """One person, and what can be shown of the telling. Name and phone are masked; the phone is the one on file now."""

    number: str
    name: str
    phone: str
    verdict: Verdict
    #: when they first heard of it, by what, and whether it was from a later notice
    heard_at: datetime | None
    heard_by: str | None
    heard_of_later: bool
    #: when a later notice was written that says what is true now
    overtaken_at: datetime | None
    left_at: datetime | None
    sent: tuple[Sent, ...]
    calls: tuple[Called, ...]


@dataclass(frozen=True)
class Totals:
    """How many people; owed is the sum of the five after it."""

    owed: int
    by_sms: int
    by_call: int
    late: int
    not_yet: int
    never: int
    left: int

    @property
    def in_time(self) -> int:
        return self.by_sms + self.by_call


@dataclass(frozen=True)
class Basis:
    """The decision behind a matter. Of a day that staff set, outcome and counts are None; of a move by hand the reason that
    the person was told, for the clerk's own may say what is nobody else's business."""

    outcome: Outcome | None
    counted: int | None
    threshold: int | None
    reason: str
    source: str
    actor: str
    decided_at: datetime
    overruled_at: datetime | None


@dataclass(frozen=True)
class Matter:
    """One thing that people had to know by a day."""

    kind: Kind
    facts: dict[str, str]
    basis: Basis
    by_hand: bool
    tell_by: date
    call_from: date
    overtaken: int
    totals: Totals
    people: tuple[Told, ...]


@dataclass(frozen=True)
class Proof:
    """All of it. `full_names`, by registration number, is filled only for somebody who says why; it is no part of the
    digest, so that both prints of one state have the same."""

    sitting_id: int
    institution: str
    month: str
    subject: str
    days: str
    matters: tuple[Matter, ...]
    totals: Totals
    made_at: datetime = field(compare=False)
    full_names: dict[str, str] = field(compare=False, repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical content, in hexadecimal."""
        return hashlib.sha256(canonical(content(self)).encode()).hexdigest()


def content(proof: Proof) -> dict[str, Any]:
    """All that is proved, as JSON values: instants on a Shanghai clock, and nothing of who looked at it when."""
    values = asdict(proof)
    del values["made_at"], values["full_names"]
    plain: dict[str, Any] = json.loads(json.dumps(values, default=_plain))
    return plain


def canonical(values: dict[str, Any]) -> str:
    """One text for one content: keys sorted, no blanks, characters as they are."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
