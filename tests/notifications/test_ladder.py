"""Which way a notice goes when the first way fails: WeChat, then SMS; and nobody waits behind a closed door."""

from datetime import timedelta

import pytest
import requests
from sqlalchemy import select

from notifications.dispatch.claim import LEASE, claim_due
from notifications.dispatch.plan import plan_due
from server.db import reading
from server.domain.notices import ROUTES, ChannelName, Kind
from server.local import LocalStack
from server.models import Delivery, Grant
from tests.people import Phone, approve


@pytest.fixture
def phone(stack: LocalStack) -> Phone:
    """Somebody with a registration and one credit for the news of its approval."""
    somebody = Phone(stack).ready(1)
    somebody.register()
    stack.run_jobs()
    somebody.tap("approved")
    somebody.sandbox("drain")
    return somebody


def _fault(stack: LocalStack, **fault: object) -> None:
    answer = requests.post(f"{stack.sandbox}/sandbox/faults", json=fault, timeout=10)
    assert answer.status_code == 201, answer.text


def _states(stack: LocalStack) -> dict[str, str]:
    """The state of each channel's delivery of the approval, the latest notice."""
    with stack.app.app_context(), reading() as session:
        latest = session.scalars(select(Delivery.notice_id).order_by(Delivery.notice_id.desc()).limit(1)).one()
        rows = session.scalars(select(Delivery).where(Delivery.notice_id == latest))
        return {one.channel: one.state for one in rows}


def _open_credits(stack: LocalStack) -> int:
    with stack.app.app_context(), reading() as session:
        return len(session.scalars(select(Grant).where(Grant.spent_at.is_(None))).all())


@pytest.mark.parametrize(
    ("code", "credits_left"),
    [
        (43101, 0),  # refused: the credit was not there after all
        (40037, 1),  # the template is wrong for everybody
        (47003, 0),  # a field that the card cannot hold
        (45009, 1),  # the day's quota is used up
        (43107, 1),  # subscriptions are switched off for us
    ],
)
def test_what_wechat_will_not_take_goes_by_sms_at_once(
    stack: LocalStack, phone: Phone, code: int, credits_left: int
) -> None:
    _fault(stack, operation="subscribe_send", kind="error", code=code)
    approve(stack, phone.number)
    stack.run_jobs()
    assert _states(stack)[ChannelName.SMS] in {"accepted", "delivered"}
    assert _states(stack)[ChannelName.WECHAT] == "failed"
    assert _open_credits(stack) == credits_left


def test_a_card_that_may_have_arrived_is_followed_by_sms_only_if_nothing_is_heard_of_it(
    stack: LocalStack, phone: Phone
) -> None:
    _fault(stack, operation="subscribe_send", kind="lost")
    _fault(stack, operation="wechat_event", kind="never")
    approve(stack, phone.number)
    stack.run_jobs()
    assert _states(stack) == {ChannelName.WECHAT: "unknown", ChannelName.SMS: "queued"}
    stack.clock.stand_at(stack.clock.now() + timedelta(minutes=11))
    stack.run_jobs()
    assert _states(stack)[ChannelName.SMS] in {"accepted", "delivered"}
    cards = [one for one in phone.messages() if one["channel"] == "wechat"]
    assert len(cards) == 1


def test_a_card_whose_sender_died_is_followed_by_sms_and_never_sent_again(stack: LocalStack, phone: Phone) -> None:
    approve(stack, phone.number)
    templates = {ChannelName.SMS: stack.settings.sms_templates, ChannelName.WECHAT: stack.settings.wechat_templates}
    with stack.app.app_context():
        plan_due(templates, stack.clock.now())
        assert len(claim_due(templates, {ChannelName.WECHAT}, stack.clock.now(), 10)) == 1
    stack.clock.stand_at(stack.clock.now() + LEASE + timedelta(seconds=1))
    stack.run_jobs()
    stack.run_jobs()
    assert _states(stack)[ChannelName.WECHAT] == "unknown"
    assert _states(stack)[ChannelName.SMS] in {"accepted", "delivered"}
    assert not [one for one in phone.messages() if one["channel"] == "wechat"]


def test_an_owed_sms_is_tried_again_after_the_account_was_closed_for_a_while(stack: LocalStack, phone: Phone) -> None:
    stopped = "FailedOperation.InsufficientBalanceInSmsPackage"
    _fault(stack, operation="SendSms", kind="error", code=stopped, times=1)
    _fault(stack, operation="AliyunSendSms", kind="error", code="isv.AMOUNT_NOT_ENOUGH", times=1)
    phone.ok("POST", "me/phone/code", json={"phone": "13900000009"})
    stack.run_jobs()
    assert _states(stack) == {ChannelName.SMS: "queued"}


def test_every_kind_has_a_way_and_what_is_owed_goes_whatever_else_does() -> None:
    assert set(ROUTES) == set(Kind)
    assert ROUTES[Kind.POSTPONED].owed == (ChannelName.SMS,)
    assert not [kind for kind, route in ROUTES.items() if not (route.owed or route.ladder or route.extra)]
