"""Who is let in, and by which codes: WeChat's, the one in the SMS, and the token that lasts."""

import re
from datetime import timedelta

import pytest
import requests

from server.local import LocalStack
from tests.api.conftest import Newcomer
from tests.api.refusals import Refused, check, nothing_changes, refused
from tests.conftest import at
from tests.people import Phone

WRONG = Refused("phone_code_wrong")
TOO_MANY = Refused("too_many_requests")


def ask_code(phone: Phone, number: str) -> requests.Response:
    return phone.call("POST", "me/phone/code", json={"phone": number})


def try_code(phone: Phone, number: str, code: str) -> requests.Response:
    return phone.call("PUT", "me/phone", json={"phone": number, "code": code})


def code_sent(phone: Phone, number: str) -> str:
    """Ask for a code and read it off the phone."""
    assert ask_code(phone, number).status_code == 204
    phone.stack.run_jobs()
    phone.phone = number
    found: str = re.findall(r"\d{6}", phone.messages()[-1]["text"])[0]
    return found


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def signed_in(stack: LocalStack) -> Phone:
    phone = Phone(stack)
    phone.sign_in()
    return phone


@pytest.mark.parametrize("code", ["a-code-that-nobody-got", "9", "'; DROP TABLE account; --", "x" * 200])
def test_a_wrong_wechat_code_opens_nothing(house: LocalStack, code: str) -> None:
    refused(
        house.app, Refused("wechat_code_wrong"), lambda: Phone(house).call("POST", "sign-in", json={"code": code})
    )


def test_a_wechat_code_opens_once(house: LocalStack) -> None:
    phone = Phone(house)
    code = phone.sandbox("wechat/login")["code"]
    phone.ok("POST", "sign-in", json={"code": code})
    refused(house.app, Refused("wechat_code_wrong"), lambda: phone.call("POST", "sign-in", json={"code": code}))


def test_a_wechat_code_is_good_for_five_minutes(house: LocalStack) -> None:
    phone = Phone(house)
    code = phone.sandbox("wechat/login")["code"]
    house.clock.stand_at(at(2026, 2, 23, 9, 5))
    refused(house.app, Refused("wechat_code_wrong"), lambda: phone.call("POST", "sign-in", json={"code": code}))


def test_a_wrong_or_used_code_of_the_phone_button_sets_no_phone(house: LocalStack) -> None:
    phone = signed_in(house)

    def put(code: str) -> requests.Response:
        return phone.call("PUT", "me/phone/wechat", json={"code": code})

    refused(house.app, Refused("wechat_code_wrong"), lambda: put("nobody-got-this"))
    code = phone.sandbox("wechat/phone-code", phone="13800009999")["code"]
    assert put(code).json()["phone"] == "138****9999"
    refused(house.app, Refused("wechat_code_wrong"), lambda: put(code))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("", Refused("fields_wrong", fields=("code",))),
        ("x" * 201, Refused("fields_wrong", fields=("code",))),
        (None, Refused("fields_wrong", fields=("code",))),
        (["x"], Refused("fields_wrong", fields=("code",))),
    ],
)
def test_a_code_is_a_text_of_bounded_length(house: LocalStack, code: object, expected: Refused) -> None:
    refused(house.app, expected, lambda: Phone(house).call("POST", "sign-in", json={"code": code}))


# --- the code in the SMS


@pytest.mark.parametrize("number", ["1380000", "23800000001", "+85291234567", "1380000000a", "１２", "138000000012"])
def test_only_a_mainland_mobile_number_gets_a_code(house: LocalStack, number: str) -> None:
    phone = signed_in(house)
    refused(house.app, Refused("phone_shape"), lambda: ask_code(phone, number))
    refused(house.app, Refused("phone_shape"), lambda: try_code(phone, number, "123456"))


def test_a_code_that_was_never_sent_is_wrong(house: LocalStack, serial: int) -> None:
    phone = signed_in(house)
    refused(house.app, WRONG, lambda: try_code(phone, f"137{serial:08d}", "000000"))


def test_a_wrong_code_may_be_tried_five_times_and_then_even_the_right_one_is_refused(
    house: LocalStack, serial: int
) -> None:
    phone, number = signed_in(house), f"137{serial:08d}"
    code = code_sent(phone, number)
    for _ in range(5):
        refused(house.app, WRONG, lambda: try_code(phone, number, other_than(code)))
    refused(house.app, Refused("phone_code_tries"), lambda: try_code(phone, number, code))


def test_a_code_lasts_five_minutes_works_once_and_only_the_newest_counts(house: LocalStack, serial: int) -> None:
    phone, number = signed_in(house), f"137{serial:08d}"
    first = code_sent(phone, number)
    house.clock.stand_at(at(2026, 2, 23, 9, 5))
    refused(house.app, WRONG, lambda: try_code(phone, number, first))
    second = code_sent(phone, number)
    if first != second:
        refused(house.app, WRONG, lambda: try_code(phone, number, first))
    house.clock.stand_at(at(2026, 2, 23, 9, 9))
    assert try_code(phone, number, second).status_code == 200
    refused(house.app, WRONG, lambda: try_code(phone, number, second))


def test_a_code_is_good_only_for_the_account_and_the_phone_that_it_was_sent_for(
    house: LocalStack, serial: int
) -> None:
    phone, number = signed_in(house), f"137{serial:08d}"
    code = code_sent(phone, number)
    stranger = signed_in(house)
    refused(house.app, WRONG, lambda: try_code(stranger, number, code))
    refused(house.app, WRONG, lambda: try_code(phone, f"136{serial:08d}", code))
    assert try_code(phone, number, code).status_code == 200


@pytest.mark.parametrize(
    ("most", "every", "until"),
    [
        (1, timedelta(0), timedelta(minutes=1)),
        (5, timedelta(minutes=2), timedelta(hours=1)),
        (10, timedelta(hours=1), timedelta(days=1)),
    ],
    ids=["1 a minute", "5 an hour", "10 a day"],
)
def test_a_phone_gets_only_so_many_codes_whoever_asks(
    house: LocalStack, serial: int, most: int, every: timedelta, until: timedelta
) -> None:
    number, start = f"135{serial:08d}", house.clock.now()
    for turn in range(most):
        house.clock.stand_at(start + turn * every)
        assert ask_code(signed_in(house), number).status_code == 204  # another account each time
    someone = signed_in(house)
    for instant in (house.clock.now(), start + until - timedelta(seconds=1)):
        house.clock.stand_at(max(instant, house.clock.now()))
        refused(house.app, TOO_MANY, lambda: ask_code(someone, number))
    house.clock.stand_at(start + until)
    assert ask_code(someone, number).status_code == 204


def test_an_account_that_asks_for_too_many_phones_does_not_use_up_their_codes(house: LocalStack, serial: int) -> None:
    pest, victim = signed_in(house), f"134{serial:08d}"
    for turn in range(5):
        assert ask_code(pest, f"133{serial:05d}{turn:03d}").status_code == 204
    refused(house.app, TOO_MANY, lambda: ask_code(pest, victim))
    assert ask_code(signed_in(house), victim).status_code == 204


def test_an_account_may_change_its_phone_by_wechat_five_times_an_hour(house: LocalStack) -> None:
    phone = signed_in(house)
    for turn in range(5):
        phone.set_phone(f"1380001{turn:04d}")
    code = phone.sandbox("wechat/phone-code", phone="13800019999")["code"]
    refused(house.app, TOO_MANY, lambda: phone.call("PUT", "me/phone/wechat", json={"code": code}))


# --- the token

PERSONAL = [
    ("GET", "me"),
    ("POST", "sign-out"),
    ("POST", "me/sign-out-everywhere"),
    ("PUT", "me/phone/wechat"),
    ("POST", "me/phone/code"),
    ("PUT", "me/phone"),
    ("PUT", "me/profile"),
    ("PUT", "me/photo"),
    ("POST", "me/photo"),
    ("GET", "me/notices"),
    ("POST", "me/evidence"),
    ("GET", "me/uploads/1"),
    ("POST", "sittings/1/eligibility"),
    ("GET", "registrations"),
    ("POST", "registrations"),
    ("GET", "registrations/ABCDEFGH"),
    ("PUT", "registrations/ABCDEFGH"),
    ("POST", "registrations/ABCDEFGH/withdrawal"),
    ("GET", "registrations/ABCDEFGH/form.pdf"),
    ("GET", "registrations/ABCDEFGH/form.png"),
    ("GET", "registrations/ABCDEFGH/payment"),
    ("GET", "registrations/ABCDEFGH/form"),
    ("POST", "registrations/ABCDEFGH/form/signature"),
    ("GET", "registrations/ABCDEFGH/form.pdf"),
    ("GET", "registrations/ABCDEFGH/form.png"),
    ("GET", "registrations/ABCDEFGH/ticket"),
    ("GET", "registrations/ABCDEFGH/ticket.pdf"),
    ("GET", "registrations/ABCDEFGH/ticket.png"),
    ("GET", "subscriptions"),
    ("POST", "subscriptions/answers"),
]


def test_the_list_of_personal_doors_is_whole(house: LocalStack) -> None:
    open_doors = {("POST", "sign-in"), ("POST", "sign-in/code"), ("POST", "sign-in/phone")}
    open_doors |= {("GET", "institutions"), ("GET", "sittings"), ("GET", "sittings/1"), ("GET", "openapi.json")}
    shown = {
        (method, rule.rule.removeprefix("/api/v1/").replace("<number>", "ABCDEFGH"))
        for rule in house.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/")
    }
    named = {(method, re.sub(r"<int:\w+>", "1", path)) for method, path in shown}
    assert named == set(PERSONAL) | open_doors


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer nobody"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer \xff\xfe"},
        {"Authorization": "x" * 5000},
    ],
    ids=["none", "empty", "no token", "unknown", "basic", "not ascii", "long"],
)
def test_no_personal_door_opens_without_a_good_token(house: LocalStack, header: dict[str, str]) -> None:
    phone = Phone(house)
    with nothing_changes(house.app):
        for method, path in PERSONAL:
            sent = {name: value.encode("latin-1") for name, value in header.items()}
            check(phone.call(method, path, headers=sent), Refused("sign_in_needed"))


def test_a_token_is_dead_after_signing_out_and_other_phones_stay_signed_in(
    house: LocalStack, newcomer: Newcomer
) -> None:
    phone = newcomer()
    second = Phone(house)
    second.sign_in(phone.openid)
    phone.ok("POST", "sign-out")
    with nothing_changes(house.app):
        for method, path in PERSONAL:
            check(phone.call(method, path), Refused("sign_in_needed"))
    assert second.call("GET", "me").status_code == 200


def test_signing_out_works_however_the_word_bearer_is_spelt(house: LocalStack) -> None:
    phone = signed_in(house)

    def asked(method: str, path: str) -> requests.Response:
        headers = {"Authorization": f"bearer {phone.token}"}
        return requests.request(method, f"{house.web}/api/v1/{path}", headers=headers, timeout=10)

    assert asked("POST", "sign-out").status_code == 204
    check(asked("GET", "me"), Refused("sign_in_needed"))


def test_a_token_lasts_thirty_days_to_the_second(house: LocalStack) -> None:
    phone = signed_in(house)
    start = house.clock.now()
    house.clock.stand_at(start + timedelta(days=30) - timedelta(seconds=1))
    assert phone.call("GET", "me").status_code == 200
    for late in (timedelta(days=30), timedelta(days=30, seconds=1)):
        house.clock.stand_at(start + late)
        refused(house.app, Refused("sign_in_needed"), lambda: phone.call("GET", "me"))
