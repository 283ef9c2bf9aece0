"""Of all scheduler processes on one database one leads; the leader dies, another carries on, and nothing happens twice."""

import pytest
import requests
from sqlalchemy import text, update

from notifications.dispatch.dispatcher import BATCH_PER_SENDER
from scheduler.leader import leadership
from server.db import db, transaction
from server.local import LocalStack
from server.models import Delivery, JobRun, Notice, Postponement, RulebookEdition, TurnoutDecision
from server.services import job_runs
from tests.conftest import at
from tests.processes.schedulers import schedulers, wait_until
from tests.processes.told import arrived, assert_each_told_once, states
from tests.rows import rows
from tests.seeding import seed_paid, sitting_id

DUE = at(2026, 3, 31, 9)
TAKEN_OVER_WITHIN = 10.0
ENDS_WITHIN = 15.0
SENDERS = 32
SHORT = [("hr", 4), ("hr", 3), ("trainer", 3)]
PEOPLE = 29 * len(SHORT)


def due_postponements(stack: LocalStack) -> None:
    """Three sittings with 29 people each, whose decision is due; and a carrier that takes its time."""
    for occupation, level in SHORT:
        seed_paid(stack.app, sitting_id(stack.app, "2026-04", occupation, level), 29)
    slow(stack, 150)
    stack.clock.stand_at(DUE)


def slow(stack: LocalStack, ms: int) -> None:
    fault = {"operation": "SendSms", "kind": "latency", "ms": ms}
    requests.post(f"{stack.sandbox}/sandbox/faults", json=fault, timeout=10).raise_for_status()


def all_dealt_with(stack: LocalStack) -> bool:
    known = states(stack)
    return len(known) == PEOPLE and "queued" not in known.values()


@pytest.mark.parametrize("moment", ["as it begins to lead", "as the first text arrives"])
def test_the_leader_is_killed_and_the_other_carries_on_and_nothing_happens_twice(
    stack: LocalStack, moment: str
) -> None:
    due_postponements(stack)
    with schedulers(stack, 2) as both:
        wait_until("one leads", lambda: any(one.leads() for one in both))
        [leader] = [one for one in both if one.leads()]
        [other] = [one for one in both if one is not leader]
        other.wait_for("scheduler.standing_by")
        if moment == "as the first text arrives":
            wait_until("a text", lambda: bool(arrived(stack)))
        assert not other.leads()
        leader.kill()
        other.wait_for("scheduler.leading", TAKEN_OVER_WITHIN)
        wait_until("every text sent or in doubt", lambda: all_dealt_with(stack))
        other.terminate()
        assert other.end(ENDS_WITHIN) == 0
    assert rows(stack.app, TurnoutDecision, TurnoutDecision.outcome != "none") == len(SHORT)
    assert rows(stack.app, Postponement) == rows(stack.app, Notice) == PEOPLE
    assert_each_told_once(stack, PEOPLE, most_in_doubt=SENDERS * BATCH_PER_SENDER)


def test_one_leads_and_the_other_waits_until_it_ends(stack: LocalStack) -> None:
    with stack.app.app_context():
        job_runs.started("of_an_older_program", stack.clock.now())
    with schedulers(stack, 2) as both:
        wait_until("one leads", lambda: any(one.leads() for one in both))
        for one in both:
            one.wait_for("scheduler.standing_by")
        wait_until("its jobs run", lambda: rows(stack.app, JobRun, JobRun.ended_at.is_not(None)) >= 5)
        [leader] = [one for one in both if one.leads()]
        [other] = [one for one in both if one is not leader]
        leader.terminate()
        assert leader.end(ENDS_WITHIN) == 0
        assert leader.says("scheduler.stopped")
        assert rows(stack.app, JobRun, JobRun.job == "of_an_older_program") == 0
        other.wait_for("scheduler.leading", TAKEN_OVER_WITHIN)


def test_a_leader_told_to_end_ends_soon_and_leaves_a_long_queue_in_order(stack: LocalStack) -> None:
    seed_paid(stack.app, sitting_id(stack.app, "2026-04"), 1_500)
    slow(stack, 100)
    stack.clock.stand_at(DUE)
    with schedulers(stack, 1) as [leader]:
        wait_until("a text", lambda: bool(arrived(stack)))
        leader.terminate()
        assert leader.end(ENDS_WITHIN) == 0
        assert leader.says("scheduler.stopped")
    known = states(stack)
    texts = arrived(stack)
    assert set(known.values()) <= {"queued", "accepted", "delivered"}, "something was left in doubt"
    assert {phone for phone, state in known.items() if state == "queued"} == set(known) - set(texts)
    assert len(texts) < 1_500, "it stayed until the queue was empty"
    assert set(texts.values()) == {1}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # a file's lock ends with its process alone
def test_a_leader_whose_lock_is_lost_stops_and_one_leads_again(stack: LocalStack) -> None:
    with schedulers(stack, 1) as [leader]:
        leader.wait_for("scheduler.leading")
        with stack.app.app_context(), db.engine.connect() as connection:
            locks = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            assert connection.execute(text(locks)).scalars().all() == [True]
        leader.wait_for("scheduler.leadership_lost", TAKEN_OVER_WITHIN)
        wait_until(
            "it leads again", lambda: sum("scheduler.leading" in one for one in leader.lines) == 2, TAKEN_OVER_WITHIN
        )


@pytest.mark.parametrize("alone", [True, False])
def test_a_scheduler_whose_rulebook_was_edited_after_use_refuses_to_start(stack: LocalStack, alone: bool) -> None:
    due_postponements(stack)
    with stack.app.app_context():
        with transaction() as session:
            session.execute(update(RulebookEdition).values(digest="0" * 64))
        lead = leadership(db.engine)
        assert alone or lead.take()
        try:
            with schedulers(stack, 1) as [one]:
                assert one.end() == 1
        finally:
            lead.release()
    assert not one.leads()
    assert any("technicians-2026" in line and "内容被改动" in line for line in one.lines)
    assert not one.says("Traceback")
    assert rows(stack.app, TurnoutDecision) == rows(stack.app, Delivery) == 0
