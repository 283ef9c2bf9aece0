"""WeChat's side of a test: one bench with a recorder, a clock that stands, a store and the client under test."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from server.wechat import WeChat, WeChatSettings
from tests.channels.recorder import Recorded, Recorder, answer
from tests.wechat.memory_store import MemoryTokenStore

APPID = "wx0123456789abcdef"
SECRET = "5ecret5ecret5ecret5ecret5ecret00"
OPENID = "oABC-0123456789_openid"
START = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)

LOGIN = "/sns/jscode2session"
PHONE = "/wxa/business/getuserphonenumber"
SEND = "/cgi-bin/message/subscribe/send"
TOKEN = "/cgi-bin/stable_token"

OK = answer({"errcode": 0, "errmsg": "ok", "msgid": 2402298110051942})


def refusal(errcode: int, errmsg: str = "refused rid: 6523-1a2b") -> bytes:
    """An errcode as WeChat writes it: HTTP 200."""
    return answer({"errcode": errcode, "errmsg": errmsg})


def token_answer(value: str, lasts: int = 7200) -> bytes:
    return answer({"access_token": value, "expires_in": lasts})


# Answers that say nothing: each may come after WeChat has acted.
UNREADABLE = [
    answer(b"<html>busy</html>", content_type="text/html"),
    answer(b"\x89PNG\r\n\x1a\n\x00\xff", content_type="image/png"),
    answer(b"[]"),
    answer(b'"ok"'),
    answer(b""),
    answer(b'{"errcode": "not a number"}'),
    answer(b'{"errcode": 0'),
    answer(b"[" * 50_000),
    answer(b"", status="302 Found\r\nLocation: http://127.0.0.1:9/elsewhere"),
    answer(b"", status="502 Bad Gateway"),
    answer(b"", status="404 Not Found"),
    b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{",
    b"not http at all\r\n\r\n",
    b"",
]


def fixed(reply: bytes | None) -> Callable[[Recorded], bytes | None]:
    return lambda request: reply


@dataclass
class Script:
    """What each path answers, by default a token and a good message."""

    paths: Mapping[str, Callable[[Recorded], bytes | None]] = field(default_factory=dict)

    def __call__(self, request: Recorded) -> bytes | None:
        path = request.line.split(" ")[1].partition("?")[0]
        if path in self.paths:
            return self.paths[path](request)
        return token_answer("TOKEN-ONE") if path == "/cgi-bin/stable_token" else OK


class Bench:
    """A client whose WeChat is the recorder; the clock stands until a test moves it."""

    def __init__(self, recorder: Recorder, timeout: tuple[float, float] = (1.0, 2.0)) -> None:
        self.instant = START
        self.recorder = recorder
        self.settings = WeChatSettings(APPID, SECRET, f"http://127.0.0.1:{recorder.port}", timeout)
        self.use(MemoryTokenStore(self.now))

    def use(self, store: MemoryTokenStore) -> None:
        self.store = store
        self.client = WeChat(self.settings, store, self.now)

    def now(self) -> datetime:
        return self.instant

    def pass_time(self, span: timedelta) -> None:
        self.instant += span

    def paths(self) -> list[str]:
        return [request.line.split(" ")[1].partition("?")[0] for request in self.recorder.requests]

    def send(self) -> str:
        return self.client.send_subscribe(OPENID, "TEMPLATE-1", "pages/tickets/index", {"thing1": "张三"}, "formal")
