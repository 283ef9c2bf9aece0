"""People who wait for next year's rules, at the moment in which these are there: each is told what becomes of them, or has
stepped back before it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from server.app import create_app
from server.config import development
from server.db import db, reading
from server.models import AuditEntry, Notice, NoticeCause, Postponement, Registration
from server.rulebooks.loader import FOLDER, LoadedRulebook, load_file
from server.services import applying, turnout, waiting
from server.services.making_sittings import load_sittings
from tests.conftest import at
from tests.races.crowd import same_at_once, tally, within
from tests.races.hold_up import held_up_before_writing
from tests.seeding import seed_paid, sitting_id

THIS_YEAR = load_file(FOLDER / "sisa-2026.toml").book
NEXT_YEAR = replace(THIS_YEAR, slug="sisa-2027", year=2027)
ATTACHED = at(2027, 1, 5, 9)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """Four people wait since January 2027, and next year's rules have just been loaded."""
    this_year, both = (
        create_app(development(tmp_path, database_url=database_url), [LoadedRulebook(one, one.slug) for one in books])
        for books in ([THIS_YEAR], [THIS_YEAR, NEXT_YEAR])
    )
    with this_year.app_context():
        load_sittings(at(2026, 11, 2))
        seed_paid(this_year, sitting_id(this_year, "2027-01", "netsec", 4), 4)
        turnout.settle_due(at(2027, 1, 2, 9))
        assert [one.people for one in waiting.who_waits()] == [4]
        db.engine.dispose()
    with both.app_context():
        load_sittings(at(2027, 1, 5))
    yield both
    with both.app_context():
        db.engine.dispose()


def told_to_have_moved(app: Flask) -> list[int]:
    rows = (
        select(Registration.id)
        .join(Notice, Notice.registration_id == Registration.id)
        .join(NoticeCause, NoticeCause.id == Notice.cause_id)
        .where(NoticeCause.kind == "postponed")
    )
    with app.app_context(), reading() as session:
        return sorted(session.scalars(rows))


def moved(app: Flask) -> list[int]:
    rows = select(Postponement.registration_id).where(Postponement.to_sitting_id.is_not(None))
    with app.app_context(), reading() as session:
        return sorted(session.scalars(rows))


def test_who_steps_back_while_the_others_are_placed_is_told_of_a_new_day_only_if_they_were_given_one(
    app: Flask,
) -> None:
    with app.app_context(), reading() as session:
        leaver = session.scalars(select(Registration).order_by(Registration.id)).first()
    assert leaver is not None
    with held_up_before_writing(app.config["SQLALCHEMY_DATABASE_URI"], "postponement") as road:
        road.begin(within(app, waiting.attach_due, ATTACHED))
        road.begin(within(app, applying.withdraw, leaver.account_id, leaver.number, ATTACHED))
    assert told_to_have_moved(app) == moved(app)
    with app.app_context(), reading() as session:
        assert session.get_one(Registration, leaver.id).status == "withdrawn"


def test_eight_who_place_them_at_once_do_it_once(app: Flask) -> None:
    assert tally(same_at_once(8, within(app, waiting.attach_due, ATTACHED))) == {4: 1, 0: 7}
    assert len(told_to_have_moved(app)) == len(moved(app)) == 4
    with app.app_context(), reading() as session:
        attached = session.scalars(select(AuditEntry).where(AuditEntry.action == "waiting.attached"))
        assert [one.after["people"] for one in attached if one.after] == [4]


def test_nobody_is_placed_in_a_sitting_that_is_decided_at_that_moment(app: Flask) -> None:
    """February has one of its own, and goes to March; whoever is placed goes to March at once, or with them."""
    february, march = (sitting_id(app, f"2027-{number:02d}", "netsec", 4) for number in (2, 3))
    seed_paid(app, february, 1)
    decided_on = at(2027, 2, 2, 9)
    with held_up_before_writing(app.config["SQLALCHEMY_DATABASE_URI"], "turnout_decision") as road:
        road.begin(within(app, turnout.settle, february, decided_on))
        road.begin(within(app, waiting.attach_due, decided_on))
    within(app, waiting.attach_due, decided_on)()
    with app.app_context(), reading() as session:
        assert set(session.scalars(select(Registration.sitting_id))) == {march}
