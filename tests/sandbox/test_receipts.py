"""SMS receipts: pushed as Tencent pushes them, re-pushed, left for pulling, doubled, swapped, withheld."""

from typing import Any

import pytest
from tencentcloud.sms.v20210111 import models

from server.sandbox.settings import SandboxSettings
from tests.sandbox.conftest import Ears, HandClock, Sandbox, make_settings
from tests.sandbox.test_sms_sdk import client, request

# The vendor's client calls a function that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning")


def send(sandbox: Sandbox, *phones: str) -> list[str]:
    """Send one message to each phone in one call; the serial numbers."""
    answer = client(sandbox).SendSms(request(PhoneNumberSet=list(phones)))
    return [status.SerialNo for status in answer.SendStatusSet]


def pull(sandbox: Sandbox, limit: int = 100) -> list[Any]:
    wish = models.PullSmsSendStatusRequest()
    wish._deserialize({"Limit": limit, "SmsSdkAppId": "1400006666"})
    return list(client(sandbox).PullSmsSendStatus(wish).PullSmsSendStatusSet)


def test_a_receipt_says_when_in_china_the_message_arrived(sandbox: Sandbox, ears: Ears, clock: HandClock) -> None:
    [serial] = send(sandbox, "13800138000")
    sandbox.drain()
    assert ears.receipts() == [
        {
            "user_receive_time": "2026-04-21 06:30:00",
            "nationcode": "86",
            "mobile": "13800138000",
            "report_status": "SUCCESS",
            "errmsg": "DELIVRD",
            "description": "用户短信送达成功",
            "sid": serial,
            "ext": "notice-1",
        }
    ]
    assert pull(sandbox) == [], "what was taken when pushed is not left for pulling"


def test_receipts_come_at_most_a_hundred_at_a_time(sandbox: Sandbox, ears: Ears) -> None:
    send(sandbox, *(f"138{number:08}" for number in range(150)))
    sandbox.drain()
    assert [len(push.body) for push in ears.heard] == [100, 50]


@pytest.mark.parametrize(
    ("answers", "pushes", "left"),
    [
        ([('{"result":0}', 200)], 1, 0),
        ([('{"result":1,"errmsg":"busy"}', 200)], 2, 0),
        ([("no json", 200), ("[]", 200)], 3, 0),
        ([('{"result":0}', 500)] * 3, 3, 1),
    ],
)
def test_a_receipt_is_pushed_again_twice_and_then_left_for_pulling(
    sandbox: Sandbox, ears: Ears, answers: list[tuple[str, int]], pushes: int, left: int
) -> None:
    ears.answers = answers
    serials = send(sandbox, "13800138000")
    sandbox.drain()
    assert len(ears.heard) == pushes
    assert [receipt.SerialNo for receipt in pull(sandbox)] == serials[:left]
    assert pull(sandbox) == [], "a pulled receipt is gone"


@pytest.mark.parametrize(
    ("mode", "status", "state"),
    [("ok", ["SUCCESS"], "delivered"), ("never", [], "unconfirmed"), ("fail", ["FAIL"], "failed")],
)
def test_a_phone_confirms_fails_or_stays_silent(
    sandbox: Sandbox, ears: Ears, mode: str, status: list[str], state: str
) -> None:
    sandbox.post("/sandbox/sms/phones/13800138000", {"mode": mode})
    send(sandbox, "13800138000")
    sandbox.drain()
    assert [receipt["report_status"] for receipt in ears.receipts()] == status
    [message] = sandbox.get("/sandbox/messages", to="13800138000")
    assert message["state"] == state


def test_a_receipt_can_come_twice(sandbox: Sandbox, ears: Ears) -> None:
    sandbox.fault("sms_receipt", "duplicate", times=1)
    serials = send(sandbox, "13800138000", "13800138001")
    sandbox.drain()
    assert [receipt["sid"] for receipt in ears.receipts()] == [serials[0], serials[0], serials[1]]


@pytest.mark.parametrize(("times", "order"), [(1, [1, 0, 2, 3]), (None, [1, 0, 3, 2])])
def test_receipts_can_come_in_the_wrong_order(
    sandbox: Sandbox, ears: Ears, times: int | None, order: list[int]
) -> None:
    sandbox.fault("sms_receipt", "reorder", times=times)
    serials = send(sandbox, *(f"1380013800{number}" for number in range(4)))
    sandbox.drain()
    assert [receipt["sid"] for receipt in ears.receipts()] == [serials[number] for number in order]


def test_a_held_receipt_is_not_lost_when_no_other_follows(sandbox: Sandbox, ears: Ears) -> None:
    sandbox.fault("sms_receipt", "reorder")
    serials = send(sandbox, "13800138000")
    sandbox.drain()
    assert [receipt["sid"] for receipt in ears.receipts()] == serials


def test_only_the_named_phones_are_silenced(sandbox: Sandbox, ears: Ears) -> None:
    sandbox.fault("sms_receipt", "never", targets=["+8613800138001"])
    send(sandbox, "13800138000", "13800138001", "13800138002")
    sandbox.drain()
    assert [receipt["mobile"] for receipt in ears.receipts()] == ["13800138000", "13800138002"]


class TestWithoutAnAddressToPushTo:
    @pytest.fixture
    def settings(self) -> SandboxSettings:
        return make_settings()

    def test_receipts_wait_to_be_pulled_in_order(self, sandbox: Sandbox) -> None:
        serials = send(sandbox, "13800138000", "13800138001", "13800138002")
        sandbox.subscriber()
        sandbox.drain()
        assert [receipt.SerialNo for receipt in pull(sandbox, limit=2)] == serials[:2]
        assert [receipt.SerialNo for receipt in pull(sandbox)] == serials[2:]
