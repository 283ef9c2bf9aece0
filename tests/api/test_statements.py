"""How many statements an answer costs does not grow with what is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from server.db import db
from server.domain.registrations import Action
from server.local import LocalStack
from server.services import reviewing
from tests.api.conftest import Newcomer
from tests.people import Phone, approve


@contextmanager
def statements(stack: LocalStack) -> Iterator[list[str]]:
    """Every statement that the database is given meanwhile, BEGIN and PRAGMA aside."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(" ".join(statement.split())[:90])

    with stack.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def cost(phone: Phone, path: str) -> int:
    with statements(phone.stack) as seen:
        assert phone.call("GET", path).status_code == 200
    return len(seen)


def with_registrations(phone: Phone, how_many: int) -> Phone:
    """So many registrations, all but the last withdrawn again."""
    for turn in range(how_many):
        phone.register("2026-04")
        if turn < how_many - 1:
            phone.ok("POST", f"registrations/{phone.number}/withdrawal")
    return phone


def test_the_list_of_sittings_is_one_statement(house: LocalStack) -> None:
    assert cost(Phone(house), "sittings") == 1


def test_five_registrations_cost_what_one_costs(newcomer: Newcomer) -> None:
    one, five = with_registrations(newcomer(), 1), with_registrations(newcomer(), 5)
    assert len(five.ok("GET", "registrations")["registrations"]) == 5
    assert cost(one, "registrations") == cost(five, "registrations") <= 6


def test_one_registration_costs_the_same_however_much_happened_to_it(house: LocalStack, newcomer: Newcomer) -> None:
    quiet, busy = with_registrations(newcomer(), 1), with_registrations(newcomer(), 1)
    for _ in range(3):
        with house.app.app_context():
            reviewing.review(busy.number, Action.RETURN, "staff:chen", house.clock.now(), reasons=["看不清"])
        form = busy.form(0) | {"version": busy.mine()["version"]}
        del form["sitting_id"]
        busy.ok("PUT", f"registrations/{busy.number}", json=form)
    approve(house, busy.number)
    assert len(busy.mine()["timeline"]) > len(quiet.mine()["timeline"]) + 6
    # Ten for the registration and its timeline, one for the evidence, one for the signature.
    assert cost(quiet, f"registrations/{quiet.number}") == cost(busy, f"registrations/{busy.number}") <= 12
