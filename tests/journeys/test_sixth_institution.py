"""A sixth institution takes one TOML and no code: rules mixed from the five, checked, shown and lived through by the commands
that an association's computer person would use."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SIXTH = Path(__file__).parent / "sixth"
ROOT = Path(__file__).parents[2]


def jiping(*arguments: str) -> str:
    """What the command prints; it must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", "server.cli", *arguments],
        cwd=ROOT,
        env=os.environ | {"JIPING_RULEBOOKS": str(SIXTH)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def year() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(jiping("replay", "sample-2026", "--json"))
    return told


def test_its_file_is_right_and_is_shown_in_words() -> None:
    assert "正确" in jiping("rulebook", "check", str(SIXTH / "sample-2026.toml"))
    shown = jiping("rulebook", "show", "sample-2026")
    for words in ("上海市示例评价中心", "计算机程序设计员", "示例银行", "1000200030004000"):
        assert words in shown


def test_its_year_is_lived_and_every_check_holds(year: dict[str, Any]) -> None:
    assert [check for check in year["checks"] if not check["ok"]] == []
    rows = {(row["sitting"], row["level"]): row for row in year["sittings"]}
    seen = {
        name: (row["decision"], row["counted"], row["target"], row["moved_in"], row["moved_out"])
        for name, row in rows.items()
        if row["counted"]
    }
    assert seen == {
        # more than there is room for: the last to pay go on, here to June
        ("2026-04", 4): ("held", 19, "2026-06", 0, 4),
        # too few: gathered in June, where they are held however few they are
        ("2026-04", 2): ("postponed", 11, "2026-06", 0, 11),
        ("2026-06", 4): ("held", 5, None, 4, 0),
        ("2026-06", 2): ("held", 13, None, 11, 0),
        # too many for October, and January comes next
        ("2026-10", 4): ("held", 16, "2027-01", 0, 1),
        # too few in January: gathered in June of a year whose rules are not there yet
        ("2027-01", 4): ("postponed", 1, None, 1, 1),
        ("2027-01", 2): ("postponed", 5, None, 0, 5),
    }


def test_everybody_hears_two_weeks_before_and_who_waits_too(year: dict[str, Any]) -> None:
    told = [row for row in year["notices"] if row["kind"] in ("postponed", "waiting", "day_set")]
    assert {row["kind"] for row in told} == {"postponed", "waiting", "day_set"}
    assert [row for row in told if row["told_in_time"] != row["owed"]] == []
