"""The sandbox's second SMS carrier: its signature, its refusals, its receipts, its answers about what it sent."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from notifications.channels.acs3 import Key, query_string, signed_headers
from notifications.channels.aliyun_codes import OUTCOME_OF
from notifications.channels.aliyun_sms import AliyunSmsChannel, AliyunSmsSettings
from notifications.channels.contract import Answer, Message, Outcome
from server.sandbox.settings import SandboxSettings
from tests.sandbox.conftest import Ears, HandClock, Sandbox, make_settings

KEY = Key("LTAIsandbox", "aliyun-secret")
PHONE = "13800138000"
ACCOUNT = {
    "aliyun_key_id": KEY.id,
    "aliyun_key_secret": KEY.secret,
    "aliyun_sign": "上海技评",
    "aliyun_templates": {"SMS_1": "您申报的${p1}已延期至${p2}，请登录小程序查看。"},
}
MESSAGE = Message("77", PHONE, "", (("1", "保健按摩师三级"), ("2", "11月14日")), kind="postponed")
WISH = {
    "PhoneNumbers": PHONE,
    "SignName": "上海技评",
    "TemplateCode": "SMS_1",
    "TemplateParam": json.dumps({"p1": "保健按摩师三级", "p2": "11月14日"}),
    "OutId": "77",
}


@pytest.fixture
def settings(ears: Ears) -> SandboxSettings:
    return make_settings(aliyun_receipt_url=f"{ears.url}/aliyun", **ACCOUNT)


def channel(sandbox: Sandbox) -> AliyunSmsChannel:
    templates = {"postponed": "SMS_1"}
    return AliyunSmsChannel(
        AliyunSmsSettings(KEY.id, KEY.secret, "上海技评", templates, endpoint=sandbox.url, read_timeout=2)
    )


def call(
    sandbox: Sandbox, wish: dict[str, str], action: str = "SendSms", **changes: Any
) -> tuple[int, dict[str, Any]]:
    """One call with something changed: what is signed, a header after signing, or the address after signing."""
    query = query_string(wish)
    signing = {
        "host": sandbox.url.removeprefix("http://"),
        "action": action,
        "version": "2017-05-25",
        "at": datetime.now(UTC),
        "nonce": changes.pop("nonce", str(datetime.now(UTC).timestamp())),
    }
    signing |= changes.pop("signing", {})
    headers = signed_headers(changes.pop("key", KEY), query=query, **signing) | changes.pop("headers", {})
    address = f"{sandbox.url}/?{changes.pop('query', query)}"
    reply = sandbox.session.post(address, data=changes.pop("body", b""), headers=headers, timeout=10)
    return reply.status_code, reply.json()


def test_a_text_arrives_with_its_signature_and_says_which_carrier_brought_it(sandbox: Sandbox) -> None:
    answer = channel(sandbox).send(MESSAGE)
    assert (answer.outcome, answer.code) == (Outcome.ACCEPTED, "OK")
    [message] = sandbox.get("/sandbox/messages", to=PHONE)
    assert (message["channel"], message["carrier"], message["session_context"]) == ("sms", "aliyun", "77")
    assert message["text"] == "【上海技评】您申报的保健按摩师三级已延期至11月14日，请登录小程序查看。"
    assert message["serial_no"] == answer.reference


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"key": Key("somebody", KEY.secret)}, 404, "InvalidAccessKeyId.NotFound"),
        ({"key": Key(KEY.id, "wrong")}, 400, "SignatureDoesNotMatch"),
        ({"headers": {"x-acs-action": "QuerySendDetails"}}, 400, "SignatureDoesNotMatch"),
        ({"headers": {"x-acs-signature-nonce": "other"}}, 400, "SignatureDoesNotMatch"),
        ({"query": query_string(WISH | {"OutId": "78"})}, 400, "SignatureDoesNotMatch"),
        ({"body": b"x"}, 400, "SignatureDoesNotMatch"),
        ({"headers": {"Authorization": "Bearer x"}}, 400, "IncompleteSignature"),
        ({"signing": {"at": datetime(2026, 4, 20, tzinfo=UTC)}}, 400, "InvalidTimeStamp.Expired"),
        ({"signing": {"version": "2018-05-01"}}, 400, "InvalidVersion"),
        ({"action": "SendEmail"}, 404, "InvalidAction.NotFound"),
    ],
)
def test_what_is_not_signed_or_named_rightly_is_refused_at_the_gate(
    sandbox: Sandbox, changes: dict[str, Any], status: int, code: str
) -> None:
    got, body = call(sandbox, WISH, **changes)
    assert (got, body["Code"]) == (status, code)
    assert body["RequestId"]
    assert sandbox.get("/sandbox/messages", to=PHONE) == []


def test_a_call_that_is_repeated_word_for_word_counts_once(sandbox: Sandbox) -> None:
    assert call(sandbox, WISH, nonce="n")[1]["Code"] == "OK"
    assert call(sandbox, WISH, nonce="n")[1]["Code"] == "SignatureNonceUsed"
    assert len(sandbox.get("/sandbox/messages", to=PHONE)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"PhoneNumbers": "1380013800"}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"SignName": "别家"}, "isv.SMS_SIGNATURE_ILLEGAL"),
        ({"TemplateCode": "SMS_2"}, "isv.SMS_TEMPLATE_ILLEGAL"),
        ({"TemplateParam": "{"}, "isv.INVALID_JSON_PARAM"),
        ({"TemplateParam": '{"p1": 1, "p2": "x"}'}, "isv.INVALID_JSON_PARAM"),
        ({"TemplateParam": '{"p1": "x"}'}, "isv.TEMPLATE_MISSING_PARAMETERS"),
        ({"TemplateParam": json.dumps({"p1": "长" * 36, "p2": "x"})}, "isv.PARAM_LENGTH_LIMIT"),
        ({"TemplateParam": '{"p1": "", "p2": "x"}'}, "isv.PARAM_LENGTH_LIMIT"),
        ({"TemplateParam": '{"p1": "www.example.cn", "p2": "x"}'}, "isv.PARAM_NOT_SUPPORT_URL"),
        ({"PhoneNumbers": ",".join([PHONE] * 1001)}, "isv.MOBILE_COUNT_OVER_LIMIT"),
    ],
)
def test_what_the_carrier_refuses_comes_inside_a_good_answer(
    sandbox: Sandbox, changes: dict[str, str], code: str
) -> None:
    assert (status_and_code := call(sandbox, WISH | changes))[0] == 200
    assert status_and_code[1]["Code"] == code
    assert sandbox.get("/sandbox/messages", to=PHONE) == []


@pytest.mark.parametrize(("code", "outcome"), [pair for pair in OUTCOME_OF.items() if pair[0] != "OK"])
def test_every_code_of_the_table_can_be_switched_on(sandbox: Sandbox, code: str, outcome: Outcome) -> None:
    sandbox.fault("AliyunSendSms", "error", code=code, times=1, targets=[PHONE])
    sms = channel(sandbox)
    refused = sms.send(MESSAGE)
    assert (refused.outcome, refused.code) == (outcome, code)
    assert sms.send(MESSAGE).outcome is Outcome.ACCEPTED


def test_a_text_can_be_taken_without_an_answer_and_is_then_found(sandbox: Sandbox, clock: HandClock) -> None:
    sandbox.fault("AliyunSendSms", "lost", times=1)
    sms = channel(sandbox)
    assert sms.send(MESSAGE) == Answer(Outcome.UNKNOWN, "read")
    sandbox.drain()
    receipt = sms.look_up(MESSAGE, "", clock.now())
    assert receipt is not None
    assert (receipt.delivered, receipt.reference, receipt.at) == (True, "77", clock.now())
    assert len(sandbox.get("/sandbox/messages", to=PHONE)) == 1


def test_a_text_that_was_never_taken_is_not_found(sandbox: Sandbox, clock: HandClock) -> None:
    sandbox.fault("AliyunSendSms", "hang", seconds=0, times=1)
    sms = channel(sandbox)
    assert sms.send(MESSAGE).outcome is Outcome.UNKNOWN
    assert sms.look_up(MESSAGE, "", clock.now()) is None


def test_a_receipt_says_when_in_china_the_text_arrived(sandbox: Sandbox, ears: Ears) -> None:
    ears.answers = [('{"code":0,"msg":"OK"}', 200)]
    answer = channel(sandbox).send(MESSAGE)
    sandbox.drain()
    [push] = ears.heard
    assert push.body == [
        {
            "phone_number": PHONE,
            "send_time": "2026-04-21 06:30:00",
            "report_time": "2026-04-21 06:30:00",
            "success": True,
            "err_code": "DELIVERED",
            "err_msg": "用户接收成功",
            "sms_size": "1",
            "biz_id": answer.reference,
            "out_id": "77",
        }
    ]


@pytest.mark.parametrize(("mode", "status", "pushed"), [("ok", 3, [True]), ("never", 1, []), ("fail", 2, [False])])
def test_a_phone_confirms_fails_or_stays_silent(
    sandbox: Sandbox, ears: Ears, mode: str, status: int, pushed: list[bool]
) -> None:
    ears.answers = [('{"code":0}', 200)]
    sandbox.post(f"/sandbox/sms/phones/{PHONE}", {"mode": mode})
    channel(sandbox).send(MESSAGE)
    sandbox.drain()
    assert [row["success"] for push in ears.heard for row in push.body] == pushed
    asked = {"PhoneNumber": PHONE, "SendDate": "20260421", "PageSize": "10", "CurrentPage": "1"}
    [row] = call(sandbox, asked, "QuerySendDetails")[1]["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
    assert row["SendStatus"] == status
    assert ("ReceiveDate" in row) == (status != 1)


@pytest.mark.parametrize(("answers", "pushes"), [([('{"code":0}', 200)], 1), ([('{"code":1}', 200)] * 3, 3)])
def test_a_receipt_is_pushed_until_it_is_taken(
    sandbox: Sandbox, ears: Ears, answers: list[tuple[str, int]], pushes: int
) -> None:
    ears.answers = answers
    channel(sandbox).send(MESSAGE)
    sandbox.drain()
    assert len(ears.heard) == pushes


@pytest.mark.parametrize(("kind", "order"), [("duplicate", ["1", "1", "2"]), ("reorder", ["2", "1"])])
def test_receipts_can_come_twice_and_in_the_wrong_order(
    sandbox: Sandbox, ears: Ears, kind: str, order: list[str]
) -> None:
    ears.answers = [('{"code":0}', 200)] * 3
    sandbox.fault("aliyun_receipt", kind, times=1)
    for number in ("1", "2"):
        channel(sandbox).send(Message(number, PHONE, "", MESSAGE.params, kind="postponed"))
    sandbox.drain()
    assert [row["out_id"] for push in ears.heard for row in push.body] == order


def test_what_is_asked_is_answered_by_day_and_biz_id_and_page(sandbox: Sandbox, clock: HandClock) -> None:
    sms = channel(sandbox)
    taken = [sms.send(Message(str(number), PHONE, "", MESSAGE.params, kind="postponed")) for number in range(3)]
    clock.advance(days=1)
    sms.send(Message("9", PHONE, "", MESSAGE.params, kind="postponed"))

    def outs(**changes: str) -> list[str]:
        asked = {"PhoneNumber": PHONE, "SendDate": "20260421", "PageSize": "2", "CurrentPage": "1"} | changes
        rows = call(sandbox, asked, "QuerySendDetails")[1]["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
        return [row["OutId"] for row in rows]

    assert (outs(), outs(CurrentPage="2"), outs(SendDate="20260422")) == (["0", "1"], ["2"], ["9"])
    assert outs(BizId=taken[2].reference) == ["2"]
    assert outs(PhoneNumber="13800138001") == []
    for bad in ({"PageSize": "51"}, {"CurrentPage": "0"}, {"SendDate": "2026-4-21"}):
        asked = {"PhoneNumber": PHONE, "SendDate": "20260421", "PageSize": "2", "CurrentPage": "1"} | bad
        assert call(sandbox, asked, "QuerySendDetails")[1]["Code"] == "isv.INVALID_PARAMETERS"


def test_the_first_carrier_at_the_same_address_is_not_disturbed(sandbox: Sandbox) -> None:
    reply = sandbox.session.post(sandbox.url, data=b"{}", timeout=10).json()
    assert "Response" in reply


class TestWithoutASecondCarrier:
    @pytest.fixture
    def settings(self) -> SandboxSettings:
        return make_settings()

    def test_nobody_answers_for_it(self, sandbox: Sandbox) -> None:
        assert call(sandbox, WISH)[1]["Code"] == "InvalidAccessKeyId.NotFound"
