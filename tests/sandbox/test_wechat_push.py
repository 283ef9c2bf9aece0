"""Events reach the product in safe mode: signed, encrypted, tried three times, answered within five seconds."""

import hashlib
import json
from typing import Any

import pytest
from wechatpy.crypto import WeChatCrypto

from tests.sandbox.conftest import AES_KEY, APPID, PUSH_TOKEN, TEMPLATE, Ears, HandClock, Heard, Sandbox


def opened(push: Heard) -> dict[str, Any]:
    """The event inside a push, opened by an independent implementation that checks signature and appid."""
    query = push.query
    text = WeChatCrypto(PUSH_TOKEN, AES_KEY, APPID).decrypt_message(
        push.body, query["msg_signature"], query["timestamp"], query["nonce"]
    )
    event: dict[str, Any] = json.loads(text)
    return event


def events(ears: Ears) -> list[dict[str, Any]]:
    return [opened(push) for push in ears.heard if push.path == "wechat"]


def test_a_push_is_signed_and_encrypted(sandbox: Sandbox, ears: Ears, clock: HandClock) -> None:
    openid = sandbox.subscriber()
    sandbox.drain()
    [push] = ears.heard
    query = push.query
    plain = "".join(sorted([PUSH_TOKEN, query["timestamp"], query["nonce"]]))
    assert query["signature"] == hashlib.sha1(plain.encode()).hexdigest()
    assert (query["encrypt_type"], query["openid"]) == ("aes", openid)
    assert query["timestamp"] == str(int(clock.now().timestamp()))
    assert set(push.body) == {"ToUserName", "Encrypt"}
    assert openid not in json.dumps(push.body)
    assert opened(push) == {
        "ToUserName": push.body["ToUserName"],
        "FromUserName": openid,
        "CreateTime": int(clock.now().timestamp()),
        "MsgType": "event",
        "Event": "subscribe_msg_popup_event",
        "List": {"TemplateId": TEMPLATE, "SubscribeStatusString": "accept", "PopupScene": "0"},
    }


def test_several_answers_of_one_popup_come_as_a_list(sandbox: Sandbox, ears: Ears) -> None:
    openid = sandbox.post("/sandbox/wechat/login")["openid"]
    tap = {"openid": openid, "template_id": [TEMPLATE, "template-move"], "answer": "reject"}
    sandbox.post("/sandbox/wechat/tap", tap)
    sandbox.drain()
    [event] = events(ears)
    assert [entry["TemplateId"] for entry in event["List"]] == [TEMPLATE, "template-move"]
    assert {entry["SubscribeStatusString"] for entry in event["List"]} == {"reject"}


def test_a_sent_message_is_reported_with_its_msgid(sandbox: Sandbox, ears: Ears) -> None:
    msgid = sandbox.subscribe_send(sandbox.subscriber())["msgid"]
    sandbox.drain()
    event = events(ears)[-1]
    assert event["Event"] == "subscribe_msg_sent_event"
    expected = {"TemplateId": TEMPLATE, "MsgID": str(msgid), "ErrorCode": "0", "ErrorStatus": "success"}
    assert event["List"] == expected


@pytest.mark.parametrize(
    ("answers", "pushes"),
    [
        ([("success", 200)], 1),
        ([("", 200)], 1),
        ([("failed", 200), ("", 200)], 2),
        ([("", 500), ("success", 302), ("success", 200)], 3),
        ([("", 500)] * 5, 3),
    ],
)
def test_an_event_is_tried_three_times(
    sandbox: Sandbox, ears: Ears, answers: list[tuple[str, int]], pushes: int
) -> None:
    ears.answers = answers
    sandbox.subscriber()
    sandbox.drain()
    assert len(ears.heard) == pushes
    assert len({opened(push)["FromUserName"] for push in ears.heard}) == 1


@pytest.mark.parametrize(
    ("kind", "statuses"),
    [("never", []), ("fail", ["failed"]), ("duplicate", ["success", "success"]), ("reorder", ["success"])],
)
def test_a_sent_event_can_be_lost_bad_or_doubled(
    sandbox: Sandbox, ears: Ears, kind: str, statuses: list[str]
) -> None:
    openid = sandbox.subscriber()
    sandbox.drain()
    ears.heard.clear()
    sandbox.fault("wechat_event", kind, targets=[openid])
    assert sandbox.subscribe_send(openid)["errcode"] == 0
    sandbox.drain()
    assert [event["List"]["ErrorStatus"] for event in events(ears)] == statuses
