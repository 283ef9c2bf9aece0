"""The day of a sitting (评价日期) where the notice leaves it to the institution: proposed, set by staff, changed and told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.db import reading, transaction
from server.domain.calendar import FixedCalendar
from server.domain.days import Window, local_day
from server.domain.quiet_hours import daytime
from server.domain.turnout import Outcome
from server.domain.wording import full_day_text
from server.domain.working_days import DayTable, Proposal, propose
from server.errors import Problem
from server.models import Sitting
from server.rulebooks.dating import dates_for, decided_on, length_of
from server.services.auditing import record, require_reason
from server.services.decisions import decided, decision_of
from server.services.noticing import limit_of
from server.services.rearranging import DAY_CHANGED, DAY_SET, concerned, tell_change, void_tickets
from server.services.sitting_list import book_of, has_begun, known, locked_sitting
from server.services.working_days import day_table


@dataclass(frozen=True)
class Proposed:
    """What is proposed for a sitting, and what is set now."""

    sitting: Sitting
    proposal: Proposal


def proposal(sitting_id: int) -> Proposed:
    """The day to propose. Raises sitting_unknown, day_published."""
    with reading() as session:
        sitting = known(session, sitting_id)
        return Proposed(sitting, _proposal(sitting, day_table(session)))


def _proposal(sitting: Sitting, table: DayTable) -> Proposal:
    book = book_of(sitting)
    if isinstance(book.calendar, FixedCalendar):
        raise Problem("day_published")
    decided = decided_on(book, sitting.pay_last)
    return propose(
        Window(sitting.among_first, sitting.among_last),
        book.calendar.days.on,
        table,
        after=decided,
        told=decided + timedelta(days=book.turnout.telling.days_before),
        length=length_of(book),
    )


def set_day(
    sitting_id: int, first: date, actor: str, reason: str, now: datetime, *, exceptionally: bool = False
) -> None:
    """Set the day of a sitting, or change it; what depends on it is dated anew, and whom it concerns is told.

    A day must lie where the calendar lets it, on a day of the right kind; `exceptionally` (a holiday moved, a great event:
    staff answer for it with their reason) it may be another, or nearer than people should be told. Never may it be before
    turnout is decided or in the past. The same day again changes nothing. Raises sitting_unknown, reason_needed, sitting_over,
    day_too_early, day_too_soon, day_not_free, day_outside.
    """
    require_reason(reason)
    with transaction() as session:
        sitting = locked_sitting(session, sitting_id)
        table = day_table(session)
        length = (sitting.assessed_last - sitting.assessed_first).days
        days = Window(first, first + timedelta(days=length))
        before = Window(sitting.assessed_first, sitting.assessed_last)
        if sitting.day_fixed and days == before:
            return
        _require_possible(session, sitting, days, now)
        if not exceptionally:
            _require_ordinary(sitting, days, table, local_day(daytime(now)))
        _change(session, sitting, days, table, now)
        subject = f"sitting:{sitting_id}"
        old, new = {"first": before.first.isoformat()}, {"first": first.isoformat()}
        record(session, now, actor, "sitting.day_set", subject, before=old, after=new, reason=reason)


def _require_possible(session: Session, sitting: Sitting, days: Window, now: datetime) -> None:
    today, book = local_day(daytime(now)), book_of(sitting)
    decision = decision_of(session, sitting.id)
    if has_begun(sitting, now):
        raise Problem("sitting_over")
    if decision is not None and decision.outcome == Outcome.POSTPONED.value:
        raise Problem("sitting_over")
    if days.first <= max(decided_on(book, sitting.pay_last), today):
        raise Problem("day_too_early")


def _require_ordinary(sitting: Sitting, days: Window, table: DayTable, today: date) -> None:
    book = book_of(sitting)
    if days.first - timedelta(days=book.turnout.telling.days_before) < today:
        raise Problem("day_too_soon")
    if isinstance(book.calendar, FixedCalendar):
        raise Problem("day_published")
    if not (sitting.among_first <= days.first and days.last <= sitting.among_last):
        raise Problem("day_outside")
    every = [days.first + timedelta(days=number) for number in range((days.last - days.first).days + 1)]
    free = table.is_free_weekend if book.calendar.days.on == "weekend" else lambda day: not table.is_holiday(day)
    if not all(free(day) for day in every):
        raise Problem("day_not_free")


def _change(session: Session, sitting: Sitting, days: Window, table: DayTable, now: datetime) -> None:
    """Date the sitting anew. Who was told another day, or was told that it is held, is told this one."""
    was_fixed, old_limit = sitting.day_fixed, limit_of(sitting)
    changed = (sitting.assessed_first, sitting.assessed_last) != (days.first, days.last)
    published = sitting.ticket_from + (days.first - sitting.assessed_first)
    made = dates_for(book_of(sitting), days, sitting.pay_last, published, table, fixed=True)
    sitting.assessed_first, sitting.assessed_last, sitting.day_fixed = days.first, days.last, True
    sitting.ticket_from, sitting.group_ticket_from = made.ticket_from, made.group_ticket_from
    session.flush()
    decision = decision_of(session, sitting.id)
    held = decision is not None and decision.outcome == Outcome.HELD.value
    if decision is not None:
        decision.tell_by = limit_of(sitting).tell_by
    if not held and not (was_fixed and changed):
        return
    here = concerned(session, sitting)
    # Who expects an earlier day must know before that one that it is another.
    limit = min(limit_of(sitting), old_limit, key=lambda one: one.tell_by) if was_fixed else limit_of(sitting)
    tell_change(session, sitting, DAY_CHANGED if was_fixed else DAY_SET, here, limit, now)
    if was_fixed:
        void_tickets(session, sitting, f"评价日期改为{full_day_text(days.first)}", now)


def set_capacity(sitting_id: int, people: int, actor: str, reason: str, now: datetime) -> None:
    """Say how many a sitting holds, before its turnout is decided. Raises sitting_unknown, reason_needed, already_decided,
    capacity_wrong, capacity_unlimited."""
    require_reason(reason)
    with transaction() as session:
        sitting = locked_sitting(session, sitting_id)
        if sitting.capacity is None:
            raise Problem("capacity_unlimited")
        if decision_of(session, sitting_id) is not None:
            raise Problem("already_decided")
        if people < book_of(sitting).turnout.threshold.people:
            raise Problem("capacity_wrong")
        before, sitting.capacity = {"people": sitting.capacity}, people
        record(
            session,
            now,
            actor,
            "sitting.capacity_set",
            f"sitting:{sitting_id}",
            before=before,
            after={"people": people},
            reason=reason,
        )


def without_day(now: datetime) -> list[Sitting]:
    """Sittings that are held and whose day nobody has set: their people cannot be told when to come."""
    rows = select(Sitting).where(decided(Outcome.HELD), Sitting.day_fixed.is_(False)).order_by(Sitting.assessed_first)
    with reading() as session:
        return list(session.scalars(rows))


def propose_again(now: datetime) -> int:
    """After the table of working days has changed: propose anew where no day is set, nothing is decided, and the sitting
    has yet to come; how many changed."""
    with transaction() as session:
        table, changed = day_table(session), 0
        ahead = Sitting.assessed_first > local_day(now)
        # Held, so that a day that staff set at this moment is not written over. Whoever holds so many waits for nobody:
        # what another holds has its turn with the next run.
        open_still = select(Sitting).where(Sitting.day_fixed.is_(False), ahead, ~decided())
        for sitting in session.scalars(open_still.with_for_update(skip_locked=True)):
            days = _proposal(sitting, table).days
            made = dates_for(book_of(sitting), days, sitting.pay_last, None, table, fixed=False)
            before = (sitting.assessed_first, sitting.ticket_from, sitting.group_ticket_from)
            if before != (days.first, made.ticket_from, made.group_ticket_from):
                sitting.assessed_first, sitting.assessed_last = days.first, days.last
                sitting.ticket_from, sitting.group_ticket_from = made.ticket_from, made.group_ticket_from
                changed += 1
        return changed
