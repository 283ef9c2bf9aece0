"""Whole stories, over HTTP, from the first tap to the ticket."""

from datetime import date

import pytest

from server.local import LocalStack
from tests.conftest import at
from tests.people import Phone, approve, pay
from tests.seeding import seed_paid, sitting_id


def test_a_candidate_registers_is_reviewed_pays_is_held_and_downloads_the_ticket(stack: LocalStack) -> None:
    first = Phone(stack).ready(1)
    first.register("2026-04")
    first.tap("approved")
    approve(stack, first.number)
    stack.clock.stand_at(at(2026, 3, 24))
    due = first.ok("GET", f"registrations/{first.number}/payment")
    assert (due["amount_fen"], due["open"]) == (35000, True)
    pay(stack, first.number, date(2026, 3, 24))
    seed_paid(stack.app, sitting_id(stack.app, "2026-04"), 29)  # the others, without whom it would be moved
    stack.clock.stand_at(at(2026, 3, 31, 9))
    stack.run_jobs()
    assert first.mine()["status"] == "paid"
    assert first.mine()["sitting"]["decision"] == "held"
    assert first.refused("GET", f"registrations/{first.number}/ticket") == (409, "ticket_not_ready")
    stack.clock.stand_at(at(2026, 4, 20, 9))
    stack.run_jobs()
    ticket = first.ok("GET", f"registrations/{first.number}/ticket")
    pdf = first.call("GET", f"{stack.web}{ticket['pdf']}")
    assert pdf.content.startswith(b"%PDF")
    page = first.http.get(ticket["link"], timeout=10)
    assert page.status_code == 200
    assert "有效" in page.text


@pytest.mark.parametrize("granted", [True, False])
def test_a_sitting_with_29_is_moved_to_november_and_each_is_told_by_sms(stack: LocalStack, granted: bool) -> None:
    people = [Phone(stack).ready(serial) for serial in range(1, 30)]
    for phone in people:
        phone.register("2026-04")
        if granted:
            phone.tap("postponed")
        approve(stack, phone.number)
    stack.clock.stand_at(at(2026, 3, 24))
    for phone in people:
        pay(stack, phone.number, date(2026, 3, 24))
    stack.clock.stand_at(at(2026, 3, 31, 9))
    stack.run_jobs()
    for phone in people:
        mine = phone.mine()
        assert mine["sitting"]["month"] == "2026-11"
        assert mine["postponed"]["from_days"] == "4月25日、26日"
        texts = [one for one in phone.messages() if "延期" in one["text"]]
        assert {one["channel"] for one in texts} == ({"sms", "wechat"} if granted else {"sms"})
