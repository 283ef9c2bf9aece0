"""Several dispatchers on one queue, and receipts that come many times, at once, in any order, or too early."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest
import requests
from sqlalchemy import select

from notifications.channels.contract import Answer, Channel, Message, Receipt
from notifications.channels.contract import Outcome as Sent
from notifications.dispatch.claim import LEASE, Claimed, claim_due
from notifications.dispatch.dispatcher import Dispatcher
from notifications.dispatch.plan import plan_due
from notifications.dispatch.record import record_answers
from notifications.receipts import apply_receipts
from server.app import make_dispatcher
from server.db import reading, transaction
from server.domain.notices import ChannelName, Kind
from server.domain.turnout import Outcome
from server.local import LocalStack
from server.models import Attempt, Delivery, Grant, Notice, VendorEvent
from server.services import turnout
from tests.conftest import at
from tests.people import Phone
from tests.processes.workers import Worker, dispatch, ended
from tests.races.crowd import at_once, same_at_once, within
from tests.races.hold_up import held_up_before_writing
from tests.seeding import seed_paid, seeded_phone, sitting_id

QUEUE, WITH_GRANT = 500, 60
DUE = at(2026, 3, 31, 9)
Number = Callable[..., int]


def postponed(stack: LocalStack, people: int, grants: int = 0) -> None:
    """So many people who must be told that their sitting was moved; the first of them by WeChat too."""
    openids = [Phone(stack).sandbox("wechat/login")["openid"] for _ in range(grants)]
    template = stack.settings.wechat_templates[Kind.POSTPONED.value]
    for openid in openids:
        Phone(stack).sandbox("wechat/tap", openid=openid, template_id=template, answer="accept")
    Phone(stack).sandbox("drain")
    april = sitting_id(stack.app, "2026-04")
    seed_paid(stack.app, april, people, grants=grants, openids=openids)
    stack.clock.stand_at(DUE)
    with stack.app.app_context():
        assert turnout.settle_by_hand(april, Outcome.POSTPONED, "staff:chen", "场地", DUE) is Outcome.POSTPONED


def inbox(stack: LocalStack) -> Counter[tuple[str, str]]:
    """How many messages of each channel reached each phone and each account."""
    Phone(stack).sandbox("drain")
    messages = requests.get(f"{stack.sandbox}/sandbox/messages", timeout=30).json()
    return Counter((one["channel"], one["to"]) for one in messages)


def delivery(stack: LocalStack, **columns: object) -> Delivery:
    with stack.app.app_context(), reading() as session:
        return session.scalars(select(Delivery).filter_by(**columns).order_by(Delivery.id)).first() or Delivery()


def test_two_dispatchers_on_one_queue_of_500_send_each_message_once(stack: LocalStack, number: Number) -> None:
    postponed(stack, QUEUE, WITH_GRANT)
    other = make_dispatcher(stack.app, senders=8)
    try:
        tries = at_once([stack.dispatcher.drain, other.drain])
    finally:
        other.close()
    arrived = inbox(stack)
    assert set(arrived.values()) == {1}
    assert Counter(channel for channel, _ in arrived) == {"sms": QUEUE, "wechat": WITH_GRANT}
    assert sum(tries) == number(Attempt) == number(Delivery) == QUEUE + WITH_GRANT
    assert number(Notice, Notice.state == "planned") == QUEUE
    assert number(Grant, Grant.spent_at.is_not(None)) == WITH_GRANT
    assert number(Delivery, Delivery.state == "delivered") == QUEUE + WITH_GRANT


def test_two_who_claim_at_the_same_moment_claim_different_messages(stack: LocalStack, number: Number) -> None:
    postponed(stack, 20)
    templates = {ChannelName.SMS: stack.settings.sms_templates, ChannelName.WECHAT: {}}
    plans = within(stack.app, plan_due, templates, DUE, 8)
    with held_up_before_writing(stack.settings.database_url, "delivery") as road:
        planned = [road.begin(plans) for _ in range(3)]
    assert sorted(int(str(one.result())) for one in planned) == [4, 8, 8]
    assert number(Delivery) == 20
    claims = within(stack.app, claim_due, templates, {ChannelName.SMS}, DUE, 8)
    with held_up_before_writing(stack.settings.database_url, "attempt") as road:
        begun = [road.begin(claims) for _ in range(3)]
    claimed = [one.delivery_id for future in begun for one in future.result()]
    assert len(claimed) == len(set(claimed)) == number(Attempt) == 20


def test_the_same_receipt_100_times_at_once_is_one_event(stack: LocalStack, number: Number) -> None:
    postponed(stack, 1)
    stack.dispatcher.drain()
    sent = delivery(stack, channel="sms")
    push = [
        {
            "user_receive_time": "2026-03-31 09:00:05",
            "nationcode": "86",
            "mobile": "13900000001",
            "report_status": "SUCCESS",
            "errmsg": "DELIVRD",
            "description": "",
            "sid": "2640:1",
            "ext": str(sent.id),
        }
    ]
    url = f"{stack.web}/receipts/sms/{stack.settings.sms_receipt_path}"
    answers = same_at_once(100, lambda: requests.post(url, json=push, timeout=60).status_code)
    assert set(answers) == {200}
    assert number(VendorEvent, VendorEvent.event.startswith("2640:1:")) == 1
    assert delivery(stack, id=sent.id).state == "delivered"


def test_a_confirmation_and_a_failure_of_one_message_at_once_end_in_delivered(stack: LocalStack) -> None:
    postponed(stack, 10)
    stack.dispatcher.drain()
    with stack.app.app_context(), reading() as session:
        sent = session.scalars(select(Delivery.id)).all()

    def brings(delivered: bool) -> Callable[[], int]:
        receipts = [
            Receipt(f"{one}:{delivered}", delivered, "code", DUE, reference=str(one))
            for one in (sent if delivered else reversed(sent))
        ]
        return lambda: apply_receipts("sms", receipts, DUE)

    works = [within(stack.app, brings(delivered)) for delivered in (True, False) * 4]
    assert sorted(int(str(new)) for new in at_once(works)) == [0] * 6 + [10, 10]
    assert {delivery(stack, id=one).state for one in sent} == {"delivered"}


def test_a_receipt_that_crosses_the_answer_to_its_message_is_not_lost(stack: LocalStack) -> None:
    postponed(stack, 1)
    stack.dispatcher.drain()
    mine = delivery(stack, channel="sms")
    with stack.app.app_context(), transaction() as session:
        # As WeChat's are: without our own number in the receipt, and the answer not recorded yet.
        again = session.get_one(Delivery, mine.id)
        again.channel, again.state, again.vendor_reference = "wechat", "sending", ""
        attempt = session.scalars(select(Attempt.id)).one()
    message = Message(str(mine.id), "", "", ())
    claimed = Claimed(mine.id, attempt, ChannelName.WECHAT, Kind.POSTPONED, 3, message, None)
    answer = Answer(Sent.ACCEPTED, "0", "msgid-7")
    receipt = Receipt("msgid-7:success", True, "0", DUE, vendor_reference="msgid-7")
    with held_up_before_writing(stack.settings.database_url, "vendor_event") as road:
        road.begin(within(stack.app, apply_receipts, "wechat", [receipt], DUE))
        road.begin(within(stack.app, record_answers, [(claimed, answer)], DUE))
    stack.dispatcher.sweep()
    assert delivery(stack, id=mine.id).state == "delivered"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_dispatcher_processes_on_one_queue_send_each_message_once(stack: LocalStack, number: Number) -> None:
    postponed(stack, QUEUE)
    with stack.app.app_context():
        templates = {ChannelName.SMS: stack.settings.sms_templates, ChannelName.WECHAT: {}}
        assert plan_due(templates, DUE) == QUEUE  # or whoever comes first plans all, and the other finds nothing yet
    with ended(Worker(dispatch, stack.settings, 8)) as one, ended(Worker(dispatch, stack.settings, 8)) as other:
        one.go()
        other.go()
        tries = [one.done(), other.done()]
    arrived = inbox(stack)
    assert set(arrived.values()) == {1}
    assert len(arrived) == sum(tries) == number(Attempt) == QUEUE
    assert all(tries), "one of them did nothing"


class Broken:
    """A channel that breaks its promise for one message."""

    name = "sms"

    def __init__(self, good: Channel, bad: str) -> None:
        self._good, self._bad = good, bad

    def send(self, message: Message) -> Answer:
        if message.to == self._bad:
            raise RuntimeError("broken")
        return self._good.send(message)

    def look_up(self, message: Message, vendor_reference: str, sent_at: datetime) -> Receipt | None:
        return self._good.look_up(message, vendor_reference, sent_at)

    def pull(self) -> list[Receipt]:
        return self._good.pull()


def test_one_broken_message_takes_no_other_s_answer_with_it(stack: LocalStack, number: Number) -> None:
    postponed(stack, 10)
    good = make_dispatcher(stack.app)
    sms = good._channels[ChannelName.SMS]
    templates = {ChannelName.SMS: stack.settings.sms_templates, ChannelName.WECHAT: {}}
    broken = Dispatcher(stack.app, stack.clock, {ChannelName.SMS: Broken(sms, seeded_phone(3))}, templates)
    try:
        broken.drain()
    finally:
        good.close()
        broken.close()
    assert set(inbox(stack).values()) == {1}
    assert number(Delivery, Delivery.state == "delivered") == 9
    assert delivery(stack, state="unknown").last_code == "RuntimeError"


class Unrecordable(Broken):
    """A channel whose answer to one message cannot be written down."""

    def send(self, message: Message) -> Answer:
        answer = self._good.send(message)
        return Answer(Sent.ACCEPTED, code=None) if message.to == self._bad else answer  # type: ignore[arg-type]


def test_answers_that_cannot_be_recorded_end_the_round_loudly_and_are_in_doubt_later(
    stack: LocalStack, number: Number
) -> None:
    postponed(stack, 30)
    good = make_dispatcher(stack.app)
    sms = good._channels[ChannelName.SMS]
    templates = {ChannelName.SMS: stack.settings.sms_templates, ChannelName.WECHAT: {}}
    channel = {ChannelName.SMS: Unrecordable(sms, seeded_phone(3))}
    failing = Dispatcher(stack.app, stack.clock, channel, templates, senders=4)
    try:
        with pytest.raises(TypeError):
            failing.drain()
    finally:
        good.close()
        failing.close()
    left = number(Delivery, Delivery.state == "sending")
    assert 1 <= left <= 4, "more than were recorded at once"
    stack.clock.stand_at(DUE + LEASE)
    stack.dispatcher.sweep()
    assert number(Delivery, Delivery.state == "sending") == 0
    assert set(inbox(stack).values()) == {1}
