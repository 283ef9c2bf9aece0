"""Who signs on the phone, what they agree to before, and what is not asked for again."""

import re

import pytest
from sqlalchemy import update

from server.db import transaction
from server.models import Registration
from tests.people import Phone, approve
from tests.phone.hand import Hand
from tests.phone.mini_program import MiniProgram
from tests.phone.test_mini_program import allow_messages, one  # noqa: F401

SIGN = "确认无误并签名"
AGREE = "我同意评价机构使用我的手写签名，用于确认报名表"


def with_a_form(hand: Hand, channel: str = "mini_program") -> str:
    """Somebody signed in on the pages, who has applied this way; the number of the application."""
    person = Phone(hand.stack).ready(1)
    number = person.register()
    with hand.stack.app.app_context(), transaction() as session:
        session.execute(update(Registration).values(channel=channel))
    hand.open()
    hand.page.evaluate("token => localStorage.setItem('sign-in', token)", person.token)
    hand.open(f"pages/form/index?number={number}")
    hand.says("本人承诺")
    return number


@pytest.mark.parametrize("channel", ["window", "group"])
def test_who_signed_on_paper_is_told_so_and_signs_nothing_here(hand: Hand, channel: str) -> None:
    with_a_form(hand, channel)
    hand.says("您已在纸质报名表上签名，以纸质为准，这里不用再签。")
    assert hand.shown.locator(".sheet canvas").count() == 0
    assert hand.shown.get_by_role("button", name=re.compile("签名")).count() == 0
    assert hand.shown.get_by_text(re.compile("先不要签名")).count() == 0
    hand.see("70-signed-on-paper")


def test_a_signature_is_asked_for_only_after_a_consent_that_the_phone_keeps_with_its_day(hand: Hand) -> None:
    with_a_form(hand)
    hand.draw()
    hand.tap(SIGN)
    hand.says("请先勾选签名框上面的“我同意”，再签名")
    hand.tick(AGREE)
    hand.see("71-consent")
    hand.tap(SIGN)
    hand.says(re.compile("签名确认"))
    hand.tap("重新签名")
    assert hand.shown.get_by_role("checkbox", name=AGREE).count() == 0, "asked once"
    hand.open("pages/privacy/index")
    hand.says(AGREE)
    kept = hand.page.evaluate("() => localStorage.getItem('consent:signature')")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", kept)


def test_a_tick_taken_back_is_no_consent(hand: Hand) -> None:
    with_a_form(hand)
    hand.draw()
    hand.tick(AGREE)
    hand.tick(AGREE)
    assert hand.page.evaluate("() => localStorage.getItem('consent:signature')") is None
    hand.tap(SIGN)
    hand.says("请先勾选签名框上面的“我同意”，再签名")


def test_what_is_done_with_it_is_a_tap_from_the_tick(hand: Hand) -> None:
    with_a_form(hand)
    hand.tap("个人信息怎样使用")
    hand.says("收集什么，为什么")
    hand.back()
    hand.says("本人承诺")


# --- WeChat's credits


def applied_just_now(one: MiniProgram) -> str:  # noqa: F811
    number = one.phone.ready(1).register()
    then = f"%2Fpages%2Fform%2Findex%3Fnumber%3D{number}%26fresh%3D1"
    one.opens(f"/pages/sign-in/index?then={then}")
    one.tap("微信登录")
    one.title("报名表")
    return number


def test_whoever_puts_off_signing_has_been_asked_for_messages_at_submission(one: MiniProgram) -> None:  # noqa: F811
    number = applied_just_now(one)
    allow_messages(one, {"approved", "returned", "postponed"})
    one.tap("以后再签，查看进度")
    one.reads("等待审核")
    one.reads_not("允许微信通知")
    approve(one.phone.stack, number)
    one.opens(f"/pages/registration/index?number={number}")
    one.reads("允许微信通知")  # the message of the approval has used one


def test_whoever_refused_at_submission_is_asked_once_more_on_the_page_of_progress(one: MiniProgram) -> None:  # noqa: F811
    applied_just_now(one)
    one.answers = "reject"
    one.tap("允许微信通知")
    one.reads("好的，通知会用短信发给您")
    one.tap("以后再签，查看进度")
    one.reads("等待审核")
    one.reads("允许微信通知")


def test_in_wechat_a_refused_file_says_why_in_the_servers_words(one: MiniProgram) -> None:  # noqa: F811
    number = applied_just_now(one)
    one.opens(f"/pages/picture/index?path=%2Fapi%2Fv1%2Fregistrations%2F{number}X%2Fticket.png")
    one.reads("没有这个申报，请返回“我的申报”查看")


def test_in_wechat_a_website_is_copied(one: MiniProgram) -> None:  # noqa: F811
    one.opens("/pages/contact/index?institution=technicians")
    one.tap("复制国家职业技能标准查询", exact=False)
    assert one.called("setClipboardData")[0]["data"] == "http://biaozhun.osta.org.cn/"
