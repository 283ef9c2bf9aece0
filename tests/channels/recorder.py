"""A vendor made of a raw socket: it keeps every byte that it is sent and answers with bytes it is given."""

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Recorded:
    """One request, byte for byte, and the number of the connection on which it came."""

    connection: int
    head: bytes
    body: bytes

    @property
    def line(self) -> str:
        return self.head.split(b"\r\n")[0].decode()

    @property
    def headers(self) -> dict[str, str]:
        lines = self.head.decode().split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def json(self) -> Any:
        return json.loads(self.body)


# What to do with a request: bytes to send (empty: hang up at once), or None: keep silent until the end.
Behaviour = Callable[[Recorded], bytes | None]


def answer(body: object, status: str = "200 OK", content_type: str = "application/json") -> bytes:
    """An HTTP answer; `body` is bytes, or anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


class Recorder:
    """Listens on a free port of 127.0.0.1 while its `with` block lasts."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.requests: list[Recorded] = []
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]

    @property
    def connections(self) -> int:
        return len({request.connection for request in self.requests})

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        # Shutting down wakes the threads that wait in accept and recv; closing alone does not.
        with self._lock:
            for each in (self._listener, *self._open):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        number = 0
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if self._ended.is_set():
                    connection.close()
                    return
                self._open.append(connection)
            self._start(self._serve, connection, number)
            number += 1

    def _serve(self, connection: socket.socket, number: int) -> None:
        with suppress(OSError), connection:
            rest = b""
            while True:
                request, rest = _next_request(connection, number, rest)
                if request is None:
                    return
                with self._lock:
                    self.requests.append(request)
                reply = self.behaviour(request)
                if reply is None:
                    self._ended.wait(30)
                if not reply:
                    return
                connection.sendall(reply)


def _next_request(connection: socket.socket, number: int, rest: bytes) -> tuple[Recorded | None, bytes]:
    while b"\r\n\r\n" not in rest:
        more = connection.recv(65536)
        if not more:
            return None, b""
        rest += more
    head, _, rest = rest.partition(b"\r\n\r\n")
    length = int(Recorded(number, head, b"").headers.get("content-length", "0"))
    while len(rest) < length:
        rest += connection.recv(65536)
    return Recorded(number, head, rest[:length]), rest[length:]
