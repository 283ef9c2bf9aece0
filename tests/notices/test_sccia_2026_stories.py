"""沪商密协[2026]2号, the sentences that are carried out over HTTP, on a database and by the jobs. The docstrings name the article."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from server.errors import Problem
from server.rulebooks.loader import FOLDER, load_file
from server.services import paying, working_days
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

BOOK = load_file(FOLDER / "sccia-2026.toml").book


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path, sqlite_url, "2026-01-02 09:00:00", BOOK) as running:
        yield running


def test_individuals_are_registered_at_the_window_with_the_signed_form(desk: Desk) -> None:
    """二（二） 个人申报，可到……现场办理; 附件2 申报日期 3月; 七（一） 应承诺……真实有效; 附件4 一 签字."""
    desk.at("2026-02-28 23:59:59")
    assert desk.sent_away(1, "2026-04") == "not_open_yet"
    is_taken_at_the_window_only(desk, "2026-04", "2026-03-01 00:00:00", "2026-03-31 23:59:59", "2026-04-01 00:00:00")


def test_whoever_a_school_has_filed_is_entered_by_a_clerk(desk: Desk) -> None:
    """二（二） 团体申报……通过……自助经办系统办理."""
    desk.at("2026-03-05 10:00:00")
    is_taken_from_a_list(desk, "2026-04")


def test_the_fee_is_paid_after_review_and_by_the_day_on_which_the_account_received_it(desk: Desk) -> None:
    """二（四） 在规定的时间内，经资格审核通过后，缴纳“考核费”; 以……交至指定账户为准; 二（五） 通过资质审核和缴费后; 附件3 500元."""
    desk.at("2026-03-20 10:00:00")
    in_time, late, unreviewed, early = (desk.come(serial, "2026-04") for serial in (1, 2, 3, 4))
    assert in_time.join().ok("GET", f"registrations/{in_time.number}/payment")["open"] is False
    desk.approve(in_time, late)
    due = in_time.ok("GET", f"registrations/{in_time.number}/payment")
    assert (due["open"], due["amount"], due["first"], due["last"]) == (True, "500元", "2026-03-01", "2026-03-31")
    assert (due["account"], BOOK.institution.telephone in due["account_note"]) == (None, True)
    with desk.stack.app.app_context():
        account = ("上海市商用密码行业协会", "某银行", "1000200030004000")
        paying.set_collection_account(BOOK.slug, *account, "staff:lin", desk.stack.clock.now())
    due = in_time.ok("GET", f"registrations/{in_time.number}/payment")
    assert (due["account"]["number"], due["remark"]) == (account[-1], f"{in_time.name}+{in_time.number}")

    # Who transfers before the review is not paid before it, and need not pay again after it.
    assert not desk.pay(early, "2026-03-20").paid
    desk.approve(early)
    # The bank's records of the 31st are entered the day after.
    desk.at("2026-04-01 16:00:00")
    assert desk.pay(in_time, "2026-03-31").paid
    paid_late = desk.pay(late, "2026-04-01")
    assert (paid_late.paid, paid_late.late) == (False, True)
    desk.live("2026-04-02 00:00:00")
    assert [desk.where(one)[0] for one in (in_time, late, unreviewed, early)] == [
        "paid",
        "expired",
        "expired",
        "paid",
    ]


def test_too_few_are_gathered_in_june_and_told(desk: Desk) -> None:
    """二（三） 如未达到开考条件（满30人），每年6月、12月将开展一次考核."""
    desk.crowd("2026-04", 26, "2026-03-20")
    desk.at("2026-03-20 10:00:00")
    told, silent, leaves = (desk.take(serial, "2026-04", "2026-03-20") for serial in (1, 2, 5))
    silent.sandbox(f"sms/phones/{silent.phone}", mode="never")
    desk.live("2026-04-01 23:59:59")
    assert desk.decided("2026-04") is None
    desk.live("2026-04-02 00:00:00")
    assert desk.decided("2026-04") == Decided("postponed", 29, 29, "2026-06")
    assert told.texts("延期") == []  # nobody is woken at night
    desk.live("2026-04-02 08:00:00")
    (text,) = told.texts("延期")
    assert "因人数不足开考条件，由4月底前延期至6月底前安排，所缴费用继续有效" in text
    assert "请于2026年5月31日（含）前联系我们，或在小程序办理退出" in text
    # Who was silent is called from two days before the limit: 5 days before the day that was proposed, 4月25日.
    assert desk.to_call("2026-04-17 23:59:59") == []
    (call,) = desk.to_call("2026-04-18 00:00:00")
    assert (call.registration_number, call.tell_by.isoformat()) == (silent.number, "2026-04-20")
    desk.reach(call)
    assert desk.to_call("2026-04-20 09:00:00") == []

    desk.at("2026-04-20 10:00:00")
    april = desk.take(3, "2026-05", "2026-04-20")
    desk.live("2026-05-02 08:00:00")
    assert desk.decided("2026-05") == Decided("postponed", 1, 1, "2026-06")
    # Whoever cannot come in June says so until the end of May, and has the fee back.
    desk.at("2026-05-31 23:59:59")
    desk.leave(leaves)
    assert (desk.where(leaves)[0], desk.refund(leaves)) == ("withdrawn", 50000)
    may = desk.take(4, "2026-06", "2026-05-31")
    desk.live("2026-06-02 08:00:00")
    assert desk.decided("2026-06") == Decided("held", 30, 0, "")
    assert {desk.where(one) for one in (told, silent, april, may)} == {("paid", "2026-06")}
    assert [len(one.texts("延期")) for one in (told, april, may)] == [1, 1, 0]
    assert desk.told("held") == [("6月底前", 30)]


def test_june_is_held_with_fewer_than_30(desk: Desk) -> None:
    """二（三） 原则上，如未达到开考条件（满30人），每年6月、12月将开展一次考核."""
    desk.at("2026-03-20 10:00:00")
    one = desk.take(1, "2026-04", "2026-03-20")
    desk.live("2026-04-02 08:00:00")
    desk.at("2026-05-31 23:00:00")
    other = desk.take(2, "2026-06", "2026-05-31")
    desk.live("2026-06-01 23:59:59")
    assert desk.decided("2026-06") is None
    desk.live("2026-06-02 00:00:00")
    assert desk.decided("2026-06") == Decided("held", 2, 0, "")
    assert [desk.where(person) for person in (one, other)] == [("paid", "2026-06")] * 2


def test_tickets_are_there_five_working_days_before_and_for_those_who_passed_and_paid(desk: Desk) -> None:
    """二（五） 考试前五个工作日……领取准考证; 由协会打印准考证并分发; 通过资质审核和缴费后; 附件4 参评人员须知."""
    desk.crowd("2026-04", 28, "2026-03-20")
    desk.at("2026-03-20 10:00:00")
    alone, filed = desk.take(1, "2026-04", "2026-03-20"), desk.take(2, "2026-04", "2026-03-20", unit=SCHOOL)
    unpaid, unreviewed = desk.come(3, "2026-04"), desk.come(4, "2026-04")
    desk.approve(unpaid)
    desk.live("2026-04-02 08:00:00")
    assert desk.decided("2026-04") == Decided("held", 30, 0, "")
    # 清明 is from 4月4日 to 6日: the fifth working day before the 11th is the 3rd, not Monday the 6th.
    desk.set_day("2026-04", "2026-04-11")
    desk.live("2026-04-02 23:59:59")
    assert desk.tickets(alone, filed) == [False, False]
    desk.live("2026-04-03 00:00:00")
    assert desk.tickets(alone, filed, unpaid, unreviewed) == [True, True, False, False]
    assert desk.told("ticket_ready") == [("4月11日", 30)]

    for_the_school, everybody = desk.to_hand_out("2026-04", SCHOOL), desk.to_hand_out("2026-04")
    assert (list(for_the_school), len(everybody)) == ([filed.number], 30)
    printed = for_the_school[filed.number]
    assert printed.count("2026年4月11日（周六）") == len(BOOK.occupations[0].subjects)
    assert filed.name in printed
    assert all(closed_up(rule) in printed for rule in BOOK.conduct.rules)
    assert alone.join().printed() == everybody[alone.number]


def test_a_moved_holiday_moves_the_day_and_all_concerned_are_told(desk: Desk) -> None:
    """七（二） 若遇国定假期调整或重大活动等特殊情况，认定日期……进行调整并通知."""
    desk.crowd("2026-04", 28, "2026-03-20")
    desk.at("2026-03-20 10:00:00")
    told, silent = (desk.take(serial, "2026-04", "2026-03-20") for serial in (1, 2))
    silent.sandbox(f"sms/phones/{silent.phone}", mode="never")
    desk.live("2026-04-02 08:00:00")
    desk.set_day("2026-04", "2026-04-11")
    desk.live("2026-04-03 08:00:00")
    assert "评价日期为4月11日（日期已定）" in told.texts("评价日期为")[0]
    old = told.join().ok("GET", f"registrations/{told.number}/ticket")

    # Somebody hears on Wednesday that Saturday is to be worked for a longer holiday: Sunday is too near for anything but
    # an exception, for which staff answer.
    desk.at("2026-04-08 10:00:00")
    with desk.stack.app.app_context():
        now = desk.stack.clock.now()
        assert working_days.set_day(date(2026, 4, 11), "worked", "补班", "staff:pan", "国务院办公厅通知", now)
    with pytest.raises(Problem, match="day_too_soon"):
        desk.set_day("2026-04", "2026-04-12")
    desk.set_day("2026-04", "2026-04-12", exceptionally=True)
    desk.live("2026-04-08 10:01:00")
    assert desk.told("day_set") == [("4月11日", 30), ("4月12日", 30)]
    assert "评价日期为4月12日（日期已改）" in told.texts("日期已改")[0]
    assert [call.registration_number for call in desk.to_call("2026-04-08 10:02:00")] == [silent.number]
    void = told.http.get(old["link"], timeout=10)
    assert (void.status_code, "评价日期改为2026年4月12日" in void.text) == (410, True)
    assert "2026年4月12日（周日）" in told.printed()


def test_whom_january_cannot_take_wait_for_the_notice_of_2027_and_come_in_june(
    sqlite_url: str, tmp_path: Path
) -> None:
    """二（三）, 附件2 12月：12月底前或根据次年公告排考."""
    with opened(tmp_path, sqlite_url, "2026-12-31 22:00:00", BOOK) as desk:
        told, silent = (desk.take(serial, "2027-01", "2026-12-31") for serial in (1, 2))
        desk.live("2027-01-01 23:59:59")
        assert desk.decided("2027-01") is None
        desk.live("2027-01-02 08:00:00")
        assert desk.decided("2027-01") == Decided("postponed", 2, 2, "")
        (text,) = told.texts("延期") + told.texts("不能在")
        assert "不能在1月底前举行，现行通知没有后续考次，将按新一年度的公告安排" in text
        mine = told.join().mine()
        assert (mine["status"], mine["postponed"]["to_days"]) == ("paid", "待次年公告")
        (alarm,) = desk.alarms("next_year_missing")
        assert "2人等待次年公告安排（sccia）" in alarm
    with opened(tmp_path, sqlite_url, "2027-01-20 10:00:00", BOOK, next_year(BOOK)) as desk:
        told.stack = silent.stack = desk.stack
        silent.sandbox(f"sms/phones/{silent.phone}", mode="never")
        desk.live("2027-01-20 10:00:00")
        assert [desk.where(one) for one in (told, silent)] == [("paid", "2027-06")] * 2
        assert desk.alarms("next_year_missing") == []
        (text,) = told.texts("延期")
        assert "由1月底前延期至6月底前安排，所缴费用继续有效" in text
        assert told.mine()["postponed"]["to_days"] == "6月底前（具体日期另行通知）"
        # What must be known in time is June's day, proposed for the 26th, and not January's, which is past.
        assert desk.to_call("2027-06-18 23:59:59") == []
        (call,) = desk.to_call("2027-06-19 00:00:00")
        assert (call.registration_number, call.tell_by.isoformat()) == (silent.number, "2027-06-21")
        desk.live("2027-06-20 10:00:00")
        assert desk.decided("2027-06") == Decided("held", 2, 0, "")
