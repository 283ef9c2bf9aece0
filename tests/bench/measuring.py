"""What every benchmark needs: an installation of its own, a clock, and one way to say what came of it."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import psycopg
from flask import Flask

from server import schema
from server.app import create_app
from server.clock import MovedClock
from server.config import development
from server.db import db
from server.services.making_sittings import load_sittings
from tests.conftest import at
from tests.databases import named_database


@contextmanager
def installation(server: str, **settings: Any) -> Iterator[Flask]:
    """An application on a fresh PostgreSQL database, its clock standing at a noon of the April window, whatever the hour."""
    name = _new_database(server)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(development(Path(folder), database_url=named_database(server, name), **settings))
        schema.upgrade(app)
        MovedClock(Path(folder) / "clock.json").stand_at(at(2026, 3, 2))
        with app.app_context():
            load_sittings(at(2026, 3, 2))
        yield app
        with app.app_context():
            db.engine.dispose()
    _drop_database(server, name)


@contextmanager
def copy_of(server: str, app: Flask, **settings: Any) -> Iterator[Flask]:
    """The same installation on a copy of its database, which nobody may be connected to."""
    with app.app_context():
        db.engine.dispose()
    original = app.extensions["jiping_settings"]
    name = _new_database(server, original.database_url.partition("?")[0].rpartition("/")[2])
    folder = original.clock_file.parent
    other = create_app(development(folder, database_url=named_database(server, name), **settings))
    yield other
    with other.app_context():
        db.engine.dispose()
    _drop_database(server, name)


def _new_database(server: str, template: str = "template1") -> str:
    name = f"bench_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def _drop_database(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def rate(count: int, work: Callable[[], object]) -> float:
    """How many a second."""
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def say(name: str, ours: list[float], floor: list[float], unit: str) -> None:
    """Rates, the higher the better; the ratio is ours to the floor, round by round: its median, least and greatest."""
    ratios = [one / other for one, other in zip(ours, floor, strict=True)]
    print(
        f"{name:<44} {median(ours):>9.0f} {unit}   floor {median(floor):>9.0f}   "
        f"ratio {median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})",
        flush=True,
    )
