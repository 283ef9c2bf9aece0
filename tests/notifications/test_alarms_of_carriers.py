"""A carrier that refuses is an alarm for every process that asks, until it takes a text of that kind again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from notifications.channels.two_carriers import CLOSED_FOR, SECOND_MARK
from notifications.dispatch.record import STOPPED
from server.app import create_app
from server.db import db, reading
from server.domain.notices import ChannelName, Kind
from server.local import LocalStack
from server.models import Attempt
from server.services.alarm import Alarm
from server.services.alarms import alarms
from server.services.alarms_of_carriers import SECOND_TOOK, WITHIN
from tests.notifications.house import House
from tests.people import Phone, approve

NO_MONEY, NO_SERVICE = "FailedOperation.InsufficientBalanceInSmsPackage", "isv.OUT_OF_SERVICE"
CODES = ("channel_stopped", "first_carrier_refuses", "card_words_refused")


ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def house(stack: LocalStack) -> House:
    return House(stack)


def raised(house: House) -> list[Alarm]:
    """What another process, which has sent nothing itself, sees."""
    app = create_app(house.stack.settings)
    with app.app_context():
        found = [one for one in alarms(house.stack.clock.now(), starting=True) if one.code in CODES]
        db.engine.dispose()
    return found


def codes(house: House) -> list[str]:
    return [one.code for one in raised(house)]


def lifted(house: House) -> None:
    house.later(max(CLOSED_FOR, STOPPED) / timedelta(minutes=1))
    Phone(house.stack).http.delete(f"{house.stack.sandbox}/sandbox/faults", timeout=10).raise_for_status()


@ON_POSTGRESQL
def test_healthy_carriers_are_no_alarm(house: House) -> None:
    house.ask()
    assert codes(house) == []


@ON_POSTGRESQL
def test_a_first_carrier_that_refuses_is_one_until_it_takes_a_text_again(house: House) -> None:
    house.fault("SendSms", "error", code=NO_MONEY)
    began = house.stack.clock.now()
    house.ask()
    house.later(2)
    house.ask()  # passed over, and not asked
    [alarm] = raised(house)
    assert alarm.code == "first_carrier_refuses"
    assert f"拒绝发送（{NO_MONEY}）" in alarm.text
    assert "第二家代发" in alarm.text
    assert alarm.since == began
    lifted(house)
    assert codes(house) == ["first_carrier_refuses"]
    house.ask()
    assert house.carriers() == ["aliyun", "aliyun", "tencent"]
    assert codes(house) == []


@ON_POSTGRESQL
def test_both_closed_says_that_nothing_goes_out_until_something_does(house: House) -> None:
    house.fault("SendSms", "error", code=NO_MONEY)
    house.fault("AliyunSendSms", "error", code=NO_SERVICE)
    house.ask()
    [alarm] = raised(house)
    assert alarm.code == "channel_stopped"
    assert f"短信发不出去（验证码）：通道拒绝 {NO_MONEY}" in alarm.text
    lifted(house)
    house.ask()
    assert codes(house) == []


@ON_SQLITE
def test_what_was_refused_more_than_a_day_ago_has_been_seen_to(house: House) -> None:
    house.fault("SendSms", "error", code=NO_MONEY)
    house.ask()
    house.stack.clock.stand_at(house.stack.clock.now() + WITHIN)
    assert codes(house) == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("errcode", "message", "code"),
    [
        (40037, "invalid template_id", "channel_stopped"),
        (41030, "invalid page", "channel_stopped"),
        (43107, "ability is banned", "channel_stopped"),
        (47003, "argument invalid! data.thing1.value invalid", "card_words_refused"),
        (45168, "sensitive word", "card_words_refused"),
        (43101, "user refuse to accept the msg", ""),
        (45009, "reach max api daily quota limit", ""),
    ],
)
def test_what_wechat_refuses_alike_for_everybody_is_an_alarm_and_the_person_gets_the_text(
    house: House, errcode: int, message: str, code: str
) -> None:
    somebody = Phone(house.stack).ready(1)
    somebody.register()
    somebody.tap(Kind.APPROVED.value)
    house.fault("subscribe_send", "error", code=errcode, message=message)
    approve(house.stack, somebody.number)
    house.later(0)
    found = raised(house)
    assert [one.code for one in found] == ([code] if code else [])
    assert all(str(errcode) in one.text and "微信" in one.text for one in found)
    assert [one["channel"] for one in somebody.messages()] == ["sms"]


@ON_POSTGRESQL
def test_the_refusal_and_what_the_second_said_are_two_tries_on_record(house: House) -> None:
    house.fault("SendSms", "error", code=NO_MONEY, times=1)
    house.ask()
    with house.stack.app.app_context(), reading() as session:
        tries = session.scalars(select(Attempt).order_by(Attempt.id)).all()
        assert [(one.outcome, one.code) for one in tries] == [("stop", NO_MONEY), ("accepted", "OK")]
        assert {(one.delivery_id, one.started_at, one.ended_at) for one in tries} == {
            (house.delivery().id, house.stack.clock.now(), house.stack.clock.now())
        }


def test_the_mark_of_the_second_is_the_one_that_its_references_bear() -> None:
    assert SECOND_TOOK == SECOND_MARK
    assert {one.value for one in ChannelName} == {"sms", "wechat"}
