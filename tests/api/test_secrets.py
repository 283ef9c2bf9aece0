"""No document number, phone or code leaves the place where it belongs: not in answers, logs, the audit trail or the file."""

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from pypdf import PdfReader
from sqlalchemy import select, text

from server.db import db, reading
from server.domain.days import local_day
from server.domain.identity import DocumentType, read_document
from server.domain.turnout import Outcome
from server.local import LocalStack, local_stack
from server.logs import set_up
from server.models import AuditEntry
from server.services import ticketing, turnout
from server.services.profile import Particulars
from tests.conftest import at
from tests.people import Phone, approve, id_card, pay
from tests.seeding import sitting_id

CARD, CARD_OF_ANOTHER = id_card(712), id_card(713)
PASSPORT, PERMIT = "E90817263", "H8172635401"
PHONE, PHONE_BY_SMS, PHONE_OF_ANOTHER = "13871234501", "13871234502", "13871234503"
NAME = "欧阳娜娜"


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """What began to log while its words were listened to would go on talking to a listener who has gone."""
    yield
    set_up(json_lines=False)


@dataclass
class Listener(Phone):
    """A phone that remembers every answer."""

    heard: list[str] = field(default_factory=list)

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        answer = super().call(method, path, **more)
        body = answer.content
        if body.startswith(b"%PDF"):
            self.heard.append("".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages))
        self.heard.append(f"{answer.headers}\n{body.decode('utf-8', 'replace')}")
        return answer


def live_through(stack: LocalStack) -> tuple[Listener, list[str]]:
    """One life from sign-in to ticket, with every slip on the way; who lived it, and the codes that came by SMS."""
    one = Listener(stack)
    one.sign_in()
    one.call("POST", "me/phone/code", json={"phone": PHONE_BY_SMS})
    stack.run_jobs()
    one.phone = PHONE_BY_SMS
    code = re.findall(r"\d{6}", one.messages()[-1]["text"])[0]
    one.call("PUT", "me/phone", json={"phone": PHONE_BY_SMS, "code": f"{(int(code) + 1) % 10**6:06d}"})
    one.ok("PUT", "me/phone", json={"phone": PHONE_BY_SMS, "code": code})
    one.set_phone(PHONE)
    slips: list[dict[str, Any]] = [
        {"document_number": CARD[:-1] + "x"},
        {"document_type": "hk_macao_permit", "document_number": PERMIT},
        {"document_type": "passport", "document_number": PASSPORT},
        {"document_number": [CARD]},
        {CARD: CARD},
        {"name": CARD},
    ]
    right = {"name": NAME, "document_type": "id_card", "document_number": CARD}
    for slip in slips:
        one.call("PUT", "me/profile", json=right | slip)
    one.ok(
        "PUT",
        "me/profile",
        json=right | {"document_type": "passport", "document_number": PASSPORT, "born": "1990-05-17", "sex": "女"},
    )
    one.ok("PUT", "me/profile", json=right)
    one.send_photo()
    one.register("2026-04")
    one.call("PUT", "me/profile", json=right | {"document_number": CARD_OF_ANOTHER})
    other = Listener(stack, heard=one.heard)
    other.sign_in()
    other.set_phone(PHONE_OF_ANOTHER)
    other.call("PUT", "me/profile", json=right)
    approve(stack, one.number)
    stack.run_jobs()
    stack.clock.stand_at(at(2026, 3, 24))
    one.sandbox(f"sms/phones/{PHONE}", mode="fail")
    pay(stack, one.number, local_day(stack.clock.now()))
    one.sign_in(one.openid)
    stack.run_jobs()
    one.sandbox("drain")
    to_the_ticket(one)
    return one, [code]


def to_the_ticket(one: Listener) -> None:
    stack, day = one.stack, at(2026, 4, 20, 9)
    stack.clock.stand_at(at(2026, 3, 31, 9))
    with stack.app.app_context():
        turnout.settle_by_hand(
            sitting_id(stack.app, "2026-04"), Outcome.HELD, "staff:chen", "照常", stack.clock.now()
        )
        ticketing.release_due(day)
    stack.clock.stand_at(day)
    one.sign_in(one.openid)
    ticket = one.ok("GET", f"registrations/{one.number}/ticket")
    one.call("GET", f"registrations/{one.number}/ticket.pdf")
    for path in ("me", "registrations", f"registrations/{one.number}", f"registrations/{one.number}/payment"):
        one.ok("GET", path)
    one.call("GET", ticket["link"])
    for digits in ("0000", CARD, CARD[-4:]):
        one.call("POST", ticket["link"], data={"digits": digits})
    stack.run_jobs()
    one.sandbox("drain")


def break_down(stack: LocalStack, one: Listener) -> None:
    """A real breakdown in the middle of somebody's particulars."""
    with stack.app.app_context(), db.engine.begin() as connection:
        refuse = "CREATE TRIGGER broken BEFORE UPDATE ON candidate BEGIN SELECT RAISE(ABORT, 'disk'); END"
        connection.execute(text(refuse))
    fresh = Listener(stack, heard=one.heard)
    fresh.sign_in()
    fresh.set_phone(PHONE_OF_ANOTHER)
    person = {"name": "王芳", "document_type": "id_card", "document_number": CARD_OF_ANOTHER}
    assert fresh.call("PUT", "me/profile", json=person).status_code == 200
    assert fresh.call("PUT", "me/profile", json=person | {"name": "李喆珺"}).status_code == 500


def leaks(where: str, secrets: list[str]) -> list[str]:
    """Which secrets stand in a text; a code of six digits counts only where it is no part of something longer."""
    return [one for one in secrets if re.search(rf"(?<![0-9A-Za-z_-]){re.escape(one)}(?![0-9A-Za-z_-])", where, re.I)]


def test_no_number_phone_or_code_is_found_where_it_does_not_belong(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # It is started here and not by a fixture: it must begin to log after its words are listened to.
    with local_stack(tmp_path, migrated=True, database_url=sqlite_url) as stack:
        stack.clock.stand_at(at(2026, 2, 23, 9))
        one, codes = live_through(stack)
        break_down(stack, one)
        with stack.app.app_context(), reading() as session:
            trail = "\n".join(repr(vars(entry)) for entry in session.scalars(select(AuditEntry)))
        stored = {
            path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith("jiping.sqlite")
        }
    logged = capsys.readouterr().err
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.split(".")[0] in OURS)
    numbers = [CARD, CARD_OF_ANOTHER, PASSPORT, PERMIT, PHONE, PHONE_BY_SMS, PHONE_OF_ANOTHER]
    secrets = [*numbers, *codes]

    heard = "\n".join(one.heard)
    assert leaks(heard, secrets) == []
    assert "138****4501" in heard
    assert CARD[0] + "*" * 16 + CARD[-1] in heard
    assert CARD[-4:] not in [one[-4:] for one in re.findall(r"[0-9A-Z]*\*+[0-9A-Z]*", heard)]

    assert "request.failed" in logged
    assert leaks(logged + ours, [*secrets, NAME, "王芳", "李喆珺"]) == []

    assert trail.count("'action':") > 5
    assert leaks(trail, [*secrets, NAME, "王芳"]) == []

    assert "jiping.sqlite-wal" in stored
    for raw in (content.decode("latin-1") for content in stored.values()):
        assert [number for number in numbers if number in raw or number.lower() in raw] == []
        assert leaks(raw, codes) == []


OURS = {"server", "notifications", "miniapp_api", "scheduler", "flask", "werkzeug", "sqlalchemy"}


def test_nothing_that_was_typed_is_said_back(house: LocalStack) -> None:
    echo = "ECHO4711"
    phone = Phone(house).ready(99)
    phone.register("2026-04")
    bodies: list[tuple[str, str, Any]] = [
        ("POST", "sign-in", {"code": echo}),
        ("POST", "sign-in", {echo: 1, "code": {echo: echo}}),
        ("POST", "sign-in", [echo]),
        ("PUT", "me/phone", {"phone": echo, "code": echo}),
        ("PUT", "me/profile", {"name": echo, "document_type": echo, "document_number": echo, "born": echo, "sex": echo}),
        ("POST", "registrations", {"sitting_id": echo, "alternative": echo * 20, "upload_ids": [echo], "work": [{echo: echo}]}),
        ("PUT", f"registrations/{echo}", {"version": echo}),
        ("GET", f"registrations/{echo}", None),
        ("GET", f"{echo}", None),
        ("POST", "sittings/1/eligibility", {"diplomas": [{"school": echo, "major": echo * 9, f"a.{echo}": 1}]}),
        ("POST", "subscriptions/answers", {"tap": echo, "answers": {echo: echo}}),
    ]  # fmt: skip
    for method, path, body in bodies:
        answer = phone.call(method, path, json=body, headers={"Idempotency-Key": echo})
        assert answer.status_code >= 400
        assert echo not in answer.text + str(answer.headers), answer.text
    raw = phone.call("POST", "sign-in", data=json.dumps(echo)[:-1], headers={"Content-Type": "application/json"})
    assert echo not in raw.text


def test_a_candidate_is_masked_wherever_they_are_printed_by_mistake() -> None:
    shown = repr(Particulars(NAME, DocumentType.ID_CARD, CARD)) + repr(
        read_document(DocumentType.ID_CARD, CARD, at(2026, 2, 23).date())
    )
    assert leaks(shown, [CARD]) == []
    assert NAME not in shown


# --- what every answer bears


def test_every_answer_forbids_caches_sniffing_framing_and_foreign_content(house: LocalStack) -> None:
    phone = Phone(house).ready(98)
    phone.register("2026-04")
    evidence = phone.send_evidence()
    paths = ["me", "registrations", f"registrations/{phone.number}", f"registrations/{phone.number}/payment"]
    paths += [
        f"me/uploads/{evidence}",
        "subscriptions",
        "registrations/NOBODY22",
        "nowhere",
        "sittings",
        "openapi.json",
    ]
    paths += [f"{house.web}/t/nobody", f"{house.web}/health", f"{house.web}/receipts/wechat"]
    for path in paths:
        headers = phone.call("GET", path).headers
        told = {name: headers.get(name) for name in ("Cache-Control", "X-Content-Type-Options", "Referrer-Policy")}
        assert told == {
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }, path
        policy = headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy, path
        assert headers["X-Frame-Options"] == "DENY"
        if headers["Content-Type"].startswith("text/html"):
            assert "default-src 'none'" in policy
            assert "script" not in policy
    assert "X-Robots-Tag" in phone.call("GET", f"{house.web}/t/nobody").headers
