"""Sittings (考次): made from the rulebooks, and found again."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from server.db import one_at_a_time, reading, transaction
from server.domain.calendar import FixedSitting
from server.domain.days import Window
from server.domain.phases import Dates
from server.errors import Problem
from server.models import RulebookEdition, Sitting, Ticket, TurnoutDecision
from server.rulebooks.book import Occupation, Rulebook
from server.rulebooks.catalogue import catalogue
from server.rulebooks.loader import LoadedRulebook, RulebookRefused
from server.services.auditing import record
from server.services.decisions import decision_of, standing


def load_sittings(now: datetime) -> int:
    """Register every loaded edition and make the sittings that are not there yet; the number made.

    Raises RulebookRefused where an edition that is in use was edited.
    """
    made = 0
    with transaction() as session:
        one_at_a_time(session, "sittings")  # every process does this when it starts
        for loaded in catalogue().loaded:
            _register_edition(session, loaded, now)
        _require_editions(session)
        for loaded in catalogue().newest():
            made += sum(_make(session, loaded.book, *planned, now) for planned in loaded.book.planned())
    return made


def _register_edition(session: Session, loaded: LoadedRulebook, now: datetime) -> None:
    book = loaded.book
    known = session.get(RulebookEdition, (book.slug, book.edition))
    if known is None:
        session.add(RulebookEdition(slug=book.slug, edition=book.edition, digest=loaded.digest, loaded_at=now))
        session.flush()
    elif known.digest != loaded.digest:
        why = f"第{book.edition}版已在使用，内容被改动；请恢复原文件，另加一份新的版本"
        raise RulebookRefused([f"{book.slug}: edition: {why}"])


def _require_editions(session: Session) -> None:
    """Every edition that a sitting stands on is there: without its rules nothing could be decided of it."""
    there = {(one.book.slug, one.book.edition) for one in catalogue().loaded}
    used = session.execute(select(Sitting.rulebook, Sitting.edition).distinct())
    gone = sorted({(slug, edition) for slug, edition in used} - there)
    if gone:
        raise RulebookRefused(
            [f"{slug}: edition: 已有考次使用第{edition}版，但规则文件不见了" for slug, edition in gone]
        )


def _make(
    session: Session, book: Rulebook, occupation: Occupation, level: int, dates: FixedSitting, now: datetime
) -> bool:
    same = (
        Sitting.rulebook == book.slug,
        Sitting.occupation == occupation.key,
        Sitting.level == level,
        Sitting.month == dates.month,
    )
    if session.scalar(select(Sitting.id).where(*same)) is not None:
        return False
    session.add(
        Sitting(
            rulebook=book.slug,
            edition=book.edition,
            occupation=occupation.key,
            level=level,
            month=dates.month,
            apply_first=dates.apply.first,
            apply_last=dates.apply.last,
            pay_first=dates.pay.first,
            pay_last=dates.pay.last,
            ticket_from=dates.ticket_from,
            assessed_first=dates.assessed.first,
            assessed_last=dates.assessed.last,
            place=book.timetable.place,
            timetable=[asdict(one) for one in book.timetable.subjects],
            created_at=now,
        )
    )
    return True


def dates_of(sitting: Sitting) -> Dates:
    """A sitting's days as the rules want them."""
    return Dates(
        Window(sitting.apply_first, sitting.apply_last),
        Window(sitting.pay_first, sitting.pay_last),
        sitting.ticket_from,
        Window(sitting.assessed_first, sitting.assessed_last),
    )


def book_of(sitting: Sitting) -> Rulebook:
    """The edition that a sitting stands on."""
    return catalogue().book(sitting.rulebook, sitting.edition)


def known(session: Session, sitting_id: int) -> Sitting:
    """Raises sitting_unknown."""
    found = session.get(Sitting, sitting_id)
    if found is None:
        raise Problem("sitting_unknown")
    return found


def set_place(sitting_id: int, place: str, actor: str, reason: str, now: datetime) -> None:
    """Say where a sitting takes place, before its tickets are out. Raises sitting_unknown, reason_needed, tickets_out."""
    if not place.strip():
        raise Problem("place_needed")
    if not reason.strip():
        raise Problem("reason_needed")
    with transaction() as session:
        sitting = session.scalar(select(Sitting).where(Sitting.id == sitting_id).with_for_update())
        if sitting is None:
            raise Problem("sitting_unknown")
        out = exists().where(Ticket.sitting_id == sitting_id, Ticket.voided_at.is_(None))
        if session.scalar(select(out)):
            raise Problem("tickets_out")
        before, sitting.place = {"place": sitting.place}, place.strip()
        subject = f"sitting:{sitting_id}"
        record(session, now, actor, "sitting.placed", subject, before=before, after={"place": place}, reason=reason)


def all_sittings() -> list[tuple[Sitting, TurnoutDecision | None]]:
    """Every sitting with its decision, in order of date."""
    order = (Sitting.assessed_first, Sitting.rulebook, Sitting.occupation, Sitting.level.desc())
    with reading() as session:
        rows = select(Sitting, TurnoutDecision).outerjoin(
            TurnoutDecision, and_(TurnoutDecision.sitting_id == Sitting.id, standing())
        )
        return [(sitting, decision) for sitting, decision in session.execute(rows.order_by(*order))]


def one_sitting(sitting_id: int) -> tuple[Sitting, TurnoutDecision | None]:
    """Raises sitting_unknown."""
    with reading() as session:
        return known(session, sitting_id), decision_of(session, sitting_id)
