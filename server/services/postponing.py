"""Move registrations from one sitting to another (延期, 顺延), or to where next year's rules will say: notices, history,
tickets, places, all in the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, insert, literal, null, select, update
from sqlalchemy.orm import Session

from server.db import UtcDateTime
from server.domain.days import end_of
from server.domain.notices import Kind
from server.domain.turnout import Outcome
from server.domain.wording import full_day_text
from server.models import Postponement, Registration, Sitting, Ticket, TurnoutDecision
from server.services.noticing import Limit, cancel_unsent, limit_of, sitting_facts, tell_all
from server.services.sitting_list import when

SHORT, CROWDED = "人数不足开考条件", "报名人数超出考场承载范围"
# Why staff move people by hand. The last two lie with the person, who owes the institution nothing less for it.
REARRANGED, ASKED, MISSED = "工作安排有变", "应本人申请", "缺考后另行安排"
_OWN_CAUSE = (ASKED, MISSED)


def why_of(decision: TurnoutDecision) -> str:
    """Why a decision moves people, in the words that they are told: never that too few had come where enough had."""
    if decision.outcome == Outcome.HELD.value:
        return CROWDED
    return SHORT if decision.counted < decision.threshold else REARRANGED


def lets_step_back() -> ColumnElement[bool]:
    """The postponement is the institution's doing: whoever cannot make the new day may step back. Nobody gets a fee back by
    missing a sitting and asking for another."""
    return Postponement.reason.not_in(_OWN_CAUSE)


@dataclass(frozen=True)
class Move:
    """Who leaves which sitting, by which decision, for which other; None where they wait for next year's rules."""

    origin: Sitting
    target: Sitting | None
    #: None where staff move one person by hand
    decision: TurnoutDecision | None
    why: str
    #: they had waited for next year's rules: what they must know by is the new sitting, not the one left long ago
    waited: bool = False

    @property
    def limit(self) -> Limit:
        """Until when it must be known."""
        return limit_of(self.target if self.waited and self.target is not None else self.origin)

    @property
    def kind(self) -> Kind:
        if self.target is None:
            return Kind.WAITING
        return Kind.BOOKED_AGAIN if self.why in _OWN_CAUSE else Kind.POSTPONED


def move_all(session: Session, move: Move, who: ColumnElement[bool], now: datetime) -> None:
    """Move everybody whom `who` selects, by the decision that the move names."""
    if move.decision is None:
        raise ValueError("a move of many without a decision")
    _carry_out(session, move, who, now, _key(move, move.decision))


def move_one(session: Session, move: Move, registration: Registration, now: datetime) -> None:
    """Move one person by hand. Each change of the registration is a cause of its own."""
    key = f"registration:{registration.id}:{registration.version}"
    _carry_out(session, move, Registration.id == registration.id, now, key)
    session.refresh(registration)


def _carry_out(session: Session, move: Move, who: ColumnElement[bool], now: datetime, key: str) -> None:
    """The notices first, while people still stand under the old sitting."""
    cancel_unsent(session, (Kind.HELD, Kind.DAY_SET, Kind.TICKET_READY, Kind.TOMORROW, Kind.BY_HAND), who)
    _tell(session, move, who, now, key)
    _write_down(session, move, who, now)
    _void_tickets(session, move, who, now)
    change = {"waiting_since": now} if move.target is None else {"sitting_id": move.target.id, "waiting_since": None}
    session.execute(
        update(Registration)
        .where(who)
        .values(**change, version=Registration.version + 1)
        .execution_options(synchronize_session=False)
    )


def _tell(session: Session, move: Move, who: ColumnElement[bool], now: datetime, key: str) -> None:
    """One notice each. Where the sitting that is left would be too near by the morning, nobody waits for the morning; who
    asked for the move need not be telephoned about it."""
    target, limit = move.target, None if move.kind is Kind.BOOKED_AGAIN else move.limit
    tell_all(
        session,
        move.kind,
        key,
        move_facts(move),
        who,
        now,
        end_of(target.assessed_last if target is not None else move.origin.assessed_last),
        limit=limit,
    )


def _key(move: Move, decision: TurnoutDecision) -> str:
    """What makes this move unlike another: people who waited are moved by the decision that made them wait."""
    return f"decision:{decision.id}:{move.target.id if move.target is not None else 'next_year'}"


def move_facts(move: Move) -> dict[str, object]:
    """What everybody is told of a move, frozen once for all."""
    origin, target = move.origin, move.target
    told = {
        "why": move.why,
        "from_days": when(origin),
        "hint": "费用继续有效，无需操作",
        "tell_by": move.limit.tell_by.isoformat(),
        "number": "",
    }
    if target is None:
        return sitting_facts(origin) | told | {"days": "待次年公告"}
    return sitting_facts(target) | told | {"withdraw_until": full_day_text(target.pay_last)}


def _write_down(session: Session, move: Move, who: ColumnElement[bool], now: datetime) -> None:
    moves = select(
        Registration.id,
        null() if move.decision is None else literal(move.decision.id),
        literal(move.origin.id),
        null() if move.target is None else literal(move.target.id),
        literal(move.why),
        literal(now, UtcDateTime),
    ).where(who)
    columns = ["registration_id", "decision_id", "from_sitting_id", "to_sitting_id", "reason", "at"]
    session.execute(insert(Postponement).from_select(columns, moves))


def _void_tickets(session: Session, move: Move, who: ColumnElement[bool], now: datetime) -> None:
    how = "改" if move.kind is Kind.BOOKED_AGAIN else "延期"
    where = f"{how}至{when(move.target)}" if move.target is not None else "延期，日期待次年公告"
    theirs = Ticket.registration_id.in_(select(Registration.id).where(who))
    session.execute(
        update(Ticket)
        .where(and_(Ticket.sitting_id == move.origin.id, Ticket.voided_at.is_(None), theirs))
        .values(voided_at=now, void_reason=f"本考次{where}")
        .execution_options(synchronize_session=False)
    )
