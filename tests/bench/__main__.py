"""Run every benchmark and print each as a ratio to its floor: `make bench`, or `python -m tests.bench NAME …`."""

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import psycopg
import requests
import typst
from flask import Flask
from sqlalchemy import insert, select, text
from werkzeug.serving import make_server

from notifications.dispatch.plan import plan_due
from server import schema
from server.app import create_app, make_dispatcher
from server.clock import MovedClock
from server.config import development
from server.db import db, transaction
from server.documents.ticket import ticket_pdf
from server.domain.notices import ChannelName, Kind
from server.models import Account, Candidate, Notice, NoticeCause, Registration, SignIn, Upload
from server.privacy import token_hash
from server.services import turnout
from server.services.making_sittings import load_sittings
from tests.bench.bare import bare_app, metadata, slow_carrier
from tests.conftest import at
from tests.databases import named_database, postgres_server
from tests.documents.sample import ticket
from tests.people import SAID, portrait
from tests.seeding import seed_paid, sitting_id

ROUNDS = 3


@contextmanager
def _installation(server: str, **settings: Any) -> Iterator[Flask]:
    """An application on a fresh PostgreSQL database, its clock in the April window."""
    name = f"bench_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(development(Path(folder), database_url=named_database(server, name), **settings))
        schema.upgrade(app)
        MovedClock(Path(folder) / "clock.json").stand_at(at(2026, 3, 2))
        with app.app_context():
            load_sittings(at(2026, 3, 2))
        yield app
        with app.app_context():
            db.engine.dispose()


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def _say(name: str, ours: list[float], floor: list[float], unit: str) -> None:
    """Rates, the higher the better; the ratio is ours to the floor, round by round."""
    ratios = [one / other for one, other in zip(ours, floor, strict=True)]
    print(
        f"{name:<44} {median(ours):>9.0f} {unit}   floor {median(floor):>9.0f}   "
        f"ratio {median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
    )


def _rate(count: int, work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def registrations(server: str) -> None:
    """A full registration over HTTP beside a bare endpoint that writes as many rows in one commit."""
    count, clients = 300, 8
    with _installation(server) as app, app.app_context():
        bare = bare_app(app.extensions["jiping_settings"].database_url)
        metadata.create_all(bare.extensions["bare_engine"])
        tokens = [_ready(app, count * ROUNDS)]
        with _served(app) as web, _served(bare) as floor_web:
            ours, floor = [], []
            for round_number in range(ROUNDS):
                mine = tokens[0][round_number * count : (round_number + 1) * count]
                floor.append(_rate(count, lambda: _post_all(clients, f"{floor_web}/rows", [("", 0)] * count)))
                ours.append(
                    _rate(count, lambda mine=mine: _post_all(clients, f"{web}/api/v1/registrations", mine))  # type: ignore[misc]
                )
        bare.extensions["bare_engine"].dispose()
    _say("registration over HTTP (PostgreSQL)", ours, floor, "/s")


def _ready(app: Flask, count: int) -> list[tuple[str, int]]:
    """Candidates with everything in, as token and evidence."""
    seed_paid(app, sitting_id(app, "2026-08"), count)
    with transaction() as session:
        session.execute(text("DELETE FROM ledger_entry"))
        session.execute(text("DELETE FROM registration"))
        people = session.execute(select(Account.id, Account.candidate_id).order_by(Account.id)).all()
        picture = portrait()
        made = []
        for account_id, candidate_id in people:
            token = uuid4().hex
            upload = Upload(
                candidate_id=candidate_id,
                kind="work",
                content=picture,
                digest=b"0" * 32,
                size=len(picture),
                width=413,
                height=579,
                created_at=at(2026, 3, 1),
            )
            session.add(upload)
            session.flush()
            session.get_one(Candidate, candidate_id).photo_id = upload.id
            session.add(
                SignIn(
                    token_hash=token_hash(token),
                    account_id=account_id,
                    created_at=at(2026, 3, 1),
                    expires_at=at(2027, 3, 1),
                )
            )
            made.append((token, upload.id))
    return made


def _post_all(clients: int, url: str, people: list[tuple[str, int]]) -> None:
    """Everybody's form, from so many clients at once."""
    waiting = iter(people)
    lock = threading.Lock()

    def client() -> None:
        http = requests.Session()
        while True:
            with lock:
                one = next(waiting, None)
            if one is None:
                return
            token, upload = one
            form = {"sitting_id": 1, "alternative": "4.1", "upload_ids": [upload], "declared": True, **SAID}
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
            answer = http.post(url, json=form, headers=headers, timeout=30)
            if answer.status_code != 201:
                raise RuntimeError(answer.text)

    with ThreadPoolExecutor(clients) as pool:
        for one in [pool.submit(client) for _ in range(clients)]:
            one.result()


def notices(server: str) -> None:
    """100,000 notices written by one postponement beside a bare INSERT … SELECT of as many rows."""
    count = 100_000
    ours, whole, floor = [], [], []
    for _ in range(ROUNDS):
        with _installation(server) as app, app.app_context():
            april = sitting_id(app, "2026-04")
            for _ in range(count // 10_000):
                seed_paid(app, april, 10_000)
            book = app.extensions["jiping_catalogue"].book("technicians-2026", 1)
            object.__setattr__(book.turnout.threshold, "people", count + 1)  # so many are too few, for once
            with transaction() as session:
                session.execute(text("CREATE TABLE bare_notice (LIKE notice INCLUDING ALL)"))
                session.execute(text("ANALYZE"))
            columns = "cause_id, registration_id, account_id, state, due_at"
            # The same columns and indexes, without our keys to other tables.
            bare = f"INSERT INTO bare_notice ({columns}) SELECT 1, id, account_id, 'new', now() FROM registration"
            with transaction() as session:
                floor.append(_rate(count, lambda: session.execute(text(bare))))
            spent: list[float] = []
            _timing_inserts(spent)
            whole.append(_rate(count, lambda: turnout.settle(april, at(2026, 3, 31))))
            ours.append(count / sum(spent))
    _say("notices written in the deciding transaction", ours, floor, "rows/s")
    _say("the whole postponement of 100,000", whole, floor, "people/s")


def _timing_inserts(spent: list[float]) -> None:
    """Note how long statements into the table of notices take."""
    from sqlalchemy import event

    started: list[float] = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def before(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        started[:] = [time.perf_counter()] if statement.startswith("INSERT INTO notice ") else []

    @event.listens_for(db.engine, "after_cursor_execute")
    def after(*_: object) -> None:
        if started:
            spent.append(time.perf_counter() - started.pop())


def dispatch(server: str) -> None:
    """One dispatcher, 64 in flight, to a carrier that takes 50 ms, beside a bare client with as many threads."""
    count, senders = 3_000, 64
    ours, floor = [], []
    with slow_carrier(50) as carrier:
        for _ in range(ROUNDS):
            floor.append(_rate(count, lambda: _bare_posts(f"http://{carrier}/", count, senders)))
            with _installation(server, sms_endpoint=carrier) as app, app.app_context():
                seed_paid(app, sitting_id(app, "2026-04"), count)
                _write_notices()
                dispatcher = make_dispatcher(app, senders)
                try:
                    plan_due({ChannelName.SMS: {}, ChannelName.WECHAT: {}}, at(2026, 3, 2), count)
                    ours.append(_rate(count, dispatcher.drain))
                finally:
                    dispatcher.close()
    _say("dispatch, carrier 50 ms, 64 in flight", ours, floor, "/s")


def _write_notices() -> None:
    with transaction() as session:
        facts = {"subject": "x", "days": "x", "from_days": "x", "withdraw_until": "x", "telephone": "x"}
        cause = NoticeCause(kind=Kind.POSTPONED.value, key="bench", facts=facts, wording=1, created_at=at(2026, 3, 1))
        session.add(cause)
        session.flush()
        people = session.execute(select(Registration.id, Registration.account_id)).all()
        due = at(2026, 3, 1) - timedelta(days=1)
        rows = [
            {"cause_id": cause.id, "registration_id": one, "account_id": account, "state": "new", "due_at": due}
            for one, account in people
        ]
        session.execute(insert(Notice), rows)


def _bare_posts(url: str, count: int, clients: int) -> None:
    local = threading.local()

    def post(_: int) -> None:
        if not hasattr(local, "http"):
            local.http = requests.Session()
        local.http.post(url, data=b"x" * 300, timeout=10).json()

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(post, range(count)))


def tickets(_server: str) -> None:
    """Printed tickets beside a typst page with the same words and nothing else."""
    count = 100
    page = ticket()
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.typ"
        plain.write_text('#set text(font: "Noto Sans CJK SC")\n' + "\n\n".join(page.rules), "utf-8")
        compiler = typst.Compiler(plain)
        compiler.compile(format="pdf")
        ticket_pdf(page)
        floor = [_rate(count, lambda: [compiler.compile(format="pdf") for _ in range(count)]) for _ in range(ROUNDS)]
        ours = [_rate(count, lambda: [ticket_pdf(page) for _ in range(count)]) for _ in range(ROUNDS)]
    _say("tickets as PDF", ours, floor, "/s")


ALL = {"registrations": registrations, "notices": notices, "dispatch": dispatch, "tickets": tickets}


def main() -> None:
    chosen = sys.argv[1:] or list(ALL)
    with postgres_server() as server:
        for name in chosen:
            ALL[name](server)


if __name__ == "__main__":
    main()
