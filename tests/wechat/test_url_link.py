"""A link into the mini-program: the bytes that ask for it, and what of the answer is believed."""

import pytest

from server.wechat import FaultKind, WeChatFault
from tests.channels.recorder import Recorder, answer
from tests.wechat.platform import TOKEN, UNREADABLE, Bench, Script, fixed, refusal

LINK = "/wxa/generate_urllink"


def good(recorder: Recorder) -> bytes:
    return answer({"errcode": 0, "errmsg": "ok", "url_link": f"http://127.0.0.1:{recorder.port}/BQZRrcFCPvg"})


def asked(bench: Bench) -> str:
    return bench.client.url_link("/pages/registrations/index", 30, "release")


def test_a_link_is_asked_for_with_these_bytes() -> None:
    script = Script()
    with Recorder(script) as recorder:
        script.paths = {LINK: fixed(good(recorder))}
        assert asked(Bench(recorder)) == f"http://127.0.0.1:{recorder.port}/BQZRrcFCPvg"
    request = recorder.requests[1]
    assert request.line == "POST /wxa/generate_urllink?access_token=TOKEN-ONE HTTP/1.1"
    assert request.headers["content-type"] == "application/json"
    assert request.body == (
        b'{"path": "/pages/registrations/index", "query": "", "env_version": "release", '
        b'"expire_type": 1, "expire_interval": 30}'
    )


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "weixin://dl/business/?t=1",
        "https://wxaurl.cn/a",  # another scheme than the address that was asked: with WeChat itself it is http that is none
        "http://wxaurl.cn/a b",
        "http://wxaurl.cn/a\r\nSet-Cookie: a=b",
        "http://wxaurl.cn/" + "a" * 500,
        "",
        7,
        None,
    ],
)
def test_what_is_no_address_is_not_passed_on(link: object) -> None:
    reply = answer({"errcode": 0, "errmsg": "ok", "url_link": link})
    with Recorder(Script({LINK: fixed(reply)})) as recorder, pytest.raises(WeChatFault) as caught:
        asked(Bench(recorder))
    assert (caught.value.kind, caught.value.code) == (FaultKind.UNKNOWN, "unreadable")


@pytest.mark.parametrize("reply", UNREADABLE)
def test_an_unreadable_answer_is_a_fault_and_no_link(reply: bytes) -> None:
    with Recorder(Script({LINK: fixed(reply)})) as recorder, pytest.raises(WeChatFault):
        asked(Bench(recorder, timeout=(1.0, 0.3)))


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (-1, FaultKind.BUSY),
        (40002, FaultKind.MISCONFIGURED),
        (40165, FaultKind.WRONG_TEMPLATE),
        (44990, FaultKind.RATE_LIMITED),
        (45009, FaultKind.RATE_LIMITED),
        (85079, FaultKind.MISCONFIGURED),
    ],
)
def test_a_refusal_says_what_to_do(errcode: int, kind: FaultKind) -> None:
    with Recorder(Script({LINK: fixed(refusal(errcode))})) as recorder:
        bench = Bench(recorder)
        with pytest.raises(WeChatFault) as caught:
            asked(bench)
        assert bench.paths() == [TOKEN, LINK]
    assert (caught.value.kind, caught.value.code) == (kind, str(errcode))


def test_40001_for_ever_costs_two_calls_and_no_more() -> None:
    with Recorder(Script({LINK: fixed(refusal(40001))})) as recorder:
        bench = Bench(recorder)
        with pytest.raises(WeChatFault):
            asked(bench)
        assert bench.paths().count(LINK) <= 2
