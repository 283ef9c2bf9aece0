"""What is done in a process of its own that may be killed: it gets ready, waits for the word, and tells when it is done."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for_any
from typing import Any

import tencentcloud.sms.v20210111.sms_client  # noqa: F401 -- a quarter of a second, once for all and not for each of them
from flask import Flask
from sqlalchemy.orm import configure_mappers

from server.app import create_app, make_dispatcher
from server.config import Settings
from server.db import db
from server.rulebooks.loader import LoadedRulebook
from server.services import turnout
from server.wechat import WeChat, WeChatFault
from tests.books import technicians

READY_WITHIN = DONE_WITHIN = 60.0
# Forked from a server that has imported everything, so that a worker is ready in milliseconds.
forked = get_context("forkserver")
forked.set_forkserver_preload(["tests.processes.workers", "tests.processes.schedulers"])


@cache
def never_enough() -> list[LoadedRulebook]:
    """The rulebook with a threshold that 1,000 people miss: a sitting of 1,000 is postponed by the rule itself."""
    return [replace(one, book=replace(one.book, turnout=_raised(one.book.turnout))) for one in technicians()]


def _raised(rule: Any) -> Any:
    return replace(rule, threshold=replace(rule.threshold, people=100_000))


# Here, and so in the server too: what each of them would do over.
configure_mappers()
never_enough()


def settle(settings: Settings, sitting_id: int, now: datetime, talk: Connection) -> None:
    """Settle one sitting; the connection and what the first use costs are there before the word."""
    app = create_app(settings, never_enough())
    with app.app_context():
        turnout.preview(sitting_id, now)
        _when_told(talk, lambda: turnout.settle(sitting_id, now))


def dispatch(settings: Settings, senders: int, talk: Connection) -> None:
    """Send all that is due."""
    app = create_app(settings, technicians())
    dispatcher = make_dispatcher(app, senders)
    _when_told(talk, dispatcher.drain)
    dispatcher.close()
    forget_connections(app)


def sweep_and_dispatch(settings: Settings, senders: int, talk: Connection) -> None:
    """Mend what dead ones left, then send all that is due: what the scheduler's process does, over and over."""
    app = create_app(settings, technicians())
    dispatcher = make_dispatcher(app, senders)

    def work() -> int:
        dispatcher.sweep()
        return dispatcher.drain()

    _when_told(talk, work)
    dispatcher.close()
    forget_connections(app)


def tell_by_wechat(settings: Settings, threads: int, each: int, talk: Connection) -> None:
    """So many threads send so many subscription messages each, all at once; what came of every one."""
    app = create_app(settings, technicians())
    wechat: WeChat = app.extensions["jiping_wechat"]
    together = threading.Barrier(threads)

    def send(_: int) -> list[str]:
        together.wait(DONE_WITHIN)
        return [one(number) for number in range(each)]

    def one(_: int) -> str:
        with app.app_context():
            try:
                wechat.send_subscribe("oABC", "TEMPLATE-1", "pages/a", {"thing1": "x"}, "formal")
            except WeChatFault as fault:
                return fault.kind.value
        return "sent"

    with ThreadPoolExecutor(threads) as pool:
        _when_told(talk, lambda: [said for told in pool.map(send, range(threads)) for said in told])
    forget_connections(app)


def _when_told(talk: Connection, work: Callable[[], object]) -> None:
    talk.send("ready")
    talk.recv()
    talk.send(("done", work()))
    talk.recv()


def forget_connections(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


class Worker:
    """A process that is ready to begin."""

    def __init__(self, work: Callable[..., None], *args: Any) -> None:
        self.talk, theirs = forked.Pipe()
        self._process = forked.Process(target=work, args=(*args, theirs), daemon=True)
        self._process.start()
        theirs.close()
        assert self.talk.poll(READY_WITHIN), "the worker did not get ready"
        assert self.talk.recv() == "ready"

    def go(self) -> None:
        self.talk.send("go")

    def done(self, within: float = DONE_WITHIN) -> Any:
        """What came of the work."""
        assert self.talk.poll(within), "the worker did not finish"
        word, result = self.talk.recv()
        assert word == "done"
        return result

    def kill_after(self, seconds: float) -> None:
        """kill -9 so long after the word, whatever it is at."""
        wait_for_any([self._process.sentinel], seconds)
        self.kill()

    def kill(self) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join(DONE_WITHIN)
        assert self._process.exitcode == -signal.SIGKILL, "it had ended by itself"
        self._process.close()
        self.talk.close()


@contextmanager
def ended(worker: Worker) -> Iterator[Worker]:
    """A worker that does not outlive its test."""
    try:
        yield worker
    finally:
        worker.kill()
