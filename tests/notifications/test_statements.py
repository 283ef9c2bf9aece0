"""How many statements telling costs does not grow with the people told, and neither does memory."""

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from notifications.channels.contract import Answer, Message, Outcome, Receipt
from notifications.dispatch.claim import claim_due
from notifications.dispatch.dispatcher import Dispatcher
from notifications.dispatch.plan import plan_due
from notifications.dispatch.record import record_answers
from server.db import db
from server.domain.notices import ChannelName
from server.domain.turnout import Outcome as Decided
from server.local import LocalStack
from server.services import turnout
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id

DUE = at(2026, 3, 31, 9)
TEMPLATES = {ChannelName.SMS: {"postponed": "1001"}, ChannelName.WECHAT: {}}


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement meanwhile, one that is given many rows as often as it has rows."""
    seen = list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        if not statement.startswith("BEGIN"):
            seen.extend([" ".join(statement.split())[:60]] * (len(given) if many and isinstance(given, list) else 1))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def postpone(stack: LocalStack, month: str, people: int) -> None:
    sitting = sitting_id(stack.app, month)
    seed_paid(stack.app, sitting, people)
    stack.clock.stand_at(DUE)
    with stack.app.app_context():
        turnout.settle_by_hand(sitting, Decided.POSTPONED, "staff:chen", "场地", DUE)


@pytest.mark.parametrize("people", [1, 300])
def test_a_postponement_takes_as_many_statements_for_300_as_for_one(stack: LocalStack, people: int) -> None:
    sitting = sitting_id(stack.app, "2026-04")
    seed_paid(stack.app, sitting, people)
    with stack.app.app_context(), statements(stack.app) as seen:
        turnout.settle_by_hand(sitting, Decided.POSTPONED, "staff:chen", "场地", DUE)
    assert len([one for one in seen if one.startswith("INSERT INTO notice ")]) == 1
    assert len(seen) == 19, seen


def test_a_postponement_needs_no_more_memory_for_1000_people_than_for_50(stack: LocalStack) -> None:
    def needed(sitting: int) -> int:
        with stack.app.app_context():
            tracemalloc.start()
            try:
                turnout.settle_by_hand(sitting, Decided.POSTPONED, "staff:chen", "场地", DUE)
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    april = [sitting_id(stack.app, "2026-04", *one) for one in (("hr", 4), ("hr", 3), ("trainer", 3))]
    for sitting, people in zip(april, (10, 50, 1000), strict=True):
        seed_paid(stack.app, sitting, people)
    needed(april[0])  # what the first use costs
    few, many = needed(april[1]), needed(april[2])
    assert many < few + 950 * 50  # an object for each person would be more


@pytest.mark.parametrize("people", [1, 200])
def test_planning_claiming_and_recording_take_as_many_statements_for_200_as_for_one(
    stack: LocalStack, people: int
) -> None:
    postpone(stack, "2026-04", people)

    def counted(work: Callable[[], Any]) -> tuple[Any, int]:
        with stack.app.app_context(), statements(stack.app) as seen:
            return work(), len(seen)

    planned, for_planning = counted(lambda: plan_due(TEMPLATES, DUE))
    claimed, for_claiming = counted(lambda: claim_due(TEMPLATES, {ChannelName.SMS}, DUE, 500))
    answers = [(one, Answer(Outcome.ACCEPTED, "Ok", f"serial-{one.delivery_id}")) for one in claimed]
    _, for_recording = counted(lambda: record_answers(answers, DUE))
    assert planned == len(claimed) == people
    assert (for_planning, for_claiming, for_recording) == (3, 4, 4)


class Taken:
    """A carrier that takes everything at once."""

    name = "sms"

    def send(self, message: Message) -> Answer:
        return Answer(Outcome.ACCEPTED, "Ok", f"serial-{message.reference}")

    def look_up(self, message: Message, vendor_reference: str, sent_at: object) -> Receipt | None:
        return None

    def pull(self) -> list[Receipt]:
        return []


def test_a_dispatcher_spends_less_than_a_statement_on_four_messages(stack: LocalStack) -> None:
    postpone(stack, "2026-04", 640)
    dispatcher = Dispatcher(stack.app, stack.clock, {ChannelName.SMS: Taken()}, TEMPLATES, senders=64)
    try:
        with statements(stack.app) as seen:
            assert dispatcher.drain() == 640
    finally:
        dispatcher.close()
    assert len(seen) < 640 / 4
