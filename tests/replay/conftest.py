"""One small year, lived through once, for all tests that look at what came of it."""

from pathlib import Path

import pytest

from server.replay.plan import read_plan
from server.replay.run import Replayed, replay
from server.rulebooks.book import Rulebook
from server.rulebooks.loader import load_all

# One below the threshold of 30, the threshold itself, and one above.
AROUND_THE_THRESHOLD = """\
sitting,occupation,level,applicants,approved,paid,no_grant,sms_fails
2026-04,企业人力资源管理师,4,29,29,29,2,3
2026-04,企业人力资源管理师,3,30,30,30,1,1
2026-04,职业培训师,3,33,32,31,0,0
2026-11,企业人力资源管理师,4,2,2,1,0,0
"""


@pytest.fixture(scope="session")
def book() -> Rulebook:
    return next(one.book for one in load_all() if one.book.slug == "technicians-2026")


@pytest.fixture(scope="session")
def small_year(book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    path: Path = tmp_path_factory.mktemp("plan") / "plan.csv"
    path.write_text(AROUND_THE_THRESHOLD, "utf-8-sig")
    return replay(book, read_plan(path, book))
