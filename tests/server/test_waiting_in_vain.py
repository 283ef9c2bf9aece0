"""People who wait for next year's rules, when these are there and have no sitting for them."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from server.app import create_app
from server.config import development
from server.db import db
from server.rulebooks.book import Rulebook
from server.rulebooks.loader import FOLDER, LoadedRulebook, load_file
from server.services import alarms, turnout, waiting
from server.services.making_sittings import load_sittings
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id

BOOK = load_file(FOLDER / "sisa-2026.toml").book
NEXT = replace(BOOK, slug="sisa-2027", year=2027)
WITHOUT = replace(NEXT, occupations=tuple(one for one in NEXT.occupations if one.key != "netsec"))
CODES = {"next_year_missing", "waiting_in_vain"}


@pytest.mark.parametrize(
    ("books", "now", "raised", "placed"),
    [
        ([BOOK], at(2027, 1, 5, 9), "next_year_missing", 0),
        ([BOOK, WITHOUT], at(2027, 1, 5, 9), "waiting_in_vain", 0),
        ([BOOK, NEXT], at(2027, 1, 5, 9), "next_year_missing", 2),  # for a moment, until they are placed
        ([BOOK, NEXT], at(2028, 1, 27, 9), "waiting_in_vain", 0),  # its last sitting is on the 29th
    ],
)
def test_where_next_years_rules_have_no_sitting_the_alarm_does_not_ask_for_them_again(
    sqlite_url: str, tmp_path: Path, books: list[Rulebook], now: datetime, raised: str, placed: int
) -> None:
    settings = development(tmp_path, database_url=sqlite_url)
    before = create_app(settings, [LoadedRulebook(BOOK, BOOK.slug)])
    with before.app_context():
        load_sittings(at(2026, 11, 2))
        seed_paid(before, sitting_id(before, "2027-01", "netsec", 4), 2)
        turnout.settle_due(at(2027, 1, 2, 9))
        db.engine.dispose()
    with create_app(settings, [LoadedRulebook(one, one.slug) for one in books]).app_context():
        load_sittings(now)
        (alarm,) = [one for one in alarms.alarms(now, starting=True) if one.code in CODES]
        assert alarm.code == raised
        assert "2人" in alarm.text
        assert waiting.attach_due(now) == placed
        db.engine.dispose()
