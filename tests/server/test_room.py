"""Where a room holds so many (考场承载范围): who stays, by the order of payment, and who goes on to the next sitting."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from server.app import create_app
from server.config import development
from server.db import db, reading, transaction
from server.domain.registrations import Status
from server.domain.turnout import Outcome, Overflow
from server.models import LedgerEntry, Postponement, Registration
from server.rulebooks.loader import FOLDER, LoadedRulebook, load_file
from server.services import paying, sitting_days, turnout
from server.services.making_sittings import load_sittings
from tests.conftest import at
from tests.races.crowd import within
from tests.races.hold_up import held_up_before_writing
from tests.seeding import seed_expired, seed_paid, sitting_id

BOOK = load_file(FOLDER / "sjtu-2026.toml").book
#: May's window ends on 15 April, and turnout is counted on the 17th
LAST, DUE = date(2026, 4, 15), at(2026, 4, 17, 9)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An institution that opens with two and has room for two."""
    rule = BOOK.turnout
    assert isinstance(rule.above, Overflow)
    small = replace(
        rule,
        threshold=replace(rule.threshold, people=2),
        above=replace(rule.above, capacity=replace(rule.above.capacity, people=2)),
    )
    book = LoadedRulebook(replace(BOOK, turnout=small), "small")
    made = create_app(development(tmp_path, database_url=database_url), [book])
    with made.app_context():
        load_sittings(at(2026, 1, 2))
        yield made
        db.engine.dispose()


def month(app: Flask, number: int) -> int:
    return sitting_id(app, f"2026-{number:02d}", BOOK.occupations[0].key, 4)


def pays(registration: int, day: date, reference: str, now: datetime = DUE, fen: int = 0) -> None:
    with reading() as session:
        one = session.get_one(Registration, registration)
    amount = fen or one.fee_fen
    assert paying.record_payment(one.number, amount, day, reference, "staff:lin", now, other_amount=True).paid


def where(*registrations: int) -> list[int]:
    with reading() as session:
        return [session.get_one(Registration, one).sitting_id for one in registrations]


def received(registration: int, day: date) -> None:
    """Its money had come on another day."""
    with transaction() as session:
        theirs = LedgerEntry.registration_id == registration
        session.execute(update(LedgerEntry).where(theirs).values(value_date=day))


def test_who_paid_first_keeps_the_place_also_where_they_paid_a_second_time_by_mistake(app: Flask) -> None:
    may, june = month(app, 5), month(app, 6)
    people = seed_paid(app, may, 3)
    for number, registration in enumerate(people):
        received(registration, date(2026, 3, 20 + number))
    pays(people[0], date(2026, 4, 10), "again", at(2026, 4, 11))
    turnout.settle_due(DUE)
    assert where(*people) == [may, may, june]


def test_who_paid_in_two_parts_has_the_place_of_the_second(app: Flask) -> None:
    may, june = month(app, 5), month(app, 6)
    people = seed_paid(app, may, 3)  # all on 24 March
    with transaction() as session:
        first = session.scalars(select(LedgerEntry).where(LedgerEntry.registration_id == people[0])).one()
        first.amount_fen -= 10000
    pays(people[0], date(2026, 3, 25), "rest", at(2026, 3, 26), 10000)
    turnout.settle_due(DUE)
    assert where(*people) == [june, may, may]


def test_money_recorded_late_finds_no_place_in_a_room_that_is_just_full(app: Flask) -> None:
    may, june = month(app, 5), month(app, 6)
    people = [*seed_paid(app, may, 2), seed_expired(app, may)]
    turnout.settle_due(DUE)
    pays(people[2], LAST, "late")
    assert where(*people) == [may, may, june]
    with reading() as session:
        assert session.scalars(select(Postponement.reason)).all() == ["报名人数超出考场承载范围"]


def test_where_staff_let_in_more_than_there_is_room_for_one_more_is_let_in_too(app: Flask) -> None:
    may = month(app, 5)
    people = [*seed_paid(app, may, 3), seed_expired(app, may)]
    turnout.settle_by_hand(may, Outcome.HELD, "staff:pan", "加一间考场", DUE)
    pays(people[3], LAST, "late")
    assert where(*people) == [may] * 4


def test_where_there_is_room_money_recorded_late_takes_its_place(app: Flask) -> None:
    may = month(app, 5)
    people = [*seed_paid(app, may, 2), seed_expired(app, may)]
    with transaction() as session:
        session.execute(update(Registration).where(Registration.id == people[1]).values(status=Status.WITHDRAWN))
    turnout.settle_by_hand(may, Outcome.HELD, "staff:pan", "照常", DUE)
    pays(people[2], LAST, "late")
    assert where(people[0], people[2]) == [may, may]


def test_two_whose_money_is_recorded_late_do_not_both_get_the_last_place(app: Flask, database_url: str) -> None:
    may, june = month(app, 5), month(app, 6)
    sitting_days.set_capacity(may, 3, "staff:pan", "加一台机器", at(2026, 4, 1))
    seed_paid(app, may, 2)
    late = [seed_expired(app, may), seed_expired(app, may)]
    turnout.settle_due(DUE)
    with held_up_before_writing(database_url, "registration_move") as road:
        for number, registration in enumerate(late):
            road.begin(within(app, pays, registration, LAST, f"late-{number}"))
    assert where(*late) == [may, june]
