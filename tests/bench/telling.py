"""How fast people are told: notices written by the decision, and messages sent by one dispatcher."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import requests
from flask import Flask
from sqlalchemy import event, insert, select, text

from server.app import make_dispatcher
from server.db import db, transaction
from server.domain.notices import VERSIONS, Kind
from server.models import Delivery, Notice, NoticeCause, Registration
from server.services import turnout
from tests.bench.bare import slow_carrier
from tests.bench.measuring import copy_of, installation, rate, say
from tests.channels import tencent
from tests.channels.recorder import Recorded, Recorder, answer
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id

ROUNDS = 5


def notices(server: str) -> None:
    """100,000 notices written by one postponement beside a bare INSERT … SELECT of as many rows."""
    count = 100_000
    ours, whole, floor, grown = list[float](), list[float](), list[float](), list[float]()
    with installation(server) as seeded:
        april = sitting_id(seeded, "2026-04")
        for _ in range(count // 10_000):
            seed_paid(seeded, april, 10_000)
        with seeded.app_context(), transaction() as session:
            session.execute(text("ANALYZE"))
        for _ in range(ROUNDS):
            with copy_of(server, seeded) as app, app.app_context():
                before_it = _bare_insert(count)
                spent = _timing_inserts()
                before = _fresh_peak()
                whole.append(rate(count, lambda app=app: _postpone(app, april, count)))  # type: ignore[misc]
                grown.append(_peak() - before)
                ours.append(count / sum(spent))
                floor.append((before_it + _bare_insert(count)) / 2)  # what others do on the machine changes meanwhile
    print(
        "floor: one INSERT … SELECT of as many rows, from the same registrations, into a table with the columns, the indexes"
    )
    print(
        "       and the sequence of notice, without foreign keys or triggers; of both the statement is timed, not the commit"
    )
    say("notices written in the deciding transaction", ours, floor, "rows/s")
    say("the whole postponement of 100,000", whole, floor, "people/s")
    print(f"the deciding process grew by {max(grown):.1f} MB at most")


def _bare_insert(count: int) -> float:
    columns = "cause_id, registration_id, state, due_at"
    bare = text(f"INSERT INTO bare_notice ({columns}) SELECT 1, id, 'new', now() FROM registration")
    with transaction() as session:
        session.execute(text("DROP TABLE IF EXISTS bare_notice"))
        session.execute(text("CREATE TABLE bare_notice (LIKE notice INCLUDING ALL)"))
    with transaction() as session:
        return rate(count, lambda: session.execute(bare))


def _postpone(app: Flask, sitting: int, count: int) -> None:
    book = app.extensions["jiping_catalogue"].book("technicians-2026", 1)
    object.__setattr__(book.turnout.threshold, "people", count + 1)  # so many are too few, for once
    turnout.settle(sitting, at(2026, 3, 31))


def _timing_inserts() -> list[float]:
    """How long statements into the table of notices take from now on."""
    started, spent = list[float](), list[float]()

    @event.listens_for(db.engine, "before_cursor_execute")
    def before(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        started[:] = [time.perf_counter()] if statement.startswith("INSERT INTO notice ") else []

    @event.listens_for(db.engine, "after_cursor_execute")
    def after(*_: object) -> None:
        if started:
            spent.append(time.perf_counter() - started.pop())

    return spent


def _fresh_peak() -> float:
    """Forget how much memory this process has needed so far; what it needs now, in MB."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    return _peak()


def _peak() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def dispatch(server: str) -> None:
    """One dispatcher, 128 in flight, to a carrier that takes 50 ms, beside a bare client with as many threads."""
    count, senders = 8_000, 128
    ours, floor, statements = list[float](), list[float](), 0
    sample = _what_is_sent()
    with slow_carrier(50) as carrier, installation(server, sms_endpoint=carrier) as seeded:
        seed_paid(seeded, sitting_id(seeded, "2026-04"), count)
        with seeded.app_context():
            _write_notices()
        for _ in range(ROUNDS):
            floor.append(rate(count, lambda: _bare_posts(f"http://{carrier}/", sample, count, senders)))
            with copy_of(server, seeded, sms_endpoint=carrier) as app, app.app_context():
                dispatcher = make_dispatcher(app, senders)
                try:
                    seen = _counting_statements()
                    ours.append(rate(count, dispatcher.drain))
                    statements = max(statements, len(seen))
                    _all_accepted(count)
                finally:
                    dispatcher.close()
    print(
        f"floor: requests, {senders} threads with a session each, that post the bytes of such a message and read the answer;"
    )
    print(
        "       the carrier is a process of its own; ours: planning, claiming, wording, signing by the vendor's kit, recording"
    )
    say(f"dispatch, carrier 50 ms, {senders} in flight", ours, floor, "/s")
    print(f"{statements / count:.3f} statements a message")


def _what_is_sent() -> Recorded:
    """One message as the vendor's kit sends it."""
    with Recorder(lambda _: answer({"Response": {}})) as recorder:
        tencent.channel(recorder).send(tencent.MESSAGE)
        return recorder.requests[0]


def _bare_posts(url: str, sample: Recorded, count: int, clients: int) -> None:
    headers = {name: value for name, value in sample.headers.items() if name not in {"host", "content-length"}}
    local = threading.local()

    def post(_: int) -> None:
        if not hasattr(local, "http"):
            local.http = requests.Session()
        local.http.post(url, data=sample.body, headers=headers, timeout=10).json()

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(post, range(count)))


def _counting_statements() -> list[str]:
    seen = list[str]()

    @event.listens_for(db.engine, "before_cursor_execute")
    def before(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    return seen


def _all_accepted(count: int) -> None:
    with transaction() as session:
        if session.scalars(select(Delivery.state)).all() != ["accepted"] * count:
            raise RuntimeError("not all were accepted")


def _write_notices() -> None:
    with transaction() as session:
        facts = dict.fromkeys(("subject", "why", "days", "from_days", "withdraw_until", "telephone"), "x")
        # It is past the day by which it must be known, so that it is sent at whatever hour this runs.
        told = {"wording": VERSIONS[Kind.POSTPONED], "tell_by": at(2026, 3, 1).date()}
        began = at(2026, 3, 1)
        cause = NoticeCause(kind=Kind.POSTPONED.value, key="bench", facts=facts, created_at=began, **told)
        session.add(cause)
        session.flush()
        due = at(2026, 3, 1) - timedelta(days=1)
        people = session.scalars(select(Registration.id))
        rows = [{"cause_id": cause.id, "registration_id": one, "state": "new", "due_at": due} for one in people]
        session.execute(insert(Notice), rows)
