"""What each value allows and the whole forbids: named by file, key and reason."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.rulebooks.toml_text import changed, refused, save, table

SITTINGS = ("calendar", "sittings")
APRIL, AUGUST, NOVEMBER = ((*SITTINGS, place) for place in range(3))
FOUR, TWO = (("eligibility", "levels", place, "any_of") for place in (1, 3))
RELATED = {"source": "附件1", "occupations": ["会计"], "majors": ["法学"]}


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        # windows and dates
        ((*APRIL, "apply", "last", date(2026, 2, 22)), ["calendar.sittings[0].apply: 最后一天 2026-02-22 早于第一天 2026-02-23"]),
        ((*APRIL, "pay", "first", date(2026, 3, 22)), ["calendar.sittings[0]: 缴费日期与受理申报日期重叠"]),
        ((*APRIL, "ticket_from", date(2026, 3, 29)), ["calendar.sittings[0]: 准考证下载日期早于缴费截止"]),
        ((*APRIL, "ticket_from", date(2026, 4, 26)), ["calendar.sittings[0]: 准考证下载日期晚于评价日期"]),
        ((*APRIL, "pay", "last", date(2026, 4, 20)), [
            "calendar.sittings[0]: 准考证下载日期早于缴费截止",
            "turnout.telling.days_before: 2026-04考次到2026-04-22才能决定，来不及提前10日通知",
        ]),
        ((*APRIL, "pay", "last", date(9999, 12, 31)), [
            "calendar.sittings[0]: 准考证下载日期早于缴费截止",
            "calendar.sittings[0]: 缴费截止不早于评价日期",
        ]),
        ((*APRIL, "month", "2026-05"), ["calendar.sittings[0]: month 2026-05 与评价日期 2026-04-25 不符"]),
        ((*AUGUST, "apply", "first", date(2026, 3, 22)), ["calendar.sittings[1].apply: 与2026-04考次的受理申报日期重叠或次序颠倒"]),
        # levels
        ((*APRIL, "levels", []), ["calendar.sittings[0].levels: [] 须为已有的等级（occupations.levels）"]),
        ((*APRIL, "levels", [4, 3, 5]), [
            "calendar.sittings[0].levels: [4, 3, 5] 须为已有的等级（occupations.levels）",
            "turnout.below.months: 2026-04考次之后没有可延期的考次",
        ]),
        (("occupations", 1, "levels", 0, "level", 2), [
            "retakes.validity: 2级须有且只有一个成绩有效期",
            "calendar.sittings: 职业培训师2级没有考次",
        ]),
        (("occupations", 1, "levels", 0, "level", 6), [
            "occupations.trainer.levels: 没有6级",
            "retakes.validity: 6级须有且只有一个成绩有效期",
            "calendar.sittings: 职业培训师6级没有考次",
        ]),
        (("occupations", 0, "levels", 1, "level", 4), ["occupations.hr.levels: 4 出现了不止一次"]),
        (("occupations", 1, "levels", 0, "fee", "yuan", 0), ["occupations.trainer.levels: 3级没有收费标准"]),
        (("occupations", 1, "levels", 0, "fee", "retake_yuan_per_subject", -1), ["occupations.trainer.levels: 3级没有收费标准"]),
        (("occupations", 1, "levels", 0, "fee", "yuan", 10**7), ["occupations.trainer.levels: 3级的收费太高，至多为1000000元"]),
        (("occupations", 1, "key", "hr"), ["occupations: hr 出现了不止一次"]),
        (("occupations", 1, "key", "培训师"), ["occupations[1].key: “培训师”须为小写字母、数字和连字符，如 trainer"]),
        (("occupations", 1, "key", "a/b"), ["occupations[1].key: “a/b”须为小写字母、数字和连字符，如 trainer"]),
        (("occupations", 1, "key", "x" * 65), [f"occupations[1].key: “{'x' * 65}”须为小写字母、数字和连字符，如 trainer"]),
        # postponement
        (("turnout", "below", "months", [12]), [
            "turnout.below.months: 12月没有考次，延期后无处可去",
            *(f"turnout.below.months: 2026-{month}考次之后没有可延期的考次" for month in ("04", "08", "11")),
        ]),
        (("turnout", "below", "months", [4]), [f"turnout.below.months: 2026-{month}考次之后没有可延期的考次" for month in ("08", "11")]),
        (("turnout", "below", "months", [11, 13, 11]), [
            "turnout.below.months: 11 出现了不止一次",
            "turnout.below.months: 13月没有考次，延期后无处可去",
        ]),
        ((*NOVEMBER, "levels", [3]), [f"turnout.below.months: 2026-{month}考次之后没有可延期的考次" for month in ("04", "08")]),
        (("turnout", "telling", "days_before", 26), [
            "turnout.telling.days_before: 2026-04考次到2026-03-31才能决定，来不及提前26日通知",
            "turnout.telling.days_before: 2026-08考次到2026-07-28才能决定，来不及提前26日通知",
        ]),
        # numbers
        (("edition", 0), ["edition: 0 太小，至少为 1"]),
        (("edition", 10**30), [f"edition: {10**30} 太大，至多为 1000"]),
        (("turnout", "threshold", "people", 0), ["turnout.threshold.people: 0 太小，至少为 1"]),
        (("turnout", "counting", "recording_days", -1), ["turnout.counting.recording_days: -1 太小，至少为 0"]),
        (("turnout", "counting", "recording_days", 10**9), ["turnout.counting.recording_days: 1000000000 太大，至多为 366"]),
        (("turnout", "telling", "days_before", -1), ["turnout.telling.days_before: -1 太小，至少为 0"]),
        (("turnout", "telling", "days_before", 10**9), ["turnout.telling.days_before: 1000000000 太大，至多为 366"]),
        (("turnout", "telling", "telephone_days_before_that", -1), ["turnout.telling.telephone_days_before_that: -1 太小，至少为 0"]),
        (("payment", "remind_days_before_end", [2, -1]), ["payment.remind_days_before_end: -1 太小，至少为 0"]),
        (("results", "working_days_with_marking", 19), ["results.working_days_with_marking: 19 太小，至少为 20"]),
        (("results", "working_days", 0), ["results.working_days: 0 太小，至少为 1"]),
        (("retakes", "validity", 0, "years", 0), ["retakes.validity: 0 太小，至少为 1"]),
        (("retakes", "validity", 0, "years", 51), ["retakes.validity: 51 太大，至多为 50"]),
        (("retakes", "validity", 0, "levels", [4]), ["retakes.validity: 3级须有且只有一个成绩有效期"]),
        (("retakes", "validity", []), [f"retakes.validity: {level}级须有且只有一个成绩有效期" for level in (4, 3)]),
        (("retakes", "validity", [{"levels": [4, 3], "years": 2}, {"levels": [3], "years": 3}]), [
            "retakes.validity: 3级须有且只有一个成绩有效期",
        ]),
        (("pass_mark", "points", 101), ["pass_mark.out_of: 100 太小，至少为 101"]),
        (("pass_mark", "points", 0), ["pass_mark.points: 0 太小，至少为 1"]),
        (("eligibility", "minimum_age", -1), ["eligibility.minimum_age: -1 太小，至少为 0"]),
        # clauses without a source
        (("turnout", "threshold", "source", " "), ["turnout.threshold.source: 须写明出处（通知的条款），没有出处的写明未说明什么"]),
        (("occupations", 1, "levels", 0, "fee", "source", ""), [
            "occupations[1].levels[0].fee.source: 须写明出处（通知的条款），没有出处的写明未说明什么",
        ]),
        (("results", "source", "三" * 501), ["results.source: 太长，至多500个字"]),
        (("timetable", "place", "路" * 501), ["timetable.place: 太长，至多500个字"]),
        # conditions
        ((*FOUR, []), ["eligibility.levels[1].any_of: 没有申报条件"]),
        ((*FOUR, 0, "years", 0), ["eligibility.levels[1].any_of[0].years: 0 太小，至少为 1"]),
        ((*FOUR, 1, "level", 6), ["eligibility.levels[1].any_of[1].level: 没有6级"]),
        ((*FOUR, 2, "schools", []), ["eligibility.levels[1].any_of[2].schools: 没有列出学校"]),
        ((*TWO, 1, "level", 0), ["eligibility.levels[3].any_of[1].level: 没有0级"]),
        ((*TWO, 1, "title_years", 0), ["eligibility.levels[3].any_of[1].title_years: 0 太小，至少为 1"]),
        ((*TWO, 1, "certificate_years", -1), ["eligibility.levels[3].any_of[1].certificate_years: -1 太小，至少为 1"]),
        ((*TWO, 3, "level", 6), ["eligibility.levels[3].any_of[3].level: 没有6级"]),
        ((*TWO, 3, "schools", []), ["eligibility.levels[3].any_of[3].schools: 没有列出学校"]),
        ((*TWO, 4, "years", 0), ["eligibility.levels[3].any_of[4].years: 0 太小，至少为 1"]),
        # lists
        (("eligibility", "related", RELATED | {"occupations": [], "majors": []}), ["eligibility.related: 两份名单都是空的；没有名单就不要写这一项"]),
        (("eligibility", "related", RELATED | {"occupations": ["会计", "会计"]}), ["eligibility.related.occupations: 会计 出现了不止一次"]),
        (("eligibility", "related", RELATED | {"majors": ["法学", " "]}), ["eligibility.related.majors: 有空白的名称"]),
        ((*FOUR, 0, "id", "3.1"), ["eligibility.levels: 3.1 出现了不止一次"]),
        # the timetable and the remark
        (("timetable", "subjects", 0, "subject", "面试"), [
            "timetable.subjects: 企业人力资源管理师没有科目面试",
            "timetable.subjects: 缺少企业人力资源管理师的科目理论知识",
            "timetable.subjects: 职业培训师没有科目面试",
            "timetable.subjects: 缺少职业培训师的科目理论知识",
        ]),
        (("timetable", "subjects", 0, "starts", "24:00"), ["timetable.subjects[0]: 时间 24:00 至 10:30 不对，须如 09:00 至 10:30"]),
        (("timetable", "subjects", 0, "ends", "09:00"), ["timetable.subjects[0]: 时间 09:00 至 09:00 不对，须如 09:00 至 10:30"]),
        (("timetable", "subjects", 1, "day", 3), ["timetable.subjects[1].day: 评价只有2天，没有第3天"]),
        (("timetable", "subjects", 1, "day", 0), ["timetable.subjects[1].day: 评价只有2天，没有第0天"]),
        (("payment", "remark", "{phone}"), ["payment.remark: 只能用 {name} 和 {number}"]),
        (("payment", "remark", "{name"), ["payment.remark: 只能用 {name} 和 {number}"]),
        (("payment", "remark", "{}"), ["payment.remark: 只能用 {name} 和 {number}"]),
    ],
)  # fmt: skip
def test_a_contradiction_is_named(tmp_path: Path, change: tuple[Any, ...], faults: list[str]) -> None:
    assert refused(save(tmp_path, changed(*change))) == [f"book.toml: {fault}" for fault in faults]


def other_year(data: dict[str, Any]) -> None:
    data["year"] = 2025


def no_year_of_ours(data: dict[str, Any]) -> None:
    data["year"] = 0


def no_occupations(data: dict[str, Any]) -> None:
    data["occupations"] = []


def no_levels(data: dict[str, Any]) -> None:
    data["occupations"][1]["levels"] = []


def no_subjects(data: dict[str, Any]) -> None:
    data["occupations"][1]["subjects"] = []


def no_sittings(data: dict[str, Any]) -> None:
    data["calendar"]["sittings"] = []


def april_twice(data: dict[str, Any]) -> None:
    data["calendar"]["sittings"].insert(1, data["calendar"]["sittings"][0])


def theory_twice(data: dict[str, Any]) -> None:
    data["occupations"][1]["subjects"].append("理论知识")


def theory_timed_twice(data: dict[str, Any]) -> None:
    data["timetable"]["subjects"].append(data["timetable"]["subjects"][0])


def no_conditions(data: dict[str, Any]) -> None:
    del data["eligibility"]["levels"][2]


def two_lists_of_conditions(data: dict[str, Any]) -> None:
    data["eligibility"]["levels"][2]["level"] = 4


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (other_year, "calendar.sittings[0].assessed: 不在 2025 年（year）"),
        (other_year, "slug: 须为小写的机构简称加年份，如 technicians-2025，至多64个字符"),
        (no_year_of_ours, "year: 0 太小，至少为 2000"),
        (no_occupations, "occupations: 没有职业（工种）"),
        (no_levels, "occupations.trainer.levels: 没有等级"),
        (no_subjects, "occupations.trainer.subjects: 没有科目"),
        (no_sittings, "calendar.sittings: 职业培训师3级没有考次"),
        (april_twice, "calendar.sittings: 2026-04 出现了不止一次"),
        (theory_twice, "occupations.trainer.subjects: 理论知识 出现了不止一次"),
        (theory_timed_twice, "timetable.subjects: 理论知识 出现了不止一次"),
        (no_conditions, "occupations.trainer.levels: 3级没有申报条件（eligibility.levels）"),
        (two_lists_of_conditions, "eligibility.levels: 4 出现了不止一次"),
    ],
)
def test_a_larger_contradiction_is_named(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], fault: str
) -> None:
    data = table()
    change(data)
    assert f"book.toml: {fault}" in refused(save(tmp_path, data))
