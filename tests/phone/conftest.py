"""A browser in the shape of a phone, and a whole installation that serves it the built pages."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from miniapp_api.phone_pages import BUILT
from server.app import make_dispatcher
from server.local import LocalStack, local_stack
from tests.books import shipped
from tests.chromium import CHROMIUM
from tests.conftest import at
from tests.phone.as_it_was import copy_database
from tests.phone.hand import Hand, Look
from tests.phone.mini_program import pack, require_built

MORNING = at(2026, 2, 24, 9)


@pytest.fixture(autouse=True)
def _what_is_needed() -> None:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine: set JIPING_CHROMIUM")
    if not (BUILT / "index.html").exists():
        pytest.skip("the phone pages are not built: they need Node.js 18 or later; then make run or make test")


@pytest.fixture(scope="session")
def _installed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalStack, Path]]:
    """What runs for all tests of a process, and its database as it was when it started."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(sqlite_template, folder / "jiping.sqlite")
    database = f"sqlite:///{folder / 'jiping.sqlite'}"
    with local_stack(folder, migrated=True, database_url=database, books=shipped()) as running:
        copy_database(folder / "jiping.sqlite", folder / "as-new.sqlite")
        yield running, folder


@pytest.fixture
def house(_installed: tuple[LocalStack, Path]) -> Iterator[LocalStack]:
    """An installation where nothing has happened yet, on the second morning of the April window. Its vendors' sandbox alone
    remembers: whoever counts messages there takes a number of their own."""
    running, folder = _installed
    copy_database(folder / "as-new.sqlite", folder / "jiping.sqlite")
    running.clock.stand_at(MORNING)
    dispatcher = make_dispatcher(running.app)
    yield replace(running, dispatcher=dispatcher)
    running.requests.wait()
    dispatcher.close()


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mini-program as one script for its simulation."""
    require_built()
    return pack(tmp_path_factory.mktemp("packed"))


@pytest.fixture
def look() -> Look:
    """How the phone looks; tests that want another say so."""
    return Look()


@pytest.fixture
def new() -> bool:
    """Has the phone never been on the pages? Tests of what a browser keeps of them say so."""
    return False


@pytest.fixture
def hand(browser: Browser, house: LocalStack, look: Look, new: bool, tmp_path: Path) -> Iterator[Hand]:
    """Somebody's phone, with the pages not opened yet. At the end: it asked nobody else for anything, and nothing broke."""
    held = Hand(browser, house, look, tmp_path, new=new)
    yield held
    held.put_down()
