"""What arrives late on the clerk's desk: money received in time counts, money for a sitting that is over goes back."""

from datetime import date

import pytest

from server.domain.turnout import Outcome
from server.errors import Problem
from server.local import LocalStack
from server.services import paying, turnout
from tests.conftest import at
from tests.people import Phone, approve, pay, portrait
from tests.seeding import seed_paid, sitting_id


@pytest.fixture
def late(stack: LocalStack) -> Phone:
    """Somebody approved for April whose money nobody has recorded yet."""
    somebody = Phone(stack).ready(1)
    somebody.register("2026-04")
    approve(stack, somebody.number)
    return somebody


def _record(stack: LocalStack, phone: Phone, day: date, reference: str, fen: int = 35000) -> paying.PaymentRecorded:
    with stack.app.app_context():
        return paying.record_payment(
            phone.number, fen, day, reference, "staff:lin", stack.clock.now(), other_amount=True
        )


def test_money_received_in_time_and_recorded_after_the_move_takes_its_owner_along(
    stack: LocalStack, late: Phone
) -> None:
    other = Phone(stack).ready(2)
    other.register("2026-04")
    approve(stack, other.number)
    stack.clock.stand_at(at(2026, 3, 24))
    pay(stack, other.number, date(2026, 3, 24))
    stack.clock.stand_at(at(2026, 3, 31, 9))
    stack.run_jobs()
    assert late.mine()["status"] == "expired"
    assert _record(stack, late, date(2026, 3, 29), "late-1").paid
    stack.run_jobs()
    mine = late.mine()
    assert (mine["status"], mine["sitting"]["month"]) == ("paid", "2026-11")
    assert [one for one in late.messages() if "延期" in one["text"] and one["channel"] == "sms"]


def test_money_recorded_after_the_sitting_is_not_a_payment_and_can_be_given_back(
    stack: LocalStack, late: Phone
) -> None:
    stack.clock.stand_at(at(2026, 4, 28))
    stack.run_jobs()
    assert not _record(stack, late, date(2026, 3, 29), "late-2").paid
    with stack.app.app_context():
        assert paying.refund(late.number, "back-2", "staff:lin", "未参加评价", stack.clock.now()) == 35000


def test_money_entered_before_the_review_counts_with_the_approval_and_only_then(stack: LocalStack) -> None:
    """二（四） 资格审核通过后: who transfers early is not asked to pay again."""
    early = Phone(stack).ready(2)
    early.register("2026-04")
    assert not _record(stack, early, date(2026, 2, 23), "early-1").paid
    assert early.mine()["status"] == "submitted"
    approve(stack, early.number)
    stack.run_jobs()
    assert early.mine()["status"] == "paid"
    assert [one["text"].partition("已")[2][:2] for one in early.messages() if one["channel"] == "sms"] == ["到账"]


def test_who_expired_unreviewed_does_not_come_in_by_paying(stack: LocalStack) -> None:
    unreviewed, other = Phone(stack).ready(2), Phone(stack).ready(3)
    for phone in (unreviewed, other):
        phone.register("2026-04")
    approve(stack, other.number)
    stack.clock.stand_at(at(2026, 3, 24))
    pay(stack, other.number, date(2026, 3, 24))
    stack.clock.stand_at(at(2026, 3, 31, 9))
    stack.run_jobs()
    assert not _record(stack, unreviewed, date(2026, 3, 24), "early-2").paid
    assert unreviewed.mine()["status"] == "expired"


def test_only_what_was_received_by_the_last_day_is_held_against_the_fee(stack: LocalStack, late: Phone) -> None:
    stack.clock.stand_at(at(2026, 3, 30))
    assert not _record(stack, late, date(2026, 3, 30), "late-3", 20000).paid
    assert not _record(stack, late, date(2026, 3, 29), "late-4", 15000).paid


def test_an_amount_that_is_not_owed_is_taken_only_where_the_clerk_says_so(stack: LocalStack, late: Phone) -> None:
    stack.clock.stand_at(at(2026, 3, 24))
    with stack.app.app_context(), pytest.raises(Problem, match="amount_wrong"):
        paying.record_payment(late.number, 35000000, date(2026, 3, 24), "typo", "staff:lin", stack.clock.now())
    assert late.mine()["status"] == "approved"


def test_a_photo_changed_after_the_form_was_handed_in_is_not_the_one_that_was_judged(
    stack: LocalStack, late: Phone
) -> None:
    with stack.app.app_context():
        from server.services.dossier import open_dossier

        before = open_dossier(late.number).registration.photo_id
        late.ok("PUT", "me/photo", files={"file": ("other.jpg", portrait(420, 590), "image/jpeg")})
        after = open_dossier(late.number)
        assert after.registration.photo_id == before != after.candidate.photo_id


def test_what_was_to_be_held_and_is_moved_before_morning_is_told_once_and_at_once(
    stack: LocalStack, late: Phone
) -> None:
    april = sitting_id(stack.app, "2026-04")
    seed_paid(stack.app, april, 29)  # with the one below they are enough
    stack.clock.stand_at(at(2026, 3, 24))
    pay(stack, late.number, date(2026, 3, 24))
    stack.clock.stand_at(at(2026, 3, 31, 0, 1))
    stack.run_jobs()
    stack.clock.stand_at(at(2026, 4, 24, 21, 30))
    with stack.app.app_context():
        turnout.settle_by_hand(april, Outcome.POSTPONED, "staff:chen", "场地停电", stack.clock.now())
    stack.run_jobs()
    texts = [one["text"] for one in late.messages()]
    assert [one for one in texts if "延期" in one], "the evening before is no time to wait for the morning"
    assert not [one for one in texts if "如期" in one]


def test_the_only_one_whose_money_was_recorded_late_goes_where_the_rule_sends_the_few(
    stack: LocalStack, late: Phone
) -> None:
    stack.clock.stand_at(at(2026, 3, 31, 9))
    stack.run_jobs()
    assert late.mine()["sitting"]["decision"] == "none"
    assert _record(stack, late, date(2026, 3, 29), "late-1").paid
    stack.run_jobs()
    mine = late.mine()
    assert (mine["status"], mine["sitting"]["month"]) == ("paid", "2026-11")
    assert [one for one in late.messages() if "延期" in one["text"] and one["channel"] == "sms"]


def test_the_only_one_whose_money_is_recorded_when_it_is_too_late_to_move_anybody_waits_for_staff(
    stack: LocalStack, late: Phone
) -> None:
    stack.clock.stand_at(at(2026, 4, 17, 9))
    stack.run_jobs()
    assert _record(stack, late, date(2026, 3, 29), "late-1").paid
    stack.run_jobs()
    assert (late.mine()["status"], late.mine()["sitting"]["month"]) == ("paid", "2026-04")
    with stack.app.app_context():
        assert turnout.waiting_for_staff() == {late.mine()["sitting"]["id"]}
