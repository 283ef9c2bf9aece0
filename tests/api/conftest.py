"""One installation for a whole file of tables: each row brings people of its own, and its clock begins anew."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from server.local import LocalStack, local_stack
from tests.books import technicians
from tests.conftest import at
from tests.people import Phone

Newcomer = Callable[[], Phone]
_serials = count(100)
MORNING = at(2026, 2, 23, 9)


@pytest.fixture(scope="module")
def _installation(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(sqlite_template, folder / "jiping.sqlite")
    url = f"sqlite:///{folder / 'jiping.sqlite'}"
    with local_stack(folder, migrated=True, books=technicians(), database_url=url) as running:
        running.clock.stand_at(MORNING)
        yield running


@pytest.fixture
def house(_installation: LocalStack) -> LocalStack:
    """The file's installation on SQLite, at the first morning of the April window."""
    _installation.clock.stand_at(MORNING)
    return _installation


@pytest.fixture
def newcomer(house: LocalStack) -> Newcomer:
    """Somebody new who has signed in, verified a phone and sent particulars and photo."""
    return lambda: Phone(house).ready(next(_serials))


@pytest.fixture
def serial() -> int:
    """A number that nobody else in this run has."""
    return next(_serials)
