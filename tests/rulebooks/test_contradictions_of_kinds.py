"""What each kind of rule allows and the whole forbids: calendars without dates, fees, codes, tickets, room, and the name."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from server.rulebooks.loader import load_file
from tests.rulebooks.toml_text import changed, monthly_table, refused, save, table, windows_table

WINDOWS = ("calendar", "windows")
AI = ("occupations", 0)
FEE = (*AI, "levels", 0, "fee")
BELOW, ABOVE = ("turnout", "below"), ("turnout", "above")
CODES = "4-04-04-02、4-04-05-01、4-04-05-05"
ON_DATE = {"source": "三", "kind": "on_date", "given": "download", "how": "下载"}
NAMED = "须为小写的机构简称加年份，如 {}-2026，至多64个字符"
NO_DATE = "日程没有列出准考证日期（calendar.sittings.ticket_from）"


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        # windows that do not exist
        ((*WINDOWS, 1, "first", "02-29"), ["calendar.windows[1]: 2026年没有 02-29 这一天"]),
        ((*WINDOWS, 0, "last", "02-30"), ["calendar.windows[0]: 2026年没有 02-30 这一天"]),
        ((*WINDOWS, 0, "last", "2-15"), ["calendar.windows[0]: 2-15 须如 02-15"]),
        ((*WINDOWS, 0, "last", "2026-02-15"), ["calendar.windows[0]: 2026-02-15 须如 02-15"]),
        ((*WINDOWS, 1, "last", "02-15"), ["calendar.windows[1]: 最后一天 2026-02-15 早于第一天 2026-02-16"]),
        # windows that overlap, or stand in another order
        ((*WINDOWS, 1, "first", "02-15"), ["calendar.windows[1].first: 与上一行的受理申报日期重叠或次序颠倒（上一行到 2026-02-15）"]),
        ((*WINDOWS, 1, "first", "01-01"), ["calendar.windows[1].first: 与上一行的受理申报日期重叠或次序颠倒（上一行到 2026-02-15）"]),
        ((*WINDOWS, 2, "first", "03-15"), ["calendar.windows[2].first: 与上一行的受理申报日期重叠或次序颠倒（上一行到 2026-03-15）"]),
        # months that do not exist, or lie before the window has closed
        ((*WINDOWS, 0, "assessed_in", 13), ["calendar.windows[0].assessed_in: 没有13月"]),
        ((*WINDOWS, 0, "assessed_in", 0), ["calendar.windows[0].assessed_in: 没有0月"]),
        ((*WINDOWS, 1, "assessed_in", 3), ["calendar.windows[1].assessed_in: 受理申报到2026-03-15才截止，评价不能在3月"]),
        ((*WINDOWS, 1, "assessed_in", 2), ["calendar.windows[1].assessed_in: 受理申报到2026-03-15才截止，评价不能在2月"]),
        ((*WINDOWS, 2, "assessed_in", 12), ["calendar.windows[2].assessed_in: 受理申报到2026-12-31才截止，评价不能在12月"]),
        ((*WINDOWS, 0, "assessed_in", 4), ["calendar.windows[1].assessed_in: 评价月份2026-04不晚于上一行的2026-04"]),
        ((*WINDOWS, 0, "assessed_in", 5), ["calendar.windows[1].assessed_in: 评价月份2026-04不晚于上一行的2026-05"]),
        ((*WINDOWS, 1, "assessed_in", 1), ["calendar.windows[2].assessed_in: 评价月份2027-01不晚于上一行的2027-01"]),
        ((*WINDOWS, []), ["calendar.windows: 人工智能训练师4级没有考次", "calendar.windows: 人工智能训练师3级没有考次",
                           "calendar.windows: 计算机程序设计员4级没有考次", "calendar.windows: 计算机程序设计员3级没有考次"]),
        # fees
        ((*FEE, "by_subject", []), ["occupations.ai.levels: 4级的收费须正好列出科目 理论知识、操作技能"]),
        ((*FEE, "by_subject", 1, "subject", "面试"), ["occupations.ai.levels: 4级的收费须正好列出科目 理论知识、操作技能"]),
        ((*FEE, "by_subject", 1, "subject", "理论知识"), ["occupations.ai.levels: 4级的收费须正好列出科目 理论知识、操作技能"]),
        ((*FEE, "by_subject", [{"subject": "理论知识", "yuan": 500}]), ["occupations.ai.levels: 4级的收费须正好列出科目 理论知识、操作技能"]),
        ((*FEE, "retake", "by_subject", [{"subject": "操作技能", "yuan": 400}]), ["occupations.ai.levels: 4级的收费须正好列出科目 理论知识、操作技能"]),
        ((*FEE, "by_subject", 0, "yuan", 0), ["occupations.ai.levels: 4级没有收费标准"]),
        ((*FEE, "retake", "by_subject", 1, "yuan", -1), ["occupations.ai.levels: 4级没有收费标准"]),
        ((*FEE, "retake", "by_subject", 1, "yuan", 10**9), ["occupations.ai.levels: 4级的收费太高，至多为1000000元"]),
        # codes
        ((*AI, "code", "4-04-05-06"), [f"occupations.ai.code: 没有职业编码 4-04-05-06，已知的有 {CODES}；确有此编码的，补入 occupation-codes.toml"]),
        ((*AI, "code", "4-4-5-5"), ["occupations.ai.code: 4-4-5-5 须如 4-04-05-05"]),
        ((*AI, "code", "4-04-05-05 "), ["occupations.ai.code: 4-04-05-05  须如 4-04-05-05"]),
        ((*AI, "code", "４-04-05-05"), ["occupations.ai.code: ４-04-05-05 须如 4-04-05-05"]),
        ((*AI, "code", "9-04-05-05"), ["occupations.ai.code: 9-04-05-05 须如 4-04-05-05"]),
        ((*AI, "code", "4-04-05-01"), ["occupations.ai.code: 4-04-05-01 是计算机程序设计员，不是人工智能训练师"]),
        ((*AI, "name", "人工智能工程师"), ["occupations.ai.code: 4-04-05-05 是人工智能训练师，不是人工智能工程师"]),
        # tickets
        (("tickets", "individual", ON_DATE), [f"tickets.individual.kind: {NO_DATE}"]),
        (("tickets", "group", ON_DATE), [f"tickets.group.kind: {NO_DATE}"]),
        (("tickets", "individual", "days", 0), ["tickets.individual.days: 0 太小，至少为 1"]),
        (("tickets", "group", "days", -5), ["tickets.group.days: -5 太小，至少为 1"]),
        (("tickets", "group", "days", 400), ["tickets.group.days: 400 太大，至多为 366"]),
        # room
        ((*ABOVE, "capacity", "people", 30), []),
        ((*ABOVE, "capacity", "people", 29), ["turnout.above.capacity.people: 29 少于开考条件 30"]),
        ((*ABOVE, "capacity", "people", -1), ["turnout.above.capacity.people: -1 少于开考条件 30"]),
        ((*ABOVE, "capacity", "people", 10**6), ["turnout.above.capacity.people: 1000000 太大，至多为 100000"]),
        (("turnout", "threshold", "people", 51), ["turnout.above.capacity.people: 50 少于开考条件 51"]),
        # decided too late to tell: the window ends on 15 February, the last day in March is the 31st
        (("turnout", "telling", "days_before", 43), [
            "turnout.telling.days_before: 2026-03考次到2026-02-17才能决定，来不及提前43日通知",
            "turnout.telling.days_before: 2027-01考次到2027-01-02才能决定，来不及提前43日通知",
        ]),
        (("turnout", "counting", "recording_days", 20), []),
        (("turnout", "counting", "recording_days", 21), ["turnout.telling.days_before: 2027-01考次到2027-01-22才能决定，来不及提前10日通知"]),
        # payment and the timetable
        (("payment", "forfeit", "years", 0), ["payment.forfeit.years: 0 太小，至少为 1"]),
        (("timetable", "subjects", 1, "day", 3), ["timetable.subjects[1].day: 评价只有2天，没有第3天"]),
        # the name, and what it takes the place of
        (("slug", "school"), [f"slug: {NAMED.format('school')}"]),
        (("slug", "school-2025"), [f"slug: {NAMED.format('school')}"]),
        (("slug", "School-2026"), [f"slug: {NAMED.format('school')}"]),
        (("slug", "school_of-2026"), [f"slug: {NAMED.format('school')}"]),
        (("slug", "学校-2026"), [f"slug: {NAMED.format('name')}"]),
        (("slug", "-2026"), [f"slug: {NAMED.format('name')}"]),
        (("slug", "a" * 60 + "-2026"), [f"slug: {NAMED.format('name')}"]),
        (("replaces", 2), ["replaces: 第2版不能代替第2版"]),
        (("replaces", 3), ["replaces: 第2版不能代替第3版"]),
        (("replaces", 0), ["replaces: 第2版不能代替第0版"]),
    ],
)  # fmt: skip
def test_a_contradiction_in_a_rulebook_with_windows_is_named(
    tmp_path: Path, change: tuple[Any, ...], faults: list[str]
) -> None:
    assert refused(save(tmp_path, changed(*change, base=windows_table))) == [
        f"book.toml: {fault}" for fault in faults
    ]


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ((*BELOW, "months", []), ["turnout.below.months: 没有列出月份，延期后无处可去"]),
        ((*BELOW, "months", [6, 6]), ["turnout.below.months: 6 出现了不止一次"]),
        ((*BELOW, "months", [0, 6]), ["turnout.below.months: 0月没有考次，延期后无处可去"]),
        ((*BELOW, "without_target", "needs_staff"), ["turnout.below.months: 2027-01考次之后没有可延期的考次"]),
        ((*BELOW, "months", [1]), []),
        ((*ABOVE, "kind", "overflow"), ["turnout.above.capacity: 缺少这一项"]),
        (("calendar", "december", "december"), ["calendar.december: 只能取 'next_notice'"]),
        (("calendar", "days", "on", "sunday"), ["calendar.days.on: 只能取 'weekend'、'any'"]),
        (("timetable", "subjects", 1, "day", 28), []),
        (("timetable", "subjects", 1, "day", 29), ["timetable.subjects[1].day: 评价只有28天，没有第29天"]),
        (("turnout", "telling", "days_before", 26), []),
        # February is decided on the 2nd; June and December are held, and nobody is moved out of them
        (("turnout", "telling", "days_before", 27), ["turnout.telling.days_before: 2026-02考次到2026-02-02才能决定，来不及提前27日通知"]),
        (("tickets", "individual", ON_DATE), [f"tickets.individual.kind: {NO_DATE}"]),
        (("year", 10000), [
            "slug: 须为小写的机构简称加年份，如 guild-10000，至多64个字符",
            "year: 10000 太大，至多为 2099",
        ]),
    ],
)  # fmt: skip
def test_a_contradiction_in_a_monthly_rulebook_is_named(
    tmp_path: Path, change: tuple[Any, ...], faults: list[str]
) -> None:
    assert refused(save(tmp_path, changed(*change, base=monthly_table))) == [
        f"book.toml: {fault}" for fault in faults
    ]


def test_out_of_june_and_december_too_some_are_moved_where_there_is_no_room_and_must_be_told(tmp_path: Path) -> None:
    data = changed("turnout", "telling", "days_before", 29, base=monthly_table)
    held_all_the_same = refused(save(tmp_path, data))
    data["turnout"]["above"] = windows_table()["turnout"]["above"]
    with_overflow = refused(save(tmp_path, data))
    assert [fault for fault in with_overflow if fault not in held_all_the_same] == [
        "book.toml: turnout.telling.days_before: 2026-06考次到2026-06-02才能决定，来不及提前29日通知"
    ]


@pytest.mark.parametrize("without", ["needs_staff", "next_year"])
def test_where_people_go_on_to_the_next_sitting_the_rulebook_says_what_is_done_after_the_last(
    tmp_path: Path, without: str
) -> None:
    data = changed(*BELOW, "without_target", without, base=windows_table)
    assert refused(save(tmp_path, data)) == []


def test_a_leap_years_window_may_end_on_29_february(tmp_path: Path) -> None:
    data = changed(*WINDOWS, 1, "first", "02-29", base=windows_table) | {"slug": "school-2028", "year": 2028}
    assert refused(save(tmp_path, data)) == []


@pytest.mark.parametrize(("last", "days"), [(date(2026, 4, 26), 2), (date(2026, 4, 25), 1)])
def test_a_published_sitting_has_no_more_days_than_are_published(tmp_path: Path, last: date, days: int) -> None:
    data = changed("calendar", "sittings", 0, "assessed", "last", last)
    data["timetable"]["subjects"][1]["day"] = 2
    faults = [] if days == 2 else ["book.toml: timetable.subjects[1].day: 评价只有1天，没有第2天"]
    assert refused(save(tmp_path, data)) == faults


def test_a_published_table_may_leave_the_room_to_the_next_sitting(tmp_path: Path) -> None:
    """Any kind goes with any other where nothing speaks against it."""
    data = table()
    data["turnout"] |= {key: windows_table()["turnout"][key] for key in ("below", "above")}
    data["tickets"]["group"] = windows_table()["tickets"]["group"]
    assert refused(save(tmp_path, data)) == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("4-04-04-02", "网络与信息安全管理员"),
        ("4-04-04-02", "网络与信息安全管理员（信息安全管理员）"),
        ("4-04-05-01", "计算机程序设计员"),
        ("", "某某员"),
    ],
)
def test_a_code_goes_with_its_occupation_and_each_of_its_trades(tmp_path: Path, code: str, name: str) -> None:
    data = changed(*AI, "code", code, base=windows_table)
    data["occupations"][0]["name"] = name
    (trade, _) = load_file(save(tmp_path, data)).book.occupations
    assert (trade.code, trade.name) == (code, name)
