"""Individuals and groups get their tickets each on their own day (准考证发放)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from server.domain.turnout import Outcome
from server.local import LocalStack, local_stack
from server.models import Ticket
from server.services import ticketing, turnout
from tests.conftest import at
from tests.people import approve, pay
from tests.rows import rows
from tests.server.test_at_window import row
from tests.window import CLERK, SLUG, come, rulebooks, sitting_of, visitor


@pytest.fixture
def stack(database_url: str, tmp_path: Path) -> Iterator[LocalStack]:
    books, began = rulebooks(tmp_path), at(2026, 2, 23, 9)
    with local_stack(tmp_path, migrated=True, books=books, began=began, database_url=database_url) as running:
        yield running


def test_an_individual_at_the_window_gets_the_ticket_on_the_individuals_day_and_a_group_on_its_own(
    stack: LocalStack,
) -> None:
    alone = come(stack, visitor(stack, 1))
    filed = come(stack, visitor(stack, 2, channel="group", unit="某培训学校"))
    for number in (alone, filed):
        approve(stack, number)
    stack.clock.stand_at(at(2026, 3, 24))
    for number in (alone, filed):
        pay(stack, number, date(2026, 3, 24))
    stack.clock.stand_at(at(2026, 3, 31))
    with stack.app.app_context():
        turnout.settle_by_hand(sitting_of(stack, SLUG), Outcome.HELD, CLERK, "演示", stack.clock.now())
    have = []
    for day in (19, 20, 21, 22):  # individuals from the 20th; groups three working days before the 25th
        stack.clock.stand_at(at(2026, 4, day, 0))
        stack.run_jobs()
        with stack.app.app_context():
            have.append([ticketing.find_for(row(stack, one).id) is not None for one in (alone, filed)])
    assert have == [[False, False], [True, False], [True, False], [True, True]]
    assert rows(stack.app, Ticket) == 2
