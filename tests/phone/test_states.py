"""What the phone pages do when not all goes well: no network, a slow one, a broken line, a closed page."""

import re

from playwright.sync_api import Route

from server.models import Registration
from tests.conftest import at
from tests.people import Phone, approve, id_card
from tests.phone.hand import Hand
from tests.phone.test_story import APPLY, read_to_the_end
from tests.rows import rows

HR = re.compile("企业人力资源管理师 四级.*上海市技师协会")


def known(hand: Hand, *, applied: bool = False) -> Phone:
    """Somebody who did everything in WeChat before, and now signs in on the pages with the same phone and document."""
    person = Phone(hand.stack)
    person.sign_in()
    person.set_phone(hand.number)
    person.fill_in("欧阳娜娜", id_card(1))
    person.send_photo()
    if applied:
        person.register()
    hand.open("pages/sign-in/index?then=%2Fpages%2Fdetails%2Findex")
    hand.sign_in()
    hand.fill("姓名", "欧阳娜娜")
    hand.fill("证件号码", id_card(1))
    hand.tick("我同意评价机构使用我的姓名")
    hand.tap("保存")
    hand.page.wait_for_url(lambda url: "details" not in url)
    return person


def test_without_a_network_the_page_says_so_and_tries_again_when_asked(hand: Hand) -> None:
    hand.page.route("**/api/**", lambda route: route.abort())
    hand.open()
    hand.says(re.compile("网络不通，请检查手机网络后重试"))
    hand.see("30-no-network")
    hand.page.unroute_all()
    hand.tap("重新载入")
    hand.says("正在受理 20")


def test_on_a_slow_network_the_shape_of_the_page_comes_first(hand: Hand) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    hand.page.route("**/api/v1/sittings", hold)
    with hand.page.expect_request("**/api/v1/sittings"):
        hand.open()
    hand.page.get_by_label("正在载入").wait_for()
    for route in held:
        route.continue_()
    hand.says("正在受理 20")


def test_what_was_typed_is_there_again_after_the_page_was_closed_but_not_the_document_number(hand: Hand) -> None:
    hand.open("pages/sign-in/index?then=%2Fpages%2Fdetails%2Findex")
    hand.sign_in()
    hand.fill("姓名", "欧阳娜娜")
    hand.fill("证件号码", "99999919")
    hand.page.reload()
    assert hand.shown.get_by_label("姓名", exact=True).input_value() == "欧阳娜娜"
    assert hand.shown.get_by_label("证件号码", exact=True).input_value() == "", "the next person may be another"
    assert "99999919" not in hand.page.evaluate("() => JSON.stringify(localStorage)")


def test_an_application_whose_answer_was_lost_is_sent_again_and_is_one(hand: Hand) -> None:
    known(hand)
    hand.open()
    hand.tap(HR)
    hand.tap("看我能不能报")
    hand.tap("填写工作、学历和证书")
    hand.tap("添加工作经历")
    hand.pick("从何时开始")
    hand.tap("保存")
    hand.tap("填好了，看申报条件")
    hand.tap(APPLY)
    hand.photograph("为工作证明拍照或选择图片")
    hand.shown.get_by_role("img", name="工作证明").wait_for()
    hand.tap("下一步")
    read_to_the_end(hand)
    hand.tap("下一步")
    hand.tick("我已阅读并作出以上承诺")

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    hand.page.route("**/api/v1/registrations", lost)
    hand.tap("提交申报")
    hand.says(re.compile("已填写的内容不会丢失"))
    hand.see("31-line-broken")
    hand.page.unroute_all()
    hand.tap("提交申报")
    hand.says("申报已提交")
    assert rows(hand.stack.app, Registration) == 1


def test_whoever_cannot_come_steps_back_and_is_asked_first(hand: Hand) -> None:
    person = known(hand, applied=True)
    hand.open(f"pages/registration/index?number={person.number}")
    hand.tap("退出申报")
    hand.page.get_by_text("退出后不能恢复").wait_for()
    hand.page.locator(".uni-modal__btn_default").tap()
    assert person.mine()["status"] == "submitted"
    hand.tap("退出申报")
    hand.page.locator(".uni-modal__btn_primary").tap()
    hand.says("已退出")
    assert person.mine()["status"] == "withdrawn"


def test_whoever_would_pay_too_early_is_told_when_and_sees_no_account(hand: Hand) -> None:
    person = known(hand, applied=True)
    approve(hand.stack, person.number)
    hand.stack.clock.stand_at(at(2026, 3, 20, 9))
    hand.open(f"pages/pay/index?number={person.number}")
    hand.says(re.compile("还没到缴费时间"))
    assert hand.shown.get_by_text("银行转账").count() == 0, "who pays too early pays into the dark"


def test_where_one_applies_at_the_window_the_page_says_how(hand: Hand) -> None:
    hand.open()
    hand.tap(re.compile("密码技术应用员 四级"))
    hand.says(re.compile("个人申报请本人到业务受理窗口办理"))
    hand.see("32-at-the-window")


def test_a_sitting_that_is_not_there_is_told_in_plain_words(hand: Hand) -> None:
    hand.open("pages/sitting/index?id=999999")
    hand.says("没有这个考次，请返回列表重新选择")


def test_after_signing_out_nothing_personal_is_left_on_the_phone(hand: Hand) -> None:
    known(hand)
    hand.open("pages/me/index")
    hand.says("欧阳娜娜")
    hand.see("33-me")
    hand.tap("退出登录")
    hand.page.locator(".uni-modal__btn_primary").tap()
    hand.says("还没有登录")
    assert hand.page.evaluate("() => Object.values(localStorage).join()").find("欧阳") == -1
    assert hand.page.evaluate("() => localStorage.getItem('sign-in')") is None


def test_nobody_can_be_served_these_pages_inside_others(hand: Hand) -> None:
    hand.open()
    answer = hand.page.request.get(f"{hand.stack.web}/m/")
    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
