"""kill -9 of the dispatcher, fifty times at random moments over 10,000 notices: none is lost, and none is sent twice."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import insert, select

from notifications.dispatch.claim import LEASE
from notifications.dispatch.sweep import LOOK_UP_EVERY
from server.app import create_app, make_dispatcher
from server.clock import MovedClock
from server.config import Settings, development
from server.db import reading, transaction
from server.domain.turnout import Outcome
from server.models import Attempt, Delivery, Notice, NoticeCause
from server.services import turnout
from server.services.making_sittings import load_sittings
from tests.books import technicians
from tests.conftest import at
from tests.processes.counting_carrier import CountingCarrier, counting_carrier
from tests.processes.schedulers import wait_until
from tests.processes.workers import Worker, forget_connections, sweep_and_dispatch
from tests.seeding import seed_paid, sitting_id

PEOPLE, MATTERS, KILLS, SENDERS = 2_000, 5, 50, 4
NOTICES = PEOPLE * MATTERS
DUE = at(2026, 3, 31, 9)
# Longer than a lease, so that each dispatcher finds what the one before it left.
BETWEEN = LEASE + timedelta(seconds=30)

log = structlog.get_logger(__name__)


@pytest.fixture
def carrier() -> Iterator[CountingCarrier]:
    with counting_carrier() as running:
        yield running


@pytest.fixture
def app(postgres_url: str, tmp_path: Path, carrier: CountingCarrier) -> Iterator[Flask]:
    """An installation with one SMS carrier and 10,000 notices that each of 2,000 people gets five of."""
    alone = dict.fromkeys(("key_id", "key_secret", "sign", "receipt_path"), "")
    overrides: dict[str, Any] = {f"aliyun_sms_{name}": value for name, value in alone.items()}
    overrides |= {"aliyun_sms_templates": {}, "sms_endpoint": carrier.address, "database_url": postgres_url}
    settings = development(tmp_path, **overrides)
    made = create_app(settings, technicians())
    MovedClock(tmp_path / "clock.json").stand_at(DUE)
    with made.app_context():
        load_sittings(at(2026, 2, 9))
        april = sitting_id(made, "2026-04")
    seed_paid(made, april, PEOPLE)
    with made.app_context():
        assert turnout.settle_by_hand(april, Outcome.POSTPONED, "staff:chen", "场地", DUE) is Outcome.POSTPONED
        said_again(MATTERS - 1)
    yield made
    forget_connections(made)


def said_again(times: int) -> None:
    """The same news as so many further matters: what is counted here is notices, not people."""
    with transaction() as session:
        cause = session.scalars(select(NoticeCause)).one()
        names = [column.name for column in NoticeCause.__table__.columns if column.name != "id"]
        values = {name: getattr(cause, name) for name in names}
        row = Notice.__table__.c
        columns = [row.registration_id, row.state, row.due_at]
        for number in range(times):
            again = NoticeCause(**values | {"key": f"{cause.key}:{number}"})
            session.add(again)
            session.flush()
            theirs = select(again.id + 0 * row.id, *columns).where(row.cause_id == cause.id)
            session.execute(insert(Notice).from_select(["cause_id", *(one.name for one in columns)], theirs))


def settings_of(app: Flask) -> Settings:
    settings: Settings = app.extensions["jiping_settings"]
    return settings


def pass_time(app: Flask, span: timedelta) -> None:
    clock: MovedClock = app.extensions["jiping_clock"]
    clock.stand_at(clock.now() + span)


def states(app: Flask) -> dict[str, str]:
    """The state of each text, by our reference."""
    with app.app_context(), reading() as session:
        return {str(one): state for one, state in session.execute(select(Delivery.id, Delivery.state))}


def has_come(carrier: CountingCarrier, wanted: int) -> bool:
    return len(carrier.arrived) >= wanted


def kill_fifty_times(app: Flask, carrier: CountingCarrier, dice: random.Random) -> None:
    """Each one dies once it has sent so many more, and then at any moment of what it is at by that time."""
    settings = settings_of(app)
    following = Worker(sweep_and_dispatch, settings, SENDERS)
    for turn in range(KILLS):
        worker, here = following, len(carrier.arrived)
        # None may end before it is killed: some texts are left for those who come.
        share = max(0, NOTICES - here - 500) // (KILLS - turn)
        worker.go()
        if turn + 1 < KILLS:
            following = Worker(sweep_and_dispatch, settings, SENDERS)
        wanted = here + dice.randrange(2 * share + 1)
        wait_until(f"{wanted} texts", partial(has_come, carrier, wanted))
        worker.kill_after(dice.random() * 0.05)
        assert set(carrier.arrived.values()) <= {1}, f"sent twice by kill {turn}"
        pass_time(app, BETWEEN)


def test_of_10000_notices_none_is_lost_and_none_sent_twice_by_a_dispatcher_killed_fifty_times(
    app: Flask, carrier: CountingCarrier
) -> None:
    seed = int(os.environ.get("JIPING_TEST_SEED") or random.SystemRandom().randrange(10**6))
    log.info("the moments of the kills", JIPING_TEST_SEED=seed)
    kill_fifty_times(app, carrier, random.Random(seed))
    last = make_dispatcher(app, SENDERS)
    try:
        last.sweep()
        last.drain()
        assert set(carrier.arrived.values()) == {1}, "sent twice"
        in_doubt = Counter(states(app).values())["unknown"]
        assert in_doubt, "no kill fell upon a text under way"
        # Those in doubt are asked about, a hundred at a time, and what the carrier never had is not sent again.
        for _ in range(1 + in_doubt // 100):
            pass_time(app, LOOK_UP_EVERY + timedelta(minutes=1))
            last.sweep()
            assert last.drain() == 0
    finally:
        last.close()
    known = states(app)
    assert len(known) == NOTICES
    assert set(carrier.arrived.values()) == {1}
    assert set(carrier.arrived) <= set(known)
    assert set(known.values()) <= {"accepted", "delivered", "unknown"}
    assert {one for one, state in known.items() if state == "unknown"} == set(known) - set(carrier.arrived)
    with app.app_context(), reading() as session:
        assert Counter(session.scalars(select(Attempt.delivery_id))) == Counter(map(int, known))
