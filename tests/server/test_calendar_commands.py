"""`jiping calendar` and `jiping alarms` as they are typed: what they say, what they refuse, how they end."""

from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from server.commands.calendar_file import COLUMNS, read_year, written
from server.commands.context import application
from server.csv_files import FileRefused
from server.db import transaction
from server.domain.published_year import NamedDay, PublishedYear
from server.holidays import published_years
from server.services import job_runs
from server.services.working_days import seed_years
from tests.conftest import at
from tests.server.conftest import Jiping

HEAD = ",".join(COLUMNS)
NEW_YEAR = "2031-01-01,off,元旦"
YEAR = f"{HEAD}\n{NEW_YEAR}\n2031-01-04,worked,元旦调休\n"
NOW = at(2030, 11, 6)


def saved(folder: Path, content: str | bytes) -> Path:
    path = folder / "2031.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def entered(jiping: Jiping, folder: Path, content: str, *options: str) -> Result:
    return jiping(NOW, "calendar", "set-year", str(saved(folder, content)), *options)


# --- the file


@pytest.mark.parametrize("coded", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("new_year", ["2031-01-01", "2031/1/1", "2031-1-1"])
def test_a_year_is_read_as_a_spreadsheet_saves_it(tmp_path: Path, coded: str, newline: str, new_year: str) -> None:
    lines = ["note,day,kind", f"元旦,{new_year},off", ",,", " 元旦调休 , 2031-01-04 ,worked", ""]
    assert read_year(saved(tmp_path, newline.join(lines).encode(coded))) == PublishedYear(
        2031, (NamedDay(date(2031, 1, 1), "元旦"),), (NamedDay(date(2031, 1, 4), "元旦调休"),)
    )


@pytest.mark.parametrize("one", published_years(), ids=lambda one: str(one.year))
def test_a_year_written_is_read_again_as_it_was(tmp_path: Path, one: PublishedYear) -> None:
    assert read_year(saved(tmp_path, written(one))) == one


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("", [": 空文件，首行须为 day,kind,note"]),
        (f"{HEAD}\n", [" 第1行: 只有表头"]),
        (f"day,kind\n{NEW_YEAR}\n", [" 第1行: 缺少列 note"]),
        (f"{HEAD},name\n{NEW_YEAR}\n", [" 第1行: 不认识的列“name”"]),
        (f"{HEAD}\n{NEW_YEAR},x\n", [" 第2行: 有4格，多于表头的3列"]),
        (f"{HEAD}\n{NEW_YEAR}\n五月一日,off,\n", [" 第3行: day: “五月一日”不是日期"]),
        (f"{HEAD}\n{NEW_YEAR}\n2031-02-30,off,\n", [" 第3行: day: “2031-02-30”不是日期"]),
        (f"{HEAD}\n{NEW_YEAR}\n2031-05/01,off,\n", [" 第3行: day: “2031-05/01”不是日期"]),
        (f"{HEAD}\n{NEW_YEAR}\n,off,劳动节\n", [" 第3行: day: “”不是日期"]),
        (f"{HEAD}\n{NEW_YEAR}\n2031-05-01,休,\n", [" 第3行: kind: “休”，只能是 off（放假）或 worked（调休上班）"]),
        (f"{HEAD}\n{NEW_YEAR}\n2031-05-01\n", [" 第3行: kind: “”，只能是"]),
        (f"{HEAD}\n{NEW_YEAR}\n2031-05-01,off,{'字' * 201}\n", [" 第3行: note: "]),
        (f"{HEAD}\n{NEW_YEAR}\n2030-12-31,off,元旦\n", [" 第3行: 日期不在这一年；跨年的日子请用"]),
        (f"{HEAD}\n{NEW_YEAR}\n\n2031/1/1,off,春节\n", [" 第2、4行: 同一天写了不止一次"]),
        (f"{HEAD}\n{NEW_YEAR}\n2031-01-04,off,\n2031-01-04,worked,\n", [" 第3、4行: 同一天写了不止一次"]),
        (f"{HEAD}\n{NEW_YEAR}\n2031-01-06,worked,\n", [" 第3行: 调休上班只能是周六或周日"]),
        (f"{HEAD}\n2031-05-01,off,劳动节\n", [" 元旦须为放假，请补全这一年的放假安排（2031-01-01）"]),
        (YEAR.encode("gb18030"), [": 不是 UTF-8 编码"]),
        (f'{HEAD}\n2031-01-01,off,"元旦"x\n', [" 第2行: 不是正确的 CSV"]),
        # all at once; what is missing is said only where every line could be read
        (
            f"{HEAD}\n2031-01-01,of,元旦\n2031-01-06,worked,\nx,y,\n",
            [" 第2行: kind: ", " 第4行: day: ", " 第4行: kind: ", " 第3行: 调休上班"],
        ),
    ],
)
def test_a_wrong_file_is_refused_whole_with_every_fault_at_its_line(
    tmp_path: Path, content: str | bytes, wanted: list[str]
) -> None:
    with pytest.raises(FileRefused) as refused:
        read_year(saved(tmp_path, content))
    assert len(refused.value.faults) == len(wanted)
    for fault, start in zip(refused.value.faults, wanted, strict=True):
        assert fault.startswith(f"2031.csv{start}")


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"{HEAD}\n{text}".encode("utf-8", "replace")))
def test_whatever_the_file_holds_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = saved(tmp_path_factory.getbasetemp(), content)
    try:
        found = read_year(path)
    except FileRefused:
        return
    assert list(found.faults()) == []


# --- the commands


def test_a_year_is_entered_shown_and_written_again(jiping: Jiping, tmp_path: Path) -> None:
    done = entered(jiping, tmp_path, YEAR)
    assert (done.exit_code, done.stdout) == (0, "已录入2031年：放假1天，调休上班1天\n")
    shown = jiping(NOW, "calendar", "show", "2031")
    assert shown.stdout.splitlines() == [
        "2031年  国务院办公厅关于2031年部分节假日安排的通知，2030-11-06由 staff:lin 录入",
        "  2031年1月1日（周三）  放假  元旦",
        "  2031年1月4日（周六）  上班  元旦调休",
        "共放假1天，调休上班1天",
    ]
    assert jiping(NOW, "calendar", "show", "2031", "--csv").stdout == YEAR


def test_the_source_can_be_named(jiping: Jiping, tmp_path: Path) -> None:
    entered(jiping, tmp_path, YEAR, "--source", "国办发明电〔2030〕1号")
    assert "国办发明电〔2030〕1号" in jiping(NOW, "calendar", "show", "2031").stdout


def test_a_year_that_is_known_is_replaced_only_with_a_reason(jiping: Jiping, tmp_path: Path) -> None:
    entered(jiping, tmp_path, YEAR)
    less = f"{HEAD}\n{NEW_YEAR}\n"
    refused = entered(jiping, tmp_path, less)
    assert (refused.exit_code, "reason_needed" in refused.stderr) == (1, True)
    assert jiping(NOW, "calendar", "show", "2031", "--csv").stdout == YEAR
    assert entered(jiping, tmp_path, less, "--reason", "国务院调整").exit_code == 0
    assert jiping(NOW, "calendar", "show", "2031", "--csv").stdout == less


def test_a_wrong_file_ends_with_one_and_enters_nothing(jiping: Jiping, tmp_path: Path) -> None:
    done = entered(jiping, tmp_path, f"{YEAR}2031-02-01,worked,\n2031-02-03,worked,\nx,off,\n")
    assert (done.exit_code, done.stdout) == (1, "")
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["2031.csv 第6行", "2031.csv 第5行"]
    assert jiping(NOW, "calendar", "show", "2031").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "told", "left"),
    [
        (
            ("2031-05-01", "off", "--note", "劳动节"),
            "已更正 2031年5月1日（周四）\n",
            f"{YEAR}2031-05-01,off,劳动节\n",
        ),
        (("2031-01-04", "none"), "已更正 2031年1月4日（周六）\n", f"{HEAD}\n{NEW_YEAR}\n"),
        (("2031-05-01", "none"), "本来就是这样，没有变化\n", YEAR),
    ],
)
def test_one_day_is_corrected(
    jiping: Jiping, tmp_path: Path, arguments: tuple[str, ...], told: str, left: str
) -> None:
    entered(jiping, tmp_path, YEAR)
    done = jiping(NOW, "calendar", "set-day", *arguments, "--reason", "国务院补充通知")
    assert (done.exit_code, done.stdout) == (0, told)
    assert jiping(NOW, "calendar", "show", "2031", "--csv").stdout == left


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("show", "2031"), 1, "2031年：放假安排还没有录入，请先用 jiping calendar set-year 录入"),
        (("set-day", "2031-05-01", "off", "--reason", "通知"), 1, "calendar_year_unknown"),
        (("set-day", "2031-05-01", "off"), 2, "--reason"),
        (("set-day", "2031-05-01", "maybe", "--reason", "通知"), 2, "maybe"),
        (("set-day", "2031-02-30", "off", "--reason", "通知"), 2, "2031-02-30"),
        (("set-year", "nowhere.csv"), 1, "无法读取文件"),
    ],
)
def test_a_refusal_says_why_and_ends_with_a_number(
    jiping: Jiping, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = jiping(NOW, "calendar", *arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert told in done.stderr


# --- alarms


def seed_and_run(now: datetime) -> None:
    with application().app_context():
        with transaction() as session:
            seed_years(session, now)
        job_runs.started("settle_turnout", now)
        job_runs.ended("settle_turnout", now, "")


def test_without_anything_to_see_to_it_says_so_and_ends_with_zero(jiping: Jiping) -> None:
    seed_and_run(at(2026, 3, 2))
    done = jiping(at(2026, 3, 2), "alarms")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "没有需要处理的事项\n", "")


def test_each_alarm_is_a_line_and_the_end_is_one(jiping: Jiping) -> None:
    seed_and_run(NOW)
    done = jiping(NOW, "alarms")
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("需要处理  2031年的放假安排还没有录入。请在国务院公布放假安排后用 jiping calendar")
    assert lines[1].endswith("（自2030-11-01 00:00起） [working_days_unknown]")
