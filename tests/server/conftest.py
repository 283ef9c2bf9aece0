"""The application on a migrated database with nothing in it, a process's way to its command line, and a clerk's desk."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from server.app import create_app
from server.cli import main
from server.clock import MovedClock
from server.commands.context import application
from server.config import development
from server.db import db
from server.services.making_sittings import load_sittings
from tests.books import shipped
from tests.conftest import at
from tests.people import id_card, portrait
from tests.rulebooks.toml_text import ORIGINAL, save
from tests.window import SLUG, window_table

Jiping = Callable[..., Result]
Apply = Callable[..., Result]
MORNING = at(2026, 2, 23, 9)


@contextmanager
def _opened(url: str, folder: Path) -> Iterator[Flask]:
    made = create_app(development(folder, database_url=url), shipped())
    with made.app_context():
        yield made
        db.engine.dispose()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application, its context open for the whole test."""
    with _opened(database_url, tmp_path) as made:
        yield made


@pytest.fixture
def sqlite_app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The same on SQLite alone, for what the database has no part in."""
    with _opened(sqlite_url, tmp_path) as made:
        yield made


@pytest.fixture
def jiping(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jiping]:
    """`jiping` with these arguments at this instant, on an installation of its own."""
    monkeypatch.setenv("JIPING_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("JIPING_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("JIPING_STAFF", "lin")
    application.cache_clear()

    def run(now: datetime, *arguments: str) -> Result:
        MovedClock(tmp_path / "clock.json").stand_at(now)
        return CliRunner().invoke(main, arguments)

    yield run
    with application().app_context():
        db.engine.dispose()
    application.cache_clear()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A clerk's folder: the pictures of two people."""
    folder = tmp_path / "desk"
    for name in (
        "photos/1.jpg",
        "photos/2.jpg",
        "papers/1-work.jpg",
        "papers/2-certificate.jpg",
        "papers/2-work.jpg",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(portrait())
    return folder


@pytest.fixture
def apply(sqlite_url: str, tmp_path: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Apply]:
    """`jiping staff apply` of a file with this content, at this instant, on an installation with both kinds of institution."""
    books = tmp_path / "books"
    books.mkdir()
    (books / ORIGINAL.name).write_bytes(ORIGINAL.read_bytes())
    save(books, window_table(), f"{SLUG}.toml")
    for key, value in {"DATA_DIR": tmp_path, "DATABASE_URL": sqlite_url, "RULEBOOKS": books, "STAFF": "ye"}.items():
        monkeypatch.setenv(f"JIPING_{key}", str(value))
    application.cache_clear()
    with application().app_context():
        load_sittings(MORNING)

    def run(text: str, *options: str, now: datetime = MORNING) -> Result:
        MovedClock(tmp_path / "clock.json").stand_at(now)
        (desk / "list.toml").write_text(text, "utf-8")
        ran = CliRunner().invoke(main, ["staff", "apply", str(desk / "list.toml"), *options])
        said = ran.output + str(ran.exception or "")
        assert not any(number in said for number in (id_card(1), id_card(2), "E12345678", "1380000000")), said
        return ran

    yield run
    with application().app_context():
        db.engine.dispose()
    application.cache_clear()
