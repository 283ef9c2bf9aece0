"""The phone pages' way in, where there is no WeChat: a number, proved by a code in an SMS."""

import contextlib
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from server.db import transaction
from server.errors import Problem
from server.local import LocalStack, local_stack
from server.models import Account, SignIn
from server.services.alarms import alarms
from server.services.limits import neighbourhood
from server.services.signing_in_by_phone import send_sign_in_code, sign_in_by_phone
from tests.api.refusals import Refused, check, nothing_changes, refused
from tests.conftest import at
from tests.people import Phone, id_card
from tests.rows import rows

WRONG = Refused("phone_code_wrong")
TRIES = Refused("phone_code_tries")
TOO_MANY = Refused("too_many_requests")


def ask(stack: LocalStack, number: str) -> requests.Response:
    return Phone(stack).call("POST", "sign-in/code", json={"phone": number})


def enter(stack: LocalStack, number: str, code: str) -> requests.Response:
    return Phone(stack).call("POST", "sign-in/phone", json={"phone": number, "code": code})


def code_on(stack: LocalStack, number: str) -> str:
    """Ask for a code and read it off the phone."""
    assert ask(stack, number).status_code == 204
    stack.run_jobs()
    codes = [one["text"] for one in Phone(stack, phone=number).messages() if "验证码" in one["text"]]
    found: str = re.findall(r"\d{6}", codes[-1])[0]
    return found


def wrong_for(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


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


def test_a_wrong_code_opens_nothing_and_the_fourth_try_needs_a_new_one(house: LocalStack) -> None:
    code = code_on(house, "13900000004")
    wrong = wrong_for(code)
    for _ in range(3):
        refused(house.app, WRONG, lambda: enter(house, "13900000004", wrong))
    refused(house.app, TRIES, lambda: enter(house, "13900000004", code))
    later(house, 2)
    assert enter(house, "13900000004", code_on(house, "13900000004")).status_code == 201


def test_one_address_cannot_make_a_code_worthless_to_its_owner_at_another(house: LocalStack) -> None:
    number = "13900000020"
    code = code_on(house, number)
    with house.app.app_context():
        now = house.clock.now()
        for host in range(20):  # of one neighbourhood
            with pytest.raises(Problem):
                sign_in_by_phone(number, wrong_for(code), f"2001:db8:1:2::{host}", now)
    assert enter(house, number, code).status_code == 201


def test_of_all_addresses_together_a_code_bears_five_wrong_tries(house: LocalStack) -> None:
    number = "13900000021"
    code = code_on(house, number)
    with house.app.app_context():
        for host in range(5):
            with pytest.raises(Problem):
                sign_in_by_phone(number, wrong_for(code), f"192.0.2.{host}", house.clock.now())
    refused(house.app, TRIES, lambda: enter(house, number, code))


def test_tries_at_a_number_that_is_not_known_here_are_counted_alike(house: LocalStack) -> None:
    for _ in range(3):
        refused(house.app, WRONG, lambda: enter(house, "13900000022", "123456"))
    refused(house.app, TRIES, lambda: enter(house, "13900000022", "123456"))


def test_what_strangers_ask_for_is_not_taken_from_whoever_has_signed_in(house: LocalStack) -> None:
    number, owner = "13900000023", Phone(house)
    owner.sign_in()
    with house.app.app_context():
        while True:  # from ever new addresses, until the phone gets no more today
            later(house, 13)
            try:
                send_sign_in_code(number, f"192.0.2.{house.clock.now().minute}", house.clock.now())
            except Problem:
                break
    owner.ok("POST", "me/phone/code", json={"phone": number})


def test_a_stranger_at_one_address_leaves_the_owner_codes_to_ask_for(house: LocalStack) -> None:
    number, sent = "13900000024", 0
    with house.app.app_context():
        for _ in range(100):
            later(house, 13)
            with contextlib.suppress(Problem):
                send_sign_in_code(number, "192.0.2.1", house.clock.now())
                sent += 1
    assert sent == 6
    later(house, 2)
    assert ask(house, number).status_code == 204


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


def test_the_addresses_of_one_line_are_one(stack: LocalStack) -> None:
    now = stack.clock.now()
    with stack.app.app_context():
        for serial in range(40):
            send_sign_in_code(f"139{serial:08d}", f"2001:db8:1:2:{serial:x}::1", now)
        with pytest.raises(Problem, match="too_many_requests"):
            send_sign_in_code("13911111111", "2001:db8:1:2:ffff::", now)
        send_sign_in_code("13911111111", "2001:db8:1:3::1", now)


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:DB8:1:2::", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_an_address_is_counted_as_what_one_sender_has(address: str, counted_as: str) -> None:
    assert neighbourhood(address) == counted_as


def test_all_codes_together_have_a_budget_and_whoever_comes_too_late_is_told_another_way(
    sqlite_url: str, tmp_path: Path
) -> None:
    few: dict[str, Any] = {"sign_in_codes_per_hour": 5, "sign_in_codes_per_day": 7}
    with local_stack(tmp_path, migrated=True, database_url=sqlite_url, **few) as stack, stack.app.app_context():
        stack.clock.stand_at(at(2026, 2, 23, 9))
        now, told = stack.clock.now(), []

        def send(serial: int) -> None:
            send_sign_in_code(f"139{serial:08d}", f"192.0.2.{serial}", now)
            told.append([one.code for one in alarms(now, starting=True) if one.code == "sign_in_codes_run_up"])

        for serial in range(5):
            send(serial)
        assert told == [[], [], [], ["sign_in_codes_run_up"], ["sign_in_codes_run_up"]]
        refused(stack.app, Refused("sign_in_codes_spent"), lambda: ask(stack, "13911111111"))
        now += timedelta(hours=1, minutes=1)
        assert [one for one in alarms(now, starting=True) if one.code == "sign_in_codes_run_up"] == []
        send(5)
        send(6)
        assert told[5:] == [["sign_in_codes_run_up"]] * 2
        with pytest.raises(Problem, match="sign_in_codes_spent"):
            send(7)


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
