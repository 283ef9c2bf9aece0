"""Who somebody says they are: every document with its own check, and no second person under one number."""

from datetime import date
from functools import partial
from typing import Any

import pytest
import requests
from sqlalchemy import func, select

from server.db import reading
from server.domain.identity import check_digit
from server.local import LocalStack
from server.models import Candidate
from tests.api.conftest import Newcomer
from tests.api.refusals import Refused, refused
from tests.conftest import at
from tests.people import Phone, id_card
from tests.races.crowd import at_once

GOOD = id_card(7)
BORN_TOMORROW = id_card(7, date(2026, 2, 24))
ADULT = {"born": "1990-05-17", "sex": "女"}
PROFILE = {"name": "王芳", "document_type": "id_card", "document_number": GOOD}


def card(birth: str) -> str:
    seventeen = f"999999{birth}007"
    return seventeen + check_digit(seventeen)


def wrong_last(number: str) -> str:
    return number[:17] + ("1" if number[17] != "1" else "2")


WRONG_PEOPLE: list[tuple[str, dict[str, Any], Refused]] = [
    ("wrong last character", {"document_number": wrong_last(GOOD)}, Refused("id_card_check")),
    ("two digits swapped", {"document_number": GOOD[:15] + GOOD[16] + GOOD[15] + GOOD[17]}, Refused("id_card_check")),
    ("30 February", {"document_number": card("19900230")}, Refused("id_card_date")),
    ("month 13", {"document_number": card("19901301")}, Refused("id_card_date")),
    ("born in 1899", {"document_number": card("18991231")}, Refused("id_card_date")),
    ("born tomorrow", {"document_number": BORN_TOMORROW}, Refused("id_card_date")),
    ("17 digits", {"document_number": GOOD[:17]}, Refused("document_shape")),
    ("19 digits", {"document_number": GOOD + "1"}, Refused("document_shape")),
    ("begins with 0", {"document_number": "0" + GOOD[1:]}, Refused("document_shape")),
    ("X in the middle", {"document_number": GOOD[:8] + "X" + GOOD[9:]}, Refused("document_shape")),
    ("Arabic digits", {"document_number": "٩٩٩٩٩٩١٩٩٠٠٥١٧٠٠٧١"}, Refused("document_shape")),
    ("15 digits, no such day", {"document_number": "999999901301007"}, Refused("id_card_date")),
    ("permit of 7 digits", {"document_type": "hk_macao_permit", "document_number": "H1234567"} | ADULT, Refused("document_shape")),
    ("permit, wrong letter", {"document_type": "hk_macao_permit", "document_number": "A12345678"} | ADULT, Refused("document_shape")),
    ("Taiwan permit of 9", {"document_type": "taiwan_permit", "document_number": "123456789"} | ADULT, Refused("document_shape")),
    ("old permanent, short", {"document_type": "foreign_permanent", "document_number": "CHN12345678901"} | ADULT, Refused("document_shape")),
    ("new permanent, check", {"document_type": "foreign_permanent", "document_number": wrong_last(GOOD)}, Refused("id_card_check")),
    ("passport, Chinese", {"document_type": "passport", "document_number": "护照12345"} | ADULT, Refused("document_shape")),
    ("passport of 4", {"document_type": "passport", "document_number": "E123"} | ADULT, Refused("document_shape")),
    ("passport, no birthday", {"document_type": "passport", "document_number": "E12345678"}, Refused("born_needed")),
    ("passport, born tomorrow", {"document_type": "passport", "document_number": "E12345678", "born": "2026-02-24", "sex": "男"}, Refused("born_wrong")),
    ("passport, born 1899", {"document_type": "passport", "document_number": "E12345678", "born": "1899-12-31", "sex": "男"}, Refused("born_wrong")),
    ("no such document", {"document_type": "library_card"}, Refused("fields_wrong", fields=("document_type",))),
    ("no such sex", {"sex": "X"}, Refused("fields_wrong", fields=("sex",))),
    ("no such day", {"born": "2026-02-30"}, Refused("fields_wrong", fields=("born",))),
    ("one character", {"name": "王"}, Refused("name_shape")),
    ("digits in the name", {"name": "王芳1"}, Refused("name_shape")),
    ("an emoji", {"name": "王芳😀"}, Refused("name_shape")),
    ("a tag", {"name": "<b>王芳</b>"}, Refused("name_shape")),
    ("51 characters", {"name": "王" * 51}, Refused("name_shape")),
    ("81 characters", {"name": "王" * 81}, Refused("fields_wrong", fields=("name",))),
    ("a line break", {"name": "王\n芳"}, Refused("fields_wrong", fields=("name",))),
    ("an unknown field", {"admin": True}, Refused("fields_wrong", fields=("*",))),
    ("a number as name", {"name": 5}, Refused("fields_wrong", fields=("name",))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"), [row[1:] for row in WRONG_PEOPLE], ids=[row[0] for row in WRONG_PEOPLE]
)
def test_a_person_who_cannot_be_is_refused(house: LocalStack, changes: dict[str, Any], expected: Refused) -> None:
    phone = Phone(house)
    phone.sign_in()
    phone.set_phone("13800000007")
    refused(house.app, expected, lambda: phone.call("PUT", "me/profile", json=PROFILE | changes))


def test_nobody_is_entered_without_a_verified_phone(house: LocalStack) -> None:
    phone = Phone(house)
    phone.sign_in()
    refused(house.app, Refused("phone_needed"), lambda: phone.call("PUT", "me/profile", json=PROFILE))


def test_a_known_document_is_joined_only_by_the_same_name_and_phone(house: LocalStack, newcomer: Newcomer) -> None:
    first = newcomer()
    first.register()
    shown = first.ok("GET", "me")
    serial = int(first.phone[3:])
    known = PROFILE | {"name": shown["name"], "document_number": id_card(serial)}
    for phone_number, name in (("13900000001", shown["name"]), (first.phone, "李喆珺")):
        other = Phone(house)
        other.sign_in()
        other.set_phone(phone_number)
        refused(
            house.app,
            Refused("document_taken"),
            lambda other=other, name=name: other.call("PUT", "me/profile", json=known | {"name": name}),
        )
    same = Phone(house)
    same.sign_in()
    same.set_phone(first.phone)
    assert same.call("PUT", "me/profile", json=known).status_code == 200


def test_document_and_name_stay_as_they_are_once_there_is_a_registration(
    house: LocalStack, newcomer: Newcomer, serial: int
) -> None:
    phone = newcomer()
    phone.register("2026-04")
    mine = PROFILE | {"name": phone.ok("GET", "me")["name"], "document_number": id_card(int(phone.phone[3:]))}
    assert phone.call("PUT", "me/profile", json=mine).status_code == 200
    for change in ({"name": "李喆珺"}, {"document_number": id_card(serial)}):
        refused(
            house.app,
            Refused("document_fixed"),
            lambda change=change: phone.call("PUT", "me/profile", json=mine | change),
        )


def test_a_passport_s_birthday_stays_as_it_was_judged(house: LocalStack) -> None:
    passport = {"name": "John Smith", "document_type": "passport", "document_number": "E99887766"} | ADULT
    phone = Phone(house)
    phone.sign_in()
    phone.set_phone("13811112222")
    phone.ok("PUT", "me/profile", json=passport | {"born": "1991-01-01"})
    phone.ok("PUT", "me/profile", json=passport)  # a slip of the finger, before anything rests on it
    phone.send_photo()
    phone.register("2026-04")
    second = Phone(house)
    second.sign_in()
    second.set_phone(phone.phone)
    for one in (phone, second):
        for change in ({"born": "1980-01-01"}, {"sex": "男"}):
            refused(
                house.app,
                Refused("document_fixed"),
                lambda one=one, change=change: one.call("PUT", "me/profile", json=passport | change),
            )


DIPLOMA = {"diplomas": [{"school": "technical", "major": "人力资源管理", "final_year": True}]}
SIXTEEN_ON_THE_24TH = date(2010, 2, 24)


def test_a_minor_is_refused_on_the_eve_of_the_sixteenth_birthday_and_taken_on_it(
    house: LocalStack, serial: int
) -> None:
    phone = Phone(house)
    phone.sign_in()
    phone.set_phone(f"138{serial:08d}")
    phone.fill_in("王芳", id_card(serial, SIXTEEN_ON_THE_24TH))
    phone.send_photo()
    sitting = phone.sitting("2026-04")["id"]
    form = phone.form(sitting, work=[], alternative="4.3", **DIPLOMA)

    def send(key: str) -> requests.Response:
        return phone.call("POST", "registrations", json=form, headers={"Idempotency-Key": key})

    house.clock.stand_at(at(2026, 2, 23, 23, 59))
    refused(house.app, Refused("too_young", reasons=("too_young",)), lambda: send("eve-of-the-day"))
    told = phone.ok("POST", f"sittings/{sitting}/eligibility", json=DIPLOMA)
    assert [one["code"] for one in told["barred"]] == ["too_young"]
    house.clock.stand_at(at(2026, 2, 24, 0, 0))
    assert send("the-very-day").status_code == 201


def test_the_same_person_entered_on_eight_phones_at_once_is_one(stack: LocalStack) -> None:
    def signed_in(_turn: int) -> Phone:
        phone = Phone(stack)
        phone.sign_in()
        phone.set_phone("13800000008")
        return phone

    phones = [signed_in(turn) for turn in range(8)]
    entering = [partial(phone.call, "PUT", "me/profile", json=PROFILE) for phone in phones]
    assert [answer.status_code for answer in at_once(entering)] == [200] * 8
    with stack.app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Candidate)) == 1
