"""Somebody who came to the window, or was filed by a school, looks at their registration on a phone: at each stage the page
says what this institution's notice says, and nothing that belongs to another's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from server.rulebooks.loader import FOLDER, load_file
from server.services.absence import mark_absent
from tests.notices.at_the_window import Desk, Visitor, opened
from tests.phone.looks import Seen, leave, phone_window

BOOK = load_file(FOLDER / "sisa-2026.toml").book
#: what only the technicians' candidates are told
OF_OTHERS = ("电子证书", "快递", "11月", "签名报名表")


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path, sqlite_url, "2026-02-10 10:00:00", BOOK) as running:
        yield running


class Reader:
    """The phone of somebody whose registration the window has entered."""

    def __init__(self, seen: Seen, one: Visitor, folder: Path) -> None:
        self.seen, self.one, self.folder = seen, one, folder

    def reads(self, page: str, *words: str, never: tuple[str, ...] = ()) -> None:
        """The page is fit, and says this and not that."""
        self.one.ok("GET", "me")  # signs in anew where the sign-in has ended
        if not self.seen.page.url.startswith(self.one.stack.web):
            self.seen.page.goto(f"{self.one.stack.web}/m/#/pages/contact/index")
        self.seen.page.evaluate("token => localStorage.setItem('sign-in', token)", self.one.token)
        leave(self.seen.page)
        self.seen.page.goto(f"{self.one.stack.web}/m/#/pages/{page}/index?number={self.one.number}")
        self.seen.is_fit(self.folder / f"{page}.png")
        said = self.seen.page.locator("uni-page:visible").last.inner_text()
        for each in words:
            assert each in said, said
        for each in (*OF_OTHERS, *never):
            assert each not in said, said


@pytest.fixture
def reader(browser: Browser, desk: Desk, tmp_path: Path) -> Iterator[Reader]:
    one = desk.come(1, "2026-03").join()
    with phone_window(browser, desk.stack.web, size=(320, 568)) as seen:
        yield Reader(seen, one, tmp_path)


def test_from_review_to_payment_while_the_window_is_still_open(desk: Desk, reader: Reader) -> None:
    """二（四）1 经资格审核通过后，应在规定时间内缴纳: here one pays while others still apply."""
    reader.reads("registration", "等待审核", "窗口申报", "纸质证书，由本人至业务受理点领取", never=("缴费已截止",))
    reader.reads("pay", "请先不要转账", never=("收款账号",))
    desk.approve(reader.one)
    reader.reads("registration", "请缴费500元，2026年2月28日（周六）前（含当日）到账", "怎样缴费", never=("截止",))
    reader.reads("registrations", "请缴费500元")
    reader.reads(
        "pay", "现在可以缴费", "4351 6259 5815", "sisa2024@163.com", "513100005017785741", "2月28日前（含当日）到账"
    )
    assert desk.pay(reader.one, "2026-02-10").paid
    reader.reads("registration", "已缴费，等待开考安排", never=("缴费日期",))
    reader.reads("pay", "费用已到账，不用再缴", never=("收款账号",))


def test_moved_held_and_absent(desk: Desk, reader: Reader) -> None:
    """二（三）注 顺延至下月一起认定考核; 具体时间由协会统一安排并另行通知."""
    one = reader.one
    desk.approve(one)
    assert desk.pay(one, "2026-02-10").paid
    desk.live("2026-03-02 08:00:00")
    reader.reads("registration", "已改到4月底前（具体日期另行通知）", "3月底前", "不退出就视为参加")
    desk.crowd("2026-04", 29, "2026-03-10")
    desk.live("2026-04-02 08:00:00")
    reader.reads(
        "registration", "已确定开考，具体日期确定后会通知您", "届时按新的日期参加即可", never=("准考证，", "下面退出")
    )
    desk.at("2026-04-03 09:00:00")
    desk.set_day("2026-04", "2026-04-25")
    desk.live("2026-04-18 09:00:00")
    reader.reads("registration", "请查看准考证，按时参加评价")
    reader.reads("ticket", "2026年4月25日（周六）", "理论知识", "09:00")
    desk.live("2026-04-26 09:00:00")
    reader.reads("registration", "评价已结束", never=("届时按新的日期", "视为参加"))
    with desk.stack.app.app_context():
        assert mark_absent(one.number, "staff:chen", "签到表无此人", desk.stack.clock.now())
    reader.reads("registration", "记为缺考", never=("视为参加", "按时参加"))


def test_too_late_with_the_money(desk: Desk, reader: Reader) -> None:
    desk.approve(reader.one)
    desk.live("2026-03-02 00:00:00")
    reader.reads("registration", "逾期失效", "请不要再转账；已经转账的，请致电", never=("需要时可以重新申报",))
    reader.reads("pay", "不用缴费，请不要转账", never=("收款账号",))
    assert not desk.pay(reader.one, "2026-03-01").paid
    reader.reads("registration", "已收到的500元由工作人员退还")


def test_who_waits_for_next_year_is_told_to_wait_and_shown_no_day(
    browser: Browser, sqlite_url: str, tmp_path: Path
) -> None:
    """二（三） 12月底前或根据次年公告排考."""
    with opened(tmp_path, sqlite_url, "2026-12-31 22:00:00", BOOK) as desk:
        one = desk.take(1, "2027-01", "2026-12-31")
        desk.live("2027-01-02 08:00:00")
        one.join()
        with phone_window(browser, desk.stack.web) as seen:
            reader = Reader(seen, one, tmp_path)
            reader.reads(
                "registration",
                "等待次年公告，新的日期确定后会通知您",
                "不愿等的，可以在下面退出申报",
                never=("视为参加", "缴费日期", "地点", "查看准考证"),
            )
            reader.reads("registrations", "待次年公告")
