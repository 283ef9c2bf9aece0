"""The way to an application on the phone, where it goes wrong and is put right: nothing is lost, and every page leads on."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from server.domain.registrations import Action
from server.local import LocalStack
from server.services import reviewing
from tests.people import SAID, Phone, id_card, portrait
from tests.phone.hand import Hand, Look
from tests.phone.mini_program import MiniProgram, opened
from tests.phone.test_story import read_to_the_end

SMALL_AND_LARGE = [Look(390, 844), Look(320, 568, "dark"), Look(320, 568, font=1.4)]
#: a screen on which the whole 须知 stands at once
TALL = Look(820, 4000)
TICK = "我已从头读完，明白并遵守以上须知"
ON = "往下看，须知还没看完"
#: the text has moved on; where its end can be seen by then, the button that moves it is gone
TURNED = """([before, name]) => {
    const page = document.querySelector('main:not([hidden])');
    const on = page.querySelector(`button[aria-label="${name}"]`);
    return on === null || (scrollY > before && page.querySelector('.end').getBoundingClientRect().top >= innerHeight - 76);
}"""
#: nothing moves any more
STILL = """() => new Promise(told => { let at = -1; const look = () => {
    if (scrollY === at) told(true); else { at = scrollY; setTimeout(look, 120); } }; setTimeout(look, 120); })"""


def arrives(hand: Hand, person: Phone, page: str) -> None:
    """On a page, signed in as this person."""
    remembers(hand, "sign-in", person.token)
    hand.open(page)


def remembers(hand: Hand, key: str, text: str) -> None:
    """The phone holds this already when a page is opened."""
    script = f"localStorage.setItem({json.dumps(key)}, {json.dumps(text)})"
    hand.seen.at_each_opening(f"if (location.protocol.startsWith('http')) {script}")


def candidate(hand: Hand, *, photo: bool = True) -> Phone:
    person = Phone(hand.stack)
    if photo:
        return person.ready(1)
    person.sign_in()
    person.set_phone(hand.number)
    person.fill_in("王芳", id_card(1))
    return person


def at_the_conduct(hand: Hand) -> Phone:
    """Somebody whose evidence is in, before the 须知."""
    person = candidate(hand)
    arrives(hand, person, f"pages/apply/index?id={person.sitting('2026-04')['id']}&alternative=4.1")
    hand.photograph("为工作证明拍照或选择图片")
    hand.shown.get_by_role("img", name="工作证明").wait_for()
    hand.tap("下一步")
    hand.says("参评人员须知")
    return person


def tick(hand: Hand) -> Locator:
    return hand.shown.get_by_role("checkbox", name=TICK)


# --- the 须知


@pytest.mark.parametrize("look", SMALL_AND_LARGE, ids=lambda look: f"{look.name}-{look.font}")
def test_the_tick_says_what_to_do_until_the_end_was_on_the_screen(hand: Hand) -> None:
    at_the_conduct(hand)
    expect(tick(hand)).to_have_attribute("aria-label", re.compile("请先往下看到须知的最后"))
    tick(hand).evaluate("one => one.click()")  # from where it cannot be seen
    expect(tick(hand)).to_have_attribute("aria-checked", "false")
    read_to_the_end(hand)
    expect(tick(hand)).to_have_attribute("aria-checked", "true")
    hand.see("40-conduct-read")
    hand.tap("下一步")
    hand.says("请核对")


@pytest.mark.parametrize("look", SMALL_AND_LARGE, ids=lambda look: f"{look.name}-{look.font}")
def test_who_cannot_scroll_is_led_through_the_text_by_a_button(hand: Hand) -> None:
    at_the_conduct(hand)
    on = hand.shown.get_by_role("button", name=ON)
    hand.see("41-conduct")
    for _ in range(20):
        if on.count() == 0:
            break
        on.tap()
        hand.page.wait_for_function(STILL)
    expect(on).to_have_count(0)
    expect(hand.shown.get_by_text("须知到这里结束")).to_be_in_viewport()


@pytest.mark.parametrize("look", [TALL], ids=["tall"])
def test_what_fits_on_the_screen_can_be_ticked_at_once(hand: Hand) -> None:
    at_the_conduct(hand)
    expect(hand.shown.get_by_role("button", name=ON)).to_have_count(0)
    hand.tick(TICK)
    expect(tick(hand)).to_have_attribute("aria-checked", "true")


def test_what_was_read_need_not_be_read_again_after_a_step_back_or_a_closed_page(hand: Hand) -> None:
    at_the_conduct(hand)
    read_to_the_end(hand)
    hand.tap("上一步")
    hand.says("第1步，共3步：材料")
    hand.tap("下一步")
    expect(tick(hand)).to_have_attribute("aria-checked", "true")
    hand.page.reload()
    expect(tick(hand)).to_have_attribute("aria-checked", "true")
    hand.tap("下一步")
    hand.says("请核对")


# --- the evidence


def test_a_picture_that_is_refused_is_told_where_it_was_chosen_and_no_longer_when_another_came(hand: Hand) -> None:
    person = candidate(hand)
    arrives(hand, person, f"pages/apply/index?id={person.sitting('2026-04')['id']}&alternative=4.1")
    hand.says("请至少拍一张材料")
    hand.page.route("**/api/v1/me/evidence", lambda route: route.abort())
    hand.photograph("为工作证明拍照或选择图片")
    hand.says(re.compile("网络不通，请检查手机网络后重试"))
    card = hand.shown.locator(".card", has=hand.page.get_by_role("heading", name="工作证明"))
    expect(card.get_by_role("alert")).to_have_count(1)
    hand.page.unroute_all()
    hand.photograph("为工作证明拍照或选择图片")
    hand.shown.get_by_role("img", name="工作证明").wait_for()
    expect(hand.shown.get_by_role("alert")).to_have_count(0)


def test_who_mends_keeps_the_paper_certificate_that_was_asked_for(hand: Hand) -> None:
    person = candidate(hand)
    sitting = person.sitting("2026-04")["id"]
    number = person.submit(person.form(sitting, paper_certificate=True), "k" * 20)["number"]
    with hand.stack.app.app_context():
        reviewing.review(number, Action.RETURN, "staff:chen", hand.stack.clock.now(), reasons=["请补盖章"])
    remembers(hand, "draft:background", json.dumps(SAID))
    arrives(hand, person, f"pages/apply/index?id={sitting}&number={number}&alternative=4.1")
    hand.says("请补盖章")
    hand.tap("下一步")
    read_to_the_end(hand)
    hand.tap("下一步")
    expect(hand.shown.get_by_role("checkbox", name="另要纸质证书")).to_have_attribute("aria-checked", "true")
    hand.tick("我已阅读并作出以上承诺")
    hand.tap("重新提交")
    hand.says("还差一步")
    person.number = number
    assert person.mine()["paper_certificate"]


# --- the portrait


def choose(hand: Hand, button: str, picture: bytes, folder: Path) -> None:
    path = folder / "chosen.jpg"
    path.write_bytes(picture)
    with hand.page.expect_file_chooser() as waiting:
        hand.tap(button)
    waiting.value.set_files(path)


def test_a_portrait_leads_back_to_where_one_came_from(hand: Hand) -> None:
    person = candidate(hand, photo=False)
    arrives(hand, person, f"pages/apply/index?id={person.sitting('2026-04')['id']}&alternative=4.1")
    hand.says("请先上传2寸证件照，再点“下一步”。")
    hand.tap("上传证件照")
    hand.tick("我同意评价机构使用我的证件照")
    hand.photograph("选择照片")
    hand.page.locator(".wd-img-cropper__footer uni-button").tap()

    def slowly(route: Route) -> None:
        # Under way: nothing else can be chosen meanwhile.
        expect(
            hand.shown.get_by_role("button", name="请稍候…").or_(hand.shown.get_by_text("请稍候…"))
        ).not_to_have_count(0)
        for other in ("换一张", "重新裁剪"):
            expect(hand.shown.get_by_role("button", name=other)).to_have_count(0)
        route.continue_()

    hand.page.route("**/api/v1/me/photo", slowly)
    hand.tap("就用这张")
    hand.says("照片已保存，会印在准考证上。")
    hand.see("42-portrait-saved")
    hand.tap("完成")
    hand.says("第1步，共3步：材料")
    expect(hand.shown.get_by_role("button", name="上传证件照")).to_have_count(0)


def test_a_portrait_that_will_not_do_is_told_with_what_to_do_instead(hand: Hand, tmp_path: Path) -> None:
    person = candidate(hand)
    arrives(hand, person, "pages/photo/index")
    hand.tick("我同意评价机构使用我的证件照")
    choose(hand, "换一张", portrait(200, 280), tmp_path)
    hand.says(re.compile("照片太小（200×280）.*请选照相馆给的原图，或用手机重新拍一张"))
    hand.see("43-portrait-too-small")
    hand.tap("不换了")
    expect(hand.shown.get_by_role("alert")).to_have_count(0)
    choose(hand, "换一张", b"no picture", tmp_path)
    hand.says(re.compile("这张图片打不开，请换一张照片"))


# --- errors that go with their cause, and what is typed


def test_an_error_goes_when_what_caused_it_is_changed(hand: Hand) -> None:
    person = candidate(hand)
    arrives(hand, person, "pages/details/index")
    hand.tap("修改")
    hand.fill("证件号码", id_card(1)[:-1] + "0")
    hand.tick("我同意评价机构使用我的姓名")
    hand.tap("保存")
    alert = hand.shown.get_by_role("alert")
    expect(alert.first).to_be_visible()
    hand.fill("证件号码", id_card(1)[:-1])
    expect(alert).to_have_count(0)
    hand.tap("不改了")
    hand.says("1990年5月17日")


def test_a_number_that_was_mistyped_is_corrected_without_waiting(hand: Hand) -> None:
    hand.open("pages/sign-in/index")
    hand.fill("手机号", "12345678901")
    hand.tap("获取验证码")
    hand.says("请填写11位的中国大陆手机号")
    hand.fill("手机号", "13900000002")
    expect(hand.shown.get_by_role("alert")).to_have_count(0)
    hand.tap("获取验证码")
    hand.says(re.compile("秒后可以重新获取"))
    hand.fill("手机号", "13900000001")
    expect(hand.shown.get_by_role("button", name="获取验证码")).to_have_attribute("aria-disabled", "false")


def test_a_half_typed_entry_is_there_again_and_its_error_goes_when_it_is_filled_in(hand: Hand) -> None:
    hand.open("pages/entry/index?section=certificates")
    hand.fill("证书上的职业名称", "保育师")
    hand.tap("保存")
    hand.says("请选择等级")
    hand.pick("等级")
    expect(hand.shown.get_by_role("alert")).to_have_count(0)
    hand.page.reload()
    assert hand.shown.get_by_label("证书上的职业名称", exact=True).input_value() == "保育师"
    hand.shown.get_by_role("button", name="等级：五级/初级工").wait_for()
    hand.pick("发证日期")
    hand.tap("保存")
    hand.open("pages/entry/index?section=certificates")
    assert hand.shown.get_by_label("证书上的职业名称", exact=True).input_value() == "", (
        "it was saved: the next is another"
    )


# --- finding a sitting, and a way out


@pytest.mark.parametrize("look", SMALL_AND_LARGE, ids=lambda look: f"{look.name}-{look.font}")
def test_a_sitting_is_found_by_what_is_typed(hand: Hand) -> None:
    hand.open()
    hand.says("正在受理 20")
    hand.tap("查找职业或机构")
    hand.fill("职业名称", "密码 4级")
    hand.says("正在受理 1")
    hand.see("44-found")
    hand.shown.get_by_role("tab", name=re.compile("已截止")).tap()
    hand.says(re.compile("“已截止”里没有找到“密码 4级”。“正在受理”里有1个"))
    hand.fill("职业名称", "厨师长")
    hand.says(re.compile("没有找到“厨师长”。请少写几个字再找"))
    hand.see("45-not-found")
    hand.tap("不找了，看全部")
    hand.says("正在受理 20")


def test_a_page_that_cannot_come_offers_a_way_out(hand: Hand) -> None:
    hand.open("pages/sitting/index?id=999999")
    hand.says("没有这个考次")
    hand.tap("返回考次列表")
    hand.says("正在受理 20")


@pytest.mark.parametrize("look", SMALL_AND_LARGE, ids=lambda look: f"{look.name}-{look.font}")
def test_a_telephone_number_is_whole_and_can_be_tapped(hand: Hand) -> None:
    person = candidate(hand)
    person.register()
    with hand.stack.app.app_context():
        why = ["请致电上海市技师协会021-62418668"]
        reviewing.review(person.number, Action.RETURN, "staff:chen", hand.stack.clock.now(), reasons=why)
    arrives(hand, person, f"pages/registration/index?number={person.number}")
    number = hand.shown.get_by_role("link", name="拨打021-62418668").first
    number.wait_for()
    assert number.evaluate("one => one.getClientRects().length") == 1
    box = number.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    hand.see("46-telephone")


def test_nobody_whose_application_is_over_is_asked_for_money(hand: Hand) -> None:
    person = candidate(hand)
    person.register()
    person.ok("POST", f"registrations/{person.number}/withdrawal")
    arrives(hand, person, f"pages/pay/index?number={person.number}")
    hand.says(re.compile("“已退出”，不用缴费"))
    assert hand.shown.get_by_text("应缴费用").count() == 0
    hand.open(f"pages/registration/index?number={person.number}")
    hand.tap("看其他考次")
    hand.says("正在受理 20")


# --- the same in the mini-program: a simulation, not WeChat


@pytest.fixture
def program(browser: Browser, house: LocalStack, packed: Path) -> Iterator[MiniProgram]:
    with opened(browser, house, packed, Phone(house).ready(1), (320, 568)) as one:
        yield one


def test_in_the_mini_program_too_the_conduct_is_read_to_its_end(program: MiniProgram) -> None:
    program.tab("我的")
    program.tap("登录")
    program.tap("微信登录")
    program.reads("2寸证件照")
    program.opens(f"/pages/apply/index?id={program.phone.sitting('2026-04')['id']}&alternative=4.1")
    program.picks(portrait())
    program.tap("为工作证明拍照或选择图片")
    program.pictures("工作证明")
    program.tap("下一步")
    tick_ = program.shown.get_by_role("checkbox", name=TICK)
    expect(tick_).to_have_attribute("aria-label", re.compile("请先往下看到须知的最后"))
    tick_.evaluate("one => one.click()")
    expect(tick_).to_have_attribute("aria-checked", "false")
    on = program.shown.get_by_role("button", name=ON)
    for _ in range(30):
        if on.count() == 0:
            break
        before = program.page.evaluate("() => scrollY")
        on.tap()
        program.page.wait_for_function(TURNED, arg=[before, ON])
    expect(on).to_have_count(0)
    program.tap(TICK)
    program.tap("下一步")
    program.reads("请核对")


def test_in_the_mini_program_too_a_number_in_a_text_is_rung(program: MiniProgram) -> None:
    phone = program.phone
    phone.register()
    with phone.stack.app.app_context():
        why = ["请致电上海市技师协会021-62418668"]
        reviewing.review(phone.number, Action.RETURN, "staff:chen", phone.stack.clock.now(), reasons=why)
    program.tab("我的")
    program.tap("登录")
    program.tap("微信登录")
    program.reads("2寸证件照")
    program.opens(f"/pages/registration/index?number={phone.number}")
    program.reads("审核意见")
    program.shown.get_by_role("link", name="拨打021-62418668").first.tap()
    assert [one["phoneNumber"] for one in program.called("makePhoneCall")] == ["02162418668"]
