"""A subscription message is checked as WeChat checks it, costs a credit, and shows as a card."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.sandbox.conftest import FIELDS, TEMPLATE, Sandbox


def data(**changes: object) -> dict[str, Any]:
    return {key: {"value": value} for key, value in {**FIELDS, **changes}.items()}


def test_an_accepted_tap_is_good_for_one_message(sandbox: Sandbox) -> None:
    openid = sandbox.subscriber()
    sent = sandbox.subscribe_send(openid, page="pages/registration/index?id=1")
    assert (sent["errcode"], sent["errmsg"]) == (0, "ok")
    assert isinstance(sent["msgid"], int)
    assert sandbox.subscribe_send(openid)["errcode"] == 43101
    [message] = sandbox.get("/sandbox/messages", to=openid)
    assert (message["channel"], message["title"]) == ("wechat", "审核结果通知")
    assert message["fields"][0] == {"key": "thing1", "label": "标签1", "value": "网络与信息安全管理员"}
    assert message["text"].startswith("审核结果通知\n标签1：网络与信息安全管理员")
    assert (message["msgid"], message["page"]) == (str(sent["msgid"]), "pages/registration/index?id=1")


def test_a_refused_message_costs_no_credit(sandbox: Sandbox) -> None:
    openid = sandbox.subscriber()
    assert sandbox.subscribe_send(openid, data=data(thing1=""))["errcode"] == 47003
    assert sandbox.subscribe_send(openid)["errcode"] == 0


@pytest.mark.parametrize(
    ("changes", "errcode", "part"),
    [
        ({"touser": "somebody-else"}, 40003, "invalid openid"),
        ({"touser": None}, 40003, "invalid openid"),
        ({"template_id": "unknown"}, 40037, "invalid template_id"),
        ({"page": "/pages/index"}, 41030, "invalid page"),
        ({"page": "?id=1"}, 41030, "invalid page"),
        ({"page": "https://example.org/"}, 41030, "invalid page"),
        ({"page": "pages/首页"}, 41030, "invalid page"),
        ({"miniprogram_state": "release"}, 40097, "miniprogram_state"),
        ({"lang": "zh"}, 40097, "lang"),
        ({"data": None}, 47003, "data is empty"),
        ({"data": {}}, 47003, "data.thing1.value is empty"),
        ({"data": {**data(), "thing1": "bare"}}, 47003, "data.thing1.value is empty"),
        ({"data": data(thing1=" ")}, 47003, "data.thing1.value is empty"),
        ({"data": data(thing1="字" * 21)}, 47003, "data.thing1.value invalid"),
        ({"data": data(thing1="两\n行")}, 47003, "data.thing1.value invalid"),
        ({"data": data(phrase2="pass")}, 47003, "data.phrase2.value invalid"),
        ({"data": data(date3="2026-11-21")}, 47003, "data.date3.value invalid"),
        ({"data": data(character_string4="编号1")}, 47003, "data.character_string4.value invalid"),
    ],
)
def test_a_wrong_message_is_refused_by_name(
    sandbox: Sandbox, changes: dict[str, Any], errcode: int, part: str
) -> None:
    answer = sandbox.subscribe_send(sandbox.subscriber(), **changes)
    assert answer["errcode"] == errcode
    assert part in answer["errmsg"]
    assert " rid: " in answer["errmsg"]
    assert sandbox.get("/sandbox/messages") == []


def test_an_empty_page_means_no_page(sandbox: Sandbox) -> None:
    assert sandbox.subscribe_send(sandbox.subscriber(), page="")["errcode"] == 0


def test_a_body_that_is_not_json_is_refused(sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/cgi-bin/message/subscribe/send?access_token={sandbox.token()}"
    for body in ("", "<xml/>", "[]"):
        assert sandbox.session.post(url, data=body, timeout=10).json()["errcode"] == 47001


def test_a_credit_is_spent_once_however_many_send_at_once(sandbox: Sandbox) -> None:
    openid, token = sandbox.subscriber(), sandbox.token()
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: sandbox.subscribe_send(openid, token=token)["errcode"], range(16)))
    assert sorted(codes) == [0] + [43101] * 15


def test_credits_are_kept_per_template_and_a_rejection_gives_none(sandbox: Sandbox) -> None:
    openid = sandbox.subscriber("template-move")
    assert sandbox.subscribe_send(openid)["errcode"] == 43101
    tap = {"openid": openid, "template_id": [TEMPLATE, "template-move"], "answer": "reject"}
    assert sandbox.post("/sandbox/wechat/tap", tap)["credits"] == {TEMPLATE: 0, "template-move": 1}
