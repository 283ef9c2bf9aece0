"""上海交通大学, the notice of 2025 (and its rules carried on in 2026): the sentences that are carried out over HTTP, on a database
and by the jobs. The docstrings name the article."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.errors import Problem
from server.rulebooks.loader import FOLDER, load_file
from server.services import sitting_days
from tests.notices.at_the_window import (
    SCHOOL,
    Decided,
    Desk,
    closed_up,
    is_taken_at_the_window_only,
    is_taken_from_a_list,
    opened,
)

BOOK = load_file(FOLDER / "sjtu-2025.toml").book
NEXT = load_file(FOLDER / "sjtu-2026.toml").book


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path, sqlite_url, "2025-01-01 09:00:00", BOOK) as running:
        yield running


@pytest.mark.parametrize(
    ("month", "before", "opens", "last", "closed"),
    [
        ("2025-04", "2025-02-15", "2025-02-16", "2025-03-15", "2025-03-16"),
        ("2026-01", "2025-11-15", "2025-11-16", "2025-12-31", "2026-01-01"),
    ],
)
def test_individuals_are_registered_at_the_window_with_three_papers(
    desk: Desk, month: str, before: str, opens: str, last: str, closed: str
) -> None:
    """二（二） 个人申报到法华镇路535号主楼216室办理，须提供须知、2寸证件照1张及相关佐证材料; 二（三）1 table; 七 应承诺……真实有效."""
    desk.at(f"{before} 23:59:59")
    assert desk.sent_away(1, month) == "not_open_yet"
    is_taken_at_the_window_only(desk, month, f"{opens} 00:00:00", f"{last} 23:59:59", f"{closed} 00:00:00")


def test_whoever_a_school_has_filed_is_entered_by_a_clerk(desk: Desk) -> None:
    """二（二） 团体申报……通过……自助经办系统办理."""
    desk.at("2025-02-20 10:00:00")
    is_taken_from_a_list(desk, "2025-04")


def test_the_fee_is_asked_after_review_with_the_remark_that_the_notice_wants(desk: Desk) -> None:
    """二（二） 现场审核通过后，缴纳考务费; 二（四）1 户名……银行账号, ※ 银行转账附言/用途：姓名+等级认定考试; 二（四）2 收费标准."""
    desk.at("2025-02-20 10:00:00")
    fees = [("ai", 4, "400元"), ("ai", 3, "500元"), ("infosec", 4, "500元"), ("infosec", 3, "550元")]
    for occupation, level, amount in fees:
        one = desk.come(1, "2025-04", occupation=occupation, level=level)
        assert one.join().ok("GET", f"registrations/{one.number}/payment")["open"] is False
        desk.approve(one)
        due = one.ok("GET", f"registrations/{one.number}/payment")
        assert (due["open"], due["amount"], due["first"], due["last"]) == (True, amount, "2025-02-16", "2025-03-15")
        assert due["remark"] == f"{one.name}+等级认定考试"
        assert due["account"] == {
            "holder": "上海交通大学",
            "bank": "中国银行上海市上海交通大学支行",
            "number": "439059226890",
        }


def test_review_and_payment_end_with_the_window_and_the_day_of_the_account_counts(desk: Desk) -> None:
    """二（三）1 在……申报日期及缴费日期内办理申报手续，同时接受资格审核; 二（四）1 以上海交通大学财务到账时间为准."""
    desk.at("2025-03-15 23:59:59")
    in_time, late, unreviewed = (desk.come(serial, "2025-04") for serial in (1, 2, 3))
    desk.approve(in_time, late)
    desk.at("2025-03-16 00:00:00")
    with pytest.raises(Problem, match="window_closed"):
        desk.approve(unreviewed)
    desk.at("2025-03-16 16:00:00")
    assert desk.pay(in_time, "2025-03-15").paid
    assert not desk.pay(late, "2025-03-16").paid
    desk.live("2025-03-17 00:00:00")
    assert [desk.where(one)[0] for one in (in_time, late, unreviewed)] == ["paid", "expired", "expired"]


def test_fewer_than_30_go_on_to_the_next_month(desk: Desk) -> None:
    """二（三）3 申报人数不足30人，则顺延至下月评价认定."""
    desk.crowd("2025-04", 28, "2025-03-01")
    desk.at("2025-03-01 10:00:00")
    one = desk.take(1, "2025-04", "2025-03-01")
    desk.live("2025-03-16 23:59:59")
    assert desk.decided("2025-04") is None
    desk.live("2025-03-17 00:00:00")
    assert desk.decided("2025-04") == Decided("postponed", 29, 29, "2025-05")
    desk.live("2025-03-17 08:00:00")
    assert "因人数不足开考条件，由4月底前延期至5月底前安排" in one.texts("延期")[0]
    desk.at("2025-04-15 10:00:00")
    other = desk.take(2, "2025-05", "2025-04-15")
    desk.live("2025-04-17 08:00:00")
    assert desk.decided("2025-05") == Decided("held", 30, 0, "")
    assert [desk.where(person) for person in (one, other)] == [("paid", "2025-05")] * 2


def test_whom_the_rooms_cannot_hold_go_on_to_the_next_month_the_last_to_pay_first(desk: Desk) -> None:
    """二（三）3 超出考场承载范围，则顺延至下月评价认定; 二（三）4 每月评价认定场次可适时调整."""
    desk.crowd("2025-04", 29, "2025-03-03")
    desk.at("2025-03-01 10:00:00")
    # Of four who come later the account had the money of the last one first; its record comes in after the others'.
    second, third, fourth, first = (desk.come(serial, "2025-04") for serial in (1, 2, 3, 4))
    desk.approve(second, third, fourth, first)
    for person, entered, received in (
        (second, "2025-03-04 10:00:00", "2025-03-04"),
        (third, "2025-03-04 10:00:01", "2025-03-04"),
        (fourth, "2025-03-15 09:00:00", "2025-03-15"),
        (first, "2025-03-16 16:00:00", "2025-03-02"),
    ):
        desk.at(entered)
        assert desk.pay(person, received).paid
    with desk.stack.app.app_context():
        here = (desk.sitting("2025-04"), 30, "staff:pan", "机房检修，只开放一间")
        sitting_days.set_capacity(*here, desk.stack.clock.now())
    desk.live("2025-03-17 08:00:00")
    assert desk.decided("2025-04") == Decided("held", 33, 3, "2025-05")
    assert [desk.where(person)[1] for person in (first, second, third, fourth)] == [
        "2025-04",
        "2025-05",
        "2025-05",
        "2025-05",
    ]
    assert (desk.paid_in("2025-04"), desk.told("held"), desk.told("postponed")) == (
        30,
        [("4月底前", 30)],
        [("5月底前", 3)],
    )
    (text,) = second.texts("延期")
    assert "因报名人数超出考场承载范围，由4月底前延期至5月底前安排，所缴费用继续有效" in text
    assert (first.texts("延期"), len(first.texts("如期举行"))) == ([], 1)
    moved = second.join().mine()
    assert (moved["may"], moved["postponed"]["withdraw_until"]) == (["withdraw"], "2025-04-15")


def test_the_day_is_told_and_schools_and_individuals_have_their_tickets_each_on_their_day(desk: Desk) -> None:
    """二（三）4 具体认定时间……另行通知; 二（五）1 考试前五个工作日; 二（五）2 考前一周; 附件2 考生须知."""
    desk.crowd("2025-05", 28, "2025-04-01")
    desk.at("2025-04-01 10:00:00")
    alone, filed = desk.take(1, "2025-05", "2025-04-01"), desk.take(2, "2025-05", "2025-04-01", unit=SCHOOL)
    desk.live("2025-04-17 08:00:00")
    desk.set_day("2025-05", "2025-05-10")
    desk.live("2025-04-17 08:01:00")
    # The holiday lasts from 5月1日 to 5日: five working days before the 10th is 4月30日, one week before is 5月3日.
    assert "评价日期为5月10日（日期已定）" in alone.texts("评价日期为")[0]
    assert "准考证2025年5月3日起提供" in alone.texts("评价日期为")[0]
    assert "准考证2025年4月30日起提供" in filed.texts("评价日期为")[0]
    assert filed.join().mine()["sitting"]["ticket_from"] == "2025-04-30"
    had = []
    for when in ("04-29 23:59:59", "04-30 00:00:00", "05-02 23:59:59", "05-03 00:00:00"):
        desk.live(f"2025-{when}")
        had.append(desk.tickets(filed, alone))
    assert had == [[False, False], [True, False], [True, False], [True, True]]
    for one in (alone.join(), filed):
        printed = one.printed()
        assert printed.count("2025年5月10日（周六）") == len(BOOK.occupations[0].subjects)
        assert all(closed_up(rule) in printed for rule in BOOK.conduct.rules)


def test_whom_january_cannot_take_come_in_march_once_the_rules_of_2026_are_there(
    sqlite_url: str, tmp_path: Path
) -> None:
    """二（三）1 11月16日-12月31日 → 明年1月; 二（三）3 顺延至下月评价认定; the rules of 2026, which have no sitting in February."""
    with opened(tmp_path, sqlite_url, "2025-12-31 23:59:59", BOOK) as desk:
        one = desk.take(1, "2026-01", "2025-12-31")
        desk.live("2026-01-01 23:59:59")
        assert desk.decided("2026-01") is None
        desk.live("2026-01-02 08:00:00")
        assert desk.decided("2026-01") == Decided("postponed", 1, 1, "")
        assert one.join().mine()["postponed"]["to_days"] == "待次年公告"
        assert "1人等待次年公告安排（sjtu）" in desk.alarms("next_year_missing")[0]
        assert len(one.texts("不能在1月底前举行")) == 1
    with opened(tmp_path, sqlite_url, "2026-01-05 10:00:00", BOOK, NEXT) as desk:
        one.stack = desk.stack
        desk.live("2026-01-05 10:00:00")
        assert (desk.where(one), desk.alarms("next_year_missing")) == (("paid", "2026-03"), [])
        assert "由1月底前延期至3月底前安排" in one.texts("延期")[0]
        desk.crowd("2026-03", 29, "2026-02-15")
        desk.live("2026-02-17 08:00:00")
        assert desk.decided("2026-03") == Decided("held", 30, 0, "")
