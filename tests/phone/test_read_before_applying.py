"""What somebody finds on the pages before they apply, or where they have applied already, here or elsewhere."""

import gzip
import json
import re

import pytest
from sqlalchemy import update

from miniapp_api.phone_pages import BUILT
from server.db import transaction
from server.models import Candidate
from tests.conftest import at
from tests.people import Phone, id_card
from tests.phone.hand import Hand
from tests.phone.test_states import HR, known
from tests.phone.test_without_a_network import with_a_ticket

ALREADY, MAY_I = "您已申报，查看进度", "看我能不能报"
CRYPTO = re.compile("密码技术应用员 四级")
WORK = {
    "work": [{"occupation": "人力资源管理", "since": "2010-01-01", "until": None}],
    **{name: [] for name in ("certificates", "titles", "diplomas")},
    "intends": False,
}


def signed_in(hand: Hand, serial: int = 1) -> Phone:
    """Somebody who is signed in on the pages, and has said who they are."""
    person = Phone(hand.stack).ready(serial)
    hand.open()
    hand.page.evaluate("token => localStorage.setItem('sign-in', token)", person.token)
    hand.page.evaluate("said => localStorage.setItem('draft:background', said)", json.dumps(WORK))
    return person


@pytest.mark.parametrize("new", [True], ids=["a new phone"])
def test_the_first_page_fetches_less_than_200_kb_of_what_is_built(hand: Hand) -> None:
    """Counted by a browser; miniapp/tests/output.test.ts counts the same without one."""
    hand.open()
    hand.seen.settle()
    files = {url.rpartition("/m/")[2] for url in hand.asked if "/assets/" in url}
    assert any("pages-sittings-index" in name for name in files)
    sent = sum(len(gzip.compress((BUILT / name).read_bytes())) for name in files | {"index.html"})
    assert 50_000 < sent < 200_000, (sent, sorted(files))


# --- has applied


def test_a_sitting_says_that_one_has_applied_for_it_and_leads_on(hand: Hand) -> None:
    person = signed_in(hand)
    person.register()
    hand.open(f"pages/sitting/index?id={person.mine()['sitting']['id']}")
    hand.says("您已申报，待审核")
    assert hand.shown.get_by_role("button", name=MAY_I).count() == 0
    hand.see("60-applied-already")
    hand.tap(ALREADY)
    hand.says("等待审核")


def test_who_has_stepped_back_may_apply_again(hand: Hand) -> None:
    person = signed_in(hand)
    number = person.register()
    person.ok("POST", f"registrations/{number}/withdrawal")
    with hand.page.expect_response("**/api/v1/registrations"):
        hand.open(f"pages/sitting/index?id={person.mine()['sitting']['id']}")
    hand.shown.get_by_role("button", name=MAY_I).wait_for()
    assert hand.shown.get_by_text("可以申报").count() == 1


@pytest.mark.parametrize("known_here", [True, False], ids=["signed in", "not signed in"])
def test_the_sitting_is_there_where_ones_own_applications_do_not_come(hand: Hand, known_here: bool) -> None:
    sitting = Phone(hand.stack).sitting("2026-04")["id"]
    if known_here:
        signed_in(hand)
    before = len(hand.asked)
    hand.page.route("**/api/v1/registrations", lambda route: route.abort())
    hand.open(f"pages/sitting/index?id={sitting}")
    hand.shown.get_by_role("button", name=MAY_I).wait_for()
    hand.says("可以申报")
    asked = [url for url in hand.asked[before:] if url.endswith("/api/v1/registrations")]
    assert bool(asked) is known_here, "nobody is asked for what a stranger cannot have"


# --- applied elsewhere


def test_who_applied_in_wechat_is_told_to_say_who_they_are_and_then_finds_it(hand: Hand) -> None:
    person = Phone(hand.stack)
    person.sign_in()
    person.set_phone("13800000077")  # another phone than the one they hold now
    person.fill_in("欧阳娜娜", id_card(1))
    person.send_photo()
    number = person.register()
    hand.open("pages/sign-in/index?then=%2Fpages%2Fregistrations%2Findex")
    hand.sign_in()
    hand.says(re.compile("在微信小程序、窗口或由单位申报的，请先填写个人信息，申报就会出现在这里"))
    first = hand.shown.get_by_role("button").first
    assert first.inner_text() == "填写个人信息"
    hand.see("61-applied-elsewhere")
    first.tap()
    assert number


def test_who_has_said_who_they_are_is_shown_the_sittings_first(hand: Hand) -> None:
    signed_in(hand)
    hand.open("pages/registrations/index")
    hand.says(re.compile("还没有申报，请先选择一个考次"))
    assert hand.shown.get_by_role("button").first.inner_text() == "查看考次"


# --- may I apply


def test_before_it_opens_one_learns_what_is_missing_and_when_to_come_back(hand: Hand) -> None:
    hand.stack.clock.stand_at(at(2026, 2, 20, 9))
    person = signed_in(hand)
    hand.open(f"pages/sitting/index?id={person.sitting('2026-04')['id']}")
    hand.says("2026年2月23日（周一）起可以申报。请到时再来。")
    hand.tap(MAY_I)
    hand.says("符合")
    hand.says("2026年2月23日（周一）起可以申报。请到时再来。")
    assert hand.shown.get_by_role("button", name="按这一条申报").count() == 0
    hand.see("62-may-i-before-it-opens")


def test_where_one_applies_at_a_window_one_learns_beforehand_whether_one_may(hand: Hand) -> None:
    signed_in(hand)
    hand.open()
    hand.tap(CRYPTO)
    hand.says("个人申报请本人到业务受理窗口办理，办法见下。")
    hand.tap(MAY_I)
    hand.says("您的情况")
    hand.says("个人申报请本人到业务受理窗口办理，办法见考次详情。")
    assert hand.shown.get_by_role("button", name="按这一条申报").count() == 0


# --- the institution's notice


def test_a_sitting_tells_how_tickets_results_and_certificates_come(hand: Hand) -> None:
    hand.open()
    hand.tap(HR)
    hand.tap("准考证、成绩和证书")
    hand.says(re.compile("在小程序下载"))
    hand.says(re.compile("完成所有科目后一般20个工作日内"))
    hand.says(re.compile("合格后都有电子证书"))
    hand.tap("机构的通知和网站")
    hand.says(re.compile(r"沪技师\(2026\)1号"))
    hand.see("63-notice")


def test_the_institution_of_the_sitting_looked_at_opens_first(hand: Hand) -> None:
    hand.open()
    hand.tap(HR)
    hand.tap("机构的地址和办公时间")
    fold = hand.shown.locator("[aria-expanded=true]")
    fold.wait_for()
    assert fold.get_attribute("aria-label") == "上海市技师协会"
    hand.see("64-contact")
    hand.open("pages/me/index")
    hand.tap("咨询、投诉电话和机构通知")
    assert hand.shown.locator("[aria-expanded]").first.get_attribute("aria-label") == "上海市技师协会"


def test_a_website_is_opened_by_a_browser(hand: Hand) -> None:
    hand.open("pages/contact/index?institution=technicians")
    hand.page.evaluate("() => { window.open = url => { window.OPENED = url } }")
    hand.tap("打开网站：国家职业技能标准查询")
    assert hand.page.evaluate("() => window.OPENED") == "http://biaozhun.osta.org.cn/"


# --- a name that cannot be printed


def test_who_gets_no_ticket_because_of_their_name_reads_why_and_finds_a_telephone(hand: Hand) -> None:
    number = with_a_ticket(hand)
    with hand.stack.app.app_context(), transaction() as session:
        session.execute(update(Candidate).values(name="张\ue000"))  # as an old system may have written it
    hand.open(f"pages/ticket/index?number={number}")
    hand.tap("存为图片")
    hand.says("姓名中有打印不出的字，工作人员正在处理，请致电咨询")
    hand.open(f"pages/picture/index?path=%2Fapi%2Fv1%2Fregistrations%2F{number}%2Fticket.png")
    hand.tap("查看咨询电话")
    hand.shown.get_by_role("button", name=re.compile("^拨打咨询电话")).first.wait_for()


# --- leaving


def test_whoever_leaves_with_a_sign_in_that_has_ended_just_leaves(hand: Hand) -> None:
    known(hand)
    hand.open("pages/me/index")
    hand.says("欧阳娜娜")
    hand.stack.clock.stand_at(at(2026, 12, 1))
    hand.tap("退出登录")
    with hand.page.expect_response("**/api/v1/sign-out") as waiting:
        hand.page.locator(".uni-modal__btn_primary").tap()
    assert waiting.value.status == 401
    hand.says("还没有登录")
    assert "sign-in" not in hand.page.url
    assert hand.page.evaluate("() => localStorage.length") <= 1


# --- what is done with what they say


def test_the_page_on_personal_information_is_read_from_me(hand: Hand) -> None:
    hand.open("pages/me/index")
    hand.tap("个人信息怎样使用")
    hand.says("收集什么，为什么")
    hand.see("65-privacy")
