"""Whatever is sent, the answer is a refusal in one shape and never a breakdown, on both databases."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from server.local import LocalStack
from server.models import VendorEvent
from tests.api.refusals import Refused, nothing_changes, refused
from tests.people import Phone
from tests.rows import rows

HUGE = 10**30
DEEP = 10_000
NUMBERS = (0, 1, 2**31, 2**53, 2**63, HUGE)
SENT = (
    ("POST", "sign-in"),
    ("POST", "sign-in/phone"),
    ("PUT", "me/profile"),
    ("PUT", "me/phone"),
    ("POST", "registrations"),
    ("PUT", "registrations/ABCDEFGH"),
    ("POST", "subscriptions/answers"),
)

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "not JSON": b"{",
    "invalid UTF-8": b'{"code":"\xff\xfe"}',
    "UTF-16": '{"code":"x"}'.encode("utf-16"),
    "a BOM": b'\xef\xbb\xbf{"code":"x"}',
    "null": b"null",
    "a number": b"1",
    "a text": b'"x"',
    "an array": b"[]",
    "an array of objects": b"[{}]",
    "NaN": b"NaN",
    "infinity": b'{"sitting_id":1e999,"version":1e999}',
    "5,000 digits": b'{"sitting_id":' + b"9" * 5000 + b"}",
    "deep arrays": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "unclosed brackets": b"[" * 1_000_000,
    "half a character": b'{"code":"\\ud800","name":"\\udfff","tap":"\\ud800aaaaaaaa"}',
    "half a character as a key": b'{"\\ud800":1}',
    "half a character in a map": b'{"tap":"aaaaaaaa","answers":{"\\ud800":"x"}}',
    "NUL": b'{"code":"\\u0000","name":"\\u0000\\u0000","tap":"aaaaaaa\\u0000","answers":{"\\u0000":"x"}}',
    "a key twice": b'{"code":"a","code":"b","name":"a","name":"b"}',
    "a long text": b'{"code":"' + b"x" * 1_000_000 + b'"}',
    "a long key": b'{"' + b"x" * 1_000_000 + b'":1}',
    "everything of the wrong kind": json.dumps(
        {key: {"a": [1]} for key in ("code", "name", "phone", "tap", "answers", "work", "upload_ids", "version", "declared")}
    ).encode(),
    "a form": b"code=x&name=y",
    "a prototype": b'{"__proto__":{"admin":true},"__class__":1}',
}  # fmt: skip
FORM = {"sitting_id": 1, "alternative": "4.1", "upload_ids": [1], "declared": True, "work": [{"since": "2010-01-01"}]}


@pytest.fixture
def phone(stack: LocalStack) -> Phone:
    person = Phone(stack).ready(1)
    person.register("2026-04")
    return person


def is_refusal(answer: requests.Response, told: object) -> None:
    assert 400 <= answer.status_code < 500, (told, answer.status_code, answer.text[:200])
    assert set(answer.json()) == {"code", "message", "fields", "reasons"}, told
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def strange_requests(phone: Phone) -> Iterator[tuple[object, requests.Response]]:
    """Everything nasty in turn: what was asked, and the answer."""
    once = {"Idempotency-Key": "abcdefgh-1", "Content-Type": "application/json"}
    for name, body in BODIES.items():
        for method, path in SENT:
            yield (name, method, path), phone.call(method, path, data=body, headers=once)
    for kind in (
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=",
        "application/json; charset=utf-7",
        "\xff",
    ):
        headers = once | {"Content-Type": kind.encode("latin-1")}
        yield kind, phone.call("POST", "registrations", data=b"{}", headers=headers)
    for number in (*NUMBERS, -1, True, 1.5, "1; DROP TABLE sitting", None, [1]):
        for changes in ({"sitting_id": number}, {"upload_ids": [number]}):
            yield (
                changes,
                phone.call("POST", "registrations", json=FORM | changes | {"alternative": "0"}, headers=once),
            )
        again = {"version": number, "alternative": "0", "upload_ids": [1], "declared": True}
        yield again, phone.call("PUT", f"registrations/{phone.number}", json=again)
    for number in (*NUMBERS[2:], -1, "9" * 5000, "%00", "1%00", "%ff", "1.5", "x"):
        for path in (f"sittings/{number}", f"me/uploads/{number}"):
            yield path, phone.call("GET", path)
        yield number, phone.call("POST", f"sittings/{number}/eligibility", json={})
    for number in (
        "%00",
        "A%00",
        "%ed%a0%80",
        "%0d%0aSet-Cookie:%20a=b",
        "..%2f..%2fetc%2fpasswd",
        "A" * 10_000,
        "%e2%80%ae",
    ):
        yield number, phone.call("GET", f"registrations/{number}")
        yield number, phone.call("POST", f"registrations/{number}/withdrawal")
    for day in ("0000-00-00", "0001-01-01", "9999-12-31", "2026-02-30", "10000-01-01", HUGE, -HUGE, "NaN"):
        yield day, phone.call("POST", "sittings/1/eligibility", json={"work": [{"since": day}]})
    for method, path in (
        ("DELETE", "me"),
        ("PATCH", "registrations"),
        ("TRACE", "me"),
        ("BREW", "sittings"),
        ("PUT", "sign-in"),
    ):
        yield (method, path), phone.call(method, path)
    for key in ("x" * 81, "\xff" * 7):
        sent = {"Idempotency-Key": key.encode("latin-1")}
        yield key, phone.call("POST", "registrations", json=FORM | {"alternative": "0"}, headers=sent)


def test_nothing_that_is_sent_breaks_the_server_or_changes_anything(stack: LocalStack, phone: Phone) -> None:
    with nothing_changes(stack.app):
        for told, answer in strange_requests(phone):
            is_refusal(answer, told)


def test_a_tap_s_number_is_plain_text_and_the_end_of_time_a_date_like_others(stack: LocalStack, phone: Phone) -> None:
    template = next(iter(stack.settings.wechat_templates.values()))
    for tap in ("aaaaaaa\0", "aaaaaaa\n", "a" * 65, "short"):
        with nothing_changes(stack.app):
            body = {"tap": tap, "answers": {template: "accept"}}
            answer = phone.call("POST", "subscriptions/answers", json=body)
        assert (answer.status_code, tuple(answer.json()["fields"])) == (422, ("tap",))
    until = {"work": [{"since": "2010-01-01", "until": "9999-12-31"}]}
    assert phone.refused("POST", "sittings/1/eligibility", json=until) == (422, "claims_wrong")


# --- what another site's page can send from its visitor's browser without asking


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=a",
        "text/json",
        "application/json5",
        "",
    ],
)
@pytest.mark.parametrize(("method", "path"), [*SENT, ("POST", "sign-in/code"), ("POST", "sittings/1/eligibility")])
def test_a_door_that_takes_json_takes_nothing_else(house: LocalStack, method: str, path: str, kind: str) -> None:
    sent = {"Content-Type": kind} if kind else {}
    body = b'{"phone":"13800001000"}'
    refused(house.app, Refused("body_kind_wrong"), lambda: Phone(house).call(method, path, data=body, headers=sent))


@pytest.mark.parametrize(("method", "path"), [("PUT", "me/photo"), ("POST", "me/photo"), ("POST", "me/evidence")])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "image/jpeg"])
def test_a_door_that_takes_files_takes_nothing_else(house: LocalStack, method: str, path: str, kind: str) -> None:
    sent = {"Content-Type": kind}
    refused(house.app, Refused("body_kind_wrong"), lambda: Phone(house).call(method, path, data=b"{}", headers=sent))


# --- carriers' doors

ROW = {
    "sid": "s",
    "report_status": "SUCCESS",
    "errmsg": "DELIVRD",
    "user_receive_time": "2026-02-23 09:00:00",
    "ext": "1",
}
BAD_ROWS: list[dict[str, Any]] = [
    {"sid": ""},
    {"sid": "\0"},
    {"sid": "\ud800"},
    {"sid": "号"},
    {"sid": "s" * 101},
    {"sid": 5},
    {"report_status": "MAYBE"},
    {"user_receive_time": "0001-01-01 00:00:00"},
    {"user_receive_time": "tomorrow"},
    {"user_receive_time": None},
]
STRANGE_BUT_READABLE: list[dict[str, Any]] = [
    {"ext": "²"},
    {"ext": "٣"},
    {"ext": "9" * 30},
    {"ext": "-1"},
    {"ext": "\0"},
    {"ext": "\ud800"},
    {"ext": {"a": 1}},
    {"errmsg": "\0\ud800" * 50},
    {"errmsg": None},
    {"user_receive_time": "9999-12-31 23:59:59"},
]


def test_garbage_at_the_receipts_doors_is_turned_away(stack: LocalStack) -> None:
    door = f"{stack.web}/receipts/sms/{stack.settings.sms_receipt_path}"
    bodies = [*BODIES.values(), *(json.dumps([ROW | changes]).encode() for changes in BAD_ROWS)]
    bodies += [json.dumps([ROW] * 101).encode()]
    bodies.remove(b"[]")  # good news of nobody
    with nothing_changes(stack.app):
        for body in bodies:
            is_refusal(requests.post(door, data=body, timeout=10), body[:60])
        for secret in ("x", "%00", "%ed%a0%80", stack.settings.sms_receipt_path + "x"):
            is_refusal(requests.post(f"{stack.web}/receipts/sms/{secret}", data=b"[]", timeout=10), secret)
        wechat = f"{stack.web}/receipts/wechat"
        for query in ("", "signature=%ed%a0%80&timestamp=1&nonce=1&echostr=x", "timestamp=" + "9" * 5000):
            is_refusal(requests.get(f"{wechat}?{query}", timeout=10), query)
            for body in BODIES.values():
                is_refusal(requests.post(f"{wechat}?{query}", data=body, timeout=10), body[:60])


def test_an_odd_row_does_not_take_the_good_ones_of_its_push_with_it(stack: LocalStack) -> None:
    door = f"{stack.web}/receipts/sms/{stack.settings.sms_receipt_path}"
    answer = requests.post(door, json=[ROW, ROW | {"sid": ""}], timeout=10)
    assert (answer.status_code, answer.json()) == (200, {"result": 0, "errmsg": "OK"})
    assert rows(stack.app, VendorEvent) == 1


def test_a_receipt_for_what_we_never_sent_waits_and_harms_nobody(stack: LocalStack) -> None:
    door = f"{stack.web}/receipts/sms/{stack.settings.sms_receipt_path}"
    for turn, changes in enumerate(STRANGE_BUT_READABLE):
        row = ROW | {"sid": f"s{turn}"} | changes
        for _ in range(2):
            answer = requests.post(door, json=[row], timeout=10)
            assert (answer.status_code, answer.json()) == (200, {"result": 0, "errmsg": "OK"}), changes


# --- below HTTP's good manners


def raw(stack: LocalStack, request: bytes) -> bytes:
    """Bytes as no client library would send them; the answer's first line."""
    where = urlsplit(stack.web)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").readline()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /api/v1/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET //evil.example/%2e%2e HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /t/\xff\xfe\x80 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n{}",
        b"POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n{}",
        b"POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\nContent-Type: application/json\r\n\r\n{}",
        b"POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nHost: \r\nAuthorization: Bearer\r\n\r\n",
    ],
)
def test_broken_http_is_no_breakdown(house: LocalStack, request_bytes: bytes) -> None:
    status = raw(house, request_bytes).split()[1:2]
    assert status
    assert status[0].startswith(b"4"), status
