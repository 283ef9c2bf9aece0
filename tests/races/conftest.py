"""What many at once are let loose on."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.config import development
from server.db import db
from server.rulebooks.loader import LoadedRulebook
from server.services.making_sittings import load_sittings
from tests.books import technicians
from tests.conftest import at
from tests.rows import rows


@pytest.fixture
def books() -> list[LoadedRulebook]:
    """Whose sittings there are; tests that want more of them say so."""
    return technicians()


@pytest.fixture
def app(database_url: str, books: list[LoadedRulebook], tmp_path: Path) -> Iterator[Flask]:
    """The application alone, for races between use cases that nobody asks for over HTTP."""
    made = create_app(development(tmp_path, database_url=database_url), books)
    with made.app_context():
        load_sittings(at(2026, 2, 9))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def number(request: pytest.FixtureRequest) -> Callable[..., int]:
    """How many rows of a table there are, under conditions."""
    asked = request.fixturenames
    running = request.getfixturevalue("stack").app if "stack" in asked else request.getfixturevalue("app")

    return partial(rows, running)
