"""上海交通大学 in 2026: no notice is published yet, so the rules of 2025 are carried on, and all that is the year's own says so.

What the rules are is tested in test_sjtu_2025.py; docs/notices/sjtu-2025.md ends with what is assumed here.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from server.domain.turnout import Outcome, Sitting, decide
from server.rulebooks.book import Rulebook
from server.rulebooks.loader import FOLDER, assumed_clauses, load_file

BOOK = load_file(FOLDER / "sjtu-2026.toml").book
BEFORE = load_file(FOLDER / "sjtu-2025.toml").book


def clauses(node: object, key: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table of a rulebook that has a source."""
    if isinstance(node, dict):
        if "source" in node:
            yield key, node
        for name, value in node.items():
            yield from clauses(value, f"{key}.{name}".lstrip("."))
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            yield from clauses(value, f"{key}[{index}]")


def rules(book: Rulebook) -> dict[str, Any]:
    """What a rulebook says, without where it is from."""
    said = asdict(book)
    for _, table in list(clauses(said)):
        del table["source"], table["assumed"]
    return {key: value for key, value in said.items() if key not in ("slug", "year", "notice")}


def test_the_title_says_that_there_is_no_notice_for_2026_yet() -> None:
    """Head of the notice of 2025, and the remark that candidates read first."""
    assert BOOK.notice.title == f"{BEFORE.notice.title}（2026年通知尚未公布，暂按2025年通知执行）"
    assert (BOOK.notice.number, BOOK.notice.issued_on, BOOK.edition) == ("", None, 1)
    assert BOOK.notice.remarks[0].startswith("2026年通知尚未公布，暂按2025年通知执行")
    assert BOOK.notice.remarks[1:] == BEFORE.notice.remarks


def test_the_rules_are_those_of_2025() -> None:
    """Every article: nothing is changed but the year."""
    assert rules(BOOK) == rules(BEFORE)


def test_all_that_is_the_years_own_is_marked_as_assumed() -> None:
    """Not the year's own: where the window is (六), the national conditions (附件1) and the rules of conduct (附件2)."""
    found = {key for key, _ in clauses(asdict(BOOK))}
    assert found - {key for key, _ in assumed_clauses(BOOK)} == {"institution", "eligibility", "conduct"}


def test_every_source_names_the_notice_of_2025() -> None:
    """Every article keeps its place in the notice of 2025."""
    before = {key: table["source"] for key, table in clauses(asdict(BEFORE))}
    carried = {key: table["source"] for key, table in clauses(asdict(BOOK))}
    assert all(source.startswith("2025年通知") for source in carried.values())
    assert {key: source.removeprefix("2025年通知").strip() for key, source in carried.items()} == before


def test_its_sittings_begin_where_those_of_2025_end() -> None:
    """二（三）1: January is the last month of the windows of 2025, March the first of those of 2026."""
    months = [one.month for one in BOOK.calendar.planned(2026)]
    assert months == [f"2026-{number:02d}" for number in range(3, 13)] + ["2027-01"]
    assert BEFORE.calendar.planned(2025)[-1].month == "2026-01"
    first = BOOK.calendar.planned(2026)[0]
    assert (first.apply.first, first.apply.last) == (date(2026, 1, 1), date(2026, 2, 15))
    assert first.apply.first - BEFORE.calendar.planned(2025)[-1].apply.last == timedelta(days=1)


def test_who_was_left_waiting_after_january_goes_to_march_once_these_rules_are_there() -> None:
    """二（三）3: 顺延至下月评价认定; there is no sitting in February."""
    january, march = (Sitting(number, date(2026, month, 28)) for number, month in ((1, 1), (2, 3)))
    told, today = date(2026, 1, 23), date(2026, 1, 2)
    alone = decide(BEFORE.turnout, january, 29, 29, [], told, today)
    followed = decide(BEFORE.turnout, january, 29, 29, [march], told, today)
    assert (alone.outcome, alone.target, alone.waits) == (Outcome.POSTPONED, None, True)
    assert (followed.outcome, followed.target, followed.waits) == (Outcome.POSTPONED, march, False)
