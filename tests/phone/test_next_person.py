"""One phone or one computer, and two people after each other: nobody sees, keeps or hands in what is another's."""

import re

from playwright.sync_api import expect

from tests.people import Phone
from tests.phone.hand import Hand
from tests.phone.test_applying import candidate

OURS = "欧阳娜娜"
THEIRS = "13900000002"
STORED = "() => JSON.stringify(localStorage)"


def comes_on_the_same_phone(hand: Hand, number: str) -> None:
    hand.number = number
    hand.sign_in()


def types_who_they_are(hand: Hand) -> None:
    hand.open("pages/sign-in/index?then=%2Fpages%2Fdetails%2Findex")
    hand.sign_in()
    hand.fill("姓名", OURS)
    hand.fill("证件号码", "99999919")


def has_worked(hand: Hand) -> None:
    hand.open("pages/entry/index?section=work")
    hand.fill("从事的职业", "人力资源管理")
    hand.pick("从何时开始")
    hand.tap("保存")


def sign_ins_end(hand: Hand) -> None:
    """As after thirty days."""
    hand.page.route("**/api/v1/me", lambda route: route.fulfill(status=401, json=ENDED), times=1)


ENDED = {"code": "sign_in_needed", "message": "请先登录", "fields": {}, "reasons": []}


def test_nothing_typed_is_there_for_the_next_one_when_a_sign_in_ended_by_itself(hand: Hand) -> None:
    types_who_they_are(hand)
    has_worked(hand)
    sign_ins_end(hand)
    hand.open("pages/details/index")
    hand.says("用手机号登录")
    comes_on_the_same_phone(hand, THEIRS)
    expect(hand.shown.get_by_label("姓名", exact=True)).to_have_value("")
    expect(hand.shown.get_by_label("证件号码", exact=True)).to_have_value("")
    hand.open("pages/background/index")
    hand.says("工作经历")
    expect(hand.shown.get_by_text("2015年1月至现在")).to_have_count(0)
    assert OURS not in hand.page.evaluate(STORED)
    assert "人力资源" not in hand.page.evaluate(STORED)


def test_whoever_signs_in_again_finds_what_they_typed(hand: Hand) -> None:
    types_who_they_are(hand)
    has_worked(hand)
    sign_ins_end(hand)
    hand.open("pages/details/index")
    hand.says("用手机号登录")
    hand.stack.clock.stand_at(hand.stack.clock.now().replace(hour=11))  # a code is sent once a minute
    hand.sign_in()
    expect(hand.shown.get_by_label("姓名", exact=True)).to_have_value(OURS)
    hand.open("pages/background/index")
    hand.says("2015年1月至现在")


def test_whoever_signs_in_over_another_ends_the_sign_in_of_the_other(hand: Hand) -> None:
    types_who_they_are(hand)
    old = hand.page.evaluate("() => localStorage.getItem('sign-in')")
    hand.open("pages/sign-in/index")
    with hand.page.expect_response("**/api/v1/sign-out"):
        comes_on_the_same_phone(hand, THEIRS)
    assert Phone(hand.stack, token=old).refused("GET", "me") == (401, "sign_in_needed")
    hand.open("pages/me/index")
    hand.says("请填写个人信息")


def test_after_signing_out_the_next_one_sees_nothing_of_the_last_not_even_without_an_answer(hand: Hand) -> None:
    person = candidate(hand)
    person.register()
    arrives_once(hand, person, "pages/registrations/index")
    hand.says("等待审核")
    hand.page.get_by_text("我的", exact=True).last.tap()
    hand.tap("退出登录")
    hand.page.locator(".uni-modal__btn_primary").tap()
    hand.says("还没有登录")
    hand.tap("登录")
    comes_on_the_same_phone(hand, THEIRS)
    hand.page.route("**/api/v1/registrations", lambda route: route.abort())
    hand.page.get_by_text("我的申报", exact=True).last.tap()
    hand.says(re.compile("网络不通"))
    expect(hand.page.get_by_text("等待审核")).to_have_count(0)


def arrives_once(hand: Hand, person: Phone, page: str) -> None:
    """Signed in as this person, and no longer when they sign out."""
    hand.open()
    hand.page.evaluate("token => localStorage.setItem('sign-in', token)", person.token)
    hand.open(page)


def test_what_is_signed_out_in_one_window_is_gone_from_the_other(hand: Hand) -> None:
    person = candidate(hand)
    person.register()
    arrives_once(hand, person, "pages/registrations/index")
    hand.says("等待审核")
    other = hand.window.new_page()
    other.goto(f"{hand.stack.web}/m/#/pages/me/index")
    other.get_by_role("button", name="退出登录").tap()
    other.locator(".uni-modal__btn_primary").tap()
    hand.says("还没有登录")
    expect(hand.page.get_by_text("等待审核")).to_have_count(0)


def test_whoever_signs_in_in_one_window_is_signed_in_in_the_other_and_stays_so(hand: Hand) -> None:
    types_who_they_are(hand)
    other = hand.window.new_page()
    other.goto(f"{hand.stack.web}/m/")
    theirs = Phone(hand.stack)
    theirs.sign_in()
    change = "token => { localStorage.clear(); localStorage['signed-in-as'] = 'm1'; localStorage['sign-in'] = token }"
    other.evaluate(change, theirs.token)
    hand.says("用短信验证手机号")  # they have none yet
    assert OURS not in hand.page.content()
    assert other.evaluate("() => localStorage.getItem('sign-in')") == theirs.token


def test_a_ticket_that_is_not_ones_own_is_not_kept(hand: Hand) -> None:
    person = candidate(hand)
    arrives_once(hand, person, "pages/sittings/index")
    hand.page.evaluate("() => localStorage.setItem('ticket:ABCDEFGH', '{\"ticket\":{}}')")
    hand.open("pages/ticket/index?number=ABCDEFGH")
    hand.says("没有这个申报")
    assert "ticket:ABCDEFGH" not in hand.page.evaluate(STORED)
