"""What WeChat is sent, byte for byte, and what its answers become."""

import time

import pytest

from server.wechat import FaultKind, Identity, WeChatFault, WeChatSettings
from server.wechat.faults import KIND_OF
from tests.channels.recorder import Recorder, answer
from tests.wechat.platform import (
    APPID,
    LOGIN,
    OK,
    OPENID,
    PHONE,
    SECRET,
    SEND,
    TOKEN,
    UNREADABLE,
    Bench,
    Script,
    fixed,
    refusal,
)

IDENTITY = {"openid": OPENID, "session_key": "HyVFkGl5F5OQWJZZaNzBBg==", "unionid": "uUNION-1"}


def phone_answer(number: str = "13800138000", country: object = "86", appid: str = APPID) -> bytes:
    return answer(
        {
            "errcode": 0,
            "errmsg": "ok",
            "phone_info": {
                "phoneNumber": f"+{country}{number}",
                "purePhoneNumber": number,
                "countryCode": country,
                "watermark": {"timestamp": 1791766800, "appid": appid},
            },
        }
    )


def test_login_sends_no_access_token_and_fetches_none() -> None:
    with Recorder(Script({LOGIN: fixed(answer(IDENTITY))})) as recorder:
        identity = Bench(recorder).client.code_to_identity("CODE/1")
    (request,) = recorder.requests
    assert identity == Identity(OPENID, "uUNION-1")
    assert request.line == (
        f"GET /sns/jscode2session?appid={APPID}&secret={SECRET}&js_code=CODE%2F1"
        "&grant_type=authorization_code HTTP/1.1"
    )
    assert request.body == b""


def test_session_key_is_kept_nowhere() -> None:
    with Recorder(Script({LOGIN: fixed(answer(IDENTITY))})) as recorder:
        bench = Bench(recorder)
        identity = bench.client.code_to_identity("CODE-1")
    assert "HyVFk" not in repr(vars(identity))
    assert "HyVFk" not in repr(vars(bench.client))


def test_a_person_outside_the_open_platform_has_no_unionid() -> None:
    with Recorder(Script({LOGIN: fixed(answer({"openid": OPENID, "session_key": "k"}))})) as recorder:
        assert Bench(recorder).client.code_to_identity("CODE-1") == Identity(OPENID, None)


def test_the_token_is_asked_of_stable_token_in_normal_mode() -> None:
    with Recorder(Script()) as recorder:
        Bench(recorder).send()
    request = recorder.requests[0]
    assert request.line == "POST /cgi-bin/stable_token HTTP/1.1"
    assert request.headers["content-type"] == "application/json"
    assert request.body == (
        b'{"grant_type": "client_credential", "appid": "wx0123456789abcdef", '
        b'"secret": "5ecret5ecret5ecret5ecret5ecret00", "force_refresh": false}'
    )


def test_a_subscription_message_is_these_bytes() -> None:
    with Recorder(Script()) as recorder:
        assert Bench(recorder).send() == "2402298110051942"
    request = recorder.requests[1]
    assert request.line == "POST /cgi-bin/message/subscribe/send?access_token=TOKEN-ONE HTTP/1.1"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["host"] == f"127.0.0.1:{recorder.port}"
    assert (
        request.body == b'{"touser": "oABC-0123456789_openid", "template_id": "TEMPLATE-1", '
        b'"data": {"thing1": {"value": "\xe5\xbc\xa0\xe4\xb8\x89"}}, "miniprogram_state": "formal", '
        b'"lang": "zh_CN", "page": "pages/tickets/index"}'
    )


def test_a_number_is_asked_with_these_bytes() -> None:
    with Recorder(Script({PHONE: fixed(phone_answer())})) as recorder:
        assert Bench(recorder).client.phone_number("e31968a7") == "13800138000"
    request = recorder.requests[1]
    assert request.line == "POST /wxa/business/getuserphonenumber?access_token=TOKEN-ONE HTTP/1.1"
    assert request.headers["content-type"] == "application/json"
    assert request.body == b'{"code": "e31968a7"}'


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (phone_answer(country=86), None),
        (phone_answer("91234567", "852"), FaultKind.FOREIGN_NUMBER),
        (phone_answer("13800138000", "1"), FaultKind.FOREIGN_NUMBER),
        (phone_answer("12345678901"), FaultKind.FOREIGN_NUMBER),
        (phone_answer("138001380００"), FaultKind.FOREIGN_NUMBER),
        (phone_answer(appid="wxsomebodyelse"), FaultKind.CODE_USED_OR_WRONG),
        (answer({"errcode": 0, "errmsg": "ok"}), FaultKind.UNKNOWN),
        (answer({"errcode": 0, "phone_info": []}), FaultKind.UNKNOWN),
    ],
)
def test_only_a_mainland_mobile_number_given_to_us_is_a_number(reply: bytes, kind: FaultKind | None) -> None:
    with Recorder(Script({PHONE: fixed(reply)})) as recorder:
        client = Bench(recorder).client
        if kind is None:
            assert client.phone_number("e31968a7") == "13800138000"
            return
        with pytest.raises(WeChatFault) as caught:
            client.phone_number("e31968a7")
    assert caught.value.kind is kind


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (-1, FaultKind.BUSY),
        (40029, FaultKind.CODE_USED_OR_WRONG),
        (40163, FaultKind.CODE_USED_OR_WRONG),
        (40226, FaultKind.BLOCKED_USER),
        (45011, FaultKind.RATE_LIMITED),
        (40013, FaultKind.MISCONFIGURED),
        (40125, FaultKind.MISCONFIGURED),
        (99999, FaultKind.REFUSED),
    ],
)
def test_a_refused_login_says_what_to_do(errcode: int, kind: FaultKind) -> None:
    with Recorder(Script({LOGIN: fixed(refusal(errcode))})) as recorder:
        with pytest.raises(WeChatFault) as caught:
            Bench(recorder).client.code_to_identity("CODE-1")
        assert len(recorder.requests) == 1
    assert (caught.value.kind, caught.value.code) == (kind, str(errcode))


@pytest.mark.parametrize("reply", UNREADABLE)
def test_an_unreadable_answer_to_a_message_may_mean_that_it_went(reply: bytes) -> None:
    with Recorder(Script({SEND: fixed(reply)})) as recorder:
        bench = Bench(recorder, timeout=(1.0, 0.3))
        with pytest.raises(WeChatFault) as caught:
            bench.send()
        assert bench.paths() == [TOKEN, SEND]
    assert caught.value.kind is FaultKind.UNKNOWN


@pytest.mark.parametrize("reply", [*UNREADABLE, None, answer({}), answer({"access_token": 5, "expires_in": 7200})])
def test_a_token_that_cannot_be_fetched_means_that_nothing_was_sent(reply: bytes | None) -> None:
    with Recorder(Script({TOKEN: fixed(reply)})) as recorder:
        bench = Bench(recorder, timeout=(1.0, 0.3))
        with pytest.raises(WeChatFault) as caught:
            bench.send()
        assert bench.paths() == [TOKEN]
    assert caught.value.kind is FaultKind.BUSY


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (-1, FaultKind.BUSY),
        (40001, FaultKind.MISCONFIGURED),
        (40125, FaultKind.MISCONFIGURED),
        (40164, FaultKind.MISCONFIGURED),
        (45009, FaultKind.RATE_LIMITED),
    ],
)
def test_a_refused_token_fetch_is_not_repeated(errcode: int, kind: FaultKind) -> None:
    with Recorder(Script({TOKEN: fixed(refusal(errcode))})) as recorder:
        bench = Bench(recorder)
        with pytest.raises(WeChatFault) as caught:
            bench.send()
        assert bench.paths() == [TOKEN]
    assert (caught.value.kind, caught.value.code) == (kind, f"token {errcode}")


def test_a_silent_wechat_costs_the_time_out_and_no_more() -> None:
    with Recorder(Script({SEND: fixed(None)})) as recorder:
        bench = Bench(recorder, timeout=(0.2, 0.2))
        began = time.monotonic()
        with pytest.raises(WeChatFault) as caught:
            bench.send()
        assert time.monotonic() - began < 2
    assert (caught.value.kind, caught.value.code) == (FaultKind.UNKNOWN, "read")


def test_a_refused_connection_certainly_sent_nothing() -> None:
    with Recorder(Script()) as recorder:
        bench = Bench(recorder)
    with pytest.raises(WeChatFault) as caught:
        bench.client.code_to_identity("CODE-1")
    assert (caught.value.kind, caught.value.code) == (FaultKind.BUSY, "connect")


@pytest.mark.parametrize(
    ("errmsg", "kind", "code"),
    [
        ("argument invalid! data.thing1.value invalid rid: 1-2", FaultKind.BAD_FIELD, "47003 thing1"),
        ("argument invalid! data.time9.value is empty rid: 1-2", FaultKind.WRONG_TEMPLATE, "47003 time9"),
        ("argument invalid! 13800138000", FaultKind.BAD_FIELD, "47003"),
    ],
)
def test_a_bad_value_is_told_from_a_wrong_template(errmsg: str, kind: FaultKind, code: str) -> None:
    with Recorder(Script({SEND: fixed(refusal(47003, errmsg))})) as recorder, pytest.raises(WeChatFault) as caught:
        Bench(recorder).send()
    assert (caught.value.kind, caught.value.code) == (kind, code)


def test_a_message_without_a_page_names_none() -> None:
    with Recorder(Script()) as recorder:
        Bench(recorder).client.send_subscribe(OPENID, "T", "", {"thing1": "x"}, "trial")
    assert "page" not in recorder.requests[1].json


def test_the_library_cannot_reach_the_real_host_by_any_of_its_ways() -> None:
    with Recorder(Script({"/wxa/getwxacode": fixed(answer({"errcode": 0}))})) as recorder:
        bench = Bench(recorder)
        library = bench.client._http
        library.wxa.get_wxa_code("pages/index")
        library.fetch_access_token()
        assert library.access_token == "TOKEN-ONE"
        assert bench.paths() == [TOKEN, "/wxa/getwxacode"]


def test_one_connection_serves_many_calls() -> None:
    with Recorder(Script()) as recorder:
        bench = Bench(recorder)
        for _ in range(5):
            bench.send()
    assert recorder.connections == 1


def test_a_base_address_must_be_an_address() -> None:
    with pytest.raises(ValueError, match="must begin with"):
        WeChatSettings(APPID, SECRET, "api.weixin.qq.com")


def test_no_errcode_of_the_table_means_that_a_message_may_have_gone() -> None:
    assert FaultKind.UNKNOWN not in KIND_OF.values()


def test_an_answer_that_is_good_is_not_a_fault() -> None:
    with Recorder(Script({SEND: fixed(OK)})) as recorder:
        assert Bench(recorder).send()
