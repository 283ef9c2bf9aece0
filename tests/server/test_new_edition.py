"""A new edition in the middle of the year: what is open keeps its rules, what is still to open has the new ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from server.app import create_app
from server.config import development
from server.db import db, reading
from server.domain.fees import OneSum
from server.models import AuditEntry, Registration, Sitting
from server.rulebooks.book import Rulebook
from server.rulebooks.loader import FOLDER, LoadedRulebook, RulebookRefused, load_file
from server.services import moving_one, turnout
from server.services.making_sittings import load_sittings
from server.services.sitting_list import book_of
from tests.conftest import at
from tests.races.crowd import within
from tests.races.hold_up import held_up_before_writing
from tests.seeding import seed_paid, sitting_id

FIRST = load_file(FOLDER / "technicians-2026.toml").book
DEAR = OneSum(source="补充通知", kind="one_sum", yuan=360, retake_yuan_per_subject=180)


def second() -> Rulebook:
    """Level 4 of the first trade is dearer, and the second trade is gone."""
    trade = FIRST.occupations[0]
    dearer = replace(trade, levels=(replace(trade.levels[0], fee=DEAR), trade.levels[1]))
    return replace(FIRST, edition=2, replaces=1, occupations=(dearer,))


@contextmanager
def started(folder: Path, url: str, now: datetime, *books: Rulebook) -> Iterator[Flask]:
    app = create_app(development(folder, database_url=url), [LoadedRulebook(one, f"{one.edition}") for one in books])
    with app.app_context():
        load_sittings(now)
        yield app
        db.engine.dispose()


def sittings() -> dict[tuple[str, str, int], Sitting]:
    with reading() as session:
        return {(one.month, one.occupation, one.level): one for one in session.scalars(select(Sitting))}


def test_what_is_open_keeps_its_rules_and_what_is_still_to_open_has_the_new_ones(
    database_url: str, tmp_path: Path
) -> None:
    with started(tmp_path, database_url, at(2026, 2, 10), FIRST) as app:
        seed_paid(app, sitting_id(app, "2026-04"), 1)
        before = sittings()
    june = at(2026, 6, 28, 23)  # the August window opens on the 29th
    with started(tmp_path, database_url, june, FIRST, second()):
        after = sittings()
        assert {name: one.edition for name, one in after.items()} == {
            **{name: 1 for name in before if name[0] == "2026-04"},
            **{(month, "hr", level): 2 for month in ("2026-08", "2026-11") for level in (4, 3)},
        }
        fees = {
            name[0]: book_of(one).occupation("hr").level(4).fee.fen for name, one in after.items() if name[2] == 4
        }
        assert fees == {"2026-04": 35000, "2026-08": 36000, "2026-11": 36000}
        with reading() as session:
            given_up = session.scalars(select(AuditEntry).where(AuditEntry.action == "sitting.given_up"))
            assert len(list(given_up)) == 6


@pytest.mark.parametrize("day", [29, 30])
def test_a_sitting_that_has_opened_is_not_taken_away(sqlite_url: str, tmp_path: Path, day: int) -> None:
    with started(tmp_path, sqlite_url, at(2026, 2, 10), FIRST):
        pass
    with started(tmp_path, sqlite_url, at(2026, 6, day, 0), FIRST, second()):
        assert sittings()["2026-08", "trainer", 3].edition == 1


def test_who_was_moved_to_a_sitting_that_is_still_to_open_keeps_it(sqlite_url: str, tmp_path: Path) -> None:
    with started(tmp_path, sqlite_url, at(2026, 2, 10), FIRST) as app:
        november = sitting_id(app, "2026-11")
        person = seed_paid(app, november, 1)[0]
    with started(tmp_path, sqlite_url, at(2026, 6, 1), FIRST, second()):
        assert sittings()["2026-11", "hr", 4].id == november
        with reading() as session:
            assert session.get_one(Registration, person).fee_fen == 35000


def test_an_edition_in_use_whose_file_was_changed_or_is_gone_stops_the_start(sqlite_url: str, tmp_path: Path) -> None:
    with started(tmp_path, sqlite_url, at(2026, 2, 10), FIRST) as app:
        seed_paid(app, sitting_id(app, "2026-04"), 1)
    for books in ([LoadedRulebook(FIRST, "another")], [LoadedRulebook(second(), "2")]):
        app = create_app(development(tmp_path, database_url=sqlite_url), books)
        with app.app_context():
            with pytest.raises(RulebookRefused):
                load_sittings(at(2026, 6, 1))
            db.engine.dispose()


def test_a_sitting_that_somebody_was_moved_into_and_on_from_stays_in_their_history(
    database_url: str, tmp_path: Path
) -> None:
    book = load_file(FOLDER / "sccia-2026.toml").book
    with started(tmp_path, database_url, at(2026, 1, 2), book) as app:
        [person] = seed_paid(app, sitting_id(app, "2026-02", "crypto", 4), 1)
        june, july = sitting_id(app, "2026-06", "crypto", 4), sitting_id(app, "2026-07", "crypto", 4)
        turnout.settle_due(at(2026, 2, 2, 9))
        with reading() as session:
            one = session.get_one(Registration, person)
        assert one.sitting_id == june
        moving_one.move_by_hand(one.number, july, "staff:pan", "出差", at(2026, 2, 10), asked=True)
    with started(tmp_path, database_url, at(2026, 3, 1), book, replace(book, edition=2, replaces=1)):
        editions = {month: one.edition for (month, _, _), one in sittings().items()}
    assert [month for month, edition in editions.items() if edition == 1] == [
        "2026-02",  # open, or over
        "2026-03",
        "2026-04",
        "2026-06",
        "2026-07",
    ]


def test_people_who_are_being_moved_into_a_sitting_while_a_new_edition_starts_keep_it(
    database_url: str, tmp_path: Path
) -> None:
    with started(tmp_path, database_url, at(2026, 2, 10), FIRST) as app:
        april, november = sitting_id(app, "2026-04"), sitting_id(app, "2026-11")
        [person] = seed_paid(app, april, 1)
        newer = create_app(
            development(tmp_path, database_url=database_url),
            [LoadedRulebook(FIRST, "1"), LoadedRulebook(second(), "2")],
        )
        now = at(2026, 3, 31, 9)
        with held_up_before_writing(database_url, "postponement") as road:
            road.begin(within(app, turnout.settle, april, now))
            road.begin(within(newer, load_sittings, now))
        with reading() as session:
            assert session.get_one(Registration, person).sitting_id == november
        assert sittings()["2026-11", "hr", 4].edition == 1
        assert sittings()["2026-11", "hr", 3].edition == 2
        with newer.app_context():
            db.engine.dispose()
