"""Fees that are good for so long only (付费一年内未参加认定的，视作自动放弃): until when, and the end of it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from server.db import reading, transaction
from server.domain.days import local_day
from server.domain.fees import Forfeit, forfeits_after, received_whole_on
from server.domain.notices import Kind
from server.domain.quiet_hours import daytime
from server.domain.registrations import Action, Status
from server.domain.wording import full_day_text
from server.models import LedgerEntry, Registration
from server.rulebooks.catalogue import catalogue
from server.services.auditing import record
from server.services.moving import apply_move
from server.services.noticing import tell_one_between
from server.services.one_by_one import one_by_one
from server.services.sitting_list import known

ACTOR = "scheduler"
# How long the news of it is worth sending, should the carriers be down.
_USEFUL = timedelta(days=60)


def rule_of(registration: Registration) -> Forfeit | None:
    """The clause of the edition under which the fee was paid, whatever a later year's says."""
    return catalogue().book(registration.rulebook, registration.edition).payment.forfeit


def last_day(session: Session, registration: Registration) -> date | None:
    """The last day on which one may be assessed for the fee that was paid; None where no notice limits it."""
    return _last_days(session, Registration.id == registration.id).get(registration.id)


def last_days(session: Session, registrations: Iterable[Registration]) -> dict[int, date]:
    """The same of those whose fee may lapse, by registration: absent and forfeited ones."""
    over = [one.id for one in registrations if one.status in {Status.ABSENT.value, Status.FORFEITED.value}]
    return _last_days(session, Registration.id.in_(over)) if over else {}


def _last_days(session: Session, who: ColumnElement[bool]) -> dict[int, date]:
    """Of all whom `who` selects, in one look, however many they are."""
    entries = (
        select(
            Registration.id,
            Registration.rulebook,
            Registration.edition,
            Registration.fee_fen,
            LedgerEntry.value_date,
            LedgerEntry.amount_fen,
        )
        .join(LedgerEntry, LedgerEntry.registration_id == Registration.id)
        .where(who)
        .order_by(Registration.id)
    )
    found = {}
    for number, group in groupby(session.execute(entries), lambda row: row.id):
        theirs = list(group)
        rule = catalogue().book(theirs[0].rulebook, theirs[0].edition).payment.forfeit
        received_on = received_whole_on(theirs[0].fee_fen, [(one.value_date, one.amount_fen) for one in theirs])
        if rule is not None and received_on is not None:
            found[number] = forfeits_after(rule, received_on)
    return found


def forfeit_due(now: datetime) -> int:
    """End the registrations of those who were absent and whose time is over, one transaction each; the number ended.

    Only who missed a sitting that was held: whoever is in a sitting, or waits for one, is kept waiting by the institution
    itself, however long it takes.
    """
    editions = [
        and_(Registration.rulebook == one.book.slug, Registration.edition == one.book.edition)
        for one in catalogue().loaded
        if one.book.payment.forfeit is not None
    ]
    if not editions:
        return 0
    with reading() as session:
        until = _last_days(session, and_(Registration.status == Status.ABSENT.value, or_(*editions)))
    due = sorted(number for number, last in until.items() if local_day(now) > last)
    return sum(one_by_one("forfeiture", due, lambda registration_id: forfeit(registration_id, now)))


def forfeit(registration_id: int, now: datetime) -> int:
    """End one registration; 0 where it is not, or no longer, one of an absent person whose time is over."""
    with transaction() as session:
        registration = session.get_one(Registration, registration_id, with_for_update=True)
        rule, until = rule_of(registration), last_day(session, registration)
        if registration.status != Status.ABSENT.value or rule is None or until is None or local_day(now) <= until:
            return 0
        apply_move(session, registration, Action.FORFEIT, ACTOR, now, rule.source)
        told = {"until": full_day_text(until), "hint": "视作自动放弃，费用不予退还"}
        sitting = known(session, registration.sitting_id)
        tell_one_between(session, Kind.FORFEITED, registration, sitting, now, daytime(now), now + _USEFUL, told)
        record(
            session,
            now,
            ACTOR,
            "registration.forfeited",
            f"registration:{registration.id}",
            after={"until": until.isoformat()},
            source=rule.source,
        )
        return 1
