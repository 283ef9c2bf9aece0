"""The built mini-program, in a simulation: not WeChat, whose own tools cannot run here. See tests/phone/mini_program.py."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from server.db import reading
from server.domain.registrations import Action
from server.local import LocalStack
from server.models import Account, Grant
from server.services import paying, reviewing
from tests.conftest import at
from tests.people import Phone, approve, id_card, pay, portrait
from tests.phone.mini_program import MiniProgram, opened

SIZE = (390, 844)


@pytest.fixture
def one(browser: Browser, house: LocalStack, packed: Path) -> Iterator[MiniProgram]:
    """Somebody new, who has opened the mini-program."""
    with opened(browser, house, packed, Phone(house), SIZE) as program:
        yield program


def test_it_opens_with_the_sittings_and_asks_nobody_to_sign_in(one: MiniProgram) -> None:
    one.title("考次")
    one.reads("企业人力资源管理师")
    assert one.calls("login") == []


def test_a_sitting_is_opened_read_and_left(one: MiniProgram) -> None:
    one.tap("企业人力资源管理师 四级/中级工，上海", exact=False)
    one.title("考次详情")
    assert len(one.calls("navigateTo")) == 1, "WeChat hands a tap on to whoever contains what was tapped"
    one.reads("缴费日期")
    one.tap("申报条件（符合其中一条即可）")
    one.reads("4.1")
    one.go_back()
    one.title("考次")


def test_the_heaps_of_sittings_are_a_tap_apart(one: MiniProgram) -> None:
    one.tap("即将受理", exact=False)
    one.reads("即将受理")


def test_one_tap_signs_in_and_the_notices_are_there(one: MiniProgram) -> None:
    one.tab("我的")
    one.reads("还没有登录")
    one.tap("登录")
    one.tap("微信登录")
    one.title("我的")
    one.reads("请填写个人信息")
    one.tap("我的通知")
    one.title("我的通知")
    one.reads("还没有通知")
    assert len(one.calls("login")) == 1


def test_the_telephones_are_a_tap_from_being_rung(one: MiniProgram) -> None:
    one.tab("我的")
    one.tap("咨询、投诉电话和机构通知")
    one.title("咨询和投诉")
    one.tap("拨打咨询电话", exact=False)
    [call] = one.called("makePhoneCall")
    assert str(call["phoneNumber"]).isdigit()


REFUSALS = ["user deny", "privacy permission is not authorized"]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_whoever_keeps_the_phone_number_from_wechat_verifies_one_by_sms(one: MiniProgram, refusal: str) -> None:
    one.no_phone = refusal
    one.opens("/pages/sign-in/index?then=%2Fpages%2Fdetails%2Findex")
    one.tap("微信登录")
    one.tap("用微信绑定的手机号")
    one.reads("没有取得微信绑定的手机号，请用下面的短信方式验证")
    one.tap("用短信验证手机号")
    one.title("验证手机号")
    one.phone.phone = "13900000001"
    one.type("手机号", one.phone.phone)
    one.tap("获取验证码")
    one.reads("重新获取")
    one.phone.stack.dispatcher.drain()
    code = re.findall(r"\d{6}", one.phone.messages()[-1]["text"])[0]
    one.type("验证码", code)
    one.tap("确定")
    one.title("个人信息")
    one.reads("139****0001")
    one.reads("点这里更换")


def applied(one: MiniProgram) -> str:
    """Somebody who has applied, and looks at it; the number."""
    number = one.phone.ready(1).register()
    one.opens(f"/pages/sign-in/index?then=%2Fpages%2Fregistration%2Findex%3Fnumber%3D{number}")
    one.tap("微信登录")
    one.reads("等待审核")
    return number


def test_whoever_refuses_messages_in_wechat_is_told_by_sms_and_has_given_no_credit(one: MiniProgram) -> None:
    applied(one)
    one.answers = "reject"
    kinds = ("approved", "returned", "postponed")
    one.tap("允许微信通知")
    one.reads("好的，通知会用短信发给您")
    one.phone.sandbox("drain")
    assert [len(asked) for asked in one.asked_for] == [3]
    assert [credits_for(one, kind) for kind in kinds] == [0, 0, 0]
    assert len(one.calls("requestSubscribeMessage")) == 1, "asked once and no more"


def test_whoever_cannot_make_the_new_date_steps_back_and_reads_what_becomes_of_the_money(one: MiniProgram) -> None:
    stack, number = one.phone.stack, applied(one)
    approve(stack, number)
    stack.clock.stand_at(at(2026, 3, 24))
    pay(stack, number, date(2026, 3, 24))
    stack.clock.stand_at(at(2026, 3, 31, 9))
    stack.run_jobs()  # it is alone, and too few
    stack.clock.stand_at(at(2026, 10, 12, 20))  # the evening of the last day
    one.opens(f"/pages/registration/index?number={number}")
    one.reads("2026年10月12日（周一）前（含当日）可以在下面退出申报")
    one.confirms = False
    one.tap("退出申报")
    one.called("showModal")
    assert one.dialogues == ["退出这个申报？\n退出后不能恢复，已缴费用由工作人员退还。"]
    [asked] = one.calls("showModal")
    assert (asked["confirmText"], asked["cancelText"]) == ("退出", "不退出")
    assert one.phone.mine()["status"] == "paid", "who says no stays"
    one.confirms = True
    one.tap("退出申报")
    one.reads("已退出")
    one.reads("由工作人员退还，办理后会通知您")
    one.reads_not("不退出就视为参加")
    one.reads_not("届时按新的日期参加")
    expect(one.shown.get_by_role("button", name="退出申报")).to_have_count(0)
    assert one.phone.mine()["status"] == "withdrawn"
    with stack.app.app_context():
        paying.refund(number, "bank-back", "staff:lin", "本人退出", stack.clock.now())
    one.opens(f"/pages/registration/index?number={number}")
    one.reads("已缴费用已办理退还，到账时间以银行为准")


# --- the whole story. A step is a function: add one where it belongs in the last test of this file.


def choose_a_sitting(one: MiniProgram) -> None:
    one.tap("企业人力资源管理师 四级/中级工，上海市技师协会", exact=False)
    one.tap("看我能不能报")
    one.title("登录")
    one.tap("微信登录")
    one.title("我能不能报")


def say_who_one_is(one: MiniProgram) -> None:
    one.phone.phone = "13900000099"  # nobody else's: what comes to it is counted
    one.tap("填写个人信息")
    one.tap("用微信绑定的手机号")
    one.reads("点这里更换")
    one.type("姓名", "欧阳娜娜")
    one.choose("证件类型", "居民身份证（含港澳台居民居住证）")
    one.type("证件号码", id_card(1))
    one.tap("我同意评价机构使用我的姓名", exact=False)
    one.tap("保存")
    one.title("我能不能报")


def say_what_one_has_done(one: MiniProgram) -> None:
    one.tap("填写工作、学历和证书")
    one.tap("添加工作经历")
    one.type("从事的职业", "人力资源管理")
    one.choose("从何时开始", "2015-01")
    one.tap("保存")
    one.reads("2015年1月至现在")
    one.tap("填好了，看申报条件")
    one.reads("已满5年")
    one.tap("按这一条申报", exact=False)


def hand_in(one: MiniProgram) -> str:
    one.tap("上传证件照")
    one.picks(portrait(826, 1157))
    one.tap("我同意评价机构使用我的证件照", exact=False)
    one.tap("选择照片")
    one.press("裁好了")
    one.tap("就用这张")
    one.pictures("现在的证件照")
    one.go_back()
    one.picks(portrait())
    one.tap("为工作证明拍照或选择图片")
    one.pictures("工作证明")
    one.tap("下一步")
    one.page.get_by_text("须知到这里结束").scroll_into_view_if_needed()
    one.tap("我已从头读完，明白并遵守以上须知")
    one.tap("下一步")
    one.tap("我已阅读并作出以上承诺")
    one.tap("提交申报")
    one.title("报名表")
    return one.argument["number"]


def sign_the_form(one: MiniProgram) -> None:
    one.reads("还差一步")
    allow_messages(one, {"approved", "returned", "postponed"})  # at submission: not everybody signs at once
    one.reads("本人承诺")
    one.tap("确认无误并签名")
    one.reads("没有看到签名")
    one.tap("我同意评价机构使用我的手写签名", exact=False)
    sign(one)
    one.tap("打开PDF")
    assert one.called("openDocument")[0]["fileType"] == "pdf"
    one.tap("完成，查看进度")
    one.reads("等待审核")


def sign(one: MiniProgram) -> None:
    one.reads("本人承诺")
    one.draw()
    one.tap("确认无误并签名")
    one.reads("签名确认。")


def mend_what_was_returned(one: MiniProgram, number: str) -> None:
    stack = one.phone.stack
    with stack.app.app_context():
        why = ["工作证明没有盖单位公章，请重新上传"]
        reviewing.review(number, Action.RETURN, "staff:chen", stack.clock.now(), reasons=why)
    one.opens(f"/pages/registration/index?number={number}")
    one.reads("待补正")
    one.reads("工作证明没有盖单位公章，请重新上传")
    one.tap("去补正")
    one.title("我能不能报")
    one.tap("按这一条申报", exact=False)
    one.reads("审核意见，请据此补正")
    one.reads("已提交")
    one.picks(portrait())
    one.tap("为其他材料拍照或选择图片")
    one.pictures("其他材料")
    one.tap("下一步")
    one.page.get_by_text("须知到这里结束").scroll_into_view_if_needed()
    one.tap("我已从头读完，明白并遵守以上须知")
    one.tap("下一步")
    one.reads("2张")
    one.tap("我已阅读并作出以上承诺")
    one.tap("重新提交")
    one.title("报名表")
    assert one.argument["number"] == number, "mended, not another application"
    one.reads("还差一步")  # what was signed before said something else
    sign(one)
    one.tap("完成，查看进度")
    one.reads("等待审核")
    one.reads("补正后重新提交")


def credits_for(one: MiniProgram, kind: str) -> int:
    """How many messages of a kind the server may send to this phone by now."""
    template = one.phone.stack.settings.wechat_templates[kind]
    mine = select(Account.id).where(Account.openid == one.phone.openid)
    unspent = select(func.count()).where(Grant.account_id.in_(mine), Grant.template == template)
    with one.phone.stack.app.app_context(), reading() as session:
        return session.scalar(unspent.where(Grant.spent_at.is_(None))) or 0


def allow_messages(one: MiniProgram, kinds: set[str]) -> None:
    before = {kind: credits_for(one, kind) for kind in kinds}
    one.tap("允许微信通知")
    one.reads("会在微信里通知您")
    asked = one.asked_for[-1]
    templates = one.phone.stack.settings.wechat_templates
    assert set(asked) == {templates[kind] for kind in kinds}
    assert len(asked) <= 3, "WeChat takes no more in one tap"
    one.phone.sandbox("drain")
    assert {kind: credits_for(one, kind) - before[kind] for kind in kinds} == dict.fromkeys(kinds, 1)


def pay_by_transfer(one: MiniProgram, number: str) -> None:
    stack = one.phone.stack
    approve(stack, number)
    stack.clock.stand_at(at(2026, 3, 24))
    one.opens(f"/pages/registration/index?number={number}")
    one.tap("怎样缴费")
    one.reads("现在可以缴费")
    allow_messages(one, {"postponed", "ticket_ready", "held"})
    pay(stack, number, date(2026, 3, 24))
    one.opens(f"/pages/pay/index?number={number}")
    one.reads("费用已到账")


def learn_of_the_postponement(one: MiniProgram, number: str) -> None:
    stack = one.phone.stack
    stack.clock.stand_at(at(2026, 3, 31, 9))
    stack.run_jobs()  # it is alone, and too few
    one.opens(f"/pages/registration/index?number={number}")
    one.reads("考试延期")
    one.reads("11月7日、8日")
    one.reads("不退出就视为参加")
    told = [each for each in one.phone.messages() if "延期" in each["text"]]
    assert {each["channel"] for each in told} == {"sms", "wechat"}, "the credit that was tapped is used"


def fetch_the_ticket(one: MiniProgram, number: str) -> None:
    stack = one.phone.stack
    for day in (at(2026, 10, 14, 9), at(2026, 11, 2, 9)):
        stack.clock.stand_at(day)
        stack.run_jobs()
    one.opens(f"/pages/registration/index?number={number}")
    one.tap("查看准考证")
    one.reads("入场时请出示此码和本人证件")
    one.tap("存为图片")
    assert len(one.called("saveImageToPhotosAlbum")) == 1


def show_it_without_a_network(one: MiniProgram, number: str) -> None:
    """At the door, after the phone has closed the mini-program in the meantime."""
    one.loses_the_network()
    one.starts_anew()
    one.opens(f"/pages/ticket/index?number={number}")
    one.reads("现在没有网络")
    one.pictures("准考证二维码，入场时出示")
    code = one.shown.get_by_role("img", name="准考证二维码，入场时出示")
    assert code.evaluate("one => one.complete && one.naturalWidth") > 0, "drawn, without a network"
    one.loses_the_network(False)
    one.opens(f"/pages/ticket/index?number={number}")
    one.pictures("准考证二维码，入场时出示")
    one.reads_not("现在没有网络")


def test_somebody_applies_mends_pays_is_moved_and_shows_the_ticket(one: MiniProgram) -> None:
    choose_a_sitting(one)
    say_who_one_is(one)
    say_what_one_has_done(one)
    number = hand_in(one)
    sign_the_form(one)
    expect(one.shown.get_by_role("button", name="允许微信通知")).to_have_count(0)  # has been granted
    mend_what_was_returned(one, number)
    pay_by_transfer(one, number)
    learn_of_the_postponement(one, number)
    fetch_the_ticket(one, number)
    show_it_without_a_network(one, number)
