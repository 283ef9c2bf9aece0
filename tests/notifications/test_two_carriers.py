"""Two SMS carriers: the second sends what the first plainly did not; a silence is looked up; nobody is told twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from notifications.channels import aliyun_codes, tencent_codes
from notifications.channels.contract import Answer, Message, Outcome, Receipt
from notifications.channels.two_carriers import FIRST, PATIENCE, SECOND, TwoCarriers, carrier_of, marked
from server.local import LocalStack, local_stack
from tests.notifications.house import Carrier, House
from tests.people import Phone, approve

NOW = datetime(2026, 4, 21, tzinfo=UTC)
MESSAGE = Message("7", "13800138000", "1", (("1", "x"),), kind="held")


TAKEN = Answer(Outcome.ACCEPTED, "OK", "900^0")


def both(first: Answer, second: Answer = TAKEN, tries: int = 1) -> tuple[Answer, int]:
    """The answer of the two, and how many texts the second was given."""
    one, other = Carrier(first), Carrier(second)
    answer = TwoCarriers(one, other, lambda: NOW).send(replace(MESSAGE, tries=tries))
    assert len(one.sent) == 1
    return answer, len(other.sent)


@pytest.mark.parametrize(("code", "outcome"), tencent_codes.OUTCOME_OF.items())
def test_a_refusal_that_would_meet_everybody_goes_to_the_second_and_nothing_else_does(
    code: str, outcome: Outcome
) -> None:
    answer, given = both(Answer(outcome, code))
    assert given == (1 if outcome is Outcome.STOP else 0)
    assert (answer.reference == "aliyun:900^0") is (outcome is Outcome.STOP)


def test_no_connection_goes_to_the_second_at_once() -> None:
    refused = Answer(Outcome.RETRY_SOON, "connect")
    assert both(refused) == (replace(TAKEN, reference="aliyun:900^0", refusal=refused), 1)


@pytest.mark.parametrize("tries", range(1, 8))
def test_a_fault_that_may_pass_is_waited_for_a_few_times(tries: int) -> None:
    _, given = both(Answer(Outcome.RETRY_SOON, "RequestLimitExceeded"), tries=tries)
    assert given == (1 if tries >= PATIENCE else 0)


@pytest.mark.parametrize("tries", [1, PATIENCE, 8])
@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.RETRY_LATER, Outcome.NOT_THIS_WAY, Outcome.ACCEPTED])
def test_what_may_have_been_sent_or_concerns_the_person_never_goes_to_the_second(
    outcome: Outcome, tries: int
) -> None:
    assert both(Answer(outcome, "read"), tries=tries)[1] == 0


@pytest.mark.parametrize(
    ("first", "reference"),
    [
        (Answer(Outcome.ACCEPTED, "Ok", "2640:1"), "2640:1"),
        (Answer(Outcome.UNKNOWN, "read"), "tencent:"),
        (Answer(Outcome.RETRY_LATER, "LimitExceeded"), ""),
        (Answer(Outcome.NOT_THIS_WAY, "FailedOperation"), ""),
    ],
)
def test_the_carrier_that_has_or_may_have_the_text_is_on_record(first: Answer, reference: str) -> None:
    answer, _ = both(first)
    assert answer == replace(first, reference=reference)
    assert carrier_of(answer.reference) == (FIRST if reference else "")


@pytest.mark.parametrize("code", sorted(aliyun_codes.OUTCOME_OF))
@pytest.mark.parametrize("first", [Answer(Outcome.STOP, "AuthFailure"), Answer(Outcome.RETRY_SOON, "connect")])
def test_of_two_refusals_the_seconds_counts_unless_it_is_closed_too(code: str, first: Answer) -> None:
    outcome = aliyun_codes.OUTCOME_OF[code]
    answer, given = both(first, Answer(outcome, code))
    assert given == 1
    assert (answer.outcome, answer.code) == (
        (first.outcome, first.code) if outcome is Outcome.STOP else (outcome, code)
    )
    assert carrier_of(answer.reference) == (SECOND if outcome in {Outcome.ACCEPTED, Outcome.UNKNOWN} else "")


RECEIPT = Receipt("7:SUCCESS:1", True, "DELIVERED", NOW, "900^0", "7")


@pytest.mark.parametrize(
    ("reference", "first", "second"),
    [
        ("2640:1", ["2640:1"], []),
        ("tencent:", [""], []),
        ("aliyun:", [], [""]),
        ("aliyun:900^0", [], ["900^0"]),
        ("", [""], [""]),
    ],
)
def test_only_the_carrier_that_may_have_the_text_is_asked(
    reference: str, first: list[str], second: list[str]
) -> None:
    one, other = Carrier(TAKEN), Carrier(TAKEN, RECEIPT)
    found = TwoCarriers(one, other, lambda: NOW).look_up(MESSAGE, reference, NOW)
    assert (one.asked, other.asked) == (first, second)
    assert found == (marked(SECOND, RECEIPT) if second else None)


def test_receipts_in_bulk_bear_their_carriers_names() -> None:
    silent = replace(RECEIPT, vendor_reference="")
    first, second = Carrier(TAKEN, RECEIPT), Carrier(TAKEN, silent)
    pulled = TwoCarriers(first, second, lambda: NOW).pull()
    assert [(one.event, one.vendor_reference) for one in pulled] == [
        ("7:SUCCESS:1", "900^0"),
        ("aliyun:7:SUCCESS:1", "aliyun:7"),
    ]


# --- in a whole installation


@pytest.fixture
def house(stack: LocalStack) -> House:
    return House(stack)


ACCOUNT_FAULTS = [
    "FailedOperation.InsufficientBalanceInSmsPackage",
    "FailedOperation.SignatureIncorrectOrUnapproved",
    "FailedOperation.TemplateIncorrectOrUnapproved",
    "UnauthorizedOperation.SdkAppIdIsDisabled",
    "AuthFailure.SecretIdNotFound",
    "LimitExceeded.AppDailyLimit",
]


def test_a_healthy_first_carrier_sends_everything(house: House) -> None:
    house.ask()
    assert house.carriers() == ["tencent"]
    assert house.delivery().state == "delivered"
    assert carrier_of(house.delivery().vendor_reference) == FIRST


@pytest.mark.parametrize("scope", ["call", "each"])
@pytest.mark.parametrize("code", ACCOUNT_FAULTS)
def test_a_closed_first_carrier_costs_nobody_a_text(house: House, code: str, scope: str) -> None:
    house.fault("SendSms", "error", code=code, scope=scope)
    house.ask()
    assert house.carriers() == ["aliyun"]
    assert (house.delivery().state, house.delivery().last_code) == ("delivered", "DELIVERED")
    assert carrier_of(house.delivery().vendor_reference) == SECOND


@pytest.mark.parametrize("code", ["LimitExceeded.PhoneNumberThirtySecondLimit", "InternalError.OtherError"])
def test_a_limit_or_a_passing_fault_is_tried_again_at_the_same(house: House, code: str) -> None:
    house.fault("SendSms", "error", code=code, times=1)
    house.ask()
    assert house.carriers() == []
    house.later(11)
    assert set(house.carriers()) <= {"tencent"}


def test_a_fault_that_does_not_pass_goes_to_the_second_while_the_code_is_good(house: House) -> None:
    house.fault("SendSms", "error", code="RequestLimitExceeded")
    house.ask()
    house.later(0.2)
    assert house.carriers() == []
    house.later(0.6)
    assert house.carriers() == ["aliyun"]
    assert house.delivery().state == "delivered"


@pytest.mark.parametrize("arrives", [True, False])
def test_a_text_that_was_taken_without_an_answer_is_looked_up_and_never_sent_again(
    house: House, arrives: bool
) -> None:
    house.fault("SendSms", "lost" if arrives else "hang", seconds=0)
    house.fault("sms_receipt", "never")
    house.ask()
    assert (house.delivery().state, house.delivery().vendor_reference) == ("unknown", "tencent:")
    for _ in range(4):
        house.later(15)
    assert house.carriers() == (["tencent"] if arrives else [])


def test_a_text_in_doubt_at_the_second_is_looked_up_there_and_never_sent_again(house: House) -> None:
    house.fault("SendSms", "error", code=ACCOUNT_FAULTS[0])
    house.fault("AliyunSendSms", "lost")
    house.fault("PullSmsSendStatusByPhoneNumber", "error", code="InternalError.OtherError")
    with _deaf(house):
        house.ask()
    assert (house.delivery().state, house.delivery().vendor_reference) == ("unknown", "aliyun:")
    house.later(3)
    assert house.delivery().state == "delivered"
    house.later(60)
    assert house.carriers() == ["aliyun"]
    assert house.events() == 1


def test_a_receipt_that_never_came_from_the_second_is_asked_for(house: House) -> None:
    house.fault("SendSms", "error", code=ACCOUNT_FAULTS[0])
    with _deaf(house):
        house.ask()
    assert house.delivery().state == "accepted"
    house.later(29)
    assert house.delivery().state == "accepted"
    house.later(2)
    assert house.delivery().state == "delivered"
    assert house.carriers() == ["aliyun"]


@contextmanager
def _deaf(house: House) -> Iterator[None]:
    """Pushed receipts of the second carrier find no door for a while, and are given up."""
    view = house.stack.app.view_functions["receipts.sms_aliyun"]
    house.stack.app.view_functions["receipts.sms_aliyun"] = lambda **_: ("", 503)
    try:
        yield
    finally:
        house.stack.app.view_functions["receipts.sms_aliyun"] = view


@pytest.mark.parametrize("kind", ["duplicate", "reorder"])
def test_receipts_of_the_second_that_come_twice_or_in_disorder_count_once(house: House, kind: str) -> None:
    house.fault("SendSms", "error", code=ACCOUNT_FAULTS[0])
    house.fault("aliyun_receipt", kind)
    house.ask()
    assert (house.delivery().state, house.events()) == ("delivered", 1)


def test_both_closed_leaves_the_text_in_the_queue_until_one_opens(house: House) -> None:
    house.fault("SendSms", "error", code=ACCOUNT_FAULTS[0], times=1)
    house.fault("AliyunSendSms", "error", code="isv.OUT_OF_SERVICE", times=1)
    house.ask()
    assert (house.delivery().state, house.delivery().last_code) == ("queued", ACCOUNT_FAULTS[0])
    assert house.carriers() == []


def _push(house: House, path: str, out_id: str, success: bool = False) -> requests.Response:
    row = {
        "phone_number": house.phone,
        "report_time": "2026-04-21 06:30:00",
        "success": success,
        "err_code": "MK:0001",
        "biz_id": "1^0",
        "out_id": out_id,
    }
    return requests.post(f"{house.stack.web}/receipts/sms-aliyun/{path}", json=[row], timeout=10)


def test_a_carrier_has_no_say_about_what_the_other_took(house: House) -> None:
    house.fault("sms_receipt", "never")
    house.ask()
    taken = house.delivery()
    for success in (False, True):
        answer = _push(house, house.stack.settings.aliyun_sms_receipt_path, str(taken.id), success)
        assert (answer.status_code, answer.json()["code"]) == (200, 0)
    house.later(5)
    assert house.delivery().state == "accepted"


def test_the_door_opens_to_its_secret_alone(house: House) -> None:
    for path in ("guessed", house.stack.settings.sms_receipt_path):
        assert _push(house, path, "1").status_code == 404
    assert _push(house, house.stack.settings.aliyun_sms_receipt_path, "999999").status_code == 200


def test_without_a_second_carrier_there_is_neither_it_nor_its_door(tmp_path: Path, sqlite_url: str) -> None:
    lacking = dict.fromkeys(("key_id", "key_secret", "sign", "receipt_path"), "")
    overrides: dict[str, Any] = {f"aliyun_sms_{key}": value for key, value in lacking.items()}
    overrides |= {"aliyun_sms_templates": {}, "database_url": sqlite_url}
    with local_stack(tmp_path / "alone", migrated=True, **overrides) as stack:
        house = House(stack)
        house.fault("SendSms", "error", code=ACCOUNT_FAULTS[0], times=1)
        house.ask()
        assert house.delivery().state == "queued"
        for path in ("", "x"):
            assert _push(house, path, "1").status_code == 404


@pytest.mark.parametrize(
    ("operation", "code"),
    [("SendSms", "FailedOperation.ContainSensitiveWord"), ("AliyunSendSms", "isv.SMS_CONTENT_ILLEGAL")],
)
def test_a_stopped_word_is_left_out_at_either_carrier_and_the_text_arrives_once(
    house: House, operation: str, code: str
) -> None:
    if operation != "SendSms":
        house.fault("SendSms", "error", code=ACCOUNT_FAULTS[0])
    house.fault(operation, "error", code=code, times=1)
    somebody = Phone(house.stack).ready(1)
    somebody.register()
    approve(house.stack, somebody.number)
    house.later(0)
    [text] = [one["text"] for one in somebody.messages() if "已通过审核" in one["text"]]
    assert "职业技能评价" in text
