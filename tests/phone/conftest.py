"""A browser in the shape of a phone, and a whole installation that serves it the built pages."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from miniapp_api.phone_pages import BUILT
from server.local import LocalStack, local_stack
from tests.chromium import CHROMIUM
from tests.conftest import at
from tests.phone.hand import Hand, Look

MORNING = at(2026, 2, 24, 9)


@pytest.fixture(autouse=True)
def _what_is_needed() -> None:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine: set JIPING_CHROMIUM")
    if not (BUILT / "index.html").exists():
        pytest.skip("the phone pages are not built: they need Node.js 18 or later; then make run or make test")


@pytest.fixture
def house(sqlite_template: Path, tmp_path: Path) -> Iterator[LocalStack]:
    """An installation of this test's own, on the second morning of the April window."""
    shutil.copy(sqlite_template, tmp_path / "jiping.sqlite")
    with local_stack(tmp_path, migrated=True, database_url=f"sqlite:///{tmp_path / 'jiping.sqlite'}") as running:
        running.clock.stand_at(MORNING)
        yield running


@pytest.fixture
def look() -> Look:
    """How the phone looks; tests that want another say so."""
    return Look()


@pytest.fixture
def hand(browser: Browser, house: LocalStack, look: Look, tmp_path: Path) -> Iterator[Hand]:
    """Somebody's phone, with the pages not opened yet. At the end: it asked nobody else for anything, and nothing broke."""
    held = Hand(browser, house, look, tmp_path)
    yield held
    held.put_down()
