"""What had to be known by a day about which sitting: a postponement belongs to the sitting that was left, a day to its own."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from server.domain.notices import Kind
from server.models import Notice, NoticeCause, Postponement, TurnoutDecision

#: 延期、待次年公告、日期确定或改动: whoever is not told of these makes a journey for nothing
OWED = (Kind.POSTPONED, Kind.WAITING, Kind.DAY_SET)
BY_DECISION, BY_HAND, OF_DAY = "decision:", "registration:", "day:"


def causes_about(session: Session, sitting_id: int, decisions: Iterable[TurnoutDecision]) -> list[NoticeCause]:
    """Everything that had to be known by a day about this sitting, in the order in which it happened; `decisions` are all
    of this sitting's, overruled ones too."""
    keys: list[ColumnElement[bool]] = [NoticeCause.key.startswith(f"{OF_DAY}{sitting_id}:")]
    keys += [NoticeCause.key.startswith(f"{BY_DECISION}{one.id}:") for one in decisions]
    keys.append(NoticeCause.id.in_(_moved_by_hand(Postponement.from_sitting_id == sitting_id)))
    wanted = (NoticeCause.tell_by.is_not(None), NoticeCause.kind.in_([one.value for one in OWED]))
    return list(session.scalars(select(NoticeCause).where(*wanted, or_(*keys)).order_by(NoticeCause.id)))


def _moved_by_hand(which: ColumnElement[bool]) -> Select[int]:
    """The causes of moves of one person: written in the transaction of the move, and so at its very instant."""
    cause = NoticeCause.__table__.alias("written")
    return (
        select(cause.c.id)
        .join(Notice, Notice.cause_id == cause.c.id)
        .join(
            Postponement,
            and_(Postponement.registration_id == Notice.registration_id, Postponement.at == cause.c.created_at),
        )
        .where(Postponement.decision_id.is_(None), cause.c.key.startswith(BY_HAND), which)
    )


def due_to_be_known(session: Session, since: date, today: date) -> dict[int, list[NoticeCause]]:
    """By sitting, the causes whose limit lies between `since` and yesterday."""
    wanted = (
        NoticeCause.tell_by >= since,
        NoticeCause.tell_by < today,
        NoticeCause.kind.in_([one.value for one in OWED]),
    )
    causes = list(session.scalars(select(NoticeCause).where(*wanted).order_by(NoticeCause.id)))
    if not causes:
        return {}
    decided = _ids(causes, BY_DECISION)
    rows = select(TurnoutDecision.id, TurnoutDecision.sitting_id).where(TurnoutDecision.id.in_(decided.values()))
    sitting_of_decision: dict[int, int] = dict(session.execute(rows).all()) if decided else {}
    sittings = _ids(causes, OF_DAY) | {one: sitting_of_decision[found] for one, found in decided.items()}
    sittings |= _left_by_hand(session, [one.id for one in causes if one.key.startswith(BY_HAND)])
    found = dict[int, list[NoticeCause]]()
    for one in causes:
        found.setdefault(sittings[one.id], []).append(one)
    return found


def _ids(causes: Iterable[NoticeCause], prefix: str) -> dict[int, int]:
    """By cause, the id that its key names after this prefix."""
    return {one.id: int(one.key.split(":")[1]) for one in causes if one.key.startswith(prefix)}


def _left_by_hand(session: Session, causes: list[int]) -> dict[int, int]:
    same = and_(Postponement.registration_id == Notice.registration_id, Postponement.at == NoticeCause.created_at)
    rows = (
        select(NoticeCause.id, Postponement.from_sitting_id)
        .join(Notice, Notice.cause_id == NoticeCause.id)
        .join(Postponement, same)
        .where(NoticeCause.id.in_(causes), Postponement.decision_id.is_(None))
    )
    return dict(session.execute(rows).all()) if causes else {}
