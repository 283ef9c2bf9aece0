"""The built mini-program, in a simulation: not WeChat, whose own tools cannot run here. See tests/phone/mini_program.py."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import func, select

from server.db import reading
from server.local import LocalStack
from server.models import Account, Grant
from tests.conftest import at
from tests.people import Phone, approve, id_card, pay, portrait
from tests.phone.mini_program import MiniProgram, opened, pack, require_built

SIZE = (390, 844)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    require_built()
    return pack(tmp_path_factory.mktemp("packed"))


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


# --- the whole story. A step is a function: add one where it belongs in the last test of this file.


def choose_a_sitting(one: MiniProgram) -> None:
    one.tap("企业人力资源管理师 四级/中级工，上海市技师协会", exact=False)
    one.tap("看我能不能报")
    one.title("登录")
    one.tap("微信登录")
    one.title("我能不能报")


def say_who_one_is(one: MiniProgram) -> None:
    one.phone.phone = "13900000001"
    one.tap("填写个人信息")
    one.tap("用微信绑定的手机号")
    one.reads("点这里更换")
    one.type("姓名", "欧阳娜娜")
    one.choose("证件类型", "居民身份证（含港澳台居民居住证）")
    one.type("证件号码", id_card(1))
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
    one.tap("选择照片")
    one.press("裁好了")
    one.tap("就用这张")
    one.pictures("现在的证件照")
    one.go_back()
    one.picks(portrait())
    one.tap("为工作证明拍照或选择图片")
    one.pictures("工作证明")
    one.tap("下一步")
    one.tap("我已从头读完，明白并遵守以上须知")
    one.tap("下一步")
    one.tap("我已阅读并作出以上承诺")
    one.tap("提交申报")
    one.title("报名表")
    return one.argument["number"]


def sign_the_form(one: MiniProgram) -> None:
    one.reads("还差一步")
    one.page.get_by_text("正在载入报名表").first.wait_for(state="hidden")
    one.tap("确认无误并签名")
    one.reads("没有看到签名")
    one.draw()
    one.tap("确认无误并签名")
    one.reads("签名确认")
    one.tap("打开PDF")
    assert one.called("openDocument")[0]["fileType"] == "pdf"
    one.tap("完成，查看进度")
    one.reads("等待审核")


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


def test_somebody_applies_signs_pays_is_moved_and_fetches_the_ticket(one: MiniProgram) -> None:
    choose_a_sitting(one)
    say_who_one_is(one)
    say_what_one_has_done(one)
    number = hand_in(one)
    sign_the_form(one)
    allow_messages(one, {"approved", "returned", "postponed"})
    pay_by_transfer(one, number)
    learn_of_the_postponement(one, number)
    fetch_the_ticket(one, number)
