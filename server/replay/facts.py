"""What the database and the carriers hold at the year's end, read once: rows and checks are made from this and nothing else."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from server.db import reading
from server.domain.days import local_day
from server.domain.notices import ChannelName, Kind
from server.domain.registrations import Action
from server.models import (
    Delivery,
    LedgerEntry,
    Notice,
    NoticeCause,
    Postponement,
    Registration,
    RegistrationMove,
    Sitting,
    TelephoneCall,
    Ticket,
    TurnoutDecision,
    TurnoutWait,
)
from server.replay.plan import SittingName
from server.services.decisions import standing
from server.services.sitting_list import book_of, dates_of
from server.services.telephoning import REACHED

# What tells of a move; and what everybody must know by a day, so that clerks telephone about it.
MOVES = (Kind.POSTPONED, Kind.WAITING)
OWED = (*MOVES, Kind.DAY_SET)


@dataclass(frozen=True)
class SittingFact:
    """A sitting and what was decided. `outcome` is None while it is neither decided nor left to staff."""

    id: int
    name: SittingName
    pay_last: date
    tell_by: date
    threshold: int
    outcome: str | None
    counted: int
    moved: int
    decided_on: date | None
    target: int | None


@dataclass(frozen=True)
class Step:
    """One move of a registration from one sitting to another."""

    at: datetime
    origin: int
    #: None while next year's rules have still to name it
    target: int | None


@dataclass(frozen=True)
class RegistrationFact:
    """A registration: where it was made, where it stands now, and what was done to it. Money in fen."""

    id: int
    number: str
    candidate: int
    applied_for: int
    sitting: int
    status: str
    actions: frozenset[str]
    steps: tuple[Step, ...]
    #: out of its sitting, until next year's rules name another
    waiting: bool
    fee: int
    balance: int

    @property
    def approved(self) -> bool:
        return Action.APPROVE.value in self.actions

    @property
    def paid(self) -> bool:
        return Action.PAY.value in self.actions

    @property
    def left(self) -> tuple[int, ...]:
        """The sittings that were left, each once, also where its people waited before another took them."""
        return tuple(dict.fromkeys(step.origin for step in self.steps))

    @property
    def reached(self) -> tuple[int, ...]:
        """The sittings that were come to, in order."""
        return tuple(step.target for step in self.steps if step.target is not None)

    def sitting_at(self, instant: datetime) -> int:
        """Where it stood when something was written; what a postponement itself writes is about the sitting left."""
        return next((step.origin for step in self.steps if step.at >= instant), self.sitting)


@dataclass(frozen=True)
class NoticeFact:
    """One notice about a registration, and what came of it. `sitting` is the one that it was written under."""

    id: int
    kind: Kind
    registration: int
    sitting: int
    accepted_on: tuple[date, ...]
    wechat_accepted: bool
    #: it was not sent, for a further step of the registration had made it untrue by then
    overtaken: bool
    sms_confirmed_on: date | None
    called_on: date | None

    def told_by(self, day: date) -> bool:
        """Was it confirmed by SMS, or said on the telephone, on this day or before?"""
        return any(told is not None and told <= day for told in (self.sms_confirmed_on, self.called_on))


@dataclass(frozen=True)
class TicketFact:
    registration: int
    sitting: int
    valid: bool


@dataclass(frozen=True)
class Facts:
    """Everything at once. `inbox` is the carriers' own record, `listed` the notices on the telephone list."""

    sittings: tuple[SittingFact, ...]
    registrations: tuple[RegistrationFact, ...]
    notices: tuple[NoticeFact, ...]
    tickets: tuple[TicketFact, ...]
    listed: frozenset[int]
    inbox: tuple[dict[str, Any], ...]

    def sitting(self, sitting_id: int) -> SittingFact:
        return next(one for one in self.sittings if one.id == sitting_id)


def read_facts(rulebook: str, listed: set[int], inbox: list[dict[str, Any]]) -> Facts:
    """Read what came of one rulebook's year, inside the application's context."""
    with reading() as session:
        registrations = _registrations(session, rulebook)
        return Facts(
            sittings=_sittings(session, rulebook),
            registrations=registrations,
            notices=_notices(session, {one.id: one for one in registrations}),
            tickets=_tickets(session, {one.id for one in registrations}),
            listed=frozenset(listed),
            inbox=tuple(inbox),
        )


def _sittings(session: Session, rulebook: str) -> tuple[SittingFact, ...]:
    rows = session.execute(
        select(Sitting, TurnoutDecision, TurnoutWait)
        .outerjoin(TurnoutDecision, and_(TurnoutDecision.sitting_id == Sitting.id, standing()))
        .outerjoin(TurnoutWait, TurnoutWait.sitting_id == Sitting.id)
        .where(Sitting.rulebook == rulebook)
        .order_by(Sitting.assessed_first, Sitting.id)
    )
    return tuple(_sitting(*row) for row in rows)


def _sitting(row: Sitting, decision: TurnoutDecision | None, wait: TurnoutWait | None) -> SittingFact:
    book = book_of(row)
    outcome, counted, moved, decided_on, target = None, 0, 0, None, None
    if decision is not None:
        outcome, counted, decided_on = decision.outcome, decision.counted, decision.decided_on
        target, moved = decision.target_sitting_id, decision.moved
    elif wait is not None:
        outcome, counted, decided_on = "needs_staff", wait.counted, local_day(wait.since)
    return SittingFact(
        id=row.id,
        name=SittingName(row.month, book.occupation(row.occupation).name, row.level),
        pay_last=row.pay_last,
        tell_by=decision.tell_by if decision else dates_of(row).tell_by(book.turnout.telling.days_before),
        threshold=decision.threshold if decision else book.turnout.threshold.people,
        outcome=outcome,
        counted=counted,
        moved=moved,
        decided_on=decided_on,
        target=target,
    )


def _registrations(session: Session, rulebook: str) -> tuple[RegistrationFact, ...]:
    steps, actions = defaultdict[int, list[Step]](list), defaultdict[int, set[str]](set)
    for move in session.scalars(select(Postponement).order_by(Postponement.id)):
        steps[move.registration_id].append(Step(move.at, move.from_sitting_id, move.to_sitting_id))
    for registration_id, action in session.execute(select(RegistrationMove.registration_id, RegistrationMove.action)):
        actions[registration_id].add(action)
    sums = select(LedgerEntry.registration_id, func.sum(LedgerEntry.amount_fen)).group_by(LedgerEntry.registration_id)
    balances: dict[int, int] = dict(session.execute(sums).all())
    rows = session.scalars(select(Registration).where(Registration.rulebook == rulebook).order_by(Registration.id))
    return tuple(
        RegistrationFact(
            id=row.id,
            number=row.number,
            candidate=row.candidate_id,
            applied_for=steps[row.id][0].origin if steps[row.id] else row.sitting_id,
            sitting=row.sitting_id,
            status=row.status,
            actions=frozenset(actions[row.id]),
            steps=tuple(steps[row.id]),
            waiting=row.waiting_since is not None,
            fee=row.fee_fen,
            balance=int(balances.get(row.id, 0)),
        )
        for row in rows
    )


_TELLS_OF: dict[Kind, str] = {
    Kind.RECEIVED: "submit",
    Kind.RETURNED: Action.RETURN,
    Kind.APPROVED: Action.APPROVE,
    Kind.EXPIRED: Action.EXPIRE,
}


def _notices(session: Session, registrations: dict[int, RegistrationFact]) -> tuple[NoticeFact, ...]:
    """Only those about one of these registrations: a sign-in code is about none."""
    deliveries = defaultdict[int, list[Delivery]](list)
    for delivery in session.scalars(select(Delivery).order_by(Delivery.id)):
        deliveries[delivery.notice_id].append(delivery)
    reached = select(TelephoneCall.notice_id, func.min(TelephoneCall.at)).where(TelephoneCall.result == REACHED)
    calls: dict[int, datetime] = dict(session.execute(reached.group_by(TelephoneCall.notice_id)).all())
    moves = defaultdict[int, list[RegistrationMove]](list)
    for move in session.scalars(select(RegistrationMove)):
        moves[move.registration_id].append(move)
    rows = session.execute(
        select(Notice.id, Notice.registration_id, NoticeCause.kind, NoticeCause.created_at, Notice.state)
        .join(NoticeCause, NoticeCause.id == Notice.cause_id)
        .order_by(Notice.id)
    )
    return tuple(
        _notice(
            row.id,
            Kind(row.kind),
            registrations[row.registration_id],
            row.created_at,
            deliveries[row.id],
            calls,
            # In a replay the clock may stand between a step and the next: the step that it tells of is not a further one.
            overtaken=row.state == "cancelled"
            and any(
                one.at >= row.created_at and one.action != _TELLS_OF.get(Kind(row.kind))
                for one in moves[row.registration_id]
            ),
        )
        for row in rows
        if row.registration_id in registrations
    )


def _notice(
    notice_id: int,
    kind: Kind,
    registration: RegistrationFact,
    written_at: datetime,
    deliveries: list[Delivery],
    calls: dict[int, datetime],
    *,
    overtaken: bool,
) -> NoticeFact:
    accepted = [one for one in deliveries if one.accepted_at is not None]
    confirmed = [
        one.confirmed_at
        for one in deliveries
        if one.channel == ChannelName.SMS.value and one.state == "delivered" and one.confirmed_at is not None
    ]
    return NoticeFact(
        id=notice_id,
        kind=kind,
        registration=registration.id,
        sitting=registration.sitting_at(written_at),
        accepted_on=tuple(local_day(one.accepted_at) for one in accepted if one.accepted_at is not None),
        wechat_accepted=any(one.channel == ChannelName.WECHAT.value for one in accepted),
        overtaken=overtaken,
        sms_confirmed_on=local_day(min(confirmed)) if confirmed else None,
        called_on=local_day(calls[notice_id]) if notice_id in calls else None,
    )


def _tickets(session: Session, registrations: set[int]) -> tuple[TicketFact, ...]:
    rows = session.scalars(select(Ticket).order_by(Ticket.id))
    return tuple(
        TicketFact(row.registration_id, row.sitting_id, row.voided_at is None)
        for row in rows
        if row.registration_id in registrations
    )
