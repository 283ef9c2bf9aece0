"""Any calendar, any rule, any turnout: nobody lost, nobody in two places, nobody moved into the past, every decision explained.

The rulebooks are made up by hypothesis out of the kinds that there are; the year is lived by the services on a real database.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server.app import create_app
from server.config import development
from server.db import db, reading
from server.domain.calendar import (
    FixedCalendar,
    FixedSitting,
    MidMonthCalendar,
    MidMonthWindow,
    MonthlyCalendar,
    SittingDays,
)
from server.domain.days import Window
from server.domain.phases import decided_from
from server.domain.tickets import DaysBefore, TicketRules
from server.domain.turnout import (
    Above,
    Below,
    Capacity,
    ConsolidateIn,
    MoreGroups,
    NextSitting,
    Outcome,
    Overflow,
    Threshold,
    TurnoutRule,
)
from server.models import Notice, NoticeCause, Postponement, Registration, Sitting, TurnoutDecision
from server.replay.expected import expected
from server.replay.plan import PlanRow, SittingName
from server.rulebooks.book import Rulebook
from server.rulebooks.loader import FOLDER, LoadedRulebook, load_file
from server.services import turnout, waiting
from server.services.making_sittings import load_sittings
from server.services.working_days import day_table
from tests.seeding import seed_paid

BASE = load_file(FOLDER / "technicians-2026.toml").book
NEED, ROOM = 3, 5
WEEKEND = SittingDays(source="x", on="weekend")


def monthly() -> st.SearchStrategy[MonthlyCalendar]:
    return st.just(MonthlyCalendar(source="x", kind="monthly", december="next_notice", days=WEEKEND))


@st.composite
def mid_month(draw: st.DrawFn) -> MidMonthCalendar:
    """Windows that follow one another, each assessed in the month after its last, the last one in January."""
    day = draw(st.integers(10, 20))
    ends = [
        f"{month:02d}-{day}"
        for month in draw(st.lists(st.integers(2, 11), min_size=2, max_size=6, unique=True).map(sorted))
    ]
    firsts = ["01-01", *(f"{end[:3]}{int(end[3:]) + 1:02d}" for end in ends)]
    rows = [MidMonthWindow(first, last, int(last[:2]) + 1) for first, last in zip(firsts, ends, strict=False)]
    return MidMonthCalendar(
        source="x", kind="mid_month", days=WEEKEND, windows=(*rows, MidMonthWindow(firsts[-1], "12-31", 1))
    )


@st.composite
def fixed(draw: st.DrawFn) -> FixedCalendar:
    months = draw(st.lists(st.integers(3, 12), min_size=2, max_size=5, unique=True).map(sorted))
    rows = []
    for month in months:
        first = datetime(2026, month, draw(st.integers(1, 27)), tzinfo=UTC).date()
        pay = Window(first - timedelta(days=35), first - timedelta(days=30))
        apply = Window(pay.first - timedelta(days=10), pay.first - timedelta(days=1))
        rows.append(FixedSitting(f"2026-{month:02d}", (4, 3), apply, pay, Window(first, first)))
    return FixedCalendar(source="x", kind="fixed", sittings=tuple(rows))


def belows() -> st.SearchStrategy[Below]:
    without = st.sampled_from(["needs_staff", "next_year"])
    gathered = st.builds(
        ConsolidateIn,
        source=st.just("x"),
        kind=st.just("consolidate"),
        months=st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True).map(tuple),
        in_that_month=st.sampled_from(["hold", "needs_staff"]),
        without_target=without,
    )
    return gathered | st.builds(
        NextSitting, source=st.just("x"), kind=st.just("next_sitting"), without_target=without
    )


def aboves() -> st.SearchStrategy[Above | None]:
    room = Capacity(source="x", people=ROOM)
    return st.sampled_from(
        [None, MoreGroups(source="x", kind="more_groups"), Overflow(source="x", kind="overflow", capacity=room)]
    )


@st.composite
def books(draw: st.DrawFn) -> Rulebook:
    rule = TurnoutRule(
        threshold=Threshold(source="x", people=NEED),
        counting=BASE.turnout.counting,
        below=draw(belows()),
        above=draw(aboves()),
        telling=replace(BASE.turnout.telling, days_before=draw(st.integers(0, 12))),
    )
    week = DaysBefore(source="x", kind="days_before", days=7, given="download", how="x")
    return replace(
        BASE,
        slug="random-2026",
        calendar=draw(monthly() | mid_month() | fixed()),
        turnout=rule,
        tickets=TicketRules(individual=week, group=week),
        occupations=(BASE.occupations[0],),
    )


@contextmanager
def installed(template: Path, *books: Rulebook) -> Iterator[Flask]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder) / "jiping.sqlite")
        with started(Path(folder), *books) as app:
            yield app


@contextmanager
def started(folder: Path, *books: Rulebook) -> Iterator[Flask]:
    settings = development(folder, database_url=f"sqlite:///{folder / 'jiping.sqlite'}")
    app = create_app(settings, [LoadedRulebook(book, f"{book.slug}") for book in books])
    with app.app_context():
        load_sittings(datetime(2025, 12, 31, tzinfo=UTC))
    yield app
    with app.app_context():
        db.engine.dispose()


def live_through(app: Flask) -> None:
    """Settle every sitting on the morning on which it is due."""
    with app.app_context():
        with reading() as session:
            days = sorted({one.pay_last for one in session.scalars(select(Sitting))})
        for day in days:
            turnout.settle_due(decided_from(day, BASE.turnout.counting.recording_days) + timedelta(hours=9))


def seeded(app: Flask, numbers: list[int]) -> tuple[dict[int, int], list[PlanRow]]:
    """People for the sittings, in order; of each registration where it began, and the plan that it makes."""
    with app.app_context(), reading() as session:
        sittings = list(session.scalars(select(Sitting).order_by(Sitting.assessed_first, Sitting.id)))
    began, rows = dict[int, int](), []
    for one, count in zip(sittings, numbers, strict=False):
        if count:
            began |= dict.fromkeys(seed_paid(app, one.id, count), one.id)
        name = SittingName(one.month, BASE.occupations[0].name, one.level)
        rows.append(PlanRow(2, name, count, count, count, 0, 0))
    return began, rows


@pytest.mark.parametrize("runs", [1, 2])
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(book=books(), numbers=st.lists(st.integers(0, 8), min_size=24, max_size=24))
def test_whatever_the_rules_and_the_turnout_everybody_is_in_one_place_and_every_decision_is_explained(
    sqlite_template: Path, runs: int, book: Rulebook, numbers: list[int]
) -> None:
    with installed(sqlite_template, book) as app:
        began, plan = seeded(app, numbers)
        for _ in range(runs):  # a second time changes nothing
            live_through(app)
        with app.app_context(), reading() as session:
            sittings = {one.id: one for one in session.scalars(select(Sitting))}
            decisions = {one.sitting_id: one for one in session.scalars(select(TurnoutDecision))}
            people = {one.id: one for one in session.scalars(select(Registration))}
            moves = list(session.scalars(select(Postponement).order_by(Postponement.id)))
            told = Counter(
                session.scalars(
                    select(Notice.registration_id)
                    .join(NoticeCause, NoticeCause.id == Notice.cause_id)
                    .where(NoticeCause.kind.in_(["postponed", "waiting"]))
                )
            )
            table = day_table(session)
        assert set(people) == set(began)
        # where each began, and each of the moves, lead without a gap to where each is now
        place = dict(began)
        for move in moves:
            assert place[move.registration_id] == move.from_sitting_id
            if move.to_sitting_id is not None:
                assert sittings[move.to_sitting_id].assessed_first > sittings[move.from_sitting_id].assessed_first
                place[move.registration_id] = move.to_sitting_id
        assert place == {one.id: one.sitting_id for one in people.values()}
        # every move was told, once
        assert told == Counter(move.registration_id for move in moves)
        for sitting_id, decision in decisions.items():
            assert decision.reason
            assert decision.source
            moved = [move for move in moves if move.decision_id == decision.id]
            assert len(moved) == decision.moved
            here = [one for one in people.values() if one.sitting_id == sitting_id and one.waiting_since is None]
            if decision.outcome == Outcome.HELD.value and sittings[sitting_id].capacity is not None:
                assert len(here) <= ROOM
            if decision.outcome == Outcome.POSTPONED.value:
                assert here == []
        # and all of it as the pure rules work it out on paper
        for name, wanted in expected(book, plan, table).items():
            found = next(one for one in sittings.values() if (one.month, one.level) == (name.sitting, name.level))
            decided = decisions.get(found.id)
            if wanted.outcome is Outcome.NEEDS_STAFF:
                assert decided is None
            else:
                assert decided is not None
                target = sittings[decided.target_sitting_id].month if decided.target_sitting_id else None
                seen = (decided.outcome, decided.counted, decided.moved, target)
                assert seen == (
                    wanted.outcome.value,
                    wanted.counted,
                    wanted.moved,
                    wanted.target and wanted.target.sitting,
                )


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(numbers=st.lists(st.integers(1, 2), min_size=24, max_size=24), overflow=st.booleans())
def test_who_waits_for_next_year_is_attached_when_its_rules_are_there(
    sqlite_template: Path, numbers: list[int], overflow: bool
) -> None:
    room = Overflow(source="x", kind="overflow", capacity=Capacity(source="x", people=ROOM))
    rule = replace(
        BASE.turnout,
        threshold=Threshold(source="x", people=NEED if overflow else 60),
        below=NextSitting(source="x", kind="next_sitting", without_target="next_year"),
        above=room,
        telling=replace(BASE.turnout.telling, days_before=5),
    )
    week = DaysBefore(source="x", kind="days_before", days=7, given="download", how="x")
    this_year = replace(
        BASE,
        slug="random-2026",
        calendar=MonthlyCalendar(source="x", kind="monthly", december="next_notice", days=WEEKEND),
        turnout=rule,
        tickets=TicketRules(individual=week, group=week),
        occupations=(BASE.occupations[0],),
    )
    next_year = replace(this_year, slug="random-2027", year=2027)
    # in the last sitting there are more than there is room for
    numbers[-2:] = [8, 8]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, Path(folder) / "jiping.sqlite")
        with started(Path(folder), this_year) as app:
            began, _ = seeded(app, numbers)
            live_through(app)
            with app.app_context():
                waits = sum(one.people for one in waiting.who_waits())
                assert waits > 0
                assert waiting.attach_due(datetime(2027, 1, 5, tzinfo=UTC)) == 0
        with started(Path(folder), this_year, next_year) as app, app.app_context():
            assert waiting.attach_due(datetime(2027, 1, 5, 2, tzinfo=UTC)) == waits
            assert waiting.attach_due(datetime(2027, 1, 5, 3, tzinfo=UTC)) == 0
            assert waiting.who_waits() == []
            with reading() as session:
                places = dict(session.execute(select(Registration.id, Sitting.month).join(Sitting)).all())
                told = select(NoticeCause.tell_by).where(
                    NoticeCause.key.like("decision:%"), NoticeCause.kind == "postponed"
                )
                limits = [day for day in session.scalars(told) if day is not None]
    assert set(places) == set(began)
    assert sum(month == "2027-02" for month in places.values()) == waits
    assert max(limits).year == 2027
