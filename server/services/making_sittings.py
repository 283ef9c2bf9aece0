"""Make sittings (考次) from the rulebooks: every start does it, and makes only what is not there yet."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from server.db import one_at_a_time, transaction
from server.domain.calendar import Planned
from server.domain.days import local_day
from server.domain.working_days import DayTable
from server.models import Postponement, Registration, RulebookEdition, Sitting, TurnoutDecision
from server.rulebooks.book import Occupation, Rulebook
from server.rulebooks.catalogue import catalogue
from server.rulebooks.dating import proposed_dates
from server.rulebooks.loader import LoadedRulebook, RulebookRefused
from server.services.auditing import record
from server.services.working_days import day_table, seed_years

ACTOR = "jiping"


def load_sittings(now: datetime) -> int:
    """Register every loaded edition and make the sittings that are not there yet; the number made.

    A new edition holds for every sitting that nobody could apply for yet: those are made anew. Raises RulebookRefused where
    an edition that is in use was edited.
    """
    with transaction() as session:
        one_at_a_time(session, "sittings")  # every process does this when it starts
        seed_years(session, now)
        edited = [fault for loaded in catalogue().loaded for fault in _register_edition(session, loaded, now)]
        if edited:
            raise RulebookRefused(edited)
        _require_editions(session)
        for loaded in catalogue().newest():
            _give_up_unopened(session, loaded.book, now)
        there = {tuple(row) for row in session.execute(_IDENTITY)}
        table = day_table(session)
        made = [
            drafted(loaded.book, occupation, level, dates, table, now)
            for loaded in catalogue().newest()
            for occupation, level, dates in loaded.book.planned()
            if (loaded.book.institution_key, occupation.key, level, dates.month) not in there
        ]
        session.add_all(made)
    return len(made)


_IDENTITY = select(Sitting.institution, Sitting.occupation, Sitting.level, Sitting.month)


def _register_edition(session: Session, loaded: LoadedRulebook, now: datetime) -> Iterator[str]:
    """Write down an edition that is new; the fault of one that was edited after use."""
    book = loaded.book
    known = session.get(RulebookEdition, (book.slug, book.edition))
    if known is None:
        session.add(RulebookEdition(slug=book.slug, edition=book.edition, digest=loaded.digest, loaded_at=now))
        session.flush()
    elif known.digest == "":
        known.digest = loaded.digest  # a new version of the program changed the form of all files
    elif known.digest != loaded.digest:
        why = f"第{book.edition}版已在使用，内容被改动；请恢复原文件，另加一份新的版本"
        yield f"{book.slug}: edition: {why}"


def _require_editions(session: Session) -> None:
    """Every edition that a sitting stands on is there: without its rules nothing could be decided of it."""
    there = {(one.book.slug, one.book.edition) for one in catalogue().loaded}
    used = session.execute(select(Sitting.rulebook, Sitting.edition).distinct())
    gone = sorted({(slug, edition) for slug, edition in used} - there)
    if gone:
        raise RulebookRefused(
            [f"{slug}: edition: 已有考次使用第{edition}版，但规则文件不见了" for slug, edition in gone]
        )


_IN_SOMEBODYS_HISTORY = (
    exists().where(Registration.sitting_id == Sitting.id),
    exists().where(or_(Postponement.from_sitting_id == Sitting.id, Postponement.to_sitting_id == Sitting.id)),
    exists().where(or_(TurnoutDecision.sitting_id == Sitting.id, TurnoutDecision.target_sitting_id == Sitting.id)),
)


def _give_up_unopened(session: Session, book: Rulebook, now: datetime) -> None:
    """Sittings of an older edition whose window has not opened and that have no part in anybody's history, whoever may have
    left them since: the new edition makes its own."""
    older = (
        Sitting.rulebook == book.slug,
        Sitting.edition < book.edition,
        Sitting.apply_first > local_day(now),
    )
    # Held first, asked then: people may be on their way into one at this moment, out of a sitting that is postponed.
    held = select(Sitting.id).where(*older).order_by(Sitting.assessed_first, Sitting.id).with_for_update()
    unused = and_(Sitting.id.in_(session.scalars(held).all()), ~or_(*_IN_SOMEBODYS_HISTORY))
    for sitting in session.scalars(select(Sitting).where(unused)):
        before = {"edition": sitting.edition, "month": sitting.month, "level": sitting.level}
        after = {"edition": book.edition}
        record(session, now, ACTOR, "sitting.given_up", f"sitting:{sitting.id}", before=before, after=after)
        session.delete(sitting)
    session.flush()


def drafted(
    book: Rulebook, occupation: Occupation, level: int, planned: Planned, table: DayTable, now: datetime
) -> Sitting:
    """A sitting as the rulebook plans it, before it is in the database."""
    dates = proposed_dates(book, planned, table)
    return Sitting(
        institution=book.institution_key,
        rulebook=book.slug,
        edition=book.edition,
        occupation=occupation.key,
        level=level,
        month=planned.month,
        apply_first=planned.apply.first,
        apply_last=planned.apply.last,
        pay_first=planned.pay.first,
        pay_last=planned.pay.last,
        ticket_from=dates.ticket_from,
        group_ticket_from=dates.group_ticket_from,
        among_first=planned.among.first,
        among_last=planned.among.last,
        assessed_first=dates.assessed.first,
        assessed_last=dates.assessed.last,
        day_fixed=dates.fixed,
        capacity=book.turnout.capacity,
        place=book.timetable.place,
        timetable=[asdict(one) for one in book.timetable.subjects],
        created_at=now,
    )
