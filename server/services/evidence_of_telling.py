"""What can be shown of the telling: every delivery, attempt, receipt and call of a set of causes, read in a few statements
however many people they concern."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from server.domain.notices import ChannelName
from server.domain.registrations import Status
from server.domain.telling import Heard, Judged, judge
from server.models import (
    Attempt,
    Delivery,
    Notice,
    NoticeCause,
    RegistrationMove,
    TelephoneCall,
    VendorEvent,
)
from server.services.telephoning import REACHED

_GONE = (Status.WITHDRAWN, Status.REJECTED, Status.EXPIRED, Status.FORFEITED)
T = TypeVar("T")


@dataclass(frozen=True)
class Owed:
    """One notice that had to be known by a day."""

    id: int
    registration_id: int
    state: str
    due_at: datetime
    cause: NoticeCause


@dataclass(frozen=True)
class Evidence:
    """All that is on record of the telling of some people: their notices in the order in which they were written, later
    ones than were asked for among them, and what came of each."""

    notices: dict[int, list[Owed]]  # by registration
    deliveries: dict[int, list[Delivery]]  # by notice
    attempts: dict[int, list[Attempt]]  # by delivery
    receipts: dict[int, list[VendorEvent]]  # by delivery
    calls: dict[int, list[TelephoneCall]]  # by notice
    gone: dict[int, list[datetime]]  # by registration

    def judged(self, one: Owed, now: datetime) -> Judged:
        """Was the reader of this notice told of it in time?"""
        if one.cause.tell_by is None:
            raise ValueError("a notice that nobody has to know by a day")
        heard = [told for later in self.since(one) for told in self._heard(later, of_later=later.id != one.id)]
        left = min((at for at in self.gone[one.registration_id] if at >= one.cause.created_at), default=None)
        return judge(one.cause.tell_by, heard, left, now)

    def since(self, one: Owed) -> list[Owed]:
        """This notice and every later one of the same registration that had to be known by a day."""
        return [other for other in self.notices[one.registration_id] if other.id >= one.id]

    def _heard(self, one: Owed, *, of_later: bool) -> list[Heard]:
        by_sms = [
            Heard(sent.confirmed_at, "sms", of_later)
            for sent in self.deliveries[one.id]
            if sent.channel == ChannelName.SMS.value and sent.state == "delivered" and sent.confirmed_at is not None
        ]
        by_call = [Heard(call.at, "call", of_later) for call in self.calls[one.id] if call.result == REACHED]
        return by_sms + by_call


def evidence_of(session: Session, causes: Sequence[int], *, in_full: bool) -> Evidence:
    """The evidence for everybody whom these causes concern. in_full: with each attempt and receipt, for a proof; without
    them it is enough to judge by."""
    people = select(Notice.registration_id).where(Notice.cause_id.in_(causes))
    owed = (Notice.registration_id.in_(people), NoticeCause.tell_by.is_not(None))
    rows = session.execute(
        select(Notice, NoticeCause)
        .join(NoticeCause, NoticeCause.id == Notice.cause_id)
        .where(*owed)
        .order_by(Notice.id)
    )
    notices = defaultdict[int, list[Owed]](list)
    for notice, cause in rows:
        if notice.registration_id is not None:
            one = Owed(notice.id, notice.registration_id, notice.state, notice.due_at, cause)
            notices[one.registration_id].append(one)
    theirs = select(Notice.id).join(NoticeCause, NoticeCause.id == Notice.cause_id).where(*owed)
    sent = select(Delivery).where(Delivery.notice_id.in_(theirs)).order_by(Delivery.id)
    sent_ids = select(Delivery.id).where(Delivery.notice_id.in_(theirs))
    tried = select(Attempt).where(Attempt.delivery_id.in_(sent_ids)).order_by(Attempt.id)
    told = select(VendorEvent).where(VendorEvent.delivery_id.in_(sent_ids)).order_by(VendorEvent.id)
    called = select(TelephoneCall).where(TelephoneCall.notice_id.in_(theirs)).order_by(TelephoneCall.at)
    gone = defaultdict[int, list[datetime]](list)
    steps = select(RegistrationMove.registration_id, RegistrationMove.at).where(
        RegistrationMove.registration_id.in_(people), RegistrationMove.to_status.in_([one.value for one in _GONE])
    )
    for registration_id, at in session.execute(steps):
        gone[registration_id].append(at)
    return Evidence(
        notices,
        _grouped(session, sent, lambda one: one.notice_id),
        _grouped(session, tried, lambda one: one.delivery_id) if in_full else {},
        _grouped(session, told, lambda one: one.delivery_id or 0) if in_full else {},
        _grouped(session, called, lambda one: one.notice_id),
        gone,
    )


def _grouped(session: Session, rows: Select[T], key: Callable[[T], int]) -> dict[int, list[T]]:
    found = defaultdict[int, list[T]](list)
    for one in session.scalars(rows):
        found[key(one)].append(one)
    return found


def of_cause(evidence: Evidence, causes: Iterable[int]) -> list[Owed]:
    """The notices of these causes alone, in the order in which they were written."""
    wanted = set(causes)
    every = (one for owed in evidence.notices.values() for one in owed if one.cause.id in wanted)
    return sorted(every, key=lambda one: one.id)
