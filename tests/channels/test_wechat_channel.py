"""Each fault of WeChat's, seen through a real answer, becomes one outcome of the contract."""

from datetime import UTC, datetime

import pytest

from notifications.channels.contract import Channel, Message, Outcome
from notifications.channels.wechat import OUTCOME_OF, WeChatChannel
from server.wechat import FaultKind
from tests.channels.recorder import Recorder, answer
from tests.wechat.platform import OPENID, SEND, Bench, Script, refusal

MESSAGE = Message("delivery-1", OPENID, "TEMPLATE-1", (("thing1", "张三"), ("time2", "2026年11月14日")), "pages/a")


def channel(bench: Bench) -> Channel:
    return WeChatChannel(bench.client, "trial")


def test_an_accepted_message_carries_the_msgid_and_the_state() -> None:
    with Recorder(Script()) as recorder:
        answered = channel(Bench(recorder)).send(MESSAGE)
    assert (answered.outcome, answered.code, answered.reference) == (Outcome.ACCEPTED, "0", "2402298110051942")
    body = recorder.requests[1].json
    assert body["miniprogram_state"] == "trial"
    assert body["page"] == "pages/a"
    assert body["data"] == {"thing1": {"value": "张三"}, "time2": {"value": "2026年11月14日"}}


@pytest.mark.parametrize(
    ("errcode", "errmsg", "outcome"),
    [
        (-1, "system error", Outcome.RETRY_SOON),
        (43108, "concurrent", Outcome.RETRY_SOON),
        (45009, "reach max api daily quota limit", Outcome.RETRY_LATER),
        (43101, "user refuse to accept the msg rid: 1-2", Outcome.NOT_THIS_WAY),
        (40003, "invalid openid", Outcome.NOT_THIS_WAY),
        (45168, "sensitive", Outcome.NOT_THIS_WAY),
        (47003, "argument invalid! data.thing1.value invalid", Outcome.NOT_THIS_WAY),
        (47003, "argument invalid! data.thing7.value is empty", Outcome.STOP),
        (40037, "invalid template_id", Outcome.STOP),
        (41030, "invalid page", Outcome.STOP),
        (43107, "banned", Outcome.STOP),
        (40001, "invalid credential", Outcome.STOP),
        (48001, "api unauthorized", Outcome.STOP),
        (43999, "never seen before", Outcome.NOT_THIS_WAY),
    ],
)
def test_each_errcode_has_its_outcome(errcode: int, errmsg: str, outcome: Outcome) -> None:
    with Recorder(Script({SEND: lambda request: refusal(errcode, errmsg)})) as recorder:
        answered = channel(Bench(recorder)).send(MESSAGE)
    assert answered.outcome is outcome
    assert answered.code.split(" ")[0] == str(errcode)
    assert "rid" not in answered.detail + answered.code


@pytest.mark.parametrize("reply", [None, b"", answer(b"<html>", content_type="text/html"), answer(b"", "504 Late")])
def test_what_may_have_gone_is_unknown(reply: bytes | None) -> None:
    with Recorder(Script({SEND: lambda request: reply})) as recorder:
        assert channel(Bench(recorder, timeout=(0.3, 0.2))).send(MESSAGE).outcome is Outcome.UNKNOWN


def test_a_refused_connection_is_tried_again_soon() -> None:
    with Recorder(Script()) as recorder:
        bench = Bench(recorder)
    assert channel(bench).send(MESSAGE).outcome is Outcome.RETRY_SOON


def test_every_kind_of_fault_has_an_outcome_and_only_unknown_is_unknown() -> None:
    assert set(OUTCOME_OF) == set(FaultKind)
    assert [kind for kind, outcome in OUTCOME_OF.items() if outcome is Outcome.UNKNOWN] == [FaultKind.UNKNOWN]


def test_wechat_can_neither_be_asked_nor_pulled() -> None:
    with Recorder(Script()) as recorder:
        wechat = channel(Bench(recorder))
        assert wechat.look_up(MESSAGE, "2402298110051942", datetime.now(UTC)) is None
        assert wechat.pull() == []
    assert recorder.requests == []
