"""Notices that reached nobody (未能送达): every way that their kind knows has failed, or there was none."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, exists, func, literal, or_, select

from server.db import reading
from server.domain.notices import ROUTES, Kind
from server.models import Delivery, Notice, NoticeCause, Registration

#: how far back one looks: what is older has been seen to, or is too late
WITHIN = timedelta(days=7)
UNREACHABLE = "unreachable"
# A code is asked for again, an extra costs nothing, and what must be known by a day has its telephone list.
_OF_USE = [
    kind.value for kind, route in ROUTES.items() if kind is not Kind.SIGN_IN_CODE and (route.owed or route.ladder)
]


@dataclass(frozen=True)
class Undelivered:
    """One notice that reached nobody, and the last carrier's code; unreachable where no channel could be tried."""

    kind: Kind
    registration_number: str
    due_at: datetime
    code: str


def undelivered(now: datetime) -> list[Undelivered]:
    """Those of the last seven days, the oldest first. Not among them: what must be known by a day."""
    # Sent too late is as good as not sent; what was called back because it is no longer so is not missed.
    lost = or_(Delivery.state == "failed", and_(Delivery.state == "cancelled", Delivery.last_code == "too_late"))
    its = Delivery.notice_id == Notice.id
    last_code = (
        select(Delivery.last_code)
        .where(its)
        .order_by(Delivery.id.desc())
        .limit(1)
        .correlate(Notice)
        .scalar_subquery()
    )
    rows = (
        select(
            NoticeCause.kind,
            Registration.number,
            Notice.due_at,
            case((Notice.state == UNREACHABLE, literal(UNREACHABLE)), else_=func.coalesce(last_code, "")),
        )
        .join(NoticeCause, NoticeCause.id == Notice.cause_id)
        .join(Registration, Registration.id == Notice.registration_id)
        .where(
            Notice.due_at > now - WITHIN,
            NoticeCause.tell_by.is_(None),
            NoticeCause.kind.in_(_OF_USE),
            or_(Notice.state == UNREACHABLE, exists().where(its, lost) & ~exists().where(its, ~lost)),
        )
        .order_by(Notice.due_at, Notice.id)
    )
    with reading() as session:
        return [Undelivered(Kind(kind), number, due_at, code) for kind, number, due_at, code in session.execute(rows)]
