"""The control interface is quick and strict; the inbox page needs nothing but this machine."""

import re
import time
from typing import Any

import pytest

from server.sandbox.inbox import SWITCHES
from server.sandbox.settings import SubscribeTemplate
from server.sandbox.world import World
from tests.sandbox.conftest import AES_KEY, TEMPLATE, HandClock, Sandbox, make_settings


def test_users_and_taps_come_in_bulk(sandbox: Sandbox) -> None:
    openids = sandbox.post("/sandbox/wechat/users", {"count": 300})
    assert len(set(openids)) == 300
    taps = [{"openid": openid, "template_id": TEMPLATE, "answer": "accept"} for openid in openids]
    results = sandbox.post("/sandbox/wechat/tap", taps)
    assert [result["openid"] for result in results] == openids
    assert all(result["credits"] == {TEMPLATE: 1} for result in results)


def test_a_bad_tap_in_a_list_undoes_the_whole_list(sandbox: Sandbox) -> None:
    [openid] = sandbox.post("/sandbox/wechat/users", {"count": 1})
    good = {"openid": openid, "template_id": TEMPLATE, "answer": "accept"}
    assert "error" in sandbox.post("/sandbox/wechat/tap", [good, {**good, "answer": "maybe"}])
    assert sandbox.subscribe_send(openid)["errcode"] == 43101


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sandbox/wechat/users", {"count": 0}),
        ("/sandbox/wechat/phone-code", {}),
        ("/sandbox/wechat/phone-code", {"phone": "021-1"}),
        ("/sandbox/wechat/login", {"openid": 1}),
        ("/sandbox/wechat/tap", {"openid": "nobody", "template_id": TEMPLATE}),
        ("/sandbox/wechat/tap", ["x"]),
        ("/sandbox/sms/phones/13800138000", {"mode": "asleep"}),
        ("/sandbox/sms/phones/110", {"mode": "ok"}),
        ("/sandbox/drain", {"timeout": "long"}),
        ("/sandbox/faults", []),
    ],
)
def test_a_wrong_control_call_is_refused(sandbox: Sandbox, path: str, body: object) -> None:
    reply = sandbox.session.post(sandbox.url + path, json=body, timeout=10)
    assert reply.status_code == 400
    assert reply.json()["error"]


def test_messages_are_found_by_recipient_and_by_what_is_new(sandbox: Sandbox) -> None:
    first, second = sandbox.subscriber(), sandbox.subscriber()
    for openid in (first, second):
        assert sandbox.subscribe_send(openid)["errcode"] == 0
    everything = sandbox.get("/sandbox/messages")
    assert [message["to"] for message in everything] == [first, second]
    assert sandbox.get("/sandbox/messages", to=second) == everything[1:]
    assert sandbox.get("/sandbox/messages", since=everything[0]["id"]) == everything[1:]
    assert sandbox.get("/sandbox/messages", newest=1) == everything[1:]
    assert sandbox.delete("/sandbox/messages") == {"deleted": 2}
    assert sandbox.get("/sandbox/messages") == []


def test_a_linked_phone_shows_both_channels_together(sandbox: Sandbox) -> None:
    openid = sandbox.post("/sandbox/wechat/login", {"phone": "13800138000"})["openid"]
    sandbox.post("/sandbox/wechat/tap", {"openid": openid, "template_id": TEMPLATE})
    sandbox.subscribe_send(openid)
    assert sandbox.get("/sandbox/messages", to=openid)[0]["phone"] == "13800138000"


def test_one_recipient_is_found_at_once_among_ten_thousand_messages(clock: HandClock) -> None:
    mailbox = World(make_settings(), clock).mailbox
    for number in range(10_000):
        mailbox.add(channel="sms", to=f"138{number:08}", text="x", state="delivered")
    begun = time.perf_counter()
    for number in range(10_000):
        assert len(mailbox.select(to=f"138{number:08}")) == 1
        assert len(mailbox.select(since=9_999)) == 1
    assert time.perf_counter() - begun < 1, "far less than a scan for each question would take"


def test_the_inbox_asks_no_other_host(sandbox: Sandbox) -> None:
    reply = sandbox.session.get(sandbox.url, timeout=10)
    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "沙箱收件箱" in reply.text
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+", reply.text) == []


def test_every_switch_on_the_page_is_a_fault_the_sandbox_knows(sandbox: Sandbox) -> None:
    for wish in SWITCHES:
        reply = sandbox.session.post(f"{sandbox.url}/sandbox/faults", json=wish, timeout=10)
        assert reply.status_code == 201, wish


@pytest.mark.parametrize(
    "changes",
    [
        {"push_url": "http://127.0.0.1:1/", "push_aes_key": AES_KEY[:-1]},
        {"push_url": "http://127.0.0.1:1/", "push_aes_key": "!" * 43},
        {"sms_sign": "签"},
        {"sms_sign": "【签名】"},
        {"sms_templates": {"1": "只有{2}"}},
        {"sms_templates": {"1": "{1}和{1}"}},
    ],
)
def test_settings_no_vendor_would_take_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"push_aes_key|sms_sign|placeholders"):
        make_settings(**changes)


def test_a_template_with_an_unknown_kind_of_field_is_refused() -> None:
    with pytest.raises(ValueError, match="keyword1"):
        SubscribeTemplate("标题", (("keyword1", "内容"),))
