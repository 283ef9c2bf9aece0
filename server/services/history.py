"""One registration's life as a timeline (进度): moves, money, postponements, notices, in the order in which they happened."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from server.db import reading
from server.domain.notices import Kind
from server.models import (
    LedgerEntry,
    Notice,
    NoticeCause,
    Postponement,
    Registration,
    RegistrationMove,
    Sitting,
    Ticket,
    TurnoutDecision,
)
from server.services.applying import own
from server.services.decisions import standing
from server.services.forfeiting import last_days
from server.services.postponing import lets_step_back
from server.services.profile import needed_candidate


@dataclass(frozen=True)
class Event:
    """Something that happened to a registration: `what` is a stable code, `facts` fill its sentence."""

    at: datetime
    what: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Mine:
    """One's own registration with its sitting, what was decided of it, and the sitting that it was moved from."""

    registration: Registration
    sitting: Sitting
    decision: TurnoutDecision | None
    #: of one absent or forfeited: the last day on which one may be assessed for the fee, where the notice limits it
    last_day: date | None
    moved_from: Sitting | None
    #: why it was moved, in words for the candidate
    moved_why: str
    #: the move was the institution's doing, so that one may step back
    may_step_back: bool
    has_ticket: bool
    #: in fen: all that was ever received for it, and what of it has not been given back
    received_fen: int
    kept_fen: int


_TICKET = exists().where(Ticket.registration_id == Registration.id, Ticket.voided_at.is_(None))
_MONEY = select(func.coalesce(func.sum(LedgerEntry.amount_fen), 0)).where(
    LedgerEntry.registration_id == Registration.id
)
_MINE = (
    select(
        Registration,
        Sitting,
        TurnoutDecision,
        _TICKET.label("ticket"),
        _MONEY.where(LedgerEntry.amount_fen > 0).scalar_subquery().label("received"),
        _MONEY.scalar_subquery().label("kept"),
    )
    .join(Sitting, Sitting.id == Registration.sitting_id)
    .outerjoin(TurnoutDecision, and_(TurnoutDecision.sitting_id == Sitting.id, standing()))
    .order_by(Registration.id.desc())
)
_MOVES = (
    select(Postponement.registration_id, Sitting, Postponement.reason, lets_step_back())
    .join(Sitting, Sitting.id == Postponement.from_sitting_id)
    .order_by(Postponement.id)
)
_Moved = tuple[Sitting | None, str, bool]
_UNMOVED: _Moved = (None, "", False)


def my_registrations(account_id: int) -> list[Mine]:
    """All registrations of the account's candidate, the newest first. Raises profile_needed."""
    with reading() as session:
        candidate = needed_candidate(session, account_id)
        return _mine(session, Registration.candidate_id == candidate.id)


def my_registration(account_id: int, number: str) -> Mine:
    """Raises registration_unknown."""
    with reading() as session:
        [mine] = _mine(session, Registration.id == own(session, account_id, number).id)
        return mine


def _mine(session: Session, which: ColumnElement[bool]) -> list[Mine]:
    rows = session.execute(_MINE.where(which)).all()
    moves = session.execute(_MOVES.where(Postponement.registration_id.in_([row.Registration.id for row in rows])))
    last: dict[int, _Moved] = {number: (origin, why, way_out) for number, origin, why, way_out in moves}
    until = last_days(session, [row.Registration for row in rows])
    return [
        Mine(one, sitting, decision, until.get(one.id), *last.get(one.id, _UNMOVED), ticket, int(received), int(kept))
        for one, sitting, decision, ticket, received, kept in rows
    ]


def timeline(registration_id: int) -> list[Event]:
    """Everything that happened to one registration, the earliest first."""
    with reading() as session:
        moves = session.scalars(select(RegistrationMove).where(RegistrationMove.registration_id == registration_id))
        events = [Event(one.at, one.action, {"reason": one.reason}) for one in moves]
        money = session.scalars(select(LedgerEntry).where(LedgerEntry.registration_id == registration_id))
        events += [Event(one.at, one.kind, {"amount_fen": one.amount_fen}) for one in money]
        moved = select(Postponement).where(Postponement.registration_id == registration_id)
        for one in session.scalars(moved):
            before = session.get_one(Sitting, one.from_sitting_id)
            after = session.get_one(Sitting, one.to_sitting_id) if one.to_sitting_id is not None else None
            facts = {"from": before, "to": after, "why": one.reason, "by_hand": one.decision_id is None}
            events.append(Event(one.at, "postponed", facts))
        tickets = session.scalars(select(Ticket).where(Ticket.registration_id == registration_id))
        events += [Event(one.issued_at, "ticket", {"number": one.number}) for one in tickets]
        told = (
            select(NoticeCause.kind, Notice.due_at, NoticeCause.facts)
            .join(Notice, Notice.cause_id == NoticeCause.id)
            .where(Notice.registration_id == registration_id, Notice.state == "planned")
        )
        events += [
            Event(at, "notice", {"kind": kind, "said": _typed(kind, facts)})
            for kind, at, facts in session.execute(told)
        ]
        return sorted(events, key=lambda event: event.at)


def _typed(kind: str, facts: dict[str, Any]) -> str:
    """What a clerk typed, for a card has no room for it; "" of all other kinds, whose name says enough."""
    return f"{facts['heading']}：{facts['words']}" if kind == Kind.BY_HAND else ""
