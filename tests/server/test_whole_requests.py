"""The front door: a body comes whole and in time, or the application is told why not."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from server.whole_requests import REFUSED, Environ, Message, Patience, WholeRequests

LARGEST = 100
QUICK = Patience(
    silent_seconds=0.05, least_seconds=0.1, bytes_per_second=10_000_000, most_seconds=0.2, bytes_held=300
)


def in_a_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """On a thread of its own: a browser of other tests may keep a loop on this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


def echo(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
    """What the application was given: its refusal, or the announced length and the body."""
    refused = environ.get(REFUSED)
    start("400 Bad Request" if refused else "200 OK", [("X-Length", environ["CONTENT_LENGTH"])])
    return [refused.encode()] if refused else [environ["wsgi.input"].read()]


def scope(*headers: tuple[bytes, bytes], **changes: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "http_version": "1.1",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": list(headers),
        "client": ("192.0.2.1", 1),
        "server": ("127.0.0.1", 8000),
        **changes,
    }


def piece(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def ask(
    door: WholeRequests, asked: dict[str, Any], pieces: list[Message], every: float = 0
) -> tuple[int, bytes]:
    """What is answered to somebody who sends these pieces, and after them is silent."""
    coming, sent = list(pieces), list[Message]()

    async def receive() -> Message:
        if not coming:
            await asyncio.Event().wait()
        if every:
            await asyncio.wait({asyncio.ensure_future(asyncio.Event().wait())}, timeout=every)
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await door(asked, receive, send)
    return sent[0]["status"], sent[1]["body"]


def announced(length: int) -> tuple[bytes, bytes]:
    return b"content-length", str(length).encode()


CHUNKED = (b"transfer-encoding", b"chunked")


@pytest.mark.parametrize(
    ("header", "pieces", "every", "answer"),
    [
        (announced(4), [piece(b"ab"), piece(b"cd", more=False)], 0, (200, b"abcd")),
        (announced(4), [piece(b"ab"), piece(b"cd")], 0, (200, b"abcd")),
        (CHUNKED, [piece(b"ab"), piece(b"cd", more=False)], 0, (200, b"abcd")),
        (announced(0), [], 0, (200, b"")),
        (announced(4), [piece(b"ab")], 0, (400, b"too_slow")),
        (CHUNKED, [piece(b"ab")], 0, (400, b"too_slow")),
        (announced(90), [piece(b"a")] * 90, 0.03, (400, b"too_slow")),
        (announced(4), [piece(b"ab"), {"type": "http.disconnect"}], 0, (400, b"bad_request")),
        (announced(4), [piece(b"ab", more=False)], 0, (400, b"bad_request")),
        (announced(LARGEST + 1), [], 0, (200, b"")),
    ],
    ids=[
        "whole",
        "whole without a last word",
        "in pieces",
        "empty",
        "stops",
        "stops in pieces",
        "drips",
        "hangs up",
        "ends too early",
        "too large is not waited for",
    ],
)
def test_a_thread_is_given_to_what_has_come(
    header: tuple[bytes, bytes], pieces: list[Message], every: float, answer: tuple[int, bytes]
) -> None:
    door = WholeRequests(echo, largest=LARGEST, patience=QUICK)
    assert in_a_loop(ask(door, scope(header), pieces, every)) == answer


def test_pieces_are_read_as_far_as_the_largest_and_counted() -> None:
    seen: dict[str, str] = {}

    def counting(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        seen["length"] = environ["CONTENT_LENGTH"]
        return echo(environ, start)

    door = WholeRequests(counting, largest=LARGEST, patience=QUICK)
    in_a_loop(ask(door, scope(CHUNKED), [piece(b"a" * 60)] * 5))
    assert seen["length"] == "120"


def test_more_than_may_be_held_at_once_is_refused_and_what_was_held_is_given_back() -> None:
    door = WholeRequests(echo, largest=LARGEST, patience=QUICK)
    begun = [piece(b"a" * 80)]

    async def crowd() -> list[tuple[int, bytes]]:
        return await asyncio.gather(*(ask(door, scope(announced(100)), begun) for _ in range(4)))

    assert sorted(said for _, said in in_a_loop(crowd())) == [b"server_busy", b"too_slow", b"too_slow", b"too_slow"]
    whole = [piece(b"a" * 100, more=False)]
    assert in_a_loop(ask(door, scope(announced(100)), whole)) == (200, b"a" * 100)


def test_a_large_body_is_given_more_time_but_never_longer_than_any() -> None:
    patience = Patience()
    times = [patience.seconds_for(length) for length in (None, 0, 320 * 1024, 1024 * 1024 * 1024)]
    assert times == [15, 15, 25, 95]


def test_the_application_sees_the_request_as_it_was_sent() -> None:
    seen: Environ = {}

    def looking(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        seen.update(environ)
        return echo(environ, start)

    headers = (
        (b"accept", b"a"),
        (b"accept", b"b"),
        (b"x_forwarded_for", b"6.6.6.6"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
    )
    asked = scope(*headers, method="GET", raw_path=b"/%e4%b8%ad/%ff%2f", query_string=b"a=%20&b")
    in_a_loop(ask(WholeRequests(looking, largest=LARGEST), asked, []))
    wanted = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": b"/\xe4\xb8\xad/\xff/".decode("latin-1"),
        "QUERY_STRING": "a=%20&b",
        "HTTP_ACCEPT": "a,b",
        "HTTP_COOKIE": "a=1; b=2",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.url_scheme": "http",
    }
    assert {key: seen[key] for key in wanted} == wanted
    assert "HTTP_X_FORWARDED_FOR" not in seen


def test_every_answer_is_closed_once_it_is_read() -> None:
    closed: list[bool] = []

    class Pieces:
        def __iter__(self) -> Any:
            return iter((b"a", b"b"))

        def close(self) -> None:
            closed.append(True)

    def streaming(_environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        return Pieces()

    assert in_a_loop(ask(WholeRequests(streaming, largest=LARGEST), scope(), [])) == (200, b"ab")
    assert closed == [True]
