"""Nobody's phone rings between nine in the evening and eight in the morning, save for what cannot wait for the morning."""

from datetime import date, datetime, timedelta

import pytest
import requests
from sqlalchemy import select

from server.db import reading
from server.domain.quiet_hours import daytime, ring_from
from server.local import LocalStack
from server.models import Attempt, Delivery
from tests.conftest import at
from tests.people import Phone, approve

EVENING, MORNING = at(2026, 3, 10, 20, 59), at(2026, 3, 11, 8)


@pytest.mark.parametrize(
    ("now", "rings"),
    [
        (at(2026, 3, 10, 7, 59), at(2026, 3, 10, 8)),
        (at(2026, 3, 10, 8), at(2026, 3, 10, 8)),
        (EVENING, EVENING),
        (at(2026, 3, 10, 21), MORNING),
        (at(2026, 3, 11, 0), MORNING),
    ],
)
def test_daytime_is_from_eight_to_nine_in_the_evening(now: datetime, rings: datetime) -> None:
    assert daytime(now) == ring_from(now, None, None) == rings


@pytest.mark.parametrize(
    ("useful_until", "tell_by", "rings"),
    [
        (at(2026, 3, 11, 8, 1), None, MORNING),
        (MORNING, None, at(2026, 3, 10, 22)),
        (at(2026, 3, 11, 0), None, at(2026, 3, 10, 22)),
        (None, date(2026, 3, 11), MORNING),
        (None, date(2026, 3, 10), at(2026, 3, 10, 22)),
        (None, date(2026, 3, 1), at(2026, 3, 10, 22)),
    ],
)
def test_what_the_morning_would_be_too_late_for_rings_at_night(
    useful_until: datetime | None, tell_by: date | None, rings: datetime
) -> None:
    assert ring_from(at(2026, 3, 10, 22), useful_until, tell_by) == rings


@pytest.fixture
def phone(stack: LocalStack) -> Phone:
    somebody = Phone(stack).ready(1)
    somebody.register()
    stack.run_jobs()
    return somebody


def fault(stack: LocalStack, **more: object) -> None:
    code = "LimitExceeded.PhoneNumberOneHourLimit"
    wanted = {"operation": "SendSms", "kind": "error", "code": code} | more
    assert requests.post(f"{stack.sandbox}/sandbox/faults", json=wanted, timeout=10).status_code == 201


def tries(stack: LocalStack) -> list[datetime]:
    with stack.app.app_context(), reading() as session:
        return list(session.scalars(select(Attempt.started_at).order_by(Attempt.id)))


def run_at(stack: LocalStack, *instants: datetime) -> None:
    for instant in instants:
        stack.clock.stand_at(instant)
        stack.run_jobs()


def test_a_try_that_failed_in_the_evening_is_made_again_in_the_morning(stack: LocalStack, phone: Phone) -> None:
    """The limit ends after ten minutes, at nine minutes past nine."""
    stack.clock.stand_at(EVENING)
    fault(stack, times=1)
    approve(stack, phone.number)
    stack.run_jobs()
    night = [EVENING + timedelta(minutes=minutes) for minutes in (11, 60, 300, 660)]
    run_at(stack, *night, MORNING)
    assert tries(stack) == [EVENING, MORNING]
    assert [one["text"] for one in phone.messages() if "通过审核" in one["text"]]


def test_what_was_due_by_day_and_kept_waiting_does_not_ring_at_night(stack: LocalStack, phone: Phone) -> None:
    stack.clock.stand_at(EVENING)
    approve(stack, phone.number)
    run_at(stack, at(2026, 3, 10, 21), MORNING)
    assert tries(stack) == [MORNING]


def test_a_code_is_sent_at_any_hour(stack: LocalStack, phone: Phone) -> None:
    for night in (at(2026, 3, 10, 23), at(2026, 3, 11, 7, 58)):
        stack.clock.stand_at(night)
        phone.ok("POST", "me/phone/code", json={"phone": "13900000009"})
        stack.run_jobs()
        assert tries(stack)[-1] == night


def test_on_the_last_day_of_payment_an_approval_does_not_wait_for_the_morning(
    stack: LocalStack, phone: Phone
) -> None:
    night = at(2026, 3, 29, 22)
    stack.clock.stand_at(night)
    fault(stack, times=1)
    approve(stack, phone.number)
    run_at(stack, night, night + timedelta(minutes=11))
    assert night + timedelta(minutes=11) in tries(stack)
    with stack.app.app_context(), reading() as session:
        assert "queued" not in set(session.scalars(select(Delivery.state)))
