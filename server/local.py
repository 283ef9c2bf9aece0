"""A whole installation on this machine: web, sandbox and dispatcher in one process, for replays, benchmarks and tests."""

import re
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from werkzeug.serving import make_server

from notifications.dispatch.dispatcher import Dispatcher
from notifications.wording.words import WORDINGS, sms_template
from scheduler import jobs
from server import schema
from server.app import create_app, make_dispatcher
from server.clock import MovedClock
from server.config import Settings, development
from server.db import db
from server.domain.notices import wording_of
from server.rulebooks.loader import LoadedRulebook
from server.sandbox.app import create_sandbox
from server.sandbox.settings import SandboxSettings, SubscribeTemplate
from server.services.making_sittings import load_sittings

_PATIENCE = 10.0


def sandbox_settings(settings: Settings, web: str) -> SandboxSettings:
    """The sandbox that plays this installation's vendors: its accounts, keys and templates."""
    cards = {
        template: SubscribeTemplate(
            WORDINGS[wording_of(key)].title,
            tuple((field, label) for field, label, _ in WORDINGS[wording_of(key)].fields),
        )
        for key, template in settings.wechat_templates.items()
    }
    return SandboxSettings(
        appid=settings.wechat_appid,
        app_secret=settings.wechat_secret,
        push_url=f"{web}/receipts/wechat",
        push_token=settings.wechat_push_token,
        push_aes_key=settings.wechat_push_aes_key,
        sms_secret_id=settings.sms_secret_id,
        sms_secret_key=settings.sms_secret_key,
        sms_sdk_app_id=settings.sms_sdk_app_id,
        sms_sign=settings.sms_sign,
        sms_receipt_url=f"{web}/receipts/sms/{settings.sms_receipt_path}",
        templates=cards,
        aliyun_key_id=settings.aliyun_sms_key_id,
        aliyun_key_secret=settings.aliyun_sms_key_secret,
        aliyun_sign=settings.aliyun_sms_sign,
        aliyun_receipt_url=f"{web}/receipts/sms-aliyun/{settings.aliyun_sms_receipt_path}",
        aliyun_templates={
            code: re.sub(r"\{(\d+)\}", r"${p\1}", sms_template(WORDINGS[wording_of(key)], settings.public_url))
            for key, code in settings.aliyun_sms_templates.items()
        },
        sms_templates={
            template: sms_template(WORDINGS[wording_of(key)], settings.public_url)
            for key, template in settings.sms_templates.items()
        },
    )


@dataclass
class LocalStack:
    """What runs: addresses to call, and the parts that a driver turns by hand."""

    settings: Settings
    app: Flask
    clock: MovedClock
    dispatcher: Dispatcher
    web: str
    sandbox: str
    requests: "Underway"

    def run_jobs(self) -> None:
        """Everything that the scheduler would do by now."""
        jobs.run_all(self.app, self.dispatcher)


@contextmanager
def local_stack(
    folder: Path,
    *,
    migrated: bool = False,
    books: list[LoadedRulebook] | None = None,
    began: datetime | None = None,
    **overrides: Any,
) -> Iterator[LocalStack]:
    """Start an installation in a folder, and stop all of it at the end. `books`: these alone, whatever the folder of
    rulebooks holds. `began`: what the clock says when it starts."""
    with _port() as web_port, _port() as sandbox_port:
        web, sandbox = (f"http://127.0.0.1:{one.getsockname()[1]}" for one in (web_port, sandbox_port))
        settings = development(folder, {"JIPING_SANDBOX_URL": sandbox}, public_url=web, **overrides)
        app = create_app(settings, books)
        clock = MovedClock(folder / "clock.json")
        if began is not None:
            clock.stand_at(began)
        if not migrated:
            schema.upgrade(app)
        with app.app_context():
            load_sittings(clock.now())
        vendors = create_sandbox(sandbox_settings(settings, web), clock)
        dispatcher = make_dispatcher(app)
        try:
            with _served(app, web_port) as requests, _served(vendors, sandbox_port):
                yield LocalStack(settings, app, clock, dispatcher, web, sandbox, requests)
        finally:
            dispatcher.close()
            with app.app_context():
                db.engine.dispose()


@contextmanager
def _port() -> Iterator[socket.socket]:
    """A port of our own before anybody needs to know its number."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen(128)
        yield bound


@contextmanager
def _served(app: Flask, port: socket.socket) -> Iterator["Underway"]:
    underway = Underway(app)
    server = make_server("127.0.0.1", port.getsockname()[1], underway, threaded=True, fd=port.fileno())
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield underway
    finally:
        server.shutdown()
        thread.join()
        underway.wait()
        server.server_close()


class Underway:
    """An application that knows how many requests it is at. Whoever has gone does not wait for their last ones; they hold
    connections to a database that is about to be taken away, or to be given to somebody else."""

    def __init__(self, app: Flask) -> None:
        self._app, self._number, self._changed = app, 0, threading.Condition()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._count(1)
        try:
            return self._app(environ, start_response)
        finally:
            self._count(-1)

    def wait(self) -> None:
        """Until there is none, at most as long as one that hangs is worth waiting for."""
        with self._changed:
            self._changed.wait_for(lambda: self._number == 0, timeout=_PATIENCE)

    def _count(self, more: int) -> None:
        with self._changed:
            self._number += more
            self._changed.notify_all()
