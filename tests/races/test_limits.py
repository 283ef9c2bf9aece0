"""What can be guessed is limited however many guess at once."""

import re
from collections.abc import Callable
from datetime import timedelta

from server.local import LocalStack
from server.models import LimitHit, PhoneCode
from server.services import ticketing
from server.services.limits import spend
from server.services.signing_in import CODE_TRIES
from tests.conftest import at
from tests.people import Phone
from tests.races.crowd import asks, at_once, same_at_once, tally, within
from tests.seeding import seed_paid, sitting_id

GUESSES = 40
PHONE = "13800000001"
Number = Callable[..., int]


def test_of_40_wrong_codes_at_once_no_more_are_compared_than_may_be_tried(stack: LocalStack, number: Number) -> None:
    phone = Phone(stack)
    phone.sign_in()
    phone.ok("POST", "me/phone/code", json={"phone": PHONE})
    stack.run_jobs()
    phone.phone = PHONE
    [sent] = [one["text"] for one in phone.messages() if one["channel"] == "sms"]
    [right] = re.findall(r"\d{6}", sent)

    def guess(code: str) -> Callable[[], tuple[int, str]]:
        def guessed() -> tuple[int, str]:
            answer = Phone(stack, token=phone.token).call("PUT", "me/phone", json={"phone": PHONE, "code": code})
            return answer.status_code, answer.json()["code"]

        return guessed

    codes = [f"{turn:06d}" for turn in range(GUESSES + 1) if f"{turn:06d}" != right][:GUESSES]
    answers = at_once([guess(code) for code in codes])
    assert tally(answers) == {
        (400, "phone_code_wrong"): CODE_TRIES,
        (429, "phone_code_tries"): GUESSES - CODE_TRIES,
    }
    assert phone.refused("PUT", "me/phone", json={"phone": PHONE, "code": right}) == (429, "phone_code_tries")
    assert number(PhoneCode, PhoneCode.wrong_tries == CODE_TRIES) == 1


def test_20_requests_for_a_code_at_once_send_one(stack: LocalStack, number: Number) -> None:
    phone = Phone(stack)
    phone.sign_in()
    ask = asks(phone, "POST", "me/phone/code", json={"phone": PHONE})
    assert tally(same_at_once(20, ask)) == {204: 1, 429: 19}
    assert number(PhoneCode) == 1


def test_a_ticket_s_digits_guessed_40_times_at_once_are_compared_five_times(stack: LocalStack) -> None:
    held = sitting_id(stack.app, "2026-04")
    seed_paid(stack.app, held, 30)
    stack.clock.stand_at(at(2026, 4, 20, 9))
    stack.run_jobs()
    with stack.app.app_context():
        found = ticketing.find_for(1)
        assert found is not None
    link = f"{stack.web}/t/{found.ticket.code}"
    guesses = [asks(Phone(stack), "POST", link, data={"digits": f"9{guess:03d}"}) for guess in range(GUESSES)]
    assert tally(at_once(guesses)) == {403: 5, 429: GUESSES - 5}


def test_a_limit_counts_many_at_once_exactly(stack: LocalStack, number: Number) -> None:
    now, limits = stack.clock.now(), ((7, timedelta(hours=1)), (9, timedelta(days=1)))
    answers = same_at_once(40, within(stack.app, spend, "bucket", limits, now))
    assert tally(answers) == {None: 7, "too_many_requests": 33}
    assert number(LimitHit, LimitHit.bucket == "bucket") == 7
