"""上海市信息安全行业协会, 2026年1月15日: the sentences that are carried out over HTTP, on a database and by the jobs. The docstrings
name the article."""

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

BOOK = load_file(FOLDER / "sisa-2026.toml").book


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path, sqlite_url, "2026-01-02 09:00:00", BOOK) as running:
        yield running


def test_individuals_are_registered_at_the_window_with_three_papers(desk: Desk) -> None:
    """二（二） 个人申报，可到个人业务受理窗口……办理，须知、2寸证件照1张及相关佐证材料; 二（三） 2月; 七 应承诺……真实有效."""
    desk.at("2026-01-31 23:59:59")
    assert desk.sent_away(1, "2026-03") == "not_open_yet"
    is_taken_at_the_window_only(desk, "2026-03", "2026-02-01 00:00:00", "2026-02-28 23:59:59", "2026-03-01 00:00:00")


def test_whoever_a_school_has_filed_is_entered_by_a_clerk(desk: Desk) -> None:
    """二（二） 团体申报……通过……自助经办系统办理."""
    desk.at("2026-02-05 10:00:00")
    is_taken_from_a_list(desk, "2026-03")


def test_the_fee_is_paid_after_review_and_in_time(desk: Desk) -> None:
    """二（二） 现场审核通过后，缴纳考务费; 二（四）1 经资格审核通过后，应在规定时间内缴纳; 二（五） 通过资格审核并完成缴费手续."""
    desk.at("2026-02-20 10:00:00")
    in_time, late, unreviewed = (desk.come(serial, "2026-03") for serial in (1, 2, 3))
    assert in_time.join().ok("GET", f"registrations/{in_time.number}/payment")["open"] is False
    desk.approve(in_time, late)
    due = in_time.ok("GET", f"registrations/{in_time.number}/payment")
    assert (due["open"], due["amount"], due["first"], due["last"]) == (True, "500元", "2026-02-01", "2026-02-28")
    assert due["account"] == {
        "holder": "上海市信息安全行业协会",
        "bank": "中国银行上海市浦东分行",
        "number": "435162595815",
    }
    desk.at("2026-03-01 16:00:00")
    assert desk.pay(in_time, "2026-02-28").paid
    assert (desk.pay(late, "2026-03-01").paid, desk.pay(unreviewed, "2026-02-28").paid) == (False, False)
    desk.live("2026-03-02 00:00:00")
    assert [desk.where(one)[0] for one in (in_time, late, unreviewed)] == ["paid", "expired", "expired"]


def test_too_few_go_on_from_month_to_month_until_they_are_30(desk: Desk) -> None:
    """二（三）注 报名人数不满30人，则顺延至下月一起认定考核."""
    desk.crowd("2026-03", 27, "2026-02-10")
    desk.at("2026-02-10 10:00:00")
    stays, leaves = (desk.take(serial, "2026-03", "2026-02-10") for serial in (1, 2))
    desk.live("2026-03-01 23:59:59")
    assert desk.decided("2026-03") is None
    desk.live("2026-03-02 00:00:00")
    assert desk.decided("2026-03") == Decided("postponed", 29, 29, "2026-04")
    desk.live("2026-03-02 08:00:00")

    # Whoever cannot come in April may leave until the last second of its window, and has the fee back.
    desk.at("2026-03-31 23:59:59")
    assert leaves.join().mine()["may"] == ["withdraw"]
    assert leaves.ok("POST", f"registrations/{leaves.number}/withdrawal")["status"] == "withdrawn"
    assert desk.refund(leaves) == 50000
    march = desk.take(3, "2026-04", "2026-03-31")
    desk.at("2026-04-01 00:00:00")
    assert stays.join().refused("POST", f"registrations/{stays.number}/withdrawal") == (409, "withdraw_too_late")
    desk.live("2026-04-02 08:00:00")
    assert desk.decided("2026-04") == Decided("postponed", 29, 29, "2026-05")
    desk.at("2026-04-20 10:00:00")
    april = desk.take(4, "2026-05", "2026-04-20")
    desk.live("2026-05-02 08:00:00")
    assert desk.decided("2026-05") == Decided("held", 30, 0, "")

    # Nobody is lost, counted twice or asked to pay again; each move is told once, in order.
    assert desk.paid_in("2026-05") == 30
    assert [desk.where(one) for one in (stays, march, april)] == [("paid", "2026-05")] * 3
    assert desk.counted(stays) == ["2026-03", "2026-04", "2026-05"]
    assert (desk.entries(stays), desk.entries(leaves)) == ([50000], [50000, -50000])
    assert desk.told("postponed") == [("4月底前", 29), ("5月底前", 29)]
    assert desk.told("held") == [("5月底前", 30)]
    moves = [text.partition("由")[2].partition("安排")[0] for text in stays.texts("延期")]
    assert moves == ["3月底前延期至4月底前", "4月底前延期至5月底前"]
    assert len(leaves.texts("延期")) == 1


def test_the_day_is_set_by_staff_told_and_printed_on_tickets_a_week_before(desk: Desk) -> None:
    """二（三）注 具体认定日期以准考证信息为准, 具体时间由协会统一安排并另行通知; 二（五） 考前一周; 附件2 参评人员须知."""
    desk.crowd("2026-05", 28, "2026-04-10")
    desk.at("2026-04-10 10:00:00")
    alone, filed = desk.take(1, "2026-05", "2026-04-10"), desk.take(2, "2026-05", "2026-04-10", unit=SCHOOL)
    unpaid, unreviewed = desk.come(3, "2026-05"), desk.come(4, "2026-05")
    desk.approve(unpaid)
    desk.live("2026-05-02 08:00:00")
    assert desk.told("held") == [("5月底前", 30)]
    (alarm,) = desk.alarms("day_not_set")
    assert "2026-05" in alarm
    desk.at("2026-05-06 09:00:00")
    desk.set_day("2026-05", "2026-05-23")
    desk.live("2026-05-06 09:01:00")
    assert desk.alarms("day_not_set") == []
    assert "四级评价日期为5月23日（日期已定）" in alone.texts("评价日期为")[0]

    desk.live("2026-05-15 23:59:59")
    assert desk.tickets(alone, filed) == [False, False]
    assert alone.join().refused("GET", f"registrations/{alone.number}/ticket") == (409, "ticket_not_ready")
    desk.live("2026-05-16 00:00:00")
    assert desk.tickets(alone, filed, unpaid, unreviewed) == [True, True, False, False]
    printed = alone.printed()
    assert printed.count("2026年5月23日（周六）") == len(BOOK.occupations[0].subjects)
    assert all(closed_up(rule) in printed for rule in BOOK.conduct.rules)
    assert closed_up(filed.name) in desk.to_hand_out("2026-05", SCHOOL)[filed.number]


def test_whom_january_cannot_take_wait_for_the_notice_of_2027_and_come_in_february(
    sqlite_url: str, tmp_path: Path
) -> None:
    """二（三） table, 注 12月：12月底前或根据次年公告排考; 顺延至下月一起认定考核."""
    with opened(tmp_path, sqlite_url, "2026-12-31 22:00:00", BOOK) as desk:
        stays, leaves = (desk.take(serial, "2027-01", "2026-12-31") for serial in (1, 2))
        desk.live("2027-01-01 23:59:59")
        assert desk.decided("2027-01") is None
        desk.live("2027-01-02 08:00:00")
        assert desk.decided("2027-01") == Decided("postponed", 2, 2, "")
        assert "2人等待次年公告安排（sisa）" in desk.alarms("next_year_missing")[0]
        shown = leaves.join().mine()
        assert (shown["postponed"]["to_days"], shown["may"]) == ("待次年公告", ["withdraw"])
        # Nobody can say yet until when, so one may leave as long as one waits.
        desk.at("2027-01-19 10:00:00")
        assert leaves.ok("POST", f"registrations/{leaves.number}/withdrawal")["status"] == "withdrawn"
        assert desk.refund(leaves) == 50000
        assert "1人等待次年公告安排（sisa）" in desk.alarms("next_year_missing")[0]
        assert [len(one.texts("不能在1月底前举行")) for one in (stays, leaves)] == [1, 1]
    with opened(tmp_path, sqlite_url, "2027-01-20 10:00:00", BOOK, next_year(BOOK)) as desk:
        stays.stack = leaves.stack = desk.stack
        desk.live("2027-01-20 10:00:00")
        assert [desk.where(one) for one in (stays, leaves)] == [("paid", "2027-02"), ("withdrawn", "2027-01")]
        assert desk.alarms("next_year_missing") == []
        assert "由1月底前延期至2月底前安排，所缴费用继续有效" in stays.texts("延期")[0]
        assert (len(stays.texts("延期")), leaves.texts("延期"), desk.entries(stays)) == (1, [], [50000])
