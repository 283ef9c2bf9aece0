"""`jiping replay` as it is called: what stands on which stream, and how it ends."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from server.replay import command
from server.replay.command import replay
from server.replay.phone import ReplayBroken
from server.replay.report import Check, Report
from server.replay.run import Replayed
from server.rulebooks.book import Rulebook
from server.rulebooks.loader import FOLDER
from tests.rulebooks.toml_text import save, table

ROOT = Path(__file__).parents[2]
SITTING_KEYS = (
    "sitting occupation level applicants approved paid counted threshold decision decided_on target moved_in moved_out"
    " tickets_valid tickets_void"
)
NOTICE_KEYS = (
    "kind sitting occupation level owed wechat_accepted sms_delivered to_telephone first_on last_on deadline"
    " told_in_time"
)


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """The JSON of the plan that comes along, printed by a process of its own."""
    call = [sys.executable, "-m", "server.cli", "replay", "technicians-2026", "--json"]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_json_has_exactly_the_keys_that_were_asked_for(told: dict[str, Any]) -> None:
    assert list(told) == ["rulebook", "edition", "sittings", "notices", "checks", "seconds"]
    assert (told["rulebook"], told["edition"]) == ("technicians-2026", 1)
    assert {" ".join(row) for row in told["sittings"]} == {SITTING_KEYS}
    assert {" ".join(row) for row in told["notices"]} == {NOTICE_KEYS}
    assert {" ".join(row) for row in told["checks"]} == {"name ok detail"}


def test_the_plan_that_comes_along_shows_every_branch_and_every_check_holds(told: dict[str, Any]) -> None:
    rows = {(row["sitting"], row["occupation"], row["level"]): row for row in told["sittings"]}
    hr = "企业人力资源管理师"
    seen = {name: (row["counted"], row["decision"], row["moved_in"]) for name, row in rows.items()}
    assert seen["2026-04", hr, 4] == (30, "held", 0)
    assert seen["2026-04", hr, 3] == (29, "postponed", 0)
    assert seen["2026-04", "职业培训师", 3] == (0, "none", 0)
    assert seen["2026-11", hr, 3] == (68, "held", 37)
    assert seen["2026-11", "职业培训师", 3] == (3, "held", 0)
    assert [check for check in told["checks"] if not check["ok"]] == []


def test_days_are_iso_and_months_are_months(told: dict[str, Any]) -> None:
    for row in told["sittings"]:
        assert date.fromisoformat(row["decided_on"])
        assert len(row["sitting"]) == len(row["target"] or "2026-11") == 7
    for row in told["notices"]:
        for key in ("first_on", "last_on", "deadline"):
            assert row[key] is None or date.fromisoformat(row[key])


def test_only_a_postponement_has_a_deadline(told: dict[str, Any]) -> None:
    for row in told["notices"]:
        postponed = row["kind"] == "postponed"
        assert (row["deadline"] is not None, row["told_in_time"] is not None) == (postponed, postponed)
        assert row["told_in_time"] in {None, row["owed"]}


def test_an_unknown_rulebook_is_refused_with_those_that_are_known() -> None:
    done = CliRunner().invoke(replay, ["technicians-1926", "--json"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert all(path.stem in done.stderr for path in FOLDER.glob("*.toml"))


def test_a_plan_with_more_paid_than_approved_is_refused_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "live_through", _never)
    plan = tmp_path / "plan.csv"
    head = "sitting,occupation,level,applicants,approved,paid,no_grant,sms_fails"
    plan.write_text(f"{head}\n2026-04,企业人力资源管理师,4,3,2,3,0,0\n2026-04,职业培训师,9,0,0,0,0,0\n", "utf-8")
    done = CliRunner().invoke(replay, ["technicians-2026", "--plan", str(plan), "--json"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert [line.split()[1] for line in done.stderr.splitlines()] == ["第2行:", "第3行:"]
    assert "缴费的人数多于审核通过的人数" in done.stderr


def test_the_rulebook_of_a_folder_of_ones_own_is_lived_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    books, seen = tmp_path / "books", list[str]()
    books.mkdir()
    save(books, table() | {"slug": "other-2026"})
    plan = tmp_path / "plan.csv"
    head = "sitting,occupation,level,applicants,approved,paid,no_grant,sms_fails"
    plan.write_text(f"{head}\n2026-04,企业人力资源管理师,4,1,1,1,0,0\n", "utf-8")

    def remembers(book: Rulebook, *_: object) -> SimpleNamespace:
        seen.append(book.slug)
        return SimpleNamespace(report=Report(book.slug, 1, (), (), (), 1.0))

    monkeypatch.setattr(command, "live_through", remembers)
    environ = {"JIPING_RULEBOOKS": str(books), "JIPING_CONFIG": None}
    done = CliRunner().invoke(replay, ["other-2026", "--plan", str(plan), "--json"], env=environ)
    assert (done.exit_code, seen) == (0, ["other-2026"])
    done = CliRunner().invoke(replay, ["technicians-2026"], env=environ)
    assert (done.exit_code, done.stderr) == (2, "没有规则“technicians-2026”，已有的规则：other-2026\n")
    done = CliRunner().invoke(replay, ["other-2026"], env=environ | {"JIPING_RULEBOOKS": str(tmp_path / "gone")})
    assert done.exit_code == 2
    assert done.stderr.startswith("rulebooks: 没有这个文件夹")


def _never(*_: object) -> Replayed:
    raise AssertionError("a refused plan was lived through")


@pytest.mark.parametrize("as_json", [True, False])
def test_a_check_that_does_not_hold_ends_with_one(monkeypatch: pytest.MonkeyPatch, as_json: bool) -> None:
    failed = Report("technicians-2026", 1, (), (), (Check("无人遗漏", False, "少了一人"),), 1.0)
    monkeypatch.setattr(command, "live_through", lambda *_: SimpleNamespace(report=failed))
    done = CliRunner().invoke(replay, ["technicians-2026", *(["--json"] if as_json else [])])
    assert done.exit_code == 1
    assert "少了一人" in done.stdout


def test_a_replay_that_breaks_says_where_and_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> Replayed:
        raise ReplayBroken("PUT /api/v1/me/photo: 422")

    monkeypatch.setattr(command, "live_through", breaks)
    done = CliRunner().invoke(replay, ["technicians-2026", "--json"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "演练中断：PUT /api/v1/me/photo: 422" in done.stderr
