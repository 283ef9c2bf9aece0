"""A sandbox on a real port, a product's ears to hear its pushes, and a clock that a test moves by hand."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from flask import Flask, Response, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from server.sandbox.app import create_sandbox
from server.sandbox.settings import SandboxSettings, SubscribeTemplate

APPID, SECRET = "wx0123456789abcdef", "app-secret"
PUSH_TOKEN, AES_KEY = "push-token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TEMPLATE = "template-review"
FIELDS = {
    "thing1": "网络与信息安全管理员",
    "phrase2": "审核通过",
    "date3": "2026年11月21日",
    "character_string4": "A-1",
}
TEMPLATES = {
    TEMPLATE: SubscribeTemplate("审核结果通知", tuple((key, f"标签{key[-1]}") for key in FIELDS)),
    "template-move": SubscribeTemplate("延期通知", (("thing1", "事项"),)),
    "template-pay": SubscribeTemplate("缴费提醒", (("amount1", "金额"),)),
}
SMS_TEMPLATES = {"100": "您申报的{1}已延期至{2}，请登录小程序查看。", "200": "请按时参加考试。", "300": "通知：{1}"}


class HandClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 4, 20, 22, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class Heard:
    """One push as it came in."""

    path: str
    query: dict[str, str]
    body: Any


@dataclass
class Ears:
    """The product's side of the pushes: remembers each, and answers as the test wants."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    answers: list[tuple[str, int]] = field(default_factory=list)  # used up first, then the good answer

    def app(self) -> Flask:
        app = Flask("ears")

        @app.post("/<path>")
        def listen(path: str) -> Response:
            self.heard.append(Heard(path, request.args.to_dict(), json.loads(request.get_data())))
            good = '{"result":0,"errmsg":"OK"}' if path == "sms" else "success"
            text, status = self.answers.pop(0) if self.answers else (good, 200)
            return Response(text, status)

        return app

    def receipts(self) -> list[dict[str, Any]]:
        return [receipt for push in self.heard if push.path == "sms" for receipt in push.body]


@dataclass
class Sandbox:
    """The sandbox as its callers see it: an address."""

    url: str
    session: requests.Session

    def get(self, path: str, **query: Any) -> Any:
        return self.session.get(self.url + path, params=query, timeout=10).json()

    def post(self, path: str, body: object = None, **query: Any) -> Any:
        data = json.dumps({} if body is None else body).encode()  # no Content-Type, as wechatpy sends it
        return self.session.post(self.url + path, data=data, params=query, timeout=10).json()

    def delete(self, path: str, **query: Any) -> Any:
        return self.session.delete(self.url + path, params=query, timeout=10).json()

    def fault(self, operation: str, kind: str, **more: Any) -> Any:
        return self.post("/sandbox/faults", {"operation": operation, "kind": kind, **more})

    def drain(self) -> None:
        assert self.post("/sandbox/drain", {"timeout": 5}) == {"empty": True, "left": 0}

    def token(self) -> str:
        body = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
        return str(self.post("/cgi-bin/stable_token", body)["access_token"])

    def subscriber(self, template_id: str = TEMPLATE) -> str:
        """The openid of a fresh user who accepted one message."""
        openid = str(self.post("/sandbox/wechat/login")["openid"])
        self.post("/sandbox/wechat/tap", {"openid": openid, "template_id": template_id, "answer": "accept"})
        return openid

    def subscribe_send(self, openid: str, token: str | None = None, **changes: Any) -> Any:
        body = {"touser": openid, "template_id": TEMPLATE, "data": {key: {"value": FIELDS[key]} for key in FIELDS}}
        query = self.token() if token is None else token
        return self.post("/cgi-bin/message/subscribe/send", body | changes, access_token=query)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # the parameter's name is werkzeug's
        """Say nothing: a test's output is for its own findings."""


def serve(app: Flask) -> Iterator[BaseWSGIServer]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def ears() -> Iterator[Ears]:
    ears = Ears()
    for server in serve(ears.app()):
        ears.url = f"http://127.0.0.1:{server.port}"
        yield ears


@pytest.fixture
def settings(ears: Ears) -> SandboxSettings:
    return make_settings(push_url=f"{ears.url}/wechat", sms_receipt_url=f"{ears.url}/sms")


def make_settings(**changes: Any) -> SandboxSettings:
    values: dict[str, Any] = {
        "appid": APPID,
        "app_secret": SECRET,
        "push_url": "",
        "push_token": PUSH_TOKEN,
        "push_aes_key": AES_KEY,
        "sms_secret_id": "AKIDsandbox",
        "sms_secret_key": "sms-secret",
        "sms_sdk_app_id": "1400006666",
        "sms_sign": "上海技评",
        "sms_receipt_url": "",
        "templates": TEMPLATES,
        "sms_templates": SMS_TEMPLATES,
    }
    return SandboxSettings(**{**values, **changes})


@pytest.fixture
def sandbox(settings: SandboxSettings, clock: HandClock) -> Iterator[Sandbox]:
    for server in serve(create_sandbox(settings, clock)):
        with requests.Session() as session:
            session.trust_env = False
            sandbox = Sandbox(f"http://127.0.0.1:{server.port}", session)
            yield sandbox
            sandbox.delete("/sandbox/faults")  # lets go of calls that a fault still holds
            sandbox.drain()  # a late push must not find another test's ears on a reused port
