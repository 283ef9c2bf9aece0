"""Two rulebooks compared: every change is found, under its own key and no other, however lists are ordered."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from server.rulebooks.differences import differences
from server.rulebooks.places import IDENTITY
from tests.rulebooks.samples import SAMPLES, book, edited, monthly
from tests.rulebooks.toml_text import table

# What a row of a list is known by: with another of these it is another row.
NATURAL = re.compile(
    r"occupations\[\d\]\.key|.*\.level(s\[\d\])?|calendar\.sittings\[\d\]\.month|.*\.assessed_in|.*\.subject|.*\.id"
    r"|institution\.websites\[\d\]\.name|retakes\.validity\[\d\]\.years"
)


def told(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one.place.key, one.old, one.new) for one in differences(book(old), book(new))]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_rulebook_does_not_differ_from_itself(name: str) -> None:
    assert list(differences(SAMPLES[name], SAMPLES[name])) == []


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_value_that_is_changed_is_found_and_nothing_else(name: str) -> None:
    unlike = {}
    for key, changed in edited(SAMPLES[name]):
        found = [one.place.key for one in differences(SAMPLES[name], changed)]
        if key in IDENTITY:
            right = found == []
        elif NATURAL.fullmatch(key):
            right = bool(found)
        else:
            right = [re.sub(r"\[[^]]*\]", "", one) for one in found] == [re.sub(r"\[[^]]*\]", "", key)]
        if not right:
            unlike[key] = found
    assert unlike == {}


def of(change: Callable[[dict[str, Any]], object], make: Callable[[], dict[str, Any]] = table) -> dict[str, Any]:
    """The rulebook with something done to it."""
    data = make()
    change(data)
    return data


def an_august_sitting_less(data: dict[str, Any]) -> None:
    del data["calendar"]["sittings"][1]


def another_order(data: dict[str, Any]) -> None:
    for rows in (data["occupations"], data["calendar"]["sittings"], data["eligibility"]["levels"]):
        rows.reverse()


def a_trade_more(data: dict[str, Any]) -> None:
    trade = data["occupations"][1] | {"key": "broker", "name": "职业指导员", "assumed": True}
    data["occupations"].insert(0, trade)


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (lambda data: data["turnout"]["threshold"].update(people=20), [("turnout.threshold.people", "30", "20")]),
        (
            lambda data: data["occupations"][0]["levels"][1]["fee"].update(yuan=420),
            [("occupations[hr].levels[3].fee.yuan", "400", "420")],
        ),
        (
            lambda data: data["turnout"]["below"].update(in_that_month="needs_staff"),
            [("turnout.below.in_that_month", "如期开考（hold）", "由工作人员决定（needs_staff）")],
        ),
        (lambda data: data["turnout"]["below"].update(months=[8, 11]), [("turnout.below.months", "11", "8、11")]),
        (lambda data: data["payment"].update(remind_days_before_end=[]), [("payment.remind_days_before_end", "2、0", "（无）")]),
        (lambda data: data["certificates"].update(electronic=False), [("certificates.electronic", "是", "否")]),
        (lambda data: data["notice"].update(number=""), [("notice.number", "“沪技师(2026)1号”", "（无）")]),
        (
            lambda data: data["notice"]["remarks"].insert(1, "新的一条"),
            [("notice.remarks", "（无）", "“新的一条”")],
        ),
        (
            lambda data: data["retakes"].update(validity=[{"levels": [4], "years": 2}, {"levels": [3], "years": 3}]),
            [("retakes.validity[3]", "2", "3")],
        ),
        (another_order, []),
        (
            an_august_sitting_less,
            [
                ("calendar.sittings[2026-08].month", "“2026-08”", "（无）"),
                ("calendar.sittings[2026-08].levels", "4、3", "（无）"),
                ("calendar.sittings[2026-08].apply.first", "2026-06-29", "（无）"),
                ("calendar.sittings[2026-08].apply.last", "2026-07-19", "（无）"),
                ("calendar.sittings[2026-08].pay.first", "2026-07-20", "（无）"),
                ("calendar.sittings[2026-08].pay.last", "2026-07-26", "（无）"),
                ("calendar.sittings[2026-08].assessed.first", "2026-08-22", "（无）"),
                ("calendar.sittings[2026-08].assessed.last", "2026-08-23", "（无）"),
                ("calendar.sittings[2026-08].ticket_from", "2026-08-17", "（无）"),
            ],
        ),
        (
            a_trade_more,
            [
                ("occupations[broker].source", "（无）", "“一、二（三）、附件3”"),
                ("occupations[broker].assumed", "（无）", "是"),
                ("occupations[broker].key", "（无）", "“broker”"),
                ("occupations[broker].name", "（无）", "“职业指导员”"),
                ("occupations[broker].subjects", "（无）", "“理论知识”"),
                ("occupations[broker].subjects", "（无）", "“操作技能”"),
                ("occupations[broker].levels[3].level", "（无）", "3"),
                ("occupations[broker].levels[3].fee.source", "（无）", "“附件3”"),
                ("occupations[broker].levels[3].fee.assumed", "（无）", "否"),
                ("occupations[broker].levels[3].fee.kind", "（无）", "合计一笔（one_sum）"),
                ("occupations[broker].levels[3].fee.yuan", "（无）", "400"),
                ("occupations[broker].levels[3].fee.retake_yuan_per_subject", "（无）", "200"),
            ],
        ),
    ],
)  # fmt: skip
def test_what_differs_is_told_by_its_natural_key_from_old_to_new(
    change: Callable[[dict[str, Any]], object], differs: list[tuple[str, str, str]]
) -> None:
    assert told(table(), of(change)) == differs
    assert told(of(change), table()) == [(key, new, old) for key, old, new in differs]


def test_another_kind_of_rule_is_told_as_such() -> None:
    found = told(table(), monthly())
    assert ("calendar.kind", "固定考次（fixed）", "逐月（monthly）") in found
    assert ("turnout.above.kind", "（无）", "增加场次（more_groups）") in found
    assert ("payment.account.holder", "（无）", "“户甲”") in found


def test_two_websites_of_one_name_are_told_apart() -> None:
    def named_alike(data: dict[str, Any]) -> None:
        data["institution"]["websites"] = [{"name": "甲", "url": "a"}, {"name": "甲", "url": "b"}]

    def moved(data: dict[str, Any]) -> None:
        named_alike(data)
        data["institution"]["websites"][1]["url"] = "c"

    assert told(of(named_alike), of(moved)) == [("institution.websites[甲#2].url", "“b”", "“c”")]


def test_a_place_is_told_in_words_too() -> None:
    (one,) = differences(
        book(table()), book(of(lambda data: data["occupations"][0]["levels"][0]["fee"].update(yuan=1)))
    )
    assert one.place.text == "职业（工种） 企业人力资源管理师 · 等级 四级 · 收费 · 总额（元）"
