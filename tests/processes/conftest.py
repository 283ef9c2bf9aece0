"""Databases that can be had again and again as they were, for processes that are killed at their work."""

import shutil
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from server.app import create_app
from server.config import Settings, development
from server.local import LocalStack, local_stack
from server.rulebooks.loader import FOLDER
from server.services.making_sittings import load_sittings
from tests.books import technicians
from tests.conftest import at
from tests.processes.workers import forget_connections, never_enough
from tests.seeding import seed_paid, sitting_id

PEOPLE = 1_000
GONE_WITHIN = 10.0


def seed(settings: Settings) -> int:
    """A sitting of April with PEOPLE paid registrations; its id."""
    app = create_app(settings, never_enough())
    with app.app_context():
        load_sittings(at(2026, 2, 9))
    april = sitting_id(app, "2026-04")
    seed_paid(app, april, PEOPLE)
    forget_connections(app)
    return april


@pytest.fixture
def stack(database_url: str, tmp_path: Path) -> Iterator[LocalStack]:
    """As everywhere, but of one institution alone, also for the processes that join it."""
    folder = tmp_path / "rulebooks"
    folder.mkdir()
    shutil.copy(FOLDER / "technicians-2026.toml", folder)
    with local_stack(
        tmp_path, migrated=True, books=technicians(), database_url=database_url, rulebooks=str(folder)
    ) as running:
        running.clock.stand_at(at(2026, 2, 23, 9))
        yield running


class Copies(Protocol):
    """Copies of one seeded database."""

    april: int

    def copy(self) -> AbstractContextManager[Settings]: ...

    def wait_until_left(self, settings: Settings) -> None:
        """Until nothing of a killed process works on the database any more."""


class SqliteCopies:
    def __init__(self, folder: Path, url: str) -> None:
        self._folder, self._numbers = folder, count()
        self.settings = development(folder, database_url=url)
        self.april = seed(self.settings)

    @contextmanager
    def copy(self) -> Iterator[Settings]:
        path = self._folder / f"copy-{next(self._numbers)}.sqlite"
        shutil.copy(self.settings.database_url.removeprefix("sqlite:///"), path)
        yield development(self._folder, database_url=f"sqlite:///{path}")

    def wait_until_left(self, settings: Settings) -> None:
        """Nothing to wait for: what works on the file is the process itself."""


class PostgresCopies:
    def __init__(self, folder: Path, server: str, url: str) -> None:
        self._folder, self._server, self._numbers = folder, server, count()
        self._name = url.partition("?")[0].rsplit("/", 1)[1]
        self.settings = development(folder, database_url=url)
        self.april = seed(self.settings)

    @contextmanager
    def copy(self) -> Iterator[Settings]:
        name = f"{self._name}_{next(self._numbers)}"
        url = self.settings.database_url.replace(f"/{self._name}", f"/{name}")
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self._name}"'.encode())
            try:
                yield development(self._folder, database_url=url)
            finally:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())

    def wait_until_left(self, settings: Settings) -> None:
        """A backend whose client was killed finishes its statement before it notices."""
        name = settings.database_url.partition("?")[0].rsplit("/", 1)[1]
        deadline = time.monotonic() + GONE_WITHIN
        with psycopg.connect(self._server, autocommit=True) as connection:
            asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
            while (row := connection.execute(asked, [name]).fetchone()) and row[0]:
                assert time.monotonic() < deadline, "a backend lives on"


@pytest.fixture
def sqlite_copies(sqlite_url: str, tmp_path: Path) -> Copies:
    return SqliteCopies(tmp_path, sqlite_url)


@pytest.fixture
def postgres_copies(postgres_server: str, postgres_url: str, tmp_path: Path) -> Copies:
    return PostgresCopies(tmp_path, postgres_server, postgres_url)
