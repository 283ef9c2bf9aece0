"""Signing in by SMS on the phone pages: whoever leaves to read the message, and whoever has another's old number."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.people import Phone, id_card
from tests.phone.hand import Hand, Look

AT_DETAILS = "pages/sign-in/index?then=%2Fpages%2Fdetails%2Findex"
BOTH = pytest.mark.parametrize("look", [Look(), Look(320, 568, "dark")], ids=lambda look: look.name)


def wait_for_a_code(hand: Hand) -> None:
    hand.open(AT_DETAILS)
    hand.fill("手机号", hand.number)
    with hand.page.expect_response("**/api/v1/sign-in/code"):
        hand.tap("获取验证码")


def known(hand: Hand, days: int) -> None:
    """Somebody who signed in and said who they are, so many days ago."""
    hand.open(AT_DETAILS)
    hand.sign_in()
    hand.fill("姓名", "欧阳娜娜")
    hand.fill("证件号码", id_card(1))
    hand.tick("我同意评价机构使用我的姓名")
    hand.tap("保存")
    hand.page.wait_for_url(lambda url: "details" not in url)
    hand.page.evaluate("() => localStorage.clear()")
    hand.stack.clock.stand_at(hand.stack.clock.now() + timedelta(days=days))


def whose(hand: Hand) -> dict[str, str | None]:
    token = hand.page.evaluate("() => localStorage.getItem('sign-in')")
    me: dict[str, str | None] = Phone(hand.stack, token=token).ok("GET", "me")
    return me


def test_a_page_that_was_dropped_while_the_message_was_read_still_waits_for_the_code(hand: Hand) -> None:
    wait_for_a_code(hand)
    hand.page.reload()
    assert hand.shown.get_by_label("手机号", exact=True).input_value() == hand.number
    hand.says(re.compile("^[1-5]?[0-9]秒后可以重新获取$"))
    hand.fill("验证码", hand.code())
    hand.tap("登录")
    hand.page.wait_for_url(lambda url: "sign-in" not in url)
    assert hand.page.evaluate("() => localStorage.getItem('code:sign-in')") is None


@BOTH
def test_after_a_long_time_it_asks_for_the_end_of_the_document_number(hand: Hand) -> None:
    known(hand, 60)
    wait_for_a_code(hand)
    hand.fill("验证码", hand.code())
    hand.tap("登录")
    hand.says(re.compile("您很久没有登录了，请填写登记的证件号码后四位"))
    hand.see("42-who-are-you")
    hand.fill("证件号码后四位", "0000")
    hand.tap("登录")
    hand.says(re.compile("证件号码后四位不对"))
    hand.see("43-not-those-four")
    hand.fill("证件号码后四位", id_card(1)[-4:])
    hand.tap("登录")
    hand.page.wait_for_url(lambda url: "sign-in" not in url)
    assert whose(hand)["name"] == "欧阳娜娜"


def test_whoever_has_the_number_now_says_so_and_begins_anew(hand: Hand) -> None:
    known(hand, 60)
    wait_for_a_code(hand)
    hand.fill("验证码", hand.code())
    hand.tap("登录")
    hand.tap("这不是我")
    hand.page.locator(".uni-modal__btn_default").tap()
    expect(hand.shown.get_by_label("证件号码后四位", exact=True)).to_be_visible()
    hand.tap("这不是我")
    hand.page.locator(".uni-modal__btn_primary").tap()
    hand.page.wait_for_url(lambda url: "sign-in" not in url)
    assert (whose(hand)["name"], whose(hand)["phone"]) == (None, "139****0001")
