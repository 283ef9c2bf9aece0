"""`jiping notices …`: the same proof for the terminal, a program, a spreadsheet and paper."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader
from sqlalchemy import update

from server.cli import main
from server.clock import MovedClock
from server.commands.context import application
from server.commands.proof_words import CSV_HEADING
from server.csv_files import csv_bytes, text_cell
from server.db import db, transaction
from server.domain.notices import Kind
from server.models import Candidate, Notice, Registration
from server.services import telephoning
from server.services.noticing import tell_one
from server.services.sitting_list import known
from tests.conftest import at
from tests.server.telling import LAST_MOMENT, TOO_LATE, notices, number_of, postponed, send

AFTER = at(2026, 4, 20)
Jiping = Callable[..., Result]


@pytest.fixture
def jiping(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jiping]:
    """`jiping notices` with these arguments at this instant, on an installation of its own."""
    for name, value in {"DATA_DIR": str(tmp_path), "DATABASE_URL": sqlite_url, "STAFF": "lin"}.items():
        monkeypatch.setenv(f"JIPING_{name}", value)
    application.cache_clear()

    def run(*arguments: str | Path, now: datetime = AFTER) -> Result:
        MovedClock(tmp_path / "clock.json").stand_at(now)
        return CliRunner().invoke(main, ["notices", *map(str, arguments)])

    yield run
    with application().app_context():
        db.engine.dispose()
    application.cache_clear()


@pytest.fixture
def april(jiping: Jiping) -> int:
    """Three people: told by SMS, by telephone, and too late."""
    with application().app_context():
        made = postponed(application(), 3)
        first, second, third = notices()
        send(first, at(2026, 3, 31, 10), reference="30000000000000000001")
        send(second, None, code="=cmd|' /C calc'!A0")
        telephoning.record_call(second, telephoning.REACHED, "staff:tong", LAST_MOMENT)
        send(third, TOO_LATE)
        return made


def test_the_terminal_shows_the_decision_the_totals_and_everybody(jiping: Jiping, april: int) -> None:
    done = jiping("proof", april)
    assert done.exit_code == 0, done.output
    told = done.stdout
    for words in (
        "上海市技师协会  2026-04 企业人力资源管理师四级  评价日期4月25日、26日",
        "应告知3人次，其中1人次没有按期告知。",
        "由4月25日、26日延期至11月7日、8日",
        "延期，计入3人，开考条件30人",
        "系统按规则，2026-03-31 09:00",
        "2026年4月15日（含当日）",
        "应告知3  短信按期1  电话按期1  逾期告知1  尚未告知0  未能告知0",
        "2026-04-15 23:59 tong 已告知",
    ):
        assert words in told
    rows = [line.split() for line in told.splitlines() if line.strip().startswith("S0")]
    assert [(row[1], row[2]) for row in rows] == [
        ("王*", "139****0001"),
        ("王*", "139****0002"),
        ("王*", "139****0003"),
    ]
    assert ["短信按期告知" in rows[0], "电话按期告知" in rows[1], "逾期告知" in rows[2]] == [True] * 3


def test_a_whole_name_takes_a_reason(jiping: Jiping, april: int) -> None:
    refused = jiping("proof", april, "--full")
    assert (refused.exit_code, "reason_needed" in refused.output) == (1, True)
    assert "王芳" in jiping("proof", april, "--full", "--reason", "检查").stdout


def test_a_program_can_reckon_the_digest_from_the_file(jiping: Jiping, april: int, tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    done = jiping("proof", april, "--json", path, "--full", "--reason", "检查")
    whole = json.loads(path.read_text("utf-8"))
    text = json.dumps(whole["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == whole["digest"]
    assert whole["digest"] in done.stdout
    assert whole["digest"] in jiping("proof", april, now=at(2026, 6, 1)).stdout
    assert set(whole["full_names"].values()) == {"王芳"}
    assert whole["content"]["matters"][0]["people"][1]["calls"][0]["at"] == "2026-04-15T23:59:00+08:00"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_spreadsheet_takes_nothing_for_a_formula_or_a_number(jiping: Jiping, april: int, tmp_path: Path) -> None:
    path = tmp_path / "proof.csv"
    assert jiping("proof", april, "--csv", path).exit_code == 0
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    heading, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert heading == list(CSV_HEADING)
    assert {len(row) for row in rows} == {len(heading)}
    first, second, _ = (dict(zip(heading, row, strict=True)) for row in rows)
    assert (first["短信流水号"], second["短信最后代码"]) == ("'30000000000000000001", "'=cmd|' /C calc'!A0")
    assert (first["结果"], first["得知时间"], first["手机"]) == ("短信按期告知", "2026-03-31 10:00", "139****0001")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("123456789012", "'123456789012"),
        ("12345678901", "12345678901"),
        ("12E5", "'12E5"),
        ("007", "'007"),
        ("nan", "'nan"),
        ("0", "0"),
        ("", ""),
        ("王*", "王*"),
        ("2026-03-31 10:00", "2026-03-31 10:00"),
        ("2433:30000000000000000001", "2433:30000000000000000001"),
    ],
)
def test_what_a_spreadsheet_would_reckon_with_stays_text(text: str, cell: str) -> None:
    assert text_cell(text) == cell


def test_a_cell_with_commas_quotes_and_lines_comes_back_as_it_was() -> None:
    cells = ['a,"b"', "c\r\nd", "王"]
    read = list(csv.reader(io.StringIO(csv_bytes(["x"] * 3, [cells]).decode("utf-8-sig"), newline="")))
    assert read == [["x"] * 3, cells]


def test_paper_says_the_same(jiping: Jiping, april: int, tmp_path: Path) -> None:
    path = tmp_path / "proof.pdf"
    done = jiping("proof", april, "--pdf", path)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[:2] == [f"已存到 {path}", "应告知3人次，其中1人次没有按期告知。"]
    words = "".join("".join(page.extract_text() for page in PdfReader(path).pages).split())
    digest = done.stdout.split()[-1]
    for told in (digest, "电话按期告知", "30000000000000000001", "2026-04-2012:00", "逾期告知"):
        assert told in words.replace("\u200b", "")


def test_a_place_that_cannot_be_written_to_is_said(jiping: Jiping, april: int, tmp_path: Path) -> None:
    done = jiping("proof", april, "--csv", tmp_path / "gone" / "proof.csv")
    assert done.exit_code == 1
    assert "无法写入" in done.output


def test_a_sitting_with_nothing_to_tell_says_so_and_an_unknown_one_is_refused(jiping: Jiping, april: int) -> None:
    held = jiping("proof", april + 1)
    assert (held.exit_code, "没有须在某日之前告知的事项" in held.stdout) == (0, True)
    assert jiping("proof", 999).exit_code == 1


def test_a_name_that_begins_like_a_formula_does_not_reach_the_spreadsheet_as_one(
    jiping: Jiping, april: int, tmp_path: Path
) -> None:
    with application().app_context(), transaction() as session:
        session.execute(update(Candidate).values(name="=HYPERLINK"))
    path = tmp_path / "proof.csv"
    jiping("proof", april, "--csv", path, "--full", "--reason", "检查")
    assert "'=HYPERLINK" in path.read_text("utf-8-sig")


def test_what_reached_nobody_is_listed_with_number_and_code(jiping: Jiping, april: int) -> None:
    assert jiping("failed").stdout == "共0条没有送达\n"
    with application().app_context():
        notice = notices()[0]
        with transaction() as session:
            row = session.get_one(Notice, notice)
            somebody = session.get_one(Registration, row.registration_id)
            tell_one(session, Kind.APPROVED, somebody, known(session, somebody.sitting_id), AFTER)
        told = notices("approved")[0]
        with transaction() as session:
            session.get_one(Notice, told).state = "unreachable"
        number = number_of(told)
    heading, row_, total = jiping("failed").stdout.splitlines()
    assert heading.split() == ["应发", "申报号", "通知", "原因"]
    assert row_.split() == ["2026-04-20", "12:00", number, "审核通过", "unreachable"]
    assert total == "共1条没有送达"
