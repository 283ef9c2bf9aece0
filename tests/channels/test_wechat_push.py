"""WeChat's message push: what is let in, and what it says. The sealing here is written anew, not taken from the library."""

import base64
import hashlib
import json
import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.wechat_push import (
    GrantAnswer,
    GrantEvent,
    PushEvent,
    PushSettings,
    SentEvent,
    open_push,
    verify_get,
)

APPID = "wx0123456789abcdef"
TOKEN = "pushtoken"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
SETTINGS = PushSettings(APPID, TOKEN, AES_KEY)
NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
SECONDS = str(int(NOW.timestamp()))
AT = datetime.fromtimestamp(1620973045, UTC)


def sha1_sorted(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def seal(text: str, appid: str = APPID, key: bytes = bytes(range(32))) -> str:
    message = text.encode()
    plain = b"0123456789abcdef" + struct.pack(">I", len(message)) + message + appid.encode()
    padding = 32 - len(plain) % 32
    plain += bytes([padding]) * padding
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def pushed(encrypted: str, timestamp: str = SECONDS, token: str = TOKEN) -> dict[str, str]:
    return {
        "signature": sha1_sorted(token, timestamp, "n0nce"),
        "timestamp": timestamp,
        "nonce": "n0nce",
        "openid": "oABC",
        "encrypt_type": "aes",
        "msg_signature": sha1_sorted(token, timestamp, "n0nce", encrypted),
    }


def opened(event: object, now: datetime = NOW) -> PushEvent | None:
    text = event if isinstance(event, str) else json.dumps(event)
    encrypted = seal(text)
    body = json.dumps({"ToUserName": "gh_1", "Encrypt": encrypted}).encode()
    return open_push(SETTINGS, pushed(encrypted), body, now)


def head(event: str) -> dict[str, object]:
    return {
        "ToUserName": "gh_1",
        "FromUserName": "oABC",
        "CreateTime": "1620973045",
        "MsgType": "event",
        "Event": event,
    }


POPUP = head("subscribe_msg_popup_event")
CHANGE = head("subscribe_msg_change_event")
SENT = head("subscribe_msg_sent_event")
ACCEPT = {"TemplateId": "T1", "SubscribeStatusString": "accept", "PopupScene": "0"}
REJECT = {"TemplateId": "T2", "SubscribeStatusString": "reject", "PopupScene": "0"}

POPUP_XML = """<xml>
<ToUserName><![CDATA[gh_1]]></ToUserName>
<FromUserName><![CDATA[oABC]]></FromUserName>
<CreateTime>1620973045</CreateTime>
<MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[subscribe_msg_popup_event]]></Event>
<SubscribeMsgPopupEvent>{rows}</SubscribeMsgPopupEvent>
</xml>"""
ACCEPT_XML = (
    "<List><TemplateId><![CDATA[T1]]></TemplateId>"
    "<SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString><PopupScene>2</PopupScene></List>"
)
REJECT_XML = ACCEPT_XML.replace("T1", "T2").replace("accept", "reject")


def grants(event: PushEvent | None) -> list[tuple[str, str, GrantAnswer, datetime]]:
    assert event is not None
    found = [each for each in event.events if isinstance(each, GrantEvent)]
    assert len(found) == len(event.events)
    return [(each.openid, each.template_id, each.answer, each.at) for each in found]


T1_ACCEPTED = ("oABC", "T1", GrantAnswer.ACCEPT, AT)
T2_REJECTED = ("oABC", "T2", GrantAnswer.REJECT, AT)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({**POPUP, "List": [ACCEPT, REJECT]}, [T1_ACCEPTED, T2_REJECTED]),
        ({**POPUP, "List": [ACCEPT]}, [T1_ACCEPTED]),
        ({**POPUP, "List": ACCEPT}, [T1_ACCEPTED]),
        ({**POPUP, "SubscribeMsgPopupEvent": {"List": ACCEPT}}, [T1_ACCEPTED]),
        ({**POPUP, "CreateTime": 1620973045, "List": ACCEPT}, [T1_ACCEPTED]),
        ({**POPUP, "List": {**ACCEPT, "SubscribeStatusString": "acceptWithAudio"}}, [T1_ACCEPTED]),
        ({**CHANGE, "List": REJECT}, [T2_REJECTED]),
        ({**CHANGE, "List": [REJECT]}, [T2_REJECTED]),
        (POPUP_XML.format(rows=ACCEPT_XML), [T1_ACCEPTED]),
        (POPUP_XML.format(rows=ACCEPT_XML + REJECT_XML), [T1_ACCEPTED, T2_REJECTED]),
    ],
)
def test_each_answer_of_the_user_is_a_grant_event(event: object, expected: list[object]) -> None:
    assert grants(opened(event)) == expected


@pytest.mark.parametrize(
    ("code", "delivered"),
    [("0", True), (0, True), ("43101", False), (-1, False)],
)
def test_what_came_of_a_message_is_a_sent_event(code: object, delivered: bool) -> None:
    row = {"TemplateId": "T1", "MsgID": "1700827132819554304", "ErrorCode": code, "ErrorStatus": "success"}
    event = opened({**SENT, "List": row})
    assert event == PushEvent((SentEvent("1700827132819554304", delivered, str(code), AT),))
    (sent,) = event.events
    assert isinstance(sent, SentEvent)
    receipt = sent.receipt()
    assert (receipt.event, receipt.vendor_reference, receipt.delivered, receipt.at) == (
        f"wechat:1700827132819554304:{code}",
        "1700827132819554304",
        delivered,
        AT,
    )


def test_a_repeated_push_has_the_same_keys_and_another_push_has_others() -> None:
    def key(event: object) -> str:
        found = opened(event)
        assert found is not None
        (grant,) = found.events
        assert isinstance(grant, GrantEvent)
        return grant.event_key

    first = key({**POPUP, "List": ACCEPT})
    assert key({**POPUP, "List": [ACCEPT]}) == first
    others: list[Mapping[str, object]] = [
        {**POPUP, "CreateTime": "1620973046", "List": ACCEPT},
        {**POPUP, "FromUserName": "oABD", "List": ACCEPT},
        {**POPUP, "List": {**ACCEPT, "TemplateId": "T3"}},
        {**CHANGE, "List": REJECT},
    ]
    assert len({first, *map(key, others)}) == 5
    assert "oABC" not in first


@pytest.mark.parametrize(
    "event",
    [
        {**head("user_enter_tempsession")},
        {"MsgType": "text", "FromUserName": "oABC", "CreateTime": 1, "Content": "你好"},
        {**POPUP},
        {**POPUP, "List": "T1"},
        {**POPUP, "List": [7, None]},
        {**POPUP, "List": {**ACCEPT, "SubscribeStatusString": "maybe"}},
        {**POPUP, "List": {"SubscribeStatusString": "accept"}},
        {**POPUP, "CreateTime": "soon", "List": ACCEPT},
        {**SENT, "List": {"MsgID": "1"}},
        {**SENT, "Event": ["list"]},
        "[]",
        "not json",
    ],
)
def test_a_genuine_push_that_says_nothing_to_us_is_still_genuine(event: object) -> None:
    assert opened(event) == PushEvent(())


def test_a_push_in_xml_is_opened_too() -> None:
    encrypted = seal(POPUP_XML.format(rows=ACCEPT_XML))
    body = f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    assert grants(open_push(SETTINGS, pushed(encrypted), body.encode(), NOW)) == [T1_ACCEPTED]


@pytest.mark.parametrize(
    ("minutes", "let_in"), [(0, True), (10, True), (-10, True), (10.1, False), (-10.1, False), (5256000, False)]
)
def test_a_push_is_taken_within_ten_minutes_of_its_time(minutes: float, let_in: bool) -> None:
    event = opened({**POPUP, "List": ACCEPT}, NOW + timedelta(minutes=minutes))
    assert (event is not None) is let_in


GOOD = seal(json.dumps({**POPUP, "List": ACCEPT}))
GOOD_BODY = json.dumps({"ToUserName": "gh_1", "Encrypt": GOOD}).encode()
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>'


@pytest.mark.parametrize(
    ("query", "body"),
    [
        (pushed(GOOD, token="guessed"), GOOD_BODY),
        ({**pushed(GOOD), "msg_signature": ""}, GOOD_BODY),
        ({**pushed(GOOD), "msg_signature": pushed(GOOD)["signature"]}, GOOD_BODY),
        ({**pushed(GOOD), "nonce": "other"}, GOOD_BODY),
        ({**pushed(GOOD), "nonce": "\udc80"}, GOOD_BODY),
        ({**pushed(GOOD), "msg_signature": "签\udc80"}, GOOD_BODY),
        (pushed(GOOD, timestamp=""), GOOD_BODY),
        (pushed(GOOD, timestamp="-1"), GOOD_BODY),
        (pushed(GOOD, timestamp="９" * 10), GOOD_BODY),
        (pushed(GOOD, timestamp="9" * 400), GOOD_BODY),
        ({}, GOOD_BODY),
        (pushed(GOOD), json.dumps({**POPUP, "List": ACCEPT}).encode()),
        (pushed(GOOD), GOOD_BODY + b" " * 70_000),
        (pushed(GOOD), b""),
        (pushed(GOOD), b"["),
        (pushed(GOOD), b"[" * 60_000),
        (pushed(GOOD), b"\xff\xfe"),
        (pushed(GOOD), b'{"Encrypt": 5}'),
        (pushed(GOOD), b'{"Encrypt": "\\ud800"}'),
        (pushed(GOOD), b"<xml><Encrypt></xml>"),
        (pushed(GOOD), b"<other/>"),
        (pushed("aaaaaaaa"), LAUGHS),
    ],
)
def test_whatever_is_not_a_fresh_sealed_push_of_ours_is_none_and_fills_no_log(
    query: dict[str, str], body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert open_push(SETTINGS, query, body, NOW) is None
    assert caplog.records == []


@pytest.mark.parametrize(
    "encrypted",
    [
        seal("{}", appid="wxsomebodyelse"),
        seal("{}", key=bytes(32)),
        "",
        "AAAA",
        "not base64 at all!",
        base64.b64encode(bytes(32)).decode(),
        base64.b64encode(bytes(64)).decode(),
    ],
)
def test_a_signed_push_that_does_not_open_is_refused_and_logged_without_its_content(
    encrypted: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps({"Encrypt": encrypted}).encode()
    assert open_push(SETTINGS, pushed(encrypted), body, NOW) is None
    assert [record.getMessage() for record in caplog.records] == [
        "a signed WeChat push could not be opened: check EncodingAESKey and appid"
    ]


@given(st.binary(max_size=300), st.dictionaries(st.sampled_from(sorted(pushed(GOOD))), st.text(max_size=40)))
def test_no_stranger_gets_in_or_raises(body: bytes, query: dict[str, str]) -> None:
    assert open_push(SETTINGS, {**pushed(GOOD), **query}, body, NOW) is None


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["List", "TemplateId", "SubscribeStatusString", "MsgID", "ErrorCode"]), inner
            )
        ),
        max_leaves=8,
    )
)
def test_no_genuine_push_raises_whatever_its_rows(rows: object) -> None:
    for shape in (POPUP, SENT):
        assert opened({**shape, "List": rows}) is not None


def check(signature: str | None = None) -> dict[str, str]:
    good = sha1_sorted(TOKEN, "1620973045", "n")
    return {"signature": good if signature is None else signature, "timestamp": "1620973045", "nonce": "n"}


@pytest.mark.parametrize(
    ("query", "echo"),
    [
        ({**check(), "echostr": "4375120948345356249"}, "4375120948345356249"),
        ({**check(), "nonce": "m", "echostr": "1"}, None),
        ({**check("0" * 40), "echostr": "1"}, None),
        ({**check("签"), "echostr": "1"}, None),
        ({**check(), "signature": "", "echostr": "1"}, None),
        (check(), None),
        ({}, None),
    ],
)
def test_only_wechat_is_echoed(query: dict[str, str], echo: str | None) -> None:
    assert verify_get(TOKEN, query) == echo


@pytest.mark.parametrize("key", ["", "short", "!" * 43, AES_KEY + "A", AES_KEY[:-1]])
def test_a_bad_aes_key_is_refused_at_the_start(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey"):
        PushSettings(APPID, TOKEN, key)


def test_settings_and_events_print_neither_keys_nor_openids() -> None:
    assert TOKEN not in repr(SETTINGS)
    assert AES_KEY not in repr(SETTINGS)
    assert "oABC" not in repr(opened({**POPUP, "List": ACCEPT}))
