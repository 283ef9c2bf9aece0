"""The year settled on paper."""

import pytest

from server.domain.turnout import Outcome
from server.domain.working_days import DayTable
from server.replay.expected import expected
from server.replay.plan import PlanRow, SittingName
from server.rulebooks.book import Rulebook

HR = "企业人力资源管理师"
TABLE = DayTable()
APRIL, AUGUST, NOVEMBER = (SittingName(f"2026-{month}", HR, 4) for month in ("04", "08", "11"))


def row(name: SittingName, paid: int) -> PlanRow:
    return PlanRow(2, name, paid, paid, paid, 0, 0)


@pytest.mark.parametrize(
    ("paid", "outcome", "target"),
    [
        (0, Outcome.NONE, None),
        (1, Outcome.POSTPONED, NOVEMBER),
        (29, Outcome.POSTPONED, NOVEMBER),
        (30, Outcome.HELD, None),
        (31, Outcome.HELD, None),
    ],
)
def test_below_the_threshold_everybody_goes_to_november(
    book: Rulebook, paid: int, outcome: Outcome, target: SittingName | None
) -> None:
    april = expected(book, [row(APRIL, paid)], TABLE)[APRIL]
    assert (april.outcome, april.counted, april.target) == (outcome, paid, target)


def test_november_counts_those_who_came_from_april_and_august(book: Rulebook) -> None:
    found = expected(book, [row(APRIL, 29), row(AUGUST, 8), row(NOVEMBER, 31)], TABLE)
    assert (found[NOVEMBER].outcome, found[NOVEMBER].counted) == (Outcome.HELD, 68)


def test_november_is_held_below_the_threshold_too(book: Rulebook) -> None:
    assert expected(book, [row(NOVEMBER, 1)], TABLE)[NOVEMBER].outcome is Outcome.HELD


def test_every_sitting_of_the_calendar_is_settled(book: Rulebook) -> None:
    found = expected(book, [], TABLE)
    assert len(found) == len(book.planned()) == 9
    assert {one.outcome for one in found.values()} == {Outcome.NONE}
