"""From page to page on the phone: each tap does one thing, nobody is led in a circle, and no link speaks in our name."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from server.domain.registrations import Action
from server.local import LocalStack
from server.services import reviewing
from tests.people import SAID, Phone
from tests.phone.hand import Hand
from tests.phone.mini_program import MiniProgram, opened
from tests.phone.test_applying import candidate
from tests.phone.test_story import APPLY, read_to_the_end

WORKED = json.dumps({"work": [{"occupation": "人力资源管理", "since": "2012-01-01", "until": None}]})


def has_worked(hand: Hand, kept: str = WORKED) -> Phone:
    person = candidate(hand)
    remembers_once(hand, "sign-in", person.token)
    remembers_once(hand, "draft:background", kept)
    return person


def remembers_once(hand: Hand, key: str, text: str) -> None:
    if not hand.page.url.startswith("http"):
        hand.open()
    hand.page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, text])


def returned(hand: Hand, person: Phone) -> str:
    number = person.register()
    with hand.stack.app.app_context():
        reviewing.review(number, Action.RETURN, "staff:chen", hand.stack.clock.now(), reasons=["请补盖章"])
    return number


def sitting_of(person: Phone) -> int:
    found: int = person.sitting("2026-04")["id"]
    return found


# --- what was typed


def test_what_was_typed_after_signing_in_is_there_when_the_page_was_closed(hand: Hand) -> None:
    person = candidate(hand)
    hand.number = person.phone
    hand.open(f"pages/eligibility/index?id={sitting_of(person)}")  # sent to sign in first: this page gives way
    hand.sign_in()
    hand.open("pages/background/index")
    hand.tap("添加工作经历")
    hand.fill("从事的职业", "人力资源管理")
    hand.pick("从何时开始")
    hand.tap("保存")
    hand.tick("我声明：拟从事本职业或相关职业工作")
    hand.page.reload()
    hand.says("2015年1月至现在")
    expect(hand.shown.get_by_role("checkbox")).to_have_attribute("aria-checked", "true")


def test_what_was_typed_after_a_page_gave_way_to_the_sign_in_is_kept(hand: Hand) -> None:
    hand.open("pages/apply/index?id=1&alternative=4.1")
    hand.says("用手机号登录")
    hand.sign_in()
    hand.page.evaluate("() => { location.hash = '#/pages/entry/index?section=work' }")
    hand.fill("从事的职业", "人力资源管理")
    hand.pick("从何时开始")
    hand.tap("保存")
    hand.open("pages/background/index")
    hand.says("2015年1月至现在")


@pytest.mark.parametrize(
    ("tapped", "line"), [("用上次提交的", "2010年1月至现在"), ("用手机上新填的", "2012年1月至现在　人力资源管理")]
)
def test_to_mend_one_is_asked_whether_what_was_handed_in_counts_or_what_was_typed_since(
    hand: Hand, tapped: str, line: str
) -> None:
    person = has_worked(hand)
    number = returned(hand, person)
    hand.open(f"pages/registration/index?number={number}")
    hand.tap("去补正")
    hand.says("这部手机上填写的情况，与上次提交的不一样")
    hand.see("60-which-of-the-two")
    hand.tap(tapped)
    hand.says(line)
    hand.shown.get_by_role("button", name=APPLY).first.wait_for()
    hand.page.reload()  # said once
    hand.shown.get_by_role("button", name=APPLY).first.wait_for()
    expect(hand.shown.get_by_text(line)).to_have_count(1)


def test_to_mend_on_a_phone_that_knows_nothing_begins_with_what_was_handed_in(hand: Hand) -> None:
    person = has_worked(hand, "{}")
    number = returned(hand, person)
    hand.open(f"pages/eligibility/index?id={sitting_of(person)}&number={number}")
    hand.says("2010年1月至现在")
    hand.shown.get_by_role("button", name=APPLY).first.wait_for()


# --- one condition, and another


def test_another_condition_begins_anew_and_offers_the_pictures_that_were_sent(hand: Hand) -> None:
    person = has_worked(hand)
    hand.open(f"pages/apply/index?id={sitting_of(person)}&alternative=4.1")
    hand.photograph("为工作证明拍照或选择图片")
    hand.shown.get_by_role("img", name="工作证明").wait_for()
    hand.tap("下一步")
    read_to_the_end(hand)
    hand.tap("下一步")
    hand.says("请核对")
    hand.open(f"pages/apply/index?id={sitting_of(person)}&alternative=4.2")
    hand.says("第1步，共3步：材料")
    hand.says("您先前上传的材料已放在下面")
    hand.see("61-offered-again")
    hand.tap("去掉这张工作证明")
    expect(hand.shown.get_by_role("img", name="工作证明")).to_have_count(0)
    hand.page.reload()
    hand.says("请至少拍一张材料")
    hand.open(f"pages/apply/index?id={sitting_of(person)}&alternative=4.1")
    hand.says("第3步，共3步：核对和提交")


def test_a_condition_that_there_is_not_is_not_read_out_and_there_is_a_way_to_choose_one(hand: Hand) -> None:
    person = has_worked(hand)
    forged = "缴费账户已更换，请转入6222000011112222333"
    hand.open(f"pages/apply/index?id={sitting_of(person)}&alternative={quote(forged)}")
    hand.says("没有这个申报条件")
    expect(hand.page.get_by_text("6222")).to_have_count(0)
    hand.see("62-no-such-condition")
    hand.tap("选择申报条件")
    hand.shown.get_by_role("button", name=APPLY).first.wait_for()


@pytest.mark.parametrize("section", ["nothing", "constructor"])
def test_a_section_that_there_is_not_is_the_first_one(hand: Hand, section: str) -> None:
    hand.open(f"pages/entry/index?section={section}")
    hand.says("工作经历")


@pytest.mark.parametrize("then", ["%25", "%25E4%25", "https%3A%2F%2Fexample.com", "%2Fpages%2Fnowhere%2Findex"])
def test_a_link_that_leads_nowhere_leads_back(hand: Hand, then: str) -> None:
    person = has_worked(hand)
    hand.open(f"pages/photo/index?then={then}")
    assert person.token
    hand.tap("完成")
    hand.says("正在受理 20")


# --- days


def test_days_that_cannot_be_are_shown_with_the_way_to_mend_them(hand: Hand) -> None:
    person = has_worked(hand, json.dumps({"work": [{"occupation": "", "since": "1980-01-01", "until": None}]}))
    hand.open(f"pages/eligibility/index?id={sitting_of(person)}")
    hand.says("1980年1月至现在")
    hand.says("日期不对")
    hand.see("63-days-wrong")
    hand.tap("修改工作、学历和证书")
    hand.tap(re.compile("1980年1月至现在"))
    hand.tap("删除这一项")
    hand.tap("填好了，看申报条件")
    hand.says("还没有填写工作、学历和证书")


def test_a_birthday_is_looked_for_thirty_years_ago(hand: Hand) -> None:
    person = Phone(hand.stack)
    person.sign_in()
    person.set_phone(hand.number)
    remembers_once(hand, "sign-in", person.token)
    remembers_once(hand, "draft:details", '{"document_type": "passport"}')
    hand.open("pages/details/index")
    hand.pick("出生日期")
    hand.shown.get_by_role("button", name=re.compile("^出生日期：199[0-9]年1月1日")).wait_for()


# --- whoever has applied


@pytest.mark.parametrize("page", ["eligibility", "apply"])
def test_whoever_has_applied_is_led_to_where_it_stands(hand: Hand, page: str) -> None:
    person = has_worked(hand)
    number = person.register()
    hand.open(f"pages/{page}/index?id={sitting_of(person)}&alternative=4.1")
    hand.says("您已申报这个考次")
    expect(hand.shown.get_by_role("button", name=APPLY)).to_have_count(0)
    hand.see(f"64-applied-{page}")
    hand.tap("查看进度")
    hand.says(number)


@pytest.mark.parametrize("page", ["eligibility", "apply"])
def test_whoever_has_mended_does_not_mend_again(hand: Hand, page: str) -> None:
    person = has_worked(hand)
    number = person.register()
    hand.open(f"pages/{page}/index?id={sitting_of(person)}&number={number}&alternative=4.1")
    hand.says("现在不用补正")
    hand.tap("查看进度")
    hand.says("等待审核")


def at_the_end(hand: Hand, address: str) -> None:
    hand.open(address)
    hand.says("第1步，共3步：材料")
    if hand.shown.get_by_role("img", name="工作证明").count() == 0:
        hand.photograph("为工作证明拍照或选择图片")
        hand.shown.get_by_role("img", name="工作证明").wait_for()
    hand.tap("下一步")
    read_to_the_end(hand)
    hand.tap("下一步")
    hand.tick("我已阅读并作出以上承诺")


def test_whoever_has_applied_elsewhere_meanwhile_is_told_where_it_stands(hand: Hand) -> None:
    person = has_worked(hand)
    at_the_end(hand, f"pages/apply/index?id={sitting_of(person)}&alternative=4.1")
    person.register()
    hand.tap("提交申报")
    hand.says("您已申报这个考次")
    hand.shown.get_by_role("button", name="查看进度").wait_for()


def test_what_was_moved_on_meanwhile_is_loaded_again_by_a_tap(hand: Hand) -> None:
    person = has_worked(hand, json.dumps(SAID))
    number = returned(hand, person)
    address = f"pages/apply/index?id={sitting_of(person)}&number={number}&alternative=4.1"
    at_the_end(hand, address)
    hand.page.route(
        "**/api/v1/registrations/*",
        lambda route: (
            route.fulfill(status=409, json={"code": "stale", "message": "内容已更新，请刷新后再操作"})
            if route.request.method == "PUT"
            else route.continue_()
        ),
    )
    hand.tap("重新提交")
    hand.says("这个申报刚刚有了变化")
    hand.see("65-stale")
    hand.page.unroute_all()
    hand.tap("重新载入")
    hand.tap("重新提交")
    hand.says("还差一步")


# --- one tap, one page


def history(hand: Hand) -> int:
    length: int = hand.page.evaluate("() => history.length")
    return length


# both are over, and what they set going as well
TWICE = (
    """one => new Promise(over => { one.click(); setTimeout(() => { one.click(); setTimeout(over, 500) }, 120) })"""
)


@pytest.mark.parametrize("page", ["contact", "sign-in"])
def test_a_double_tap_opens_a_page_once(hand: Hand, page: str) -> None:
    hand.open("pages/me/index")
    row = hand.shown.get_by_role(
        "button", name={"contact": "咨询、投诉电话和机构通知", "sign-in": "登录"}[page], exact=True
    )
    row.wait_for()
    before = history(hand)
    row.evaluate(TWICE)
    hand.page.wait_for_url(re.compile(page))
    assert history(hand) == before + 1
    hand.back()
    hand.says("还没有登录")


# --- the same in the mini-program: a simulation, not WeChat


@pytest.fixture
def program(browser: Browser, house: LocalStack, packed: Path) -> Iterator[MiniProgram]:
    with opened(browser, house, packed, Phone(house).ready(1), (390, 844)) as one:
        one.tab("我的")
        one.tap("登录")
        one.tap("微信登录")
        one.reads("2寸证件照")
        yield one


REFUSALS = [
    ("auth deny", "没有使用相机或照片的权限", True),
    ("privacy permission is not authorized", "没有同意隐私保护指引", False),
]


@pytest.mark.parametrize(("why", "advice", "settings"), REFUSALS, ids=["refused", "privacy"])
def test_whoever_refused_the_camera_is_told_what_to_do_each_time(
    program: MiniProgram, why: str, advice: str, settings: bool
) -> None:
    program.opens("/pages/photo/index")
    program.tap("我同意评价机构使用我的证件照", exact=False)
    program.page.evaluate("why => { window.REFUSED = why }", why)
    program.tap("换一张")
    program.called("showModal")
    assert advice in program.dialogues[-1]
    if settings:
        assert program.called("openSetting")
    else:
        assert program.calls("openSetting") == []


def test_whoever_thinks_better_of_a_picture_is_told_nothing(program: MiniProgram) -> None:
    program.opens("/pages/photo/index")
    program.tap("我同意评价机构使用我的证件照", exact=False)
    program.tap("换一张")
    program.called("chooseImage")
    program.page.wait_for_function("() => window.ASKED.some(one => one.name === 'chooseImage' && one.refused)")
    assert program.calls("showModal") == []


def test_more_pages_than_wechat_opens_give_way_to_each_other(program: MiniProgram) -> None:
    program.opens("/pages/background/index")
    for _ in range(12):
        program.tap("添加职称")
        program.title("填写")
        program.page.evaluate("() => wx.navigateTo({ url: '/pages/background/index' })")
        program.page.evaluate(
            "() => getCurrentPages().length > 9 && wx.redirectTo({ url: '/pages/background/index' })"
        )
        program.title("工作、学历和证书")
    assert program.page.evaluate("() => getCurrentPages().length") == 10
    program.tap("添加职称")
    program.title("填写")
