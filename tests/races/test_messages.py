"""Two clerks at one message by hand: it is sent once, or dropped, and never both."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from server.db import reading
from server.models import AuditEntry, HandMessage, Notice, NoticeCause
from server.services import messaging
from server.services.messaging import Whom
from server.services.turnout import settle
from tests.conftest import at
from tests.races.crowd import at_once, tally, within
from tests.races.hold_up import held_up_before_writing
from tests.seeding import seed_paid, sitting_id

NOON = at(2026, 3, 24)
DUE = at(2026, 3, 31, 9)
Number = Callable[..., int]


@pytest.fixture
def draft(app: Flask) -> int:
    april = sitting_id(app, "2026-04")
    seed_paid(app, april, 20)
    with app.app_context():
        return messaging.draft(april, Whom.PAID, "考务提醒", "请带黑色签字笔", "staff:lin", NOON)


def test_eight_confirmers_at_once_send_it_once(app: Flask, draft: int, number: Number) -> None:
    clerks = [within(app, messaging.confirm, draft, f"staff:{one}", NOON) for one in range(8)]
    assert tally(at_once(clerks)) == {20: 1, None: 7}
    assert number(NoticeCause, NoticeCause.kind == "by_hand") == 1
    assert number(Notice) == 20
    assert number(AuditEntry, AuditEntry.action == "message.confirmed") == 1


def test_the_second_confirmer_waits_for_the_first_and_finds_it_done(
    app: Flask, draft: int, database_url: str, number: Number
) -> None:
    with held_up_before_writing(database_url, "notice") as held:
        first = held.begin(within(app, messaging.confirm, draft, "staff:chen", NOON))
        second = held.begin(within(app, messaging.confirm, draft, "staff:wu", NOON))
    assert (first.result(), second.result()) == (20, None)
    assert number(NoticeCause, NoticeCause.kind == "by_hand") == number(HandMessage) == 1


def test_a_draft_that_is_dropped_and_confirmed_at_once_is_one_of_both(app: Flask, draft: int, number: Number) -> None:
    done = at_once(
        [
            within(app, messaging.confirm, draft, "staff:chen", NOON),
            within(app, messaging.drop, draft, "staff:wu", "不发了", NOON),
        ]
    )
    assert done in ([20, "message_confirmed"], ["message_dropped", True])
    assert number(Notice) == (20 if done[0] == 20 else 0)


def test_nobody_who_is_moved_at_that_moment_is_told_of_the_sitting_that_they_left(
    app: Flask, draft: int, database_url: str
) -> None:
    """Too few: at nine everybody is moved to November, and a clerk confirms a message that would ring by eight."""
    april = sitting_id(app, "2026-04")
    with held_up_before_writing(database_url, "postponement") as held:
        held.begin(within(app, settle, april, DUE))
        late = held.begin(within(app, messaging.confirm, draft, "staff:chen", DUE))
    assert late.result() == "message_nobody"
    with app.app_context(), reading() as session:
        assert list(session.scalars(select(NoticeCause.kind).distinct())) == ["postponed"]
