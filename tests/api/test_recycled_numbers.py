"""A number that a carrier handed on: after sixty days the SMS alone opens nobody's life, and whoever has the number now is
somebody else."""

from datetime import date, timedelta

import requests
from sqlalchemy import select

from notifications.dispatch.plan import plan_due
from server.db import reading
from server.domain.notices import ChannelName
from server.local import LocalStack
from server.models import Account, AuditEntry, Candidate, Delivery
from server.services import telephoning
from server.services.phone_numbers import change_number_by_staff
from tests.api.refusals import Refused, refused
from tests.api.test_signing_in_by_phone import browser, code_on, later
from tests.conftest import at
from tests.people import Phone, approve, id_card, pay
from tests.rows import rows

NEEDED, WRONG = Refused("document_end_needed"), Refused("document_end_wrong")
SIXTY_DAYS = timedelta(days=60)
A_MINUTE = timedelta(minutes=1)


def somebody(house: LocalStack, number: str, serial: int) -> Phone:
    """In a browser, with particulars and a photo."""
    one = browser(house, number)
    one.fill_in("王芳", id_card(serial))
    one.send_photo()
    return one


def after(house: LocalStack, span: timedelta) -> None:
    house.clock.stand_at(house.clock.now() + span)


def enter(house: LocalStack, number: str, code: str, **said: object) -> requests.Response:
    return Phone(house).call("POST", "sign-in/phone", json={"phone": number, "code": code} | said)


def signed_in(house: LocalStack, number: str, code: str, **said: object) -> Phone:
    answer = enter(house, number, code, **said)
    assert answer.status_code == 201, answer.text
    return Phone(house, token=answer.json()["token"], phone=number)


def test_after_sixty_days_the_code_waits_for_the_end_of_the_document_number(house: LocalStack) -> None:
    number = "13933330001"
    somebody(house, number, 801)
    end = id_card(801)[-4:]
    after(house, SIXTY_DAYS - A_MINUTE)
    browser(house, number)  # nothing is asked, and the sixty days begin anew
    after(house, SIXTY_DAYS)
    code = code_on(house, number)
    refused(house.app, NEEDED, lambda: enter(house, number, code))
    refused(house.app, WRONG, lambda: enter(house, number, code, document_end="0000"))
    assert signed_in(house, number, code, document_end=f" {end.lower()}").ok("GET", "me")["name"] == "王芳"
    later(house, 2)
    browser(house, number)


def test_nothing_is_asked_where_there_is_nothing_of_anybody(house: LocalStack) -> None:
    browser(house, "13933330002")
    after(house, SIXTY_DAYS)
    browser(house, "13933330002")


def test_a_wrong_code_learns_nothing_and_uses_up_no_try(house: LocalStack) -> None:
    number = "13933330003"
    somebody(house, number, 803)
    after(house, SIXTY_DAYS)
    code = code_on(house, number)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(2):  # a third would be one address's last
        told = {"document_end": id_card(803)[-4:]}
        refused(house.app, Refused("phone_code_wrong"), lambda told=told: enter(house, number, wrong, **told))
    assert signed_in(house, number, code, **told)


def test_three_ends_an_hour_may_be_tried_and_the_right_one_then_stays_out_too(house: LocalStack) -> None:
    number = "13933330004"
    somebody(house, number, 804)
    after(house, SIXTY_DAYS)
    code = code_on(house, number)
    for _ in range(3):
        refused(house.app, WRONG, lambda: enter(house, number, code, document_end="0000"))
    right = {"document_end": id_card(804)[-4:]}
    refused(house.app, Refused("too_many_requests"), lambda: enter(house, number, code, **right))
    after(house, timedelta(hours=1))
    assert signed_in(house, number, code_on(house, number), **right)


def test_whoever_says_this_is_not_me_gets_an_account_of_their_own_and_sees_nothing(stack: LocalStack) -> None:
    house = stack
    number = "13933330005"
    before = somebody(house, number, 805)
    mine, paper = before.register(), before.send_evidence()
    after(house, SIXTY_DAYS)
    accounts = rows(house.app, Account)
    new = signed_in(house, number, code_on(house, number), not_mine=True)
    assert rows(house.app, Account) == accounts + 1
    assert (new.ok("GET", "me")["name"], new.ok("GET", "me")["phone"]) == (None, "139****0005")
    assert new.ok("GET", "registrations") == {"registrations": []}
    for path, code in ((f"registrations/{mine}", "registration_unknown"), (f"me/uploads/{paper}", "profile_needed")):
        assert new.refused("GET", path)[1] == code
    new.fill_in("李喆珺", id_card(806))
    later(house, 2)
    assert browser(house, number).ok("GET", "me")["name"] == "李喆珺", "found again, and nothing asked"
    assert rows(house.app, Account) == accounts + 1


def test_the_one_who_had_the_number_is_found_by_it_no_more_and_comes_back_with_a_clerk_s_help(
    stack: LocalStack,
) -> None:
    house = stack
    number, next_number = "13933330007", "13933330008"
    mine = somebody(house, number, 807).register()
    after(house, SIXTY_DAYS)
    signed_in(house, number, code_on(house, number), not_mine=True)
    back = browser(house, next_number)
    person = {"name": "王芳", "document_type": "id_card", "document_number": id_card(807)}
    refused(house.app, Refused("document_taken"), lambda: back.call("PUT", "me/profile", json=person))
    with house.app.app_context():
        now = house.clock.now()
        change_number_by_staff(mine, next_number, "staff:lin", "持身份证到窗口", now)
    back.fill_in("王芳", id_card(807))
    assert [one["number"] for one in back.ok("GET", "registrations")["registrations"]] == [mine]
    with house.app.app_context(), reading() as session:
        wanted = select(AuditEntry).where(AuditEntry.action.in_(("phone.given_up", "phone.changed")))
        given_up, _, _, changed = session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(4)).all()[::-1]
        assert (given_up.before, given_up.after) == ({"phone": "139****0007"}, None)
        assert (changed.actor, changed.before, changed.after) == (
            "staff:lin",
            {"phone": ""},
            {"phone": "139****0008"},
        )
        assert changed.reason == "持身份证到窗口"


def test_an_account_in_wechat_loses_the_number_too(house: LocalStack) -> None:
    number = "13933330009"
    somebody(house, number, 809)
    wechat = Phone(house)
    wechat.sign_in()
    wechat.set_phone(number)
    wechat.fill_in("王芳", id_card(809))
    after(house, SIXTY_DAYS)
    signed_in(house, number, code_on(house, number), not_mine=True)
    me = wechat.ok("GET", "me")
    assert (me["phone"], me["name"]) == (None, "王芳")
    body = {"name": "王芳", "document_type": "id_card", "document_number": id_card(809)}
    refused(house.app, Refused("phone_needed"), lambda: wechat.call("PUT", "me/profile", json=body))
    with house.app.app_context(), reading() as session:
        assert session.scalars(select(Candidate.phone).where(Candidate.phone_index == "")).all()[-1] == ""


def test_nothing_more_is_sent_to_the_number_and_clerks_are_told_to_find_another(stack: LocalStack) -> None:
    number = "13933330010"
    mine = somebody(stack, number, 810).register()
    approve(stack, mine)
    stack.clock.stand_at(at(2026, 3, 24, 9))
    pay(stack, mine, date(2026, 3, 24))
    signed_in(stack, number, code_on(stack, number), not_mine=True)
    heard = len(Phone(stack, phone=number).messages())
    stack.clock.stand_at(at(2026, 3, 31, 9))  # it is alone, and too few: moved to November
    stack.run_jobs()
    assert len(Phone(stack, phone=number).messages()) == heard
    stack.clock.stand_at(at(2026, 11, 4, 9))
    stack.run_jobs()
    with stack.app.app_context():
        (one,) = telephoning.to_telephone("staff:lin", stack.clock.now())
    assert (one.registration_number, one.phone) == (mine, "")


def test_what_stood_in_the_queue_for_the_number_is_not_sent(stack: LocalStack) -> None:
    number = "13933330011"
    mine = somebody(stack, number, 811).register()
    later(stack, 2)
    code = code_on(stack, number)
    approve(stack, mine)
    with stack.app.app_context():
        plan_due({ChannelName.SMS: stack.settings.sms_templates, ChannelName.WECHAT: {}}, stack.clock.now())
    assert rows(stack.app, Delivery, Delivery.state == "queued") == 1
    heard = len(Phone(stack, phone=number).messages())
    signed_in(stack, number, code, not_mine=True)
    stack.run_jobs()
    assert len(Phone(stack, phone=number).messages()) == heard
    assert rows(stack.app, Delivery, Delivery.last_code == "no_number", Delivery.state == "failed") == 1
