"""`jiping rulebook …` as it is called: what stands on which stream, and how it ends."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from server.commands.rulebook import rulebook
from server.rulebooks.loader import FOLDER
from tests.rulebooks.samples import monthly
from tests.rulebooks.toml_text import ORIGINAL, changed, save, table


def jiping(*words: str | Path, folder: Path | None = None) -> Result:
    """The command in an installation with this folder of rulebooks."""
    environment = {"JIPING_CONFIG": None, "JIPING_RULEBOOKS": None if folder is None else str(folder)}
    return CliRunner().invoke(rulebook, [str(word) for word in words], env=environment)


def said(*words: str | Path, folder: Path | None = None, code: int = 0) -> list[str]:
    """What it prints, where it ends as it should and complains of nothing."""
    done = jiping(*words, folder=folder)
    assert (done.exit_code, done.stderr) == (code, "")
    return done.stdout.splitlines()


def refused(*words: str | Path, folder: Path | None = None, code: int) -> list[str]:
    """What it complains of, where it prints nothing else."""
    done = jiping(*words, folder=folder)
    assert (done.exit_code, done.stdout) == (code, "")
    return done.stderr.splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of one's own: two editions of the technicians' rulebook, and another association."""
    books = tmp_path / "books"
    books.mkdir()
    save(books, table(), "technicians-2026.toml")
    save(
        books,
        changed("turnout", "threshold", "people", 20) | {"edition": 2, "replaces": 1},
        "technicians-2026-2.toml",
    )
    save(books, monthly(), "monthly-2026.toml")
    return books


# --- check


def test_a_right_file_is_said_to_be_right_with_all_that_it_assumes() -> None:
    told = said("check", ORIGINAL)
    assert told[0] == "technicians-2026.toml: 正确。上海市技师协会，2026年第1版，9个考次"
    assert told[1] == "  假定  turnout.threshold：二（三）注：“不足开考条件”，未列人数"
    assert len(told) == 7


def test_every_fault_of_a_wrong_file_is_said_on_the_error_stream(tmp_path: Path) -> None:
    path = save(tmp_path, changed("year", "2026") | {"colour": "red"})
    assert sorted(refused("check", path, code=1)) == ["book.toml: colour: 不认识这一项", "book.toml: year: 须为整数"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refused("check", tmp_path / "gone.toml", code=1) == [
        "gone.toml: 无法读取文件（No such file or directory）"
    ]


def test_a_folder_is_checked_whole(folder: Path) -> None:
    told = [line for line in said("check", folder) if not line.startswith("  ")]
    assert told == [
        "monthly-2026.toml: 正确。某某行业协会，2026年第1版，36个考次",
        "technicians-2026-2.toml: 正确。上海市技师协会，2026年第2版，9个考次",
        "technicians-2026.toml: 正确。上海市技师协会，2026年第1版，9个考次",
        "共3份规则，相互之间没有矛盾",
    ]


def test_what_two_files_of_a_folder_forbid_one_another_is_said(folder: Path) -> None:
    save(folder, table() | {"edition": 2}, "again.toml")
    assert sorted(refused("check", folder, code=1)) == [
        "again.toml: edition: 与 technicians-2026.toml 是同一年的两个版本；新的版本须写明代替哪一版（replaces = 1）",
        "technicians-2026-2.toml: edition: 与 again.toml 是同一规则的同一版本",
    ]


def test_a_folder_without_rulebooks_is_not_right(tmp_path: Path) -> None:
    assert refused("check", tmp_path, code=1) == [f"{tmp_path.name}: 没有规则文件（*.toml）"]


# --- list


def test_the_list_says_where_the_rulebooks_lie_and_which_edition_is_in_use(folder: Path) -> None:
    assert said("list", folder=folder) == [
        f"规则文件夹：{folder}",
        "规则                机构            年度  考次",
        "monthly-2026@1      某某行业协会    2026    36",
        "technicians-2026@2  上海市技师协会  2026     9",
        "technicians-2026@1  上海市技师协会  2026     9  旧版，仅供已有的考次",
    ]


def test_the_rulebooks_that_come_along_are_used_where_no_folder_is_named() -> None:
    assert said("list")[0] == f"规则文件夹：{FOLDER}"


# --- show


@pytest.mark.parametrize(
    ("words", "head"),
    [
        (["technicians-2026"], "上海市技师协会  technicians-2026 第2版（2026年，代替第1版）"),
        (["technicians-2026", "--edition", "1"], "上海市技师协会  technicians-2026 第1版（2026年）"),
        (["technicians-2026@1"], "上海市技师协会  technicians-2026 第1版（2026年）"),
        (["monthly-2026"], "某某行业协会  monthly-2026 第1版（2026年）"),
        ([str(ORIGINAL)], "上海市技师协会  technicians-2026 第1版（2026年）"),
    ],
)
def test_a_rulebook_is_shown_whole(folder: Path, words: list[str], head: str) -> None:
    told = said("show", *words, folder=folder)
    assert told[0] == head
    assert [line.split("、")[0] for line in told if line[:1] in "一二三四五六七八九十" and "、" in line[:3]][
        -1
    ] == "十四"


def test_the_table_has_the_latest_edition_of_each_rulebook(folder: Path) -> None:
    told = said("show", "--table", folder=folder)
    assert told[5] == "|  | monthly-2026 某某行业协会 | technicians-2026@2 上海市技师协会 |"
    assert "| 开考条件 | 满30人（假定） | 满20人（假定） |" in told


def test_a_bar_in_a_text_does_not_break_the_table(tmp_path: Path) -> None:
    save(tmp_path, changed("institution", "hours", "上午|下午"))
    assert "| 窗口时间 | 上午\\|下午 |" in said("show", "--table", folder=tmp_path)


@pytest.mark.parametrize("words", [[], ["technicians-2026", "--table"], ["--table", "--edition", "1"]])
def test_one_rulebook_or_the_table_is_asked_for(words: list[str]) -> None:
    assert "写一份规则的代号或文件，或只写 --table" in "\n".join(refused("show", *words, code=2))


def test_an_unknown_rulebook_is_refused_with_those_of_the_folder(folder: Path) -> None:
    assert refused("show", "sjtu", folder=folder, code=2) == [
        "没有规则“sjtu”，已有的规则：monthly-2026、technicians-2026"
    ]


# --- diff


def test_nothing_differs_and_it_ends_with_zero(folder: Path) -> None:
    assert said("diff", "technicians-2026@1", folder / "technicians-2026.toml", folder=folder) == [
        "technicians-2026@1 → technicians-2026@1（technicians-2026.toml）",
        "没有差异",
    ]


def test_differences_are_said_key_by_key_and_end_with_one(folder: Path) -> None:
    assert said("diff", "technicians-2026@1", "technicians-2026", folder=folder, code=1) == [
        "technicians-2026@1 → technicians-2026@2",
        "",
        "开考 · 开考条件 · 人数  turnout.threshold.people",
        "  30 → 20",
        "共1处差异",
    ]


def test_long_values_stand_on_two_lines(folder: Path, tmp_path: Path) -> None:
    path = save(tmp_path, changed("timetable", "place", "另一处" * 20))
    told = said("diff", "technicians-2026@1", path, folder=folder, code=1)
    assert told[2:] == [
        "考场和时间 · 考场  timetable.place",
        "    “上海市技师协会（广济路838号A栋），具体考场以协会通知为准”",
        f"  → “{'另一处' * 20}”",
        "共1处差异",
    ]


@pytest.mark.parametrize("words", [["nobody", "technicians-2026"], ["technicians-2026", "gone.toml"]])
def test_what_cannot_be_read_cannot_be_compared_and_ends_with_two(folder: Path, words: list[str]) -> None:
    assert len(refused("diff", *words, folder=folder, code=2)) == 1


# --- the folder


@pytest.mark.parametrize("words", [["list"], ["show", "technicians-2026"], ["show", "--table"], ["diff", "a", "b"]])
def test_a_folder_that_is_not_there_is_refused_in_words(tmp_path: Path, words: list[str]) -> None:
    (fault,) = refused(*words, folder=tmp_path / "gone", code=2)
    assert fault.startswith("rulebooks: 没有这个文件夹")


@pytest.mark.parametrize("words", [["list"], ["show", "technicians-2026"], ["show", "--table"], ["diff", "a", "b"]])
def test_a_folder_without_rulebooks_is_refused_in_words(tmp_path: Path, words: list[str]) -> None:
    assert refused(*words, folder=tmp_path, code=2) == [f"{tmp_path.name}: 没有规则文件（*.toml）"]


def test_the_folder_may_stand_in_the_file_of_settings(folder: Path, tmp_path: Path) -> None:
    config = tmp_path / "jiping.toml"
    config.write_text(f'rulebooks = "{folder}"\n', "utf-8")
    done = CliRunner().invoke(rulebook, ["list"], env={"JIPING_CONFIG": str(config), "JIPING_RULEBOOKS": None})
    assert done.stdout.splitlines()[0] == f"规则文件夹：{folder}"


def test_a_code_that_this_program_does_not_know_may_be_added_beside_the_rulebooks(folder: Path) -> None:
    data: dict[str, Any] = table() | {"slug": "other-2026"}
    data["occupations"][0] |= {"code": "2-06-08-02"}
    save(folder, data, "other-2026.toml")
    (fault,) = refused("check", folder, code=1)
    assert fault.startswith("other-2026.toml: occupations.hr.code: 没有职业编码 2-06-08-02")
    codes = folder / "standards" / "occupation-codes.toml"
    codes.parent.mkdir()
    codes.write_text('[codes]\n"2-06-08-02" = "企业人力资源管理师"\n', "utf-8")
    assert said("check", folder)[-1] == "共4份规则，相互之间没有矛盾"
    codes.write_text('[codes]\n"2-06-08-02" = 7\n', "utf-8")
    assert refused("check", folder, code=1) == ["occupation-codes.toml: codes: 须为从编码到职业名称的表"]
