"""A sitting that was to be held and must be moved after all: its tickets are void and say where to go now."""

from datetime import date

from server.domain.turnout import Outcome
from server.local import LocalStack
from server.services import turnout
from tests.conftest import at
from tests.people import Phone, approve, pay
from tests.seeding import seed_paid, sitting_id


def test_a_held_sitting_moved_by_staff_voids_its_tickets_and_each_link_says_where_to_go(stack: LocalStack) -> None:
    one = Phone(stack).ready(1)
    one.register("2026-04")
    approve(stack, one.number)
    stack.clock.stand_at(at(2026, 3, 24))
    pay(stack, one.number, date(2026, 3, 24))
    seed_paid(stack.app, sitting_id(stack.app, "2026-04"), 29)  # the others, without whom it would be moved
    stack.clock.stand_at(at(2026, 4, 20, 9))
    stack.run_jobs()
    april = one.mine()["sitting"]["id"]
    old = one.ok("GET", f"registrations/{one.number}/ticket")
    assert one.http.get(old["link"], timeout=10).status_code == 200

    with stack.app.app_context():
        turnout.settle_by_hand(april, Outcome.POSTPONED, "staff:chen", "场地停电", stack.clock.now())
    stack.run_jobs()

    page = one.http.get(old["link"], timeout=10)
    assert page.status_code == 410
    for words in ("已作废", "11月7日、8日", "2026年11月2日"):
        assert words in page.text
    assert one.refused("GET", f"registrations/{one.number}/ticket") == (409, "ticket_not_ready")
    assert [text for text in one.messages() if "延期" in text["text"] and text["channel"] == "sms"]
    # In time it could not be: everybody without a confirmed message stands on the telephone list at once.
    assert one.mine()["sitting"]["month"] == "2026-11"

    stack.clock.stand_at(at(2026, 10, 14, 9))
    stack.run_jobs()
    stack.clock.stand_at(at(2026, 11, 2, 9))
    stack.run_jobs()
    new = one.ok("GET", f"registrations/{one.number}/ticket")
    assert new["number"] != old["number"]
    assert "有效" in one.http.get(new["link"], timeout=10).text
