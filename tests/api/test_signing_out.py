"""A phone that was lost: its sign-in ends with the number, everywhere at once, or at the window; and all of it is on record."""

import pytest
from sqlalchemy import select

from server.db import reading
from server.domain.identity import masked_phone
from server.errors import Problem
from server.local import LocalStack
from server.models import AuditEntry
from server.services.signing_out import sign_out_by_staff
from tests.api.conftest import Newcomer
from tests.api.test_signing_in import code_sent
from tests.api.test_signing_in_by_phone import browser
from tests.people import Phone, id_card


def trail(stack: LocalStack, action: str) -> list[AuditEntry]:
    with stack.app.app_context(), reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def once_more(phone: Phone) -> Phone:
    """The same account signed in on another handset."""
    other = Phone(phone.stack, phone=phone.phone)
    other.sign_in(phone.openid)
    return other


def on_another_account(phone: Phone, name: str) -> Phone:
    """The same person with another WeChat."""
    other = Phone(phone.stack)
    other.sign_in()
    other.set_phone(phone.phone)
    other.fill_in(name, id_card(int(phone.phone[3:])))
    return other


def signed_in(*phones: Phone) -> list[bool]:
    return [one.call("GET", "me").status_code == 200 for one in phones]


def test_another_number_ends_the_sign_ins_elsewhere_and_not_the_one_that_asked(
    house: LocalStack, newcomer: Newcomer
) -> None:
    mine = newcomer()
    lost, other = once_more(mine), on_another_account(mine, mine.ok("GET", "me")["name"])
    code = code_sent(mine, "13911110001")
    mine.ok("PUT", "me/phone", json={"phone": "13911110001", "code": code})
    assert signed_in(mine, lost, other) == [True, False, False]
    back = once_more(mine)
    mine.set_phone("13911110002")  # by WeChat's button
    assert signed_in(mine, back) == [True, False]


def test_the_same_number_verified_again_ends_nothing(newcomer: Newcomer) -> None:
    mine = newcomer()
    other = once_more(mine)
    mine.set_phone(mine.phone)
    assert signed_in(mine, other) == [True, True]


def test_a_change_of_number_is_on_record_with_both_masked(house: LocalStack, newcomer: Newcomer) -> None:
    mine = newcomer()
    once_more(mine)
    before = masked_phone(mine.phone)
    mine.set_phone("13911110003")
    first, change = trail(house, "phone.changed")[-2:]
    assert (first.before, first.after) == (None, {"phone": before, "sign_ins_ended": 0})
    assert change.before == {"phone": before}
    assert change.after == {"phone": "139****0003", "sign_ins_ended": 1}
    assert (change.actor, change.subject.split(":")[0]) == (first.subject, "candidate")


def test_signing_out_everywhere_ends_every_sign_in_of_one_person_on_all_accounts(
    house: LocalStack, newcomer: Newcomer
) -> None:
    mine, stranger = newcomer(), newcomer()
    again, other = once_more(mine), on_another_account(mine, mine.ok("GET", "me")["name"])
    mine.ok("POST", "me/sign-out-everywhere")
    assert signed_in(mine, again, other, stranger) == [False, False, False, True]
    assert trail(house, "account.signed_out")[-1].after == {"sign_ins": 3}


def test_a_clerk_ends_the_sign_ins_of_a_registration_s_person_and_says_why(
    house: LocalStack, newcomer: Newcomer
) -> None:
    mine, stranger = newcomer(), newcomer()
    number, again = mine.register(), once_more(mine)
    with house.app.app_context():
        now = house.clock.now()
        for wrong, code in ((" ", "reason_needed"), ("手机丢失", "registration_unknown")):
            with pytest.raises(Problem, match=code):
                sign_out_by_staff(number if code == "reason_needed" else "NOBODY22", "staff:lin", wrong, now)
        assert signed_in(mine, again) == [True, True]
        assert sign_out_by_staff(number, "staff:lin", "本人来电，手机丢失", now) == 2
        assert sign_out_by_staff(number, "staff:lin", "再来一次", now) == 0
    assert signed_in(mine, again, stranger) == [False, False, True]
    entry = trail(house, "account.signed_out")[-2]
    assert (entry.actor, entry.after, entry.reason) == ("staff:lin", {"sign_ins": 2}, "本人来电，手机丢失")


def test_a_sign_in_by_sms_is_on_record(house: LocalStack) -> None:
    browser(house, "13911110005")
    entry = trail(house, "account.signed_in")[-1]
    assert (entry.actor, entry.after) == (entry.subject, {"by": "sms"})
