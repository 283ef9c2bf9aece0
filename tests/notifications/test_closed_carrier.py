"""A first carrier that is plainly closed is passed over for a while; a doubt, a person's fault or a limit closes nothing."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from notifications.channels.contract import Answer, Message, Outcome
from notifications.channels.two_carriers import CLOSED_FOR, PATIENCE, UNREACHABLE_FOR, TwoCarriers
from tests.notifications.house import Carrier

MESSAGE = Message("7", "13800138000", "template-1", (("1", "x"),), kind="held")
OTHER = replace(MESSAGE, template="template-2")
TAKEN = Answer(Outcome.ACCEPTED, "Ok", "2640:1")
SWALLOWED = Answer(Outcome.RETRY_SOON, "connect")
NO_MONEY = Answer(Outcome.STOP, "FailedOperation.InsufficientBalanceInSmsPackage")
INSTANT = timedelta(seconds=1)


class Bench:
    """Two carriers, and a clock that a test moves."""

    def __init__(self, first: Answer, second: Answer = TAKEN) -> None:
        self.instant = datetime(2026, 4, 21, tzinfo=UTC)
        self.first, self.second = Carrier(first), Carrier(second)
        self.both = TwoCarriers(self.first, self.second, lambda: self.instant)

    def send(self, message: Message = MESSAGE) -> Answer:
        return self.both.send(message)

    def asked(self) -> tuple[int, int]:
        """How many texts each carrier was given since the last question."""
        found = (len(self.first.sent), len(self.second.sent))
        self.first.sent.clear()
        self.second.sent.clear()
        return found

    def pass_time(self, span: timedelta) -> None:
        self.instant += span


@pytest.mark.parametrize(("refusal", "lasts"), [(SWALLOWED, UNREACHABLE_FOR), (NO_MONEY, CLOSED_FOR)])
def test_a_closed_first_carrier_is_asked_once_and_then_again_when_its_time_is_over(
    refusal: Answer, lasts: timedelta
) -> None:
    bench = Bench(refusal)
    answers = [bench.send() for _ in range(10)]
    assert bench.asked() == (1, 10)
    assert {one.reference for one in answers} == {"aliyun:2640:1"}
    bench.pass_time(lasts - INSTANT)
    bench.send()
    assert bench.asked() == (0, 1)
    bench.pass_time(INSTANT)
    bench.send()
    bench.send()
    assert bench.asked() == (1, 2)


@pytest.mark.parametrize("refusal", [SWALLOWED, NO_MONEY])
def test_a_first_carrier_that_has_opened_again_has_all_of_it_at_once(refusal: Answer) -> None:
    bench = Bench(refusal)
    bench.send()
    bench.first.answer = TAKEN
    bench.pass_time(CLOSED_FOR)
    bench.asked()
    assert [bench.send().reference for _ in range(3)] == ["2640:1"] * 3
    assert bench.asked() == (3, 0)


@pytest.mark.parametrize(("refusal", "others_are_asked"), [(SWALLOWED, False), (NO_MONEY, True)])
def test_no_connection_closes_it_for_everything_and_a_refusal_for_its_template(
    refusal: Answer, others_are_asked: bool
) -> None:
    bench = Bench(refusal)
    bench.send()
    bench.first.answer = TAKEN
    bench.asked()
    bench.send(OTHER)
    assert bench.asked() == ((1, 0) if others_are_asked else (0, 1))


def test_an_answer_about_one_template_opens_no_other() -> None:
    bench = Bench(NO_MONEY)
    bench.send()
    bench.first.answer = TAKEN
    bench.send(OTHER)
    bench.asked()
    bench.send()
    assert bench.asked() == (0, 1)


@pytest.mark.parametrize("tries", [1, PATIENCE, 8])
@pytest.mark.parametrize(
    "answer",
    [
        Answer(Outcome.UNKNOWN, "read"),
        Answer(Outcome.UNKNOWN, "connect"),
        Answer(Outcome.RETRY_SOON, "RequestLimitExceeded"),
        Answer(Outcome.RETRY_LATER, "LimitExceeded.PhoneNumberDailyLimit"),
        Answer(Outcome.NOT_THIS_WAY, "FailedOperation.PhoneNumberInBlacklist"),
        TAKEN,
    ],
)
def test_nothing_else_closes_it(answer: Answer, tries: int) -> None:
    bench = Bench(answer)
    for _ in range(5):
        bench.send(replace(MESSAGE, tries=tries))
    assert bench.asked()[0] == 5


def test_a_doubt_neither_opens_it_nor_is_sent_again() -> None:
    bench = Bench(SWALLOWED)
    bench.send()
    bench.first.answer = Answer(Outcome.UNKNOWN, "read")
    bench.pass_time(UNREACHABLE_FOR)
    bench.asked()
    assert bench.send() == Answer(Outcome.UNKNOWN, "read", "tencent:")
    assert bench.asked() == (1, 0)
    bench.send()
    assert bench.asked() == (0, 1)


def test_a_doubt_at_the_second_is_not_sent_to_the_first() -> None:
    bench = Bench(SWALLOWED, Answer(Outcome.UNKNOWN, "read"))
    bench.send()
    bench.asked()
    assert bench.send() == Answer(Outcome.UNKNOWN, "read", "aliyun:")
    assert bench.asked() == (0, 1)


@pytest.mark.parametrize("second", [Answer(Outcome.STOP, "isv.OUT_OF_SERVICE"), SWALLOWED])
def test_when_the_second_cannot_either_the_first_is_asked_although_it_was_closed(second: Answer) -> None:
    bench = Bench(NO_MONEY)
    bench.send()
    bench.first.answer, bench.second.answer = TAKEN, second
    bench.asked()
    assert bench.send() == TAKEN
    assert bench.asked() == (1, 1)
    bench.send()
    assert bench.asked() == (1, 0)


def test_what_the_first_refused_is_told_beside_the_answer_of_the_second() -> None:
    bench = Bench(NO_MONEY)
    assert [bench.send().refusal for _ in range(2)] == [NO_MONEY, None]


def test_of_many_who_come_when_its_time_is_over_one_asks() -> None:
    bench = Bench(SWALLOWED)
    bench.send()
    bench.pass_time(UNREACHABLE_FOR)
    bench.asked()
    inside, together = threading.Event(), threading.Barrier(16)

    def slow(message: Message) -> Answer:
        bench.first.sent.append(message)
        assert inside.wait(10), "the others were made to wait for the one that asks"
        return SWALLOWED

    bench.first.send = slow  # type: ignore[method-assign] # it keeps silent until all the others are through

    def send(_: int) -> str:
        together.wait(10)
        return bench.send().reference

    with ThreadPoolExecutor(16) as pool:
        begun = [pool.submit(send, number) for number in range(16)]
        assert len(list(islice(as_completed(begun, timeout=5), 15))) == 15
        inside.set()
        assert Counter(one.result(10) for one in begun) == {"aliyun:2640:1": 16}
    assert bench.asked() == (1, 16)
