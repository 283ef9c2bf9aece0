"""Vendors that take a call and never answer: what waits for them holds no connection, and no page waits with it."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, select, text

from notifications.channels.tencent_sms import TencentSmsChannel, TencentSmsSettings
from notifications.dispatch.dispatcher import BATCH_PER_SENDER, Dispatcher
from server.app import create_app
from server.clock import MovedClock
from server.config import Settings, development
from server.db import reading
from server.domain.notices import ChannelName
from server.domain.turnout import Outcome
from server.models import Attempt, Delivery
from server.services import turnout
from server.services.making_sittings import load_sittings
from server.services.signing_in import AT_WECHAT
from tests.books import technicians
from tests.channels.recorder import Recorder
from tests.conftest import at
from tests.processes.schedulers import ROOT, wait_until
from tests.processes.workers import Worker, dispatch, forget_connections
from tests.seeding import seed_paid, sitting_id

PEOPLE, SENDERS = 100, 8
PAGES, SIGN_INS_AT_ONCE = 200, 24
# Far longer than a page needs, and shorter than a vendor's silence.
PAGE_WITHIN = 5.0
DUE = at(2026, 3, 31, 9)


def silent() -> Recorder:
    """A vendor that takes every call and never answers one."""
    return Recorder(lambda request: None)


def named(settings: Settings, name: str) -> Settings:
    """The same settings, for a process that is known by this name at the database."""
    join = "&" if "?" in settings.database_url else "?"
    return replace(settings, database_url=f"{settings.database_url}{join}application_name={name}")


def postponed(settings: Settings) -> None:
    """People who must be told of a postponement."""
    app = create_app(settings, technicians())
    MovedClock(settings.data_dir / "clock.json").stand_at(DUE)
    with app.app_context():
        load_sittings(at(2026, 2, 9))
        april = sitting_id(app, "2026-04")
        seed_paid(app, april, PEOPLE)
        assert turnout.settle_by_hand(april, Outcome.POSTPONED, "staff:chen", "场地", DUE) is Outcome.POSTPONED
    forget_connections(app)


@contextmanager
def web_process(settings: Settings, port: int) -> Iterator[str]:
    """`jiping serve` with one worker, as in production; its address."""
    ours = {
        "JIPING_DATA_DIR": str(settings.data_dir),
        "JIPING_DATABASE_URL": settings.database_url,
        "JIPING_WECHAT_API_BASE": settings.wechat_api_base,
        "JIPING_SMS_ENDPOINT": settings.sms_endpoint,
        "JIPING_PORT": str(port),
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JIPING_")}
    call = [sys.executable, "-m", "server.cli", "serve", "--port", str(port), "--workers", "1"]
    running = subprocess.Popen(call, cwd=ROOT, env=clean | ours, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until("it serves", lambda: running.poll() is None and _healthy(address), 60)
        yield address
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(20)
        finally:
            running.kill()
            running.wait(20)


def _healthy(address: str) -> bool:
    try:
        return requests.get(f"{address}/health", timeout=2).ok
    except requests.RequestException:
        return False


def connections(settings: Settings, name: str) -> Counter[str]:
    """What the connections of a process are at, as the database sees it."""
    engine = create_engine(settings.database_url)
    asked = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name"
    with engine.connect() as connection:
        found = Counter(connection.scalars(text(asked), {"name": name}))
    engine.dispose()
    return found


@contextmanager
def people_signing_in(address: str) -> Iterator[Counter[int]]:
    """As many at once as a process has threads and half as many again, each over and over; the answers that they get."""
    answers, over = Counter[int](), threading.Event()

    def one() -> None:
        while not over.is_set():
            body = {"code": "CODE-1"}
            answers[requests.post(f"{address}/api/v1/sign-in", json=body, timeout=60).status_code] += 1
            over.wait(0.1)  # a person takes a moment to try again

    with ThreadPoolExecutor(SIGN_INS_AT_ONCE) as pool:
        begun = [pool.submit(one) for _ in range(SIGN_INS_AT_ONCE)]
        try:
            yield answers
        finally:
            over.set()
            for each in begun:
                each.result(60)


def test_while_every_vendor_is_silent_no_page_waits_and_nobody_holds_a_connection(
    postgres_url: str, tmp_path: Path, port: int
) -> None:
    with silent() as carrier, silent() as wechat:
        settings = development(
            tmp_path,
            database_url=postgres_url,
            sms_endpoint=f"127.0.0.1:{carrier.port}",
            wechat_api_base=f"http://127.0.0.1:{wechat.port}",
        )
        postponed(settings)
        sender = Worker(dispatch, named(settings, "sender"), SENDERS)
        with web_process(named(settings, "web"), port) as address, people_signing_in(address) as answers:
            sender.go()
            wait_until("all senders hang", lambda: len(carrier.requests) >= SENDERS)
            wait_until("WeChat is asked", lambda: len(wechat.requests) >= AT_WECHAT)
            with requests.Session() as browser:
                got = [browser.get(f"{address}/api/v1/sittings", timeout=PAGE_WITHIN) for _ in range(PAGES)]
            assert {one.status_code for one in got} == {200}
            assert set(connections(settings, "sender")) == {"idle"}
            assert not {"idle in transaction", "active"} & set(connections(settings, "web"))
        sender.kill()
    # Who found no turn was told so; nobody's sign-in ended in anything else.
    assert set(answers) == {503}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_call_ends_by_its_time_out_and_is_a_doubt_that_is_never_sent_again(
    database_url: str, tmp_path: Path
) -> None:
    settings = development(tmp_path, database_url=database_url)
    postponed(settings)
    app = create_app(settings, technicians())
    clock: MovedClock = app.extensions["jiping_clock"]
    with silent() as carrier:
        patient = TencentSmsSettings(
            "id", "key", "1", "签名", endpoint=f"127.0.0.1:{carrier.port}", protocol="http", read_timeout=0.2
        )
        templates = {ChannelName.SMS: settings.sms_templates, ChannelName.WECHAT: {}}
        dispatcher = Dispatcher(app, clock, {ChannelName.SMS: TencentSmsChannel(patient)}, templates, SENDERS)
        assert dispatcher.drain() == PEOPLE
        asked = [one.json["SessionContext"] for one in carrier.requests]
        dispatcher.close()
    with app.app_context(), reading() as session:
        known = {str(one.id): (one.state, one.last_code) for one in session.scalars(select(Delivery))}
        tries = Counter(session.scalars(select(Attempt.outcome)))
    assert known == dict.fromkeys(asked, ("unknown", "read"))
    assert len(asked) == PEOPLE > SENDERS * BATCH_PER_SENDER
    assert tries == {"unknown": PEOPLE}
    forget_connections(app)
