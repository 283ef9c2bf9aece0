"""The application on a migrated database with nothing in it, and a process's way to its command line."""

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

Jiping = Callable[..., Result]


@contextmanager
def _opened(url: str, folder: Path) -> Iterator[Flask]:
    made = create_app(development(folder, database_url=url))
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
