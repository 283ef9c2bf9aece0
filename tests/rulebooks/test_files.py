"""Files and folders: what cannot be read is named, and a folder is loaded whole or not at all."""

from pathlib import Path

import pytest

from server.rulebooks.catalogue import Catalogue
from server.rulebooks.loader import FOLDER, RulebookRefused, assumed_clauses, load_all, load_file
from tests.rulebooks.toml_text import BASES, ORIGINAL, changed, refused, save, table, windows_table


def folder_faults(folder: Path) -> list[str]:
    with pytest.raises(RulebookRefused) as fault:
        load_all(folder)
    return fault.value.faults


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.toml") == ["gone.toml: 无法读取文件（No such file or directory）"]


def test_a_folder_in_a_files_place_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path)[0].startswith(f"{tmp_path.name}: 无法读取文件")


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    path.write_bytes(ORIGINAL.read_text("utf-8").encode("gb18030"))
    assert refused(path) == ["book.toml: 不是 UTF-8 编码"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("ticket_from = 2026-04-20", "ticket_from = 2026-04-31", "ticket_from = 2026-04-31"),
        ("last = 2026-03-22 }", "last = 2026-02-29 }", "apply = { first = 2026-02-23, last = 2026-02-29 }"),
        ("edition = 1", "edition = 1\nedition = 2", "edition = 2"),
        ("edition = 1", "edition = ", "edition ="),
        ("[pass_mark]", "[conduct]", "[conduct]"),
        ("[notice]", "[notice", "[notice"),
    ],
    ids=["no such day", "no such day in a window", "a key twice", "no value", "a table twice", "broken"],
)
def test_what_is_no_toml_is_shown_with_its_line(tmp_path: Path, old: str, new: str, line: str) -> None:
    text = ORIGINAL.read_text("utf-8")
    assert text.count(old) == 1
    path = tmp_path / "book.toml"
    path.write_text(text.replace(old, new), "utf-8")
    (fault,) = refused(path)
    assert fault.startswith("book.toml: 第")
    assert "行: 不是正确的 TOML，或没有这个日期" in fault
    assert fault.endswith(f"：{line}")


def test_a_file_that_breaks_off_is_named(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    path.write_text('name = "上海', "utf-8")
    assert refused(path)[0].startswith("book.toml: ")
    path.write_text("", "utf-8")
    assert "book.toml: slug: 缺少这一项" in refused(path)


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    data = changed("notice", "number", 1) | {"year": "2026", "colour": "red"}
    del data["slug"]
    assert sorted(refused(save(tmp_path, data))) == [
        "book.toml: colour: 不认识这一项",
        "book.toml: notice.number: 须为文字",
        "book.toml: slug: 缺少这一项",
        "book.toml: year: 须为整数",
    ]


@pytest.mark.parametrize("there", [True, False], ids=["empty", "not there"])
def test_a_folder_without_rulebooks_is_refused(tmp_path: Path, there: bool) -> None:
    folder = tmp_path / "books"
    if there:
        folder.mkdir()
        (folder / "notes.txt").write_text("nothing")
    assert folder_faults(folder) == ["books: 没有规则文件（*.toml）"]


def test_one_wrong_file_and_nothing_is_loaded(tmp_path: Path) -> None:
    save(tmp_path, table(), "a.toml")
    save(tmp_path, changed("year", "2026"), "b.toml")
    save(tmp_path, changed("edition", 0), "c.toml")
    save(tmp_path, windows_table(), "d.toml")
    save(tmp_path, table(), "e.toml")
    assert folder_faults(tmp_path) == [
        "b.toml: year: 须为整数",
        "c.toml: edition: 0 太小，至少为 1",
        "e.toml: edition: 与 a.toml 是同一规则的同一版本",
    ]


@pytest.mark.parametrize("base", BASES)
def test_rulebooks_of_every_kind_are_loaded_together(tmp_path: Path, base: str) -> None:
    for name, made in BASES.items():
        save(tmp_path, made(), f"{name}.toml")
    assert [one.book.slug for one in load_all(tmp_path)] == ["technicians-2026", "guild-2026", "school-2026"]
    save(tmp_path, BASES[base]() | {"colour": "red"}, "z.toml")
    assert folder_faults(tmp_path) == ["z.toml: colour: 不认识这一项"]


def test_two_editions_stand_side_by_side_and_the_newer_makes_the_sittings(tmp_path: Path) -> None:
    save(tmp_path, table() | {"edition": 2, "replaces": 1}, "a.toml")
    save(tmp_path, table(), "b.toml")
    catalogue = Catalogue(load_all(tmp_path))
    assert [one.book.edition for one in catalogue.newest()] == [2]
    assert catalogue.book("technicians-2026", 1).edition == 1
    with pytest.raises(KeyError):
        catalogue.book("technicians-2026", 3)


def test_the_fingerprint_follows_the_text(tmp_path: Path) -> None:
    first, again = save(tmp_path, table(), "a.toml"), save(tmp_path, table(), "b.toml")
    other = save(tmp_path, changed("institution", "telephone", "021-00000000"), "c.toml")
    assert load_file(first).digest == load_file(again).digest != load_file(other).digest


def test_the_rulebooks_of_the_product_load() -> None:
    assert "technicians-2026" in {one.book.slug for one in load_all(FOLDER)}


def test_the_assumed_clauses_are_listed_with_what_the_notice_leaves_open() -> None:
    assert assumed_clauses(load_file(ORIGINAL).book) == [
        ("turnout.threshold", "二（三）注：“不足开考条件”，未列人数"),
        ("turnout.counting", "二（三）注：未说明按申报、审核还是缴费人数"),
        ("withdrawal", "未说明延期后可否退出"),
        ("payment", "二（四）：以等级认定指定银行账户收到的时间为准；未列账号和附言"),
        ("timetable", "二（三）：机考；未列考场和时间"),
        ("pass_mark", "未列合格分数"),
    ]


def test_an_assumption_deep_in_the_rulebook_is_listed_too(tmp_path: Path) -> None:
    path = save(tmp_path, changed("occupations", 1, "levels", 0, "fee", "assumed", True))
    assert ("occupations[1].levels[0].fee", "附件3") in assumed_clauses(load_file(path).book)
