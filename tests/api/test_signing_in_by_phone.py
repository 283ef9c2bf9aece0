"""The phone pages' way in, where there is no WeChat: a number, proved by a code in an SMS."""

import re
from datetime import timedelta

import pytest
import requests

from server.db import transaction
from server.local import LocalStack
from server.models import Account, SignIn
from server.services.signing_in_by_phone import send_sign_in_code
from tests.api.refusals import Refused, check, nothing_changes, refused
from tests.conftest import at
from tests.people import Phone, id_card
from tests.rows import rows

WRONG = Refused("phone_code_wrong")
TOO_MANY = Refused("too_many_requests")


def ask(stack: LocalStack, number: str) -> requests.Response:
    return Phone(stack).call("POST", "sign-in/code", json={"phone": number})


def enter(stack: LocalStack, number: str, code: str) -> requests.Response:
    return Phone(stack).call("POST", "sign-in/phone", json={"phone": number, "code": code})


def code_on(stack: LocalStack, number: str) -> str:
    """Ask for a code and read it off the phone."""
    assert ask(stack, number).status_code == 204
    stack.run_jobs()
    found: str = re.findall(r"\d{6}", Phone(stack, phone=number).messages()[-1]["text"])[0]
    return found


def browser(stack: LocalStack, number: str) -> Phone:
    """Somebody's browser, signed in."""
    signed = enter(stack, number, code_on(stack, number))
    assert signed.status_code == 201, signed.text
    return Phone(stack, token=signed.json()["token"], phone=number)


def later(stack: LocalStack, minutes: int) -> None:
    stack.clock.stand_at(stack.clock.now() + timedelta(minutes=minutes))


def test_the_code_in_the_sms_signs_in_and_the_phone_is_verified_with_it(house: LocalStack) -> None:
    assert browser(house, "13900000001").ok("GET", "me")["phone"] == "139****0001"


def test_whoever_signs_in_again_finds_their_registration(house: LocalStack) -> None:
    first = browser(house, "13900000002")
    first.fill_in("王芳", id_card(902))
    first.send_photo()
    number = first.register()
    later(house, 2)
    again = browser(house, "13900000002")
    assert again.ok("GET", "me")["name"] == "王芳"
    assert [one["number"] for one in again.ok("GET", "registrations")["registrations"]] == [number]


def test_the_same_person_in_wechat_and_in_a_browser_sees_the_same(house: LocalStack) -> None:
    phone = Phone(house).ready(903)
    number = phone.register()
    page = browser(house, phone.phone)
    assert page.ok("GET", "registrations") == {"registrations": []}
    page.fill_in("欧阳娜娜", id_card(903))  # a number alone says not whose registrations one may see
    assert [one["number"] for one in page.ok("GET", "registrations")["registrations"]] == [number]


@pytest.mark.parametrize("number", ["1380000", "+1 415 555 0100", "x"])
def test_what_is_no_phone_gets_no_code(house: LocalStack, number: str) -> None:
    refused(house.app, Refused("phone_shape"), lambda: ask(house, number))


def test_a_phone_that_never_asked_is_refused_like_a_wrong_code(house: LocalStack) -> None:
    refused(house.app, WRONG, lambda: enter(house, "13900000009", "123456"))


def test_a_wrong_code_opens_nothing_and_the_sixth_try_needs_a_new_one(house: LocalStack) -> None:
    code = code_on(house, "13900000004")
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        refused(house.app, WRONG, lambda: enter(house, "13900000004", wrong))
    refused(house.app, Refused("phone_code_tries"), lambda: enter(house, "13900000004", code))


def test_a_code_opens_once_and_for_five_minutes(house: LocalStack) -> None:
    code = code_on(house, "13900000005")
    assert enter(house, "13900000005", code).status_code == 201
    refused(house.app, WRONG, lambda: enter(house, "13900000005", code))
    later(house, 2)
    code = code_on(house, "13900000005")
    later(house, 5)
    refused(house.app, WRONG, lambda: enter(house, "13900000005", code))


def test_a_second_code_within_a_minute_is_refused(house: LocalStack) -> None:
    assert ask(house, "13900000006").status_code == 204
    refused(house.app, TOO_MANY, lambda: ask(house, "13900000006"))


def test_one_address_cannot_have_codes_sent_to_everybody(stack: LocalStack) -> None:
    with stack.app.app_context():
        for serial in range(40):
            send_sign_in_code(f"139{serial:08d}", "127.0.0.1", stack.clock.now())
    with nothing_changes(stack.app):
        check(ask(stack, "13911111111"), TOO_MANY)


def test_whoever_gave_up_a_number_is_not_found_by_it(house: LocalStack) -> None:
    """Carriers give old numbers to new people."""
    before = browser(house, "13900000007")
    before.fill_in("王芳", id_card(907))
    wechat = Phone(house)
    wechat.sign_in()
    wechat.set_phone("13900000007")
    wechat.fill_in("王芳", id_card(907))
    later(house, 2)
    wechat.set_phone("13900000077")
    assert browser(house, "13900000007").ok("GET", "me")["name"] is None


def test_two_first_requests_make_one_account(house: LocalStack) -> None:
    before = rows(house.app, Account)
    ask(house, "13900000008")
    later(house, 2)
    ask(house, "13900000008")
    assert rows(house.app, Account) == before + 1


def test_an_account_made_at_the_window_is_not_opened_by_its_number_alone(house: LocalStack) -> None:
    number, now = "13900000010", at(2026, 2, 23, 9)
    with house.app.app_context(), transaction() as session:
        index = house.app.extensions["jiping_cipher"].index(number, "phone")
        made = Account(openid=None, phone=number, phone_index=index, phone_verified_at=now, created_at=now)
        session.add(made)
        session.flush()
        at_window = made.id
    browser(house, number)
    assert rows(house.app, SignIn, SignIn.account_id == at_window) == 0
