"""Every test gets a database of its own, SQLite or a real PostgreSQL, made by the migrations; and, where it asks for one,
a whole installation: web, sandbox and dispatcher over real HTTP on loopback."""

import gc
import os
import shutil
import socket
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

from server import schema
from server.app import create_app
from server.config import development
from server.db import db
from server.domain.days import SHANGHAI
from server.local import LocalStack, local_stack
from tests import databases
from tests.books import technicians
from tests.chromium import ARGUMENTS, CHROMIUM
from tests.databases import named_database

_numbers = count()

# Files are handed out whole, in this order: begun last, a story of a minute would be waited for by everybody else.
_LONG_FIRST = ("processes", "journeys", "phone", "replay", "rulebooks", "races", "notices", "server")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole processes and whole years first. Within a folder all stays as it was."""
    ranks = {Path(__file__).parent / name: rank for rank, name in enumerate(_LONG_FIRST)}
    items.sort(key=lambda item: ranks.get(item.path.parent, len(ranks)))


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end; looking through it for garbage again and again took a fifth of the
    whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server."""
    with databases.postgres_server(durable=False) as address:
        yield address


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A migrated database to copy from; its name is unlike any other run's on the same server."""
    name = f"jiping_template_{os.getpid()}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    _migrate(tmp_path_factory.mktemp("template"), named_database(postgres_server, name))
    return postgres_server, name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    _migrate(folder, f"sqlite:///{folder / 'jiping.sqlite'}")
    return folder / "jiping.sqlite"


def _migrate(folder: Path, url: str) -> None:
    app = create_app(development(folder, database_url=url))
    schema.upgrade(app)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests of a process: a second one beside it would not start."""
    with sync_playwright() as player:
        started = player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "jiping.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_template: tuple[str, str]) -> Iterator[str]:
    server, template = postgres_template
    name = f"jiping_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        # Without waiting for a disk, a third less work than by way of the log; and half of what dropping it takes.
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    yield named_database(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same test on both databases."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def stack(database_url: str, tmp_path: Path) -> Iterator[LocalStack]:
    """A whole installation for one institution on a fresh database, its clock standing at the first morning of the April
    window."""
    with local_stack(tmp_path, migrated=True, books=technicians(), database_url=database_url) as running:
        running.clock.stand_at(at(2026, 2, 23, 9))
        yield running


@pytest.fixture
def port() -> int:
    """A port whose neighbour is free too, below those that other tests' connections are given by the system."""
    for number in range(20000 + os.getpid() % 5000 * 2, 32000, 2):
        with socket.socket() as one, socket.socket() as next_one:
            try:
                one.bind(("127.0.0.1", number))
                next_one.bind(("127.0.0.1", number + 1))
            except OSError:
                continue
            return number
    raise RuntimeError("no two free ports")


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """An instant on a Shanghai clock."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
