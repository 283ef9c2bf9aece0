"""Faults: refused, slow, hanging, or done without an answer; for a while, for some, and gone when lifted."""

import threading
import time
from typing import Any

import pytest
import requests
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from tests.sandbox.conftest import Ears, HandClock, Sandbox
from tests.sandbox.test_sms_sdk import by_number, client, error_of, request

# The vendor's client calls a function that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning")


def test_an_error_lasts_as_many_hits_as_it_was_given(sandbox: Sandbox) -> None:
    sandbox.fault("subscribe_send", "error", code=-1, times=2)
    openid = sandbox.subscriber()
    assert [sandbox.subscribe_send(openid)["errcode"] for _ in range(3)] == [-1, -1, 0]


def test_an_error_hits_only_those_it_names(sandbox: Sandbox) -> None:
    victim, other = sandbox.subscriber(), sandbox.subscriber()
    sandbox.fault("subscribe_send", "error", code=43107, targets=[victim])
    assert sandbox.subscribe_send(other)["errcode"] == 0
    assert sandbox.subscribe_send(victim)["errcode"] == 43107


def test_a_login_fault_finds_its_user_by_the_code(sandbox: Sandbox) -> None:
    made = sandbox.post("/sandbox/wechat/login")
    sandbox.fault("jscode2session", "error", code=45011, targets=[made["openid"]])
    assert sandbox.get("/sns/jscode2session", js_code=made["code"])["errcode"] == 45011


def test_an_sms_error_answers_the_call_or_single_numbers(sandbox: Sandbox) -> None:
    sandbox.fault("SendSms", "error", code="InternalError.Timeout", times=1)
    assert error_of(sandbox) == "InternalError.Timeout"
    blocked = "FailedOperation.PhoneNumberInBlacklist"
    sandbox.fault("SendSms", "error", code=blocked, targets=["13800138001"])
    answer = client(sandbox).SendSms(request(PhoneNumberSet=["13800138000", "13800138001"]))
    assert [status.Code for status in answer.SendStatusSet] == ["Ok", blocked]


def test_a_slow_call_is_answered_late(sandbox: Sandbox) -> None:
    sandbox.fault("stable_token", "latency", ms=150)
    begun = time.monotonic()
    sandbox.token()
    assert time.monotonic() - begun >= 0.15


def test_a_lost_answer_means_the_work_was_done(sandbox: Sandbox, ears: Ears, clock: HandClock) -> None:
    sandbox.fault("SendSms", "lost", times=1)
    with pytest.raises(TencentCloudSDKException) as caught:
        client(sandbox).SendSms(request())
    assert caught.value.get_code() == "ClientNetworkError"
    sandbox.drain()
    assert len(sandbox.get("/sandbox/messages", to="13800138000")) == 1
    [receipt] = client(sandbox).PullSmsSendStatusByPhoneNumber(by_number(clock)).PullSmsSendStatusSet
    assert receipt.SessionContext == "notice-1", "the sender can find its message again"
    openid = sandbox.subscriber()
    sandbox.fault("subscribe_send", "lost", times=1)
    with pytest.raises(requests.ConnectionError):
        sandbox.subscribe_send(openid)
    assert sandbox.subscribe_send(openid)["errcode"] == 43101, "the credit is spent"


def test_a_hanging_call_is_closed_without_work(sandbox: Sandbox) -> None:
    sandbox.fault("SendSms", "hang", seconds=0.1, times=1)
    with pytest.raises(TencentCloudSDKException):
        client(sandbox).SendSms(request())
    assert sandbox.get("/sandbox/messages") == []


@pytest.mark.parametrize("how", [{}, {"id": 1}])
def test_lifting_a_fault_lets_go_of_the_calls_it_holds(sandbox: Sandbox, how: dict[str, Any]) -> None:
    sandbox.fault("token", "hang", seconds=60, times=1)
    ended = threading.Event()

    def wait_for_answer() -> None:
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{sandbox.url}/cgi-bin/token", timeout=30)
        ended.set()

    caller = threading.Thread(target=wait_for_answer)
    caller.start()
    deadline = time.monotonic() + 5
    while sandbox.get("/sandbox/faults")[0]["remaining"] != 0:
        assert time.monotonic() < deadline, "the call never reached the fault"
    assert not ended.is_set()
    assert sandbox.delete("/sandbox/faults", **how) == {"lifted": 1}
    caller.join(5)
    assert ended.is_set()
    assert sandbox.get("/sandbox/faults") == []


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"operation": "SendFax", "kind": "error"},
        {"operation": "SendSms", "kind": "duplicate"},
        {"operation": "sms_receipt", "kind": "hang"},
        {"operation": "SendSms", "kind": "error"},
        {"operation": "SendSms", "kind": "error", "code": 1},
        {"operation": "token", "kind": "error", "code": "x"},
        {"operation": "token", "kind": "hang", "seconds": -1},
        {"operation": "token", "kind": "hang", "times": 0},
        {"operation": "token", "kind": "hang", "targets": "13800138000"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(sandbox: Sandbox, wish: dict[str, Any]) -> None:
    reply = sandbox.session.post(f"{sandbox.url}/sandbox/faults", json=wish, timeout=10)
    assert reply.status_code == 400
    assert reply.json()["error"]
    assert sandbox.get("/sandbox/faults") == []
