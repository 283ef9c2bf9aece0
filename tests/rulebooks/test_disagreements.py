"""Rulebooks that are each right and forbid one another: editions of one year, and the years of one institution."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.rulebooks.catalogue import Catalogue
from server.rulebooks.loader import RulebookRefused, load_all
from tests.rulebooks.toml_text import monthly_table, save, table, windows_table

Table = dict[str, Any]


def faults(folder: Path, books: dict[str, Table]) -> list[str]:
    for name, data in books.items():
        save(folder, data, name)
    try:
        load_all(folder)
    except RulebookRefused as refused:
        return refused.faults
    return []


def edition(number: int, replaces: int | None = None) -> Table:
    data = table() | {"edition": number}
    return data if replaces is None else data | {"replaces": replaces}


SAY = "是同一年的两个版本；新的版本须写明代替哪一版"


@pytest.mark.parametrize(
    ("books", "expected"),
    [
        ({"a": edition(1), "b": edition(2)}, [f"b.toml: edition: 与 a.toml {SAY}（replaces = 1）"]),
        # it is the newer edition's fault, whatever the files are called
        ({"a": edition(2), "b": edition(1)}, [f"a.toml: edition: 与 b.toml {SAY}（replaces = 1）"]),
        ({"a": edition(1), "b": edition(2, 1)}, []),
        ({"a": edition(2, 1), "b": edition(1)}, []),
        ({"a": edition(1), "b": edition(5, 1)}, []),
        ({"a": edition(1), "b": edition(2, 2)}, ["b.toml: replaces: 第2版不能代替第2版"]),
        ({"a": edition(1), "b": edition(2, 3)}, ["b.toml: replaces: 第2版不能代替第3版"]),
        ({"a": edition(1), "b": edition(1)}, ["b.toml: edition: 与 a.toml 是同一规则的同一版本"]),
        ({"a": edition(2, 1), "b": edition(2, 1)}, ["b.toml: edition: 与 a.toml 是同一规则的同一版本"]),
        # one after another
        ({"a": edition(1), "b": edition(2, 1), "c": edition(3, 2)}, []),
        ({"a": edition(1), "b": edition(2, 1), "c": edition(3, 1)}, []),
        ({"a": edition(1), "b": edition(2, 1), "c": edition(3)}, [f"c.toml: edition: 与 b.toml {SAY}（replaces = 2）"]),
        ({"a": edition(1), "b": edition(2), "c": edition(3, 1)}, [f"b.toml: edition: 与 a.toml {SAY}（replaces = 1）"]),
        ({"a": edition(1), "c": edition(3, 2)}, ["c.toml: replaces: 没有第2版；它之前的是 a.toml 的第1版"]),
    ],
)  # fmt: skip
def test_of_two_editions_of_one_year_the_newer_says_which_it_takes_the_place_of(
    tmp_path: Path, books: dict[str, Table], expected: list[str]
) -> None:
    assert faults(tmp_path, {f"{name}.toml": data for name, data in books.items()}) == expected


def test_of_three_editions_the_newest_makes_the_sittings_and_each_is_found(tmp_path: Path) -> None:
    books = {"c.toml": edition(1), "b.toml": edition(2, 1), "a.toml": edition(3, 2)}
    assert faults(tmp_path, books) == []
    catalogue = Catalogue(load_all(tmp_path))
    assert [one.book.edition for one in catalogue.newest()] == [3]
    assert [catalogue.book("technicians-2026", number).edition for number in (1, 2, 3)] == [1, 2, 3]


def year(made: Callable[[], Table], number: int) -> Table:
    """An institution's rulebook of another year: its first edition."""
    data = made()
    data |= {"slug": data["slug"].replace("2026", str(number)), "year": number, "edition": 1}
    data.pop("replaces", None)
    return data


def clashes(first: str, *months: str) -> list[str]:
    """What is said of these months: each once for every occupation and level."""
    trades = ("人工智能训练师", "计算机程序设计员")
    return [f"{first} 已有{month}的{trade}{level}级考次" for month in months for trade in trades for level in (4, 3)]


@pytest.mark.parametrize("made", [windows_table, monthly_table])
def test_the_years_of_an_institution_follow_one_another(tmp_path: Path, made: Callable[[], Table]) -> None:
    books = {f"{number}.toml": year(made, number) for number in (2025, 2026, 2027)}
    assert faults(tmp_path, books) == []


@pytest.mark.parametrize(("older", "newer"), [("a.toml", "b.toml"), ("b.toml", "a.toml")])
def test_one_month_planned_by_two_years_is_the_later_years_fault(tmp_path: Path, older: str, newer: str) -> None:
    """2026's last window leads into January 2027; 2027's first must not be assessed there too."""
    later = year(windows_table, 2027)
    later["calendar"]["windows"][0] = {"first": "01-01", "last": "01-02", "assessed_in": 2}
    later["calendar"]["windows"].pop()
    earlier = year(windows_table, 2026)
    earlier["calendar"]["windows"][-1]["assessed_in"] = 2
    assert faults(tmp_path, {older: earlier, newer: later}) == [
        f"{newer}: calendar: {why}" for why in clashes(older, "2027-02")
    ]


def test_a_monthly_year_after_one_of_windows_that_runs_into_it_is_refused(tmp_path: Path) -> None:
    before, after = year(windows_table, 2026), year(monthly_table, 2027) | {"slug": "school-2027"}
    before["calendar"]["windows"][-1]["assessed_in"] = 3
    assert faults(tmp_path, {"a.toml": before, "b.toml": after}) == [
        f"b.toml: calendar: {why}" for why in clashes("a.toml", "2027-03")
    ]


def test_a_clash_of_years_is_mended_by_a_new_edition_and_the_old_one_stays(tmp_path: Path) -> None:
    """An edition in use is never edited, so what it says of a month binds nobody once it is replaced."""
    wrong, later = year(windows_table, 2026), year(monthly_table, 2027) | {"slug": "school-2027"}
    wrong["calendar"]["windows"][-1]["assessed_in"] = 2
    books = {"2026-1.toml": wrong, "2027.toml": later}
    assert faults(tmp_path, books) != []
    mended = windows_table()
    assert (mended["edition"], mended["replaces"]) == (2, 1)
    assert faults(tmp_path, books | {"2026-2.toml": mended}) == []


def test_one_occupation_has_one_name_in_all_years(tmp_path: Path) -> None:
    earlier, later = year(windows_table, 2026), year(windows_table, 2027)
    later["occupations"][0] |= {"name": "职业培训师", "code": ""}
    assert faults(tmp_path, {"a.toml": earlier, "b.toml": later}) == [
        "b.toml: occupations.ai: 在 a.toml 中是人工智能训练师，不是职业培训师"
    ]


def test_other_institutions_may_plan_the_same_month_and_call_another_occupation_by_the_same_key(
    tmp_path: Path,
) -> None:
    other = windows_table() | {"slug": "academy-2026"}
    other["occupations"][0] |= {"name": "职业培训师", "code": ""}
    assert faults(tmp_path, {"a.toml": windows_table(), "b.toml": other}) == []


def test_an_institution_whose_name_begins_like_anothers_is_another(tmp_path: Path) -> None:
    longer = windows_table() | {"slug": "school-north-2026"}
    assert faults(tmp_path, {"a.toml": windows_table(), "b.toml": longer}) == []
