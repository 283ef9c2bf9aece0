"""Run every benchmark and print each as a ratio to its floor: `make bench`, or `python -m tests.bench NAME …`."""

import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import requests
import typst
from flask import Flask
from sqlalchemy import select, text
from werkzeug.serving import make_server

from server.db import transaction
from server.documents.ticket import ticket_pdf
from server.models import Account, Candidate, SignIn, Upload
from server.privacy import token_hash
from tests.bench.bare import bare_app, metadata
from tests.bench.measuring import installation, rate, say
from tests.bench.telling import dispatch, notices
from tests.conftest import at
from tests.databases import postgres_server
from tests.documents.sample import ticket
from tests.people import SAID, portrait
from tests.seeding import seed_paid, sitting_id

ROUNDS = 3


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def registrations(server: str, count: int = 300) -> None:
    """A full registration over HTTP beside a bare endpoint that writes as many rows in one commit."""
    clients = 8
    with installation(server) as app, app.app_context():
        bare = bare_app(app.extensions["jiping_settings"].database_url)
        metadata.create_all(bare.extensions["bare_engine"])
        ready, april = _ready(app, count * ROUNDS), sitting_id(app, "2026-04")
        with _served(app) as web, _served(bare) as floor_web:
            ours, floor = [], []
            for round_number in range(ROUNDS):
                mine = ready[round_number * count : (round_number + 1) * count]
                floor.append(rate(count, lambda: _post_all(clients, f"{floor_web}/rows", april, [("", 0)] * count)))
                ours.append(
                    rate(count, lambda mine=mine: _post_all(clients, f"{web}/api/v1/registrations", april, mine))  # type: ignore[misc]
                )
        bare.extensions["bare_engine"].dispose()
    say("registration over HTTP (PostgreSQL)", ours, floor, "/s")


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


def _post_all(clients: int, url: str, sitting: int, people: list[tuple[str, int]]) -> None:
    """Everybody's form, from so many clients at once. Raises RuntimeError where one is refused."""
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
            form = {"sitting_id": sitting, "alternative": "4.1", "upload_ids": [upload], "declared": True, **SAID}
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
            answer = http.post(url, json=form, headers=headers, timeout=30)
            if answer.status_code != 201:
                raise RuntimeError(answer.text)

    with ThreadPoolExecutor(clients) as pool:
        for one in [pool.submit(client) for _ in range(clients)]:
            one.result()


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
        floor = [rate(count, lambda: [compiler.compile(format="pdf") for _ in range(count)]) for _ in range(ROUNDS)]
        ours = [rate(count, lambda: [ticket_pdf(page) for _ in range(count)]) for _ in range(ROUNDS)]
    say("tickets as PDF", ours, floor, "/s")


ALL = {"registrations": registrations, "notices": notices, "dispatch": dispatch, "tickets": tickets}


def main() -> None:
    chosen = sys.argv[1:] or list(ALL)
    with postgres_server() as server:
        for name in chosen:
            ALL[name](server)


if __name__ == "__main__":
    main()
