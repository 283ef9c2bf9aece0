"""A dispatcher killed at random moments while it tells 500 people of their postponement: nobody is told twice."""

import random
from collections import Counter
from datetime import timedelta
from functools import partial

import requests

from notifications.dispatch.dispatcher import BATCH_PER_SENDER
from notifications.dispatch.plan import plan_due
from server.domain.notices import ChannelName
from server.domain.turnout import Outcome
from server.local import LocalStack
from server.services import turnout
from tests.conftest import at
from tests.processes.schedulers import wait_until
from tests.processes.told import arrived, assert_each_told_once, receipts_in, states
from tests.processes.workers import Worker, dispatch
from tests.seeding import seed_paid, seeded_phone, sitting_id

PEOPLE = {"postgresql": 500, "sqlite": 500}
KILLS = 8
SENDERS = 8
DUE = at(2026, 3, 31, 9)


def owed(stack: LocalStack, people: int) -> None:
    """So many people who must be told that their sitting was moved, each by a text that stands in the queue."""
    april = sitting_id(stack.app, "2026-04")
    seed_paid(stack.app, april, people)
    stack.clock.stand_at(DUE)
    with stack.app.app_context():
        assert turnout.settle_by_hand(april, Outcome.POSTPONED, "staff:chen", "场地", DUE) is Outcome.POSTPONED
        assert plan_due({ChannelName.SMS: stack.settings.sms_templates, ChannelName.WECHAT: {}}, DUE) == people


def every_second_stays_silent(stack: LocalStack, people: int) -> set[str]:
    """Phones from which no confirmation comes: of their texts the carrier's answer is all that is ever known."""
    silent = {seeded_phone(serial) for serial in range(1, people + 1, 2)}
    fault = {"operation": "sms_receipt", "kind": "never", "targets": sorted(silent)}
    requests.post(f"{stack.sandbox}/sandbox/faults", json=fault, timeout=30).raise_for_status()
    return silent


def have_arrived(stack: LocalStack, texts: int) -> bool:
    return sum(arrived(stack).values()) >= texts


def test_a_dispatcher_killed_at_random_moments_tells_each_once_or_stands_in_doubt(stack: LocalStack) -> None:
    people = PEOPLE[stack.settings.database_url.partition("+")[0].partition(":")[0]]
    owed(stack, people)
    silent = every_second_stays_silent(stack, people)
    dice = random.Random(1000)
    for turn in range(KILLS):
        # Each is killed once it has sent so many more, and then at any moment of what it is at by that time.
        queued = Counter(states(stack).values())["queued"]
        wanted = sum(arrived(stack).values()) + dice.randrange(1 + queued // 8)
        worker = Worker(dispatch, stack.settings, SENDERS)
        worker.go()
        wait_until(f"{wanted} texts", partial(have_arrived, stack, wanted))
        worker.kill_after(dice.random() * 0.05)
        assert set(arrived(stack).values()) <= {1}, f"after kill {turn}"
    assert Counter(states(stack).values())["sending"], "no kill fell upon a text under way"
    in_doubt = KILLS * SENDERS * BATCH_PER_SENDER
    stack.dispatcher.drain()
    receipts_in(stack)
    assert_each_told_once(stack, people, in_doubt)
    assert "queued" not in states(stack).values()
    # The leases end; the carrier is asked about those in doubt, and what it never had is not sent a second time.
    for _ in range(1 + in_doubt // 100):
        stack.clock.stand_at(stack.clock.now() + timedelta(minutes=11))
        stack.dispatcher.sweep()
        stack.dispatcher.drain()
    assert_each_told_once(stack, people, in_doubt)
    known, texts = states(stack), arrived(stack)
    assert {phone for phone, state in known.items() if state == "delivered"} == set(texts) - silent
    assert {state for phone, state in known.items() if phone in silent} == {"accepted", "unknown"}
    assert {state for phone, state in known.items() if phone not in texts} <= {"unknown"}
