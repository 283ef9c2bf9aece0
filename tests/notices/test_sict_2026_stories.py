"""上海市计算技术研究所有限公司, 2026年1月15日: the sentences that are carried out over HTTP, on a database and by the jobs. The
docstrings name the article."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.rulebooks.loader import FOLDER, load_file
from tests.notices.at_the_window import (
    SCHOOL,
    Decided,
    Desk,
    closed_up,
    is_taken_at_the_window_only,
    is_taken_from_a_list,
    next_year,
    opened,
)

BOOK = load_file(FOLDER / "sict-2026.toml").book

# 二（四）2
FEES = [
    ("ai", 4, "400元"),
    ("ai", 3, "500元"),
    ("infosec", 4, "500元"),
    ("infosec", 3, "550元"),
    ("netsec", 4, "500元"),
    ("netsec", 3, "550元"),
    ("programmer", 4, "350元"),
    ("programmer", 3, "400元"),
]


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path, sqlite_url, "2026-01-15 09:00:00", BOOK) as running:
        yield running


def test_individuals_are_registered_at_the_window_with_three_papers(desk: Desk) -> None:
    """二（二） 个人申报到个人业务受理窗口办理，须提供须知、2寸证件照1张及相关佐证材料; 二（三） 2月底前; 七 应承诺……真实有效."""
    desk.at("2026-01-31 23:59:59")
    assert desk.sent_away(1, "2026-03") == "not_open_yet"
    is_taken_at_the_window_only(desk, "2026-03", "2026-02-01 00:00:00", "2026-02-28 23:59:59", "2026-03-01 00:00:00")


def test_whoever_a_school_has_filed_is_entered_by_a_clerk(desk: Desk) -> None:
    """二（二） 团体申报……通过……自助经办系统办理."""
    desk.at("2026-02-05 10:00:00")
    is_taken_from_a_list(desk, "2026-03")


def test_each_trade_and_level_asks_its_own_fee_into_the_account_as_printed(desk: Desk) -> None:
    """二（四）1 单位名称……开户行及账号; 二（四）2 考务费的收费标准."""
    desk.at("2026-02-05 10:00:00")
    asked = {}
    for occupation, level, _ in FEES:
        one = desk.come(1, "2026-03", occupation=occupation, level=level)
        desk.approve(one)
        asked[occupation, level] = one.join().ok("GET", f"registrations/{one.number}/payment")
    assert [(*key, due["amount"]) for key, due in asked.items()] == FEES
    due = asked["programmer", 4]
    assert due["account"] == {
        "holder": "上海市计算技术研究所有限公司",
        "bank": "建设银行上海静安支行",
        "number": "31001508300056003187",
    }
    assert (due["open"], due["first"], due["last"]) == (True, "2026-02-01", "2026-02-28")
    # The notice does not say what to write into the transfer: name and number of the registration are assumed.
    numbers = {one["number"] for one in one.ok("GET", "registrations")["registrations"]}
    assert {due["remark"] for due in asked.values()} == {f"{one.name}+{number}" for number in numbers}


def test_the_fee_is_paid_after_review_and_by_the_day_on_which_the_account_received_it(desk: Desk) -> None:
    """二（二） 现场审核通过后，缴纳考务费; 二（四）1 经资格审核通过后，应在规定时间内缴纳, 以交至……指定账户为准."""
    desk.at("2026-02-20 10:00:00")
    in_time, late, unreviewed = (desk.come(serial, "2026-03") for serial in (1, 2, 3))
    assert in_time.join().ok("GET", f"registrations/{in_time.number}/payment")["open"] is False
    desk.approve(in_time, late)
    assert in_time.ok("GET", f"registrations/{in_time.number}/payment")["open"] is True
    desk.at("2026-03-01 16:00:00")
    assert desk.pay(in_time, "2026-02-28").paid
    assert (desk.pay(late, "2026-03-01").paid, desk.pay(unreviewed, "2026-02-28").paid) == (False, False)
    desk.live("2026-03-02 00:00:00")
    assert [desk.where(one)[0] for one in (in_time, late, unreviewed)] == ["paid", "expired", "expired"]


def test_each_trade_is_judged_on_its_own_whatever_its_code(desk: Desk) -> None:
    """一 4-04-04-02 信息安全管理员, 网络安全管理员; 二（三）注 报名人数不足30人，则顺延至下月一起评价认定."""
    codes = {one.key: one.code for one in BOOK.occupations}
    assert codes["infosec"] == codes["netsec"]
    desk.crowd("2026-03", 30, "2026-02-10", occupation="infosec")
    desk.crowd("2026-03", 28, "2026-02-10", occupation="netsec")
    desk.at("2026-02-10 10:00:00")
    both = desk.take(1, "2026-03", "2026-02-10", occupation="netsec")
    also = desk.take(1, "2026-03", "2026-02-10", occupation="netsec", level=3)
    desk.live("2026-03-01 23:59:59")
    assert desk.decided("2026-03", "netsec") is None
    desk.live("2026-03-02 00:00:00")
    desk.live("2026-03-02 08:00:00")
    assert desk.decided("2026-03", "infosec") == Decided("held", 30, 0, "")
    assert desk.decided("2026-03", "netsec") == Decided("postponed", 29, 29, "2026-04")
    assert desk.decided("2026-03", "netsec", 3) == Decided("postponed", 1, 1, "2026-04")
    assert desk.decided("2026-03", "ai") == Decided("none", 0, 0, "")
    about = [text.partition("您申报的")[2].partition("评价因")[0] for text in both.texts("延期")]
    # Both go out at the same moment, so neither is the first.
    assert sorted(about) == [
        "网络与信息安全管理员（网络安全管理员）三级",
        "网络与信息安全管理员（网络安全管理员）四级",
    ]
    assert all(text.endswith("咨询上海市计算技术研究所有限公司021-62520070（转207）") for text in both.texts("延期"))

    desk.at("2026-03-20 10:00:00")
    desk.take(2, "2026-04", "2026-03-20", occupation="netsec")
    desk.live("2026-04-02 08:00:00")
    assert desk.decided("2026-04", "netsec") == Decided("held", 30, 0, "")
    assert desk.decided("2026-04", "netsec", 3) == Decided("postponed", 1, 1, "2026-05")
    assert (desk.where(both), desk.where(also)) == (("paid", "2026-04"), ("paid", "2026-05"))


def test_the_day_is_told_and_tickets_are_downloaded_from_a_week_before(desk: Desk) -> None:
    """二（三）注 具体考核日期以准考证信息为准, 具体认定时间……另行通知; 二（五） 考前一周下载，自行打印; 附件2 参评人员须知."""
    desk.crowd("2026-03", 28, "2026-02-10")
    desk.at("2026-02-10 10:00:00")
    alone, filed = desk.take(1, "2026-03", "2026-02-10"), desk.take(2, "2026-03", "2026-02-10", unit=SCHOOL)
    desk.live("2026-03-02 08:00:00")
    desk.set_day("2026-03", "2026-03-21")
    desk.live("2026-03-02 08:01:00")
    assert "人工智能训练师四级评价日期为3月21日（日期已定）" in alone.texts("评价日期为")[0]
    desk.live("2026-03-13 23:59:59")
    assert desk.tickets(alone, filed) == [False, False]
    assert alone.join().refused("GET", f"registrations/{alone.number}/ticket") == (409, "ticket_not_ready")
    desk.live("2026-03-14 00:00:00")
    assert desk.tickets(alone, filed) == [True, True]
    desk.live("2026-03-14 08:00:00")
    assert [len(one.texts("准考证已生成")) for one in (alone, filed)] == [1, 1]

    for one in (alone, filed.join()):
        printed = one.printed()
        assert printed.count("2026年3月21日（周六）") == len(BOOK.occupations[0].subjects)
        assert all(closed_up(rule) in printed for rule in BOOK.conduct.rules)
    link = alone.ok("GET", f"registrations/{alone.number}/ticket")["link"]
    page = alone.http.get(link, timeout=10).text
    assert '<a href="tel:02162520070">021-62520070（转207）</a>' in page


def test_whom_january_cannot_take_wait_for_the_notice_of_2027_and_come_in_february(
    sqlite_url: str, tmp_path: Path
) -> None:
    """二（三） table 12月：12月底前或根据次年公告排考."""
    with opened(tmp_path, sqlite_url, "2026-12-31 23:59:59", BOOK) as desk:
        one = desk.take(1, "2027-01", "2026-12-31")
        desk.live("2027-01-02 08:00:00")
        assert desk.decided("2027-01") == Decided("postponed", 1, 1, "")
        assert one.join().mine()["postponed"]["to_days"] == "待次年公告"
        assert "1人等待次年公告安排（sict）" in desk.alarms("next_year_missing")[0]
    with opened(tmp_path, sqlite_url, "2027-01-20 10:00:00", BOOK, next_year(BOOK)) as desk:
        one.stack = desk.stack
        desk.live("2027-01-20 10:00:00")
        assert (desk.where(one), desk.alarms("next_year_missing")) == (("paid", "2027-02"), [])
        assert "由1月底前延期至2月底前安排" in one.texts("延期")[0]
