"""The place of a sitting (考核地点): named by staff, and changed, also after people have been told another."""

from datetime import datetime

from sqlalchemy import and_, exists, select

from server.db import transaction
from server.domain.days import end_of
from server.errors import Problem
from server.services.auditing import record, require_reason
from server.services.noticing import limit_of
from server.services.rearranging import PLACE_CHANGED, concerned, tell_change, told_the_place, void_tickets
from server.services.sitting_list import locked_sitting


def set_place(sitting_id: int, place: str, actor: str, reason: str, now: datetime) -> None:
    """Say where a sitting takes place. Whoever was told another place is told this one as a change of day would be, and a
    ticket that shows another is void; the next comes out at once where its day has come. The same place again changes
    nothing. Raises place_needed, reason_needed, sitting_unknown, sitting_over."""
    place = place.strip()
    if not place:
        raise Problem("place_needed")
    require_reason(reason)
    with transaction() as session:
        sitting = locked_sitting(session, sitting_id)
        if place == sitting.place:
            return
        if now >= end_of(sitting.assessed_last):
            raise Problem("sitting_over")
        before, sitting.place = {"place": sitting.place}, place
        session.flush()
        told = and_(concerned(session, sitting), told_the_place(sitting))
        if session.scalar(select(exists().where(told))):
            tell_change(session, sitting, PLACE_CHANGED, told, limit_of(sitting), now)
        void_tickets(session, sitting, f"考核地点改为{place}", now)
        subject = f"sitting:{sitting_id}"
        record(session, now, actor, "sitting.placed", subject, before=before, after={"place": place}, reason=reason)
