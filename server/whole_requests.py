"""The front door: takes a request whole before one of the few threads is given to it, and within a deadline.

A thread that read the body itself would wait for whoever sends it, so that a few dozen connections that send nothing would
be all that the site does. Here a slow one costs a coroutine. What the application looks at stays the application's: how
large a body may be, what may be in it, and the words of every refusal.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

#: where the application finds the code of what is wrong with a request's arrival
REFUSED = "jiping.refused"


@dataclass(frozen=True)
class Patience:
    """How long a body may take, and how much may be held of all that are under way in one process.

    A phone on a bad line sends a picture within the 90 seconds that it gives itself; one that falls silent has lost the line.
    """

    silent_seconds: float = 10.0
    least_seconds: float = 15.0
    bytes_per_second: int = 32 * 1024
    most_seconds: float = 95.0
    bytes_held: int = 256 * 1024 * 1024
    answer_seconds: float = 120.0

    def seconds_for(self, length: int | None) -> float:
        """For the whole of a body of so many bytes; None where that is not announced."""
        if length is None:
            return self.least_seconds
        return min(self.most_seconds, self.least_seconds + length / self.bytes_per_second)


class WholeRequests:
    """An ASGI application that serves a WSGI one."""

    def __init__(self, inner: Wsgi, *, largest: int, threads: int = 16, patience: Patience | None = None) -> None:
        self._inner, self._largest, self._patience = inner, largest, patience or Patience()
        self._threads = ThreadPoolExecutor(threads, "request")
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        environ = _environ(scope)
        with self._counted() as held:
            refusal = await self._take(environ, receive, held)
            if refusal:
                environ[REFUSED] = refusal
            status, headers, body = await asyncio.get_running_loop().run_in_executor(
                self._threads, _answer, self._inner, environ
            )
            environ.clear()  # whoever reads the answer slowly does not hold what they sent
        if refusal:
            headers.append((b"connection", b"close"))
        async with asyncio.timeout(self._patience.answer_seconds):
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    @contextmanager
    def _counted(self) -> Iterator["_Held"]:
        held = _Held(self)
        try:
            yield held
        finally:
            held.let_go()

    async def _take(self, environ: Environ, receive: Receive, held: "_Held") -> str:
        """Read the body into the environ; the code of a refusal, or "".

        A body that is larger than any may be is not read: the application says so by its announced length, or by what has
        come of one that announced none.
        """
        length = _length(environ)
        if length is not None and length > self._largest:
            return ""
        body = bytearray()
        try:
            async with asyncio.timeout(self._patience.seconds_for(length)):
                while length is None or len(body) < length:
                    async with asyncio.timeout(self._patience.silent_seconds):
                        message = await receive()
                    if message["type"] == "http.disconnect":
                        return "bad_request"
                    piece = message.get("body", b"")
                    body += piece
                    if not held.take(len(piece)):
                        return "server_busy"
                    if not message.get("more_body", False) or len(body) > self._largest:
                        break
        except TimeoutError:
            return "too_slow"
        if length is not None and len(body) != length:
            return "bad_request"
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body)) if body or length is not None else ""
        return ""

    def hold(self, size: int) -> bool:
        """Count bytes that are held; False where that is more than may be held at once."""
        self._held += size
        return self._held <= self._patience.bytes_held


class _Held:
    """What one request holds of the memory that all share."""

    def __init__(self, shared: WholeRequests) -> None:
        self._shared, self._size = shared, 0

    def take(self, size: int) -> bool:
        self._size += size
        return self._shared.hold(size)

    def let_go(self) -> None:
        self._shared.hold(-self._size)


def _length(environ: Environ) -> int | None:
    """The announced length; None for a body in pieces (chunked), 0 where there is none."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    text = environ["CONTENT_LENGTH"]
    return int(text) if text.isdecimal() and text.isascii() else 0


def _environ(scope: Scope) -> Environ:
    """The request as PEP 3333 has it, without its body."""
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": str(client[0]),
        "REMOTE_PORT": str(client[1]),
        "CONTENT_TYPE": "",
        "CONTENT_LENGTH": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        _put(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def _put(environ: Environ, name: str, value: str) -> None:
    if "_" in name:
        return  # it would pass for the header with a hyphen, which a proxy has looked at
    key = name.upper().replace("-", "_")
    key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
    between = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{between}{value}" if environ.get(key) else value


def _answer(inner: Wsgi, environ: Environ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """The application's answer, whole: no thread waits for whoever reads it."""
    said: tuple[str, list[tuple[str, str]]] = ("500 Internal Server Error", [])

    def start(status: str, headers: list[tuple[str, str]], _fault: object = None) -> Callable[[bytes], object]:
        nonlocal said
        said = (status, headers)
        return body.append

    body: list[bytes] = []
    pieces = inner(environ, start)
    try:
        body.extend(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    status, headers = said
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return int(status[:3]), encoded, b"".join(body)
