"""The website as it runs for real, and connections that say little: they keep nobody else out."""

import os
import select
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from server.app import LARGEST_REQUEST

READY_WITHIN = 30.0
HEAD = b"POST /api/v1/sign-in/code HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
SLOW = {
    "JSON that stops": HEAD + b"Content-Length: 1000\r\n\r\n{",
    "a form that stops": b"POST /t/AAAAAAAA HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=a\r\n"
    b"Content-Length: 1000\r\n\r\n--a",
    "pieces that stop": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    "a head that stops": b"GET /health HTTP/1.1\r\nHost: a\r\n",
    "nothing": b"",
}
MANY = 200


@dataclass
class Site:
    """`jiping serve` with two processes of sixteen threads."""

    port: int
    process: subprocess.Popen[bytes]

    def ask(self, method: str, path: str, **options: object) -> requests.Response:
        return requests.request(method, f"http://127.0.0.1:{self.port}{path}", timeout=3, **options)  # type: ignore[arg-type] # passed on as they are

    @contextmanager
    def told(self, said: bytes, many: int = 1) -> Iterator[list[socket.socket]]:
        """So many connections that said this and no more."""
        with ExitStack() as held:
            opened = [held.enter_context(socket.create_connection(("127.0.0.1", self.port), 3)) for _ in range(many)]
            for one in opened:
                one.sendall(said)
            yield opened


@contextmanager
def serving(folder: Path, database: Path, workers: int = 2) -> Iterator[Site]:
    port = _free_port()
    environ = {key: value for key, value in os.environ.items() if not key.startswith("JIPING_")}
    environ |= {"JIPING_DATA_DIR": str(folder), "JIPING_PORT": str(port)}
    command = [sys.executable, "-m", "server.cli"]
    shutil.copy(database, folder / "jiping.sqlite")
    serve = [*command, "serve", "--workers", str(workers), "--port", str(port)]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(serve, env=environ, stdout=said, stderr=said)
    site = Site(port, process)
    try:
        _wait_for(site)
        yield site
    finally:
        process.terminate()
        process.wait(READY_WITHIN)  # longer than a worker has that does not stop by itself


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site"), sqlite_template) as running:
        yield running


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


def _wait_for(site: Site) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while True:
        assert site.process.poll() is None, "the site did not start"
        try:
            return site.ask("GET", "/health").raise_for_status()
        except requests.ConnectionError:
            assert time.monotonic() < deadline, "the site does not answer"
            select.select([], [], [], 0.05)


@pytest.mark.parametrize("said", SLOW.values(), ids=SLOW)
def test_whoever_sends_slowly_keeps_nobody_out(site: Site, said: bytes) -> None:
    with site.told(said, MANY):
        for _ in range(4):
            assert site.ask("GET", "/health").text == "ok\n"
        assert site.ask("POST", "/api/v1/sign-in/code", json={"phone": "1"}).json()["code"] == "phone_shape"


def test_what_is_announced_too_large_is_refused_before_it_comes(site: Site) -> None:
    with site.told(HEAD + b"Content-Length: %d\r\n\r\n" % (LARGEST_REQUEST + 1)) as (one,):
        answer = one.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"too_large"' in answer


def test_what_comes_in_pieces_is_as_good_as_what_was_announced(site: Site) -> None:
    pieces = (piece for piece in (b'{"pho', b'ne":"1"}'))
    answer = site.ask("POST", "/api/v1/sign-in/code", data=pieces, headers={"Content-Type": "application/json"})
    assert answer.json()["code"] == "phone_shape"


def test_a_body_that_breaks_off_is_no_request(site: Site) -> None:
    with site.told(HEAD + b'Content-Length: 30\r\n\r\n{"phone":"13900000000"}') as (one,):
        one.shutdown(socket.SHUT_WR)
        assert one.recv(1000).startswith(b"HTTP/1.1 400 ")


def test_a_request_under_way_is_answered_before_the_site_stops(tmp_path: Path, sqlite_template: Path) -> None:
    body = b'{"phone":"1"}'
    begun = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:5]
    with serving(tmp_path, sqlite_template, workers=1) as site, site.told(begun) as (one,):
        assert site.ask("GET", "/health").ok
        site.process.terminate()
        one.sendall(body[5:])
        assert one.makefile("rb").read().startswith(b"HTTP/1.1 422 ")
        assert site.process.wait(10) == 0
