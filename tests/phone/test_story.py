"""The whole story on a phone: from the list of sittings through a return, a payment and a postponement to the ticket."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from server.domain.registrations import Action
from server.services import reviewing
from server.services.paying import set_collection_account
from tests.conftest import at
from tests.people import approve, id_card, pay
from tests.phone.hand import Hand, Look

APPLY = re.compile("^按这一条申报")
LOOKS = [Look(390, 844), Look(320, 568, "dark")]


@pytest.fixture
def new() -> bool:
    """A phone that has never been on the pages."""
    return True


def choose_a_sitting(hand: Hand) -> None:
    hand.open()
    hand.see("01-sittings")
    hand.tap(re.compile("企业人力资源管理师 四级.*上海市技师协会"))
    hand.says("350元")
    hand.see("02-sitting")
    hand.tap("看我能不能报")


def say_who_one_is(hand: Hand) -> None:
    hand.see("03-sign-in")
    hand.sign_in()
    hand.tap("填写个人信息")
    hand.fill("姓名", "欧阳娜娜")
    hand.fill("证件号码", id_card(1)[:-1] + "0")
    hand.tap("保存")
    hand.says("请先勾选上面的“我同意”，再保存")
    hand.tick("我同意评价机构使用我的姓名")
    hand.tap("保存")
    hand.says("身份证号码有误")
    hand.see("04-details-wrong")
    hand.fill("证件号码", id_card(1))
    hand.tap("保存")
    hand.says("还没有填写工作、学历和证书")


def say_what_one_has_done(hand: Hand) -> None:
    hand.tap("填写工作、学历和证书")
    hand.tap("添加工作经历")
    hand.fill("从事的职业", "人力资源管理")
    hand.pick("从何时开始")
    hand.see("05-work")
    hand.tap("保存")
    hand.says("2015年1月至现在")
    hand.see("06-background")
    hand.tap("填好了，看申报条件")
    hand.says("已满5年")
    hand.see("07-eligibility")
    hand.tap(APPLY)


def read_to_the_end(hand: Hand) -> None:
    """The 须知 (item 一 of it wants it read): what says that it was can be ticked once its end has been on the screen."""
    hand.says("须知到这里结束").scroll_into_view_if_needed()
    hand.shown.get_by_role("button", name="往下看，须知还没看完").wait_for(state="detached")
    hand.tick("我已从头读完，明白并遵守以上须知")


def hand_in(hand: Hand) -> str:
    hand.tap("上传证件照")
    hand.tap("选择照片")
    hand.says("请先勾选下面的“我同意”，再选择照片")
    hand.tick("我同意评价机构使用我的证件照")
    hand.photograph("选择照片")
    hand.page.locator(".wd-img-cropper__footer uni-button").tap()
    hand.tap("就用这张")
    hand.shown.get_by_role("img", name="现在的证件照").wait_for()
    hand.see("08-portrait")
    hand.back()
    hand.photograph("为工作证明拍照或选择图片")
    hand.shown.get_by_role("img", name="工作证明").wait_for()
    hand.see("09-evidence")
    hand.tap("下一步")
    hand.see("10-conduct")
    read_to_the_end(hand)
    hand.tap("下一步")
    hand.tick("另要纸质证书")
    hand.tick("我已阅读并作出以上承诺")
    hand.see("11-check")
    hand.tap("提交申报")
    hand.says("申报已提交")
    return hand.argument["number"]


def sign_the_form(hand: Hand) -> None:
    hand.see("12-form")
    hand.says("还差一步")
    hand.tap("确认无误并签名")
    hand.says("没有看到签名")
    hand.draw()
    hand.tap("确认无误并签名")
    hand.says("请先勾选签名框上面的“我同意”")
    hand.tick("我同意评价机构使用我的手写签名")
    hand.see("13-signing")
    hand.tap("确认无误并签名")
    hand.says("签名确认")
    hand.tap("完成，查看进度")
    hand.says("等待审核")
    hand.see("14-submitted")


def mend_what_was_returned(hand: Hand, number: str) -> None:
    with hand.stack.app.app_context():
        why = ["工作证明没有盖单位公章，请重新上传"]
        reviewing.review(number, Action.RETURN, "staff:chen", hand.stack.clock.now(), reasons=why)
    hand.page.reload()
    hand.says("工作证明没有盖单位公章")
    hand.see("15-returned")
    hand.tap("去补正")
    hand.tap(APPLY)
    hand.photograph("为其他材料拍照或选择图片")
    hand.shown.get_by_role("img", name="其他材料").wait_for()
    hand.see("16-mending")
    hand.tap("下一步")
    read_to_the_end(hand)
    hand.tap("下一步")
    hand.tick("我已阅读并作出以上承诺")
    hand.tap("重新提交")
    hand.says("还差一步")
    hand.draw()
    hand.tap("确认无误并签名")
    hand.tap("完成，查看进度")


def pay_by_transfer(hand: Hand, number: str) -> None:
    stack = hand.stack
    approve(stack, number)
    stack.clock.stand_at(at(2026, 3, 24))
    with stack.app.app_context():
        account = ("上海市技师协会", "某某银行上海市某某支行", "6222000011112222333")
        set_collection_account("technicians-2026", *account, "staff:lin", stack.clock.now())
    hand.page.reload()
    hand.tap("怎样缴费")
    hand.says(f"欧阳娜娜+{number}")
    hand.see("17-pay")
    for name in ("收款户名", "收款账号", "开户银行", "转账金额", "附言（必填）"):
        hand.tap(re.compile(f"^复制{name}"))
        hand.page.get_by_text(f"已复制{name}").wait_for()
    pay(stack, number, date(2026, 3, 24))
    hand.page.reload()
    hand.says("费用已到账")


def learn_of_the_postponement(hand: Hand, number: str) -> None:
    stack = hand.stack
    stack.clock.stand_at(at(2026, 3, 31, 9))
    stack.run_jobs()  # it is alone, and too few
    hand.open(f"pages/registration/index?number={number}")
    hand.sign_in()  # the sign-in of February has ended
    hand.says("考试延期")
    for words in (
        "4月25日、26日",
        "11月7日、8日",
        "2026年10月12日（周一）前（含当日）可以在下面退出",
        "不退出就视为参加",
    ):
        hand.says(re.compile(words))
    hand.see("18-postponed")
    assert hand.shown.get_by_role("button", name="退出申报").is_visible()
    hand.open("pages/notices/index")
    hand.says(re.compile("由4月25日、26日延期至11月7日、8日安排"))
    hand.see("19-notices")


def fetch_the_ticket(hand: Hand, number: str) -> None:
    stack = hand.stack
    for day in (at(2026, 10, 14, 9), at(2026, 11, 2, 9)):
        stack.clock.stand_at(day)
        stack.run_jobs()
    hand.open(f"pages/registration/index?number={number}")
    hand.sign_in(id_card(1)[-4:])  # seven months after the last time
    hand.tap("查看准考证")
    qr = hand.shown.get_by_role("img", name="准考证二维码，入场时出示")
    qr.wait_for()
    hand.see("20-ticket")
    box = qr.bounding_box()
    assert box is not None
    assert box["width"] >= 240, "a scanner at arm's length wants a large code"
    black = Image.open(BytesIO(qr.screenshot())).convert("L").histogram()[0]
    assert black > box["width"] * box["height"] / 5, "the code is not to be seen"
    for button, start in (("下载PDF", b"%PDF"), ("存为图片", b"\x89PNG")):
        with hand.page.expect_download() as waiting:
            hand.tap(button)
        assert Path(waiting.value.path()).read_bytes().startswith(start)


def show_it_without_a_network(hand: Hand) -> None:
    hand.window.set_offline(True)
    hand.back()
    hand.page.go_forward()
    hand.says("现在没有网络")
    assert hand.shown.get_by_role("img", name="准考证二维码，入场时出示").is_visible()
    hand.window.set_offline(False)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_somebody_applies_mends_pays_is_moved_and_shows_the_ticket(hand: Hand) -> None:
    choose_a_sitting(hand)
    say_who_one_is(hand)
    say_what_one_has_done(hand)
    number = hand_in(hand)
    sign_the_form(hand)
    mend_what_was_returned(hand, number)
    pay_by_transfer(hand, number)
    learn_of_the_postponement(hand, number)
    fetch_the_ticket(hand, number)
    show_it_without_a_network(hand)
