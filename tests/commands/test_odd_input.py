"""Whatever a clerk types: words and exit code 1, never a trace, and nothing half done."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from server.cli import main
from server.clock import MovedClock
from server.commands.context import application
from server.db import db, reading
from server.models import AuditEntry, LedgerEntry, TurnoutDecision
from server.services.making_sittings import load_sittings
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id

DUE = at(2026, 3, 31, 9)
HUGE, LONG = "99999999999999999999", "字" * 600


@pytest.fixture
def jiping(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    """`jiping` on an installation where somebody has paid for April, and April is due."""
    for key, value in {"DATA_DIR": str(tmp_path), "DATABASE_URL": database_url, "STAFF": "lin"}.items():
        monkeypatch.setenv(f"JIPING_{key}", value)
    MovedClock(tmp_path / "clock.json").stand_at(DUE)
    application.cache_clear()
    with application().app_context():
        load_sittings(at(2026, 2, 9))
    seed_paid(application(), sitting_id(application(), "2026-04"), 1)
    yield lambda *words: CliRunner().invoke(main, words)
    with application().app_context():
        db.engine.dispose()
    application.cache_clear()


@pytest.mark.parametrize(
    "words",
    [
        ("sitting", "show", HUGE),
        ("sitting", "day", HUGE, "2026-05-30", "--reason", "x"),
        ("sitting", "day", "1", "9999-12-31", "--reason", "x"),
        ("sitting", "decide", HUGE, "held", "--reason", "x"),
        ("sitting", "capacity", HUGE, "30", "--reason", "x"),
        ("sitting", "move", "S0000001", HUGE, "--reason", "x"),
        ("sitting", "place", "1", "机房\udcff", "--reason", "x"),
        ("telephone", "called", HUGE, "reached"),
    ],
)
def test_what_nothing_can_be_is_refused_in_words(jiping: Callable[..., Result], words: tuple[str, ...]) -> None:
    refused = jiping("staff", *words)
    assert (refused.exit_code, type(refused.exception)) == (1, SystemExit), refused.exception
    assert "Traceback" not in refused.output
    assert refused.output.startswith("Error: ")


@pytest.mark.parametrize(
    "words",
    [
        ("sitting", "place", "1", LONG, "--reason", "x"),
        ("sitting", "decide", "1", "held", "--reason", LONG),
        ("payment", "record", "S0000001", "--yuan", HUGE, "--on", "2026-03-25", "--reference", "a", "--other-amount"),
        ("payment", "record", "S0000001", "--yuan", "1", "--on", "2026-03-25", "--reference", LONG, "--other-amount"),
    ],
)
def test_what_no_column_holds_is_refused_or_kept_whole(jiping: Callable[..., Result], words: tuple[str, ...]) -> None:
    """SQLite holds any length; PostgreSQL does not, and then nothing is done at all."""
    done = jiping("staff", *words)
    assert isinstance(done.exception, SystemExit | None), done.exception
    with application().app_context(), reading() as session:
        kept = [len(session.scalars(select(table)).all()) for table in (AuditEntry, LedgerEntry, TurnoutDecision)]
    assert (kept == [0, 1, 0]) == (done.exit_code == 1)
