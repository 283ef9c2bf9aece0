"""Sittings (考次), found again: their days, their rules, and what was decided of them."""

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from server.db import reading
from server.domain.days import Window, start_of
from server.domain.phases import Dates
from server.domain.registrations import GROUP
from server.domain.wording import by_month_text, days_text
from server.errors import Problem
from server.models import Sitting, TurnoutDecision
from server.rulebooks.book import MiniProgram, Rulebook
from server.rulebooks.catalogue import catalogue
from server.services.decisions import decision_of, standing


def dates_of(sitting: Sitting, channel: str = "") -> Dates:
    """A sitting's days as the rules want them; groups may get their tickets on a day of their own."""
    return Dates(
        Window(sitting.apply_first, sitting.apply_last),
        Window(sitting.pay_first, sitting.pay_last),
        sitting.group_ticket_from if channel == GROUP else sitting.ticket_from,
        Window(sitting.assessed_first, sitting.assessed_last),
    )


def when(sitting: Sitting) -> str:
    """The day or days in words; while staff have not set the day, the month's end that the notice names."""
    if not sitting.day_fixed:
        return by_month_text(sitting.among_last)
    return days_text(Window(sitting.assessed_first, sitting.assessed_last))


def has_begun(sitting: Sitting, now: datetime) -> bool:
    """Its first day has come. A day that is only proposed never comes: nobody was told to be there."""
    return sitting.day_fixed and now >= start_of(sitting.assessed_first)


def book_of(sitting: Sitting) -> Rulebook:
    """The edition that a sitting stands on."""
    return catalogue().book(sitting.rulebook, sitting.edition)


def applies_on_the_phone(sitting: Sitting) -> bool:
    """Do individuals apply for it in the mini-program, and not at the window?"""
    return isinstance(book_of(sitting).application.individual, MiniProgram)


def known(session: Session, sitting_id: int) -> Sitting:
    """Raises sitting_unknown."""
    found = session.get(Sitting, sitting_id)
    if found is None:
        raise Problem("sitting_unknown")
    return found


def locked_sitting(session: Session, sitting_id: int) -> Sitting:
    """The sitting, locked until the transaction ends. Raises sitting_unknown."""
    found = session.scalar(select(Sitting).where(Sitting.id == sitting_id).with_for_update())
    if found is None:
        raise Problem("sitting_unknown")
    return found


def all_sittings(institution: str | None = None) -> list[tuple[Sitting, TurnoutDecision | None]]:
    """Every sitting with its decision, in order of date; of one institution where one is named."""
    order = (Sitting.assessed_first, Sitting.rulebook, Sitting.occupation, Sitting.level.desc())
    with reading() as session:
        rows = select(Sitting, TurnoutDecision).outerjoin(
            TurnoutDecision, and_(TurnoutDecision.sitting_id == Sitting.id, standing())
        )
        if institution is not None:
            rows = rows.where(Sitting.institution == institution)
        return [(sitting, decision) for sitting, decision in session.execute(rows.order_by(*order))]


def one_sitting(sitting_id: int) -> tuple[Sitting, TurnoutDecision | None]:
    """Raises sitting_unknown."""
    with reading() as session:
        return known(session, sitting_id), decision_of(session, sitting_id)
