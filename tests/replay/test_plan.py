"""A plan is read whole or refused whole, with every fault at its line."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.replay.plan import COLUMNS, PlanRefused, SittingName, default_plan, read_plan
from server.rulebooks.book import Rulebook
from server.rulebooks.loader import FOLDER, load_all

HEAD = ",".join(COLUMNS)
HR = "企业人力资源管理师"
GOOD = f"2026-04,{HR},4,36,33,30,3,2"


def refusal(book: Rulebook, path: Path, content: str | bytes) -> list[str]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(PlanRefused) as refused:
        read_plan(path, book)
    return refused.value.faults


@pytest.mark.parametrize("coded", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_plan_is_read_as_a_spreadsheet_saves_it(book: Rulebook, tmp_path: Path, coded: str, newline: str) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(newline.join([HEAD, GOOD, ",,,,,,,", "", ""]).encode(coded))
    (row,) = read_plan(path, book)
    assert (row.line, row.name) == (2, SittingName("2026-04", HR, 4))
    assert (row.applicants, row.approved, row.paid, row.no_grant, row.sms_fails) == (36, 33, 30, 3, 2)


def test_columns_may_stand_in_any_order(book: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(f"{','.join(reversed(COLUMNS))}\n{','.join(reversed(GOOD.split(',')))}\n", "utf-8")
    (row,) = read_plan(path, book)
    assert (row.name.level, row.applicants, row.sms_fails) == (4, 36, 2)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("", "空文件"),
        ("\n,,\n", "空文件"),
        (f"{HEAD}\n", "第1行: 只有表头"),
        (f"{HEAD},email\n{GOOD},x\n", "第1行: 不认识的列“email”"),
        (f"{HEAD},paid\n{GOOD},30\n", "第1行: 列 paid 出现了不止一次"),
        (f"{HEAD.replace(',paid', '')}\n2026-04,{HR},4,36,33,3,2\n", "第1行: 缺少列 paid"),
        (f"{HEAD}\n2026-04,{HR},4,36,33,三十,3,2\n", "第2行: paid: “三十”不是整数"),
        (f"{HEAD}\n2026-04,{HR},4,36,33,30.5,3,2\n", "第2行: paid: “30.5”不是整数"),
        (f"{HEAD}\n2026-04,{HR},4,36,33,３０,3,2\n", "第2行: paid: “３０”不是整数"),
        (f"{HEAD}\n2026-04,{HR},4,36,33,-1,3,2\n", "第2行: paid: “-1”不能是负数"),
        (f"{HEAD}\n2026-04,{HR},4,{'9' * 5000},33,30,3,2\n", "太大，最多99999"),
        (f"{HEAD}\n2026-04,{HR},4,36,33,,3,2\n", "第2行: paid: 没有填写"),
        (f"{HEAD}\n2026-04,{HR},4,36,33,30,3\n", "第2行: sms_fails: 没有填写"),
        (f"{HEAD}\n{GOOD},9\n", "第2行: 有9格，多于表头的8列"),
        (f"{HEAD}\n2026-04,{HR},4,36,37,30,3,2\n", "approved 为37，applicants 为36：审核通过的人数多于申报的人数"),
        (f"{HEAD}\n2026-04,{HR},4,36,33,34,3,2\n", "paid 为34，approved 为33：缴费的人数多于审核通过的人数"),
        (f"{HEAD}\n2026-04,{HR},4,36,33,30,31,2\n", "no_grant 为31，paid 为30"),
        (f"{HEAD}\n2026-04,{HR},4,36,33,30,3,31\n", "sms_fails 为31，paid 为30"),
        (f"{HEAD}\n2026-05,{HR},4,36,33,30,3,2\n", "第2行: sitting: “2026-05”，规则中没有这个考次"),
        (
            f"{HEAD}\n2026-04,人工智能训练师,4,36,33,30,3,2\n",
            "第2行: occupation: “人工智能训练师”，规则中没有这个职业",
        ),
        (f"{HEAD}\n2026-04,职业培训师,4,36,33,30,3,2\n", "第2行: level: 职业培训师没有4级，只有 3"),
        (f"{HEAD}\n{GOOD}\n\n{GOOD}\n", "第4行: 与第2行重复"),
        (f"{HEAD}\n{GOOD}".encode("gb18030"), "不是 UTF-8 编码"),
        (f'{HEAD}\n2026-04,"{HR}"x,4,36,33,30,3,2\n', "不是正确的 CSV"),
    ],
)
def test_a_fault_is_named_with_its_line_and_reason(
    book: Rulebook, tmp_path: Path, content: str | bytes, wanted: str
) -> None:
    (fault,) = refusal(book, tmp_path / "plan.csv", content)
    assert fault.startswith("plan.csv")
    assert wanted in fault


def test_all_faults_are_named_at_once(book: Rulebook, tmp_path: Path) -> None:
    content = f"{HEAD}\n2026-05,{HR},9,36,x,30,3,2\n2026-04,{HR},4,1,2,3,4,5\n"
    faults = refusal(book, tmp_path / "plan.csv", content)
    assert [fault.split(" ", 1)[1].split(":")[0] for fault in faults] == ["第2行"] * 2 + ["第3行"] * 4


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_file_that_cannot_be_read_is_refused(book: Rulebook, tmp_path: Path, name: str) -> None:
    with pytest.raises(PlanRefused, match="无法读取文件"):
        read_plan(tmp_path / name, book)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"{HEAD}\n{text}".encode("utf-8", "replace")))
def test_whatever_the_file_holds_it_is_read_or_refused(content: bytes) -> None:
    book = next(one.book for one in load_all() if one.book.slug == "technicians-2026")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.csv"
        path.write_bytes(content)
        try:
            rows = read_plan(path, book)
        except PlanRefused:
            return
    assert rows


def test_the_plan_that_comes_along_shows_every_branch(book: Rulebook) -> None:
    plan = read_plan(default_plan(book, FOLDER), book)
    paid = {row.paid for row in plan}
    assert {30, 29, 0} <= paid
    assert sum(row.applicants for row in plan) < 250
    assert any(row.no_grant for row in plan)
    assert any(row.sms_fails for row in plan)
