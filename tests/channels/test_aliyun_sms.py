"""The second SMS carrier against recorded traffic: what Alibaba is sent, byte for byte, and what its answers become."""

import json
import logging
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notifications.channels.acs3 import Key, query_string, signed_headers
from notifications.channels.aliyun_codes import OUTCOME_OF
from notifications.channels.aliyun_receipts import parse_receipts
from notifications.channels.aliyun_sms import AliyunSmsSettings
from notifications.channels.contract import Answer, Message, Outcome, Receipt
from tests.channels.aliyun import (
    BIZ_ID,
    KEY_ID,
    KEY_SECRET,
    MESSAGE,
    NUMBER,
    REFERENCE,
    REQUEST_ID,
    SENT_AT,
    channel,
    check_head,
    error,
    query,
)
from tests.channels.recorder import Behaviour, Recorder, answer

OK = answer({"Code": "OK", "Message": "OK", "BizId": BIZ_ID, "RequestId": REQUEST_ID})


def tried(behaviour: Behaviour, read: float = 2.0) -> Answer:
    with Recorder(behaviour) as recorder:
        return channel(recorder, read=read).send(MESSAGE)


def test_the_signature_is_the_one_of_the_carriers_own_example() -> None:
    headers = signed_headers(
        Key("YourAccessKeyId", "YourAccessKeySecret"),
        host="ecs.cn-shanghai.aliyuncs.com",
        action="RunInstances",
        version="2014-05-26",
        query=query_string(
            {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
        ),
        at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
    )
    assert headers["Authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;"
        "x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_a_text_is_these_bytes() -> None:
    with Recorder(lambda request: OK) as recorder:
        answered = channel(recorder).send(MESSAGE)
    assert answered == Answer(Outcome.ACCEPTED, "OK", BIZ_ID, f"RequestId {REQUEST_ID}")
    (request,) = recorder.requests
    check_head(request, "SendSms", recorder.port)
    assert request.line == (
        "POST /?OutId=4711&PhoneNumbers=13800138000&SignName=%E4%B8%8A%E6%B5%B7%E6%B5%8B%E8%AF%95"
        "&TemplateCode=SMS_153055065&TemplateParam=%7B%22p1%22%3A%20%22%E5%BC%A0%E4%B8%89%20%26%20"
        "%E6%9D%8E~%E5%9B%9B%22%2C%20%22p2%22%3A%20%2211%E6%9C%8814%E6%97%A5%22%7D HTTP/1.1"
    )
    assert json.loads(query(request)["TemplateParam"]) == {"p1": "张三 & 李~四", "p2": "11月14日"}


def test_no_two_calls_have_the_same_nonce() -> None:
    with Recorder(lambda request: OK) as recorder:
        sms = channel(recorder)
        for _ in range(5):
            sms.send(MESSAGE)
    assert len({request.headers["x-acs-signature-nonce"] for request in recorder.requests}) == 5


@pytest.mark.parametrize(("code", "outcome"), [(code, what) for code, what in OUTCOME_OF.items() if code != "OK"])
def test_every_code_means_the_same_inside_an_answer_and_from_the_gate(code: str, outcome: Outcome) -> None:
    replies = iter([error(code), error(code, "400 Bad Request"), error(code, "503 Busy")])
    with Recorder(lambda request: next(replies)) as recorder:
        sms = channel(recorder)
        assert [sms.send(MESSAGE) for _ in range(3)] == [Answer(outcome, code, "", f"RequestId {REQUEST_ID}")] * 3
        assert len(recorder.requests) == 3


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("Throttling.User", Outcome.RETRY_SOON),
        ("Throttling.Api", Outcome.RETRY_SOON),
        ("InvalidAccessKeyId.NotFound", Outcome.STOP),
        ("InvalidAccessKeyId.Inactive", Outcome.STOP),
        ("InvalidTimeStamp.Expired", Outcome.STOP),
        ("InvalidAction.NotFound", Outcome.STOP),
        ("Forbidden.RAM", Outcome.STOP),
        ("isv.NEVER_SEEN", Outcome.STOP),
        ("isp.NEVER_SEEN", Outcome.UNKNOWN),
        ("SomethingNew", Outcome.UNKNOWN),
        (f"张三{NUMBER}", Outcome.UNKNOWN),
    ],
)
def test_a_code_that_is_in_no_table_means_what_its_family_does(code: str, outcome: Outcome) -> None:
    answered = tried(lambda request: error(code))
    assert answered.outcome is outcome
    assert NUMBER not in repr(answered)


def test_only_ok_is_accepted_and_the_classes_are_those_of_the_carriers_advice() -> None:
    of = {outcome: {code for code, what in OUTCOME_OF.items() if what is outcome} for outcome in Outcome}
    assert of[Outcome.ACCEPTED] == {"OK"}
    assert of[Outcome.RETRY_LATER] == {"isv.BUSINESS_LIMIT_CONTROL"}
    assert of[Outcome.RETRY_SOON] == {"isp.SYSTEM_ERROR", "Throttling"}
    assert of[Outcome.STOP] >= {
        "isv.OUT_OF_SERVICE",
        "isv.AMOUNT_NOT_ENOUGH",
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.SMS_TEMPLATE_ILLEGAL",
        "isv.DAY_LIMIT_CONTROL",
        "isv.DENY_IP_RANGE",
        "isp.RAM_PERMISSION_DENY",
    }
    assert of[Outcome.NOT_THIS_WAY] >= {
        "isv.MOBILE_NUMBER_ILLEGAL",
        "isv.BLACK_KEY_CONTROL_LIMIT",
        "isv.PARAM_LENGTH_LIMIT",
        "isv.SMS_CONTENT_ILLEGAL",
    }


@pytest.mark.parametrize(
    "reply",
    [
        answer({}),
        answer([]),
        answer({"Code": ["OK"]}),
        answer({"Code": "OK", "BizId": BIZ_ID}, "500 Internal Server Error"),
        answer(b""),
        answer(b"{"),
        answer(b"[" * 50_000),
        answer(b"<html>busy</html>", "502 Bad Gateway", "text/html"),
        answer(b"", "302 Found\r\nLocation: http://127.0.0.1:9/"),
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
        b"no http\r\n\r\n",
        b"",
        None,
    ],
)
def test_an_unreadable_answer_may_mean_that_the_text_went(reply: bytes | None) -> None:
    with Recorder(lambda request: reply) as recorder:
        answered = channel(recorder, read=0.2).send(MESSAGE)
        assert len(recorder.requests) == 1
    assert answered.outcome is Outcome.UNKNOWN
    assert NUMBER not in repr(answered)


def test_a_silent_alibaba_costs_the_time_out_and_no_more() -> None:
    began = time.monotonic()
    assert tried(lambda request: None, read=0.2) == Answer(Outcome.UNKNOWN, "read")
    assert time.monotonic() - began < 2


def test_a_refused_connection_certainly_sent_nothing() -> None:
    with Recorder(lambda request: OK) as recorder:
        sms = channel(recorder)
    assert sms.send(MESSAGE) == Answer(Outcome.RETRY_SOON, "connect")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (replace(MESSAGE, to="+8613800138000"), Answer(Outcome.NOT_THIS_WAY, "not a mainland mobile number")),
        (replace(MESSAGE, to="1380013800,13800138001"), Answer(Outcome.NOT_THIS_WAY, "not a mainland mobile number")),
        (replace(MESSAGE, kind="no such kind"), Answer(Outcome.STOP, "no_template")),
    ],
)
def test_what_cannot_be_sent_is_not_tried(message: Message, expected: Answer) -> None:
    with Recorder(lambda request: OK) as recorder:
        assert channel(recorder).send(message) == expected
        assert recorder.requests == []


@pytest.mark.parametrize("biz_id", [None, "", 7, "短", "x" * 51])
def test_a_text_that_was_taken_without_a_good_biz_id_was_taken(biz_id: object) -> None:
    answered = tried(lambda request: answer({"Code": "OK", "BizId": biz_id}))
    assert answered == Answer(Outcome.ACCEPTED, "OK", "", "")


# --- questions


def row(out_id: str = REFERENCE, status: object = 3, minutes: float = 1, **changes: object) -> dict[str, object]:
    local = SENT_AT + timedelta(hours=8, minutes=minutes)
    return {
        "ErrCode": "DELIVERED",
        "TemplateCode": "SMS_153055065",
        "OutId": out_id,
        "ReceiveDate": f"{local:%Y-%m-%d %H:%M:%S}",
        "SendDate": "2026-10-12 09:00:00",
        "PhoneNum": NUMBER,
        "Content": "【上海测试】…",
        "SendStatus": status,
    } | changes


def details(*rows: object) -> bytes:
    listed = {"SmsSendDetailDTO": list(rows)}
    return answer({"Code": "OK", "Message": "OK", "TotalCount": len(rows), "SmsSendDetailDTOs": listed})


def test_a_question_about_one_text_is_these_bytes() -> None:
    with Recorder(lambda request: details(row())) as recorder:
        receipt = channel(recorder).look_up(MESSAGE, BIZ_ID, SENT_AT)
    at = SENT_AT + timedelta(minutes=1)
    assert receipt == Receipt(f"4711:SUCCESS:{int(at.timestamp())}", True, "DELIVERED", at, BIZ_ID, REFERENCE)
    (request,) = recorder.requests
    check_head(request, "QuerySendDetails", recorder.port)
    assert request.line == (
        "POST /?BizId=900619746936498440%5E0&CurrentPage=1&PageSize=50&PhoneNumber=13800138000&SendDate=20261012 HTTP/1.1"
    )


@pytest.mark.parametrize(
    ("biz_id", "rows", "found"),
    [
        ("", [row("other"), row()], True),
        ("", [row("other"), row(status=2, ErrCode="MK:0001")], False),
        ("", [row("other")], None),
        ("", [row("")], None),
        (BIZ_ID, [row("")], True),
        (BIZ_ID, [row(""), row("")], None),
        (BIZ_ID, [row("other")], None),
        ("", [row(status=1, ReceiveDate="")], None),
        ("", [row(status="3")], None),
        ("", [row(status=True)], None),
        ("", [row(ReceiveDate="soon")], None),
        ("", [row(status=2, ReceiveDate=None)], False),
        ("", ["nonsense", None, row()], True),
        ("", [], None),
    ],
)
def test_the_receipt_that_is_meant_is_the_one_with_our_reference(
    biz_id: str, rows: list[object], found: bool | None
) -> None:
    with Recorder(lambda request: details(*rows)) as recorder:
        receipt = channel(recorder).look_up(MESSAGE, biz_id, SENT_AT)
    assert (receipt.delivered if receipt else None) is found


@pytest.mark.parametrize(
    "reply",
    [error("isp.SYSTEM_ERROR"), answer({"Code": "OK"}), answer({"Code": "OK", "SmsSendDetailDTOs": 1}), b"", None],
)
def test_a_question_without_a_good_answer_says_nothing(reply: bytes | None) -> None:
    with Recorder(lambda request: reply) as recorder:
        assert channel(recorder, read=0.2).look_up(MESSAGE, "", SENT_AT) is None


def test_a_full_page_is_followed_by_the_next() -> None:
    pages = iter([details(*[row("other")] * 50), details(row())])
    with Recorder(lambda request: next(pages)) as recorder:
        assert channel(recorder).look_up(MESSAGE, "", SENT_AT) is not None
    assert [query(request)["CurrentPage"] for request in recorder.requests] == ["1", "2"]


@pytest.mark.parametrize(
    ("utc", "days"),
    [
        ("15:49", ["20261012"]),
        ("15:55", ["20261012", "20261013"]),
        ("16:00", ["20261013"]),
        ("23:59", ["20261013"]),
    ],
)
def test_the_day_that_is_asked_for_is_the_day_in_china(utc: str, days: list[str]) -> None:
    hour, minute = map(int, utc.split(":"))
    with Recorder(lambda request: details()) as recorder:
        channel(recorder).look_up(MESSAGE, "", SENT_AT.replace(hour=hour, minute=minute))
    assert [query(request)["SendDate"] for request in recorder.requests] == days


def test_there_is_nothing_to_pull() -> None:
    with Recorder(lambda request: details(row())) as recorder:
        assert channel(recorder).pull() == []
        assert recorder.requests == []


# --- receipts that are pushed

PUSHED = {
    "phone_number": NUMBER,
    "send_time": "2026-10-12 09:00:00",
    "report_time": "2026-10-12 09:01:00",
    "success": True,
    "err_code": "DELIVERED",
    "err_msg": "用户接收成功",
    "sms_size": "1",
    "biz_id": BIZ_ID,
    "out_id": REFERENCE,
}
AT = SENT_AT + timedelta(minutes=1)
TAKEN = Receipt(f"4711:SUCCESS:{int(AT.timestamp())}", True, "DELIVERED", AT, BIZ_ID, REFERENCE)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, TAKEN),
        ({"out_id": None}, replace(TAKEN, event=f"{BIZ_ID}:SUCCESS:{int(AT.timestamp())}", reference="")),
        ({"err_code": f"到 {NUMBER}"}, replace(TAKEN, code="unreadable")),
        (
            {"success": False, "err_code": "MK:0001"},
            replace(TAKEN, event=f"4711:FAIL:{int(AT.timestamp())}", delivered=False, code="MK:0001"),
        ),
        (
            {"success": False, "err_code": "EXPIRED", "report_time": ""},
            replace(TAKEN, event="4711:FAIL:-", delivered=False, code="EXPIRED", at=None),
        ),
    ],
)
def test_a_pushed_receipt_says_when_in_china_the_text_arrived(changes: dict[str, object], expected: Receipt) -> None:
    assert parse_receipts(json.dumps([PUSHED | changes]).encode()) == [expected]


def test_a_receipt_that_is_pushed_and_asked_for_is_one_event() -> None:
    with Recorder(lambda request: details(row())) as recorder:
        asked = channel(recorder).look_up(MESSAGE, "", SENT_AT)
    assert asked is not None
    assert asked.event == TAKEN.event


BAD = [
    PUSHED | {"success": "true"},
    PUSHED | {"success": None},
    PUSHED | {"biz_id": ""},
    PUSHED | {"biz_id": 7},
    PUSHED | {"report_time": "soon"},
    PUSHED | {"report_time": ""},
    PUSHED | {"report_time": "0001-01-01 00:00:00"},
    {},
    7,
]


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_row_keeps_no_good_one_from_counting(bad: object) -> None:
    assert parse_receipts(json.dumps([bad, PUSHED]).encode()) == [TAKEN]
    with pytest.raises(ValueError, match="no receipt is as documented"):
        parse_receipts(json.dumps([bad]).encode())


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"[" * 60_000, b"\xff", json.dumps([PUSHED] * 1001).encode()])
def test_what_is_no_array_of_receipts_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="not an array"):
        parse_receipts(body)


@pytest.mark.parametrize(
    "reply", [OK, error("SignatureDoesNotMatch", "400 Bad Request"), answer(b"no", "502 Bad"), None]
)
def test_no_log_and_no_answer_holds_a_number_a_text_or_a_key(
    reply: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Recorder(lambda request: reply) as recorder:
        sms = channel(recorder, read=0.2)
        told = repr((sms.send(MESSAGE), sms.look_up(MESSAGE, BIZ_ID, SENT_AT), sms.pull()))
    logged = "".join(record.getMessage() + str(record.exc_text or "") for record in caplog.records)
    for private in (NUMBER, KEY_ID, KEY_SECRET, "张三", "%E5%BC%A0%E4%B8%89", "Signature="):
        assert private not in told
        assert private not in logged


def test_settings_do_not_print_keys() -> None:
    told = repr((AliyunSmsSettings(KEY_ID, KEY_SECRET, "签名", {}), Key(KEY_ID, KEY_SECRET)))
    assert KEY_ID not in told
    assert KEY_SECRET not in told
