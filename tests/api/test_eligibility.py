"""May I apply, over HTTP: what each condition wants, what lists change, level 5, and what a clerk sees missing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner

from server.commands import context
from server.commands.staff import review_show
from server.local import LocalStack, local_stack
from server.rulebooks import loader
from server.rulebooks.loader import LoadedRulebook
from tests.api.conftest import MORNING, Newcomer
from tests.people import Phone, portrait
from tests.rulebooks.toml_text import as_written, save

LISTS = {"source": "附件1", "occupations": ["劳动关系协调员"], "majors": ["人力资源管理"]}


def test_a_sitting_says_which_evidence_each_condition_wants(house: LocalStack, newcomer: Newcomer) -> None:
    phone = newcomer()
    shown = phone.ok("GET", f"sittings/{phone.sitting('2026-04')['id']}")["alternatives"]
    assert {one["id"]: one["wanted"] for one in shown} == {
        "4.1": ["work"],
        "4.2": ["certificate", "work"],
        "4.3": ["diploma"],
    }


def test_what_was_said_of_work_and_intention_is_kept(house: LocalStack, newcomer: Newcomer) -> None:
    phone = newcomer()
    job = {"since": "2010-01-01", "until": None, "occupation": "人事专员"}
    form = phone.form(phone.sitting("2026-04")["id"], work=[job], intends=True)
    phone.number = phone.submit(form, uuid4().hex)["number"]
    claims = phone.mine()["claims"]
    assert (claims["work"], claims["intends"]) == ([job], True)


def shown_to_staff(house: LocalStack, number: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(context, "application", lambda: house.app)
    done = CliRunner().invoke(review_show, [number])
    assert done.exit_code == 0, done.output
    return done.output


def sent(phone: Phone, kind: str, page: int) -> int:
    """A picture unlike the others: the same one sent twice is kept once."""
    files = {"file": ("page.jpg", portrait(400 + page), "image/jpeg")}
    upload_id: int = phone.ok("POST", "me/evidence", data={"kind": kind}, files=files)["id"]
    return upload_id


MATERIALS: list[tuple[str, dict[str, Any], list[str], str, str]] = [
    ("4.1", {}, ["work"], "材料    1份：工作证明", ""),
    ("4.1", {}, ["identity", "other", "other"], "材料    3份：身份证件、其他材料×2", "工作证明"),
    (
        "4.2",
        {"certificates": [{"occupation": "企业人力资源管理师", "level": 5, "issued_on": "2015-01-01"}]},
        ["work"],
        "材料    1份：工作证明",
        "职业资格（职业技能等级）证书",
    ),
    (
        "4.3",
        {"diplomas": [{"school": "technician_college", "major": "人力资源管理", "final_year": True}]},
        ["student"],
        "材料    1份：在读证明",
        "",
    ),
]


@pytest.mark.parametrize(
    ("alternative", "said", "kinds", "there", "missing"), MATERIALS, ids=[f"{row[0]} {row[2]}" for row in MATERIALS]
)
def test_a_clerk_sees_which_evidence_is_missing(
    house: LocalStack,
    newcomer: Newcomer,
    monkeypatch: pytest.MonkeyPatch,
    alternative: str,
    said: dict[str, Any],
    kinds: list[str],
    there: str,
    missing: str,
) -> None:
    phone = newcomer()
    uploads = [sent(phone, kind, page) for page, kind in enumerate(kinds)]
    sitting = phone.sitting("2026-04")["id"]
    form = phone.form(sitting, alternative=alternative, upload_ids=uploads, **said)
    phone.number = phone.submit(form, uuid4().hex)["number"]
    lines = shown_to_staff(house, phone.number, monkeypatch).splitlines()
    assert there in lines
    told = [line.removeprefix("缺少    所选条件需要、尚未上传：") for line in lines if line.startswith("缺少")]
    assert told == ([missing] if missing else [])


# --- an institution with lists and level 5


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> list[LoadedRulebook]:
    """The technicians' rulebook, with lists, and with level 5 in the place of level 4."""
    data = as_written()
    data["eligibility"]["related"] = LISTS
    data["occupations"][0]["levels"][0]["level"] = 5
    data["retakes"]["validity"] = [{"levels": [5, 3], "years": 2}]
    for sitting in data["calendar"]["sittings"]:
        sitting["levels"] = [5, 3]
    return [loader.load_file(save(tmp_path_factory.mktemp("books"), data))]


@pytest.fixture
def association(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: list[LoadedRulebook]
) -> Iterator[LocalStack]:
    monkeypatch.setattr("server.app.load_all", lambda *_: [replace(one) for one in listed])
    with local_stack(tmp_path, migrated=True, database_url=sqlite_url) as running:
        running.clock.stand_at(MORNING)
        yield running


def test_listed_work_is_met_and_unlisted_work_left_to_a_clerk(association: LocalStack) -> None:
    phone = Phone(association).ready(1)
    sitting = phone.sitting("2026-04", level=3)["id"]
    for job, verdict, code in (
        ("劳动关系协调员", "met", "work_related"),
        ("文员", "needs_review", "work_not_listed"),
        ("", "needs_review", "work_not_listed"),
    ):
        said = {"work": [{"since": "2010-01-01", "occupation": job}]}
        told = phone.ok("POST", f"sittings/{sitting}/eligibility", json=said)
        finding = next(one for one in told["findings"] if one["alternative"] == "3.1")
        assert (finding["verdict"], [one["code"] for one in finding["reasons"]]) == (verdict, [code])


def test_an_intention_opens_level_5_without_papers_and_work_wants_them(association: LocalStack) -> None:
    phone = Phone(association).ready(1)
    sitting = phone.sitting("2026-04", level=5)["id"]
    shown = phone.ok("GET", f"sittings/{sitting}")["alternatives"]
    assert {one["id"]: one["wanted"] for one in shown} == {"5.1": [], "5.2": ["work"]}

    def tried(**changes: Any) -> tuple[int, str]:
        form = phone.form(sitting, **({"work": [], "upload_ids": []} | changes))
        return phone.refused("POST", "registrations", json=form, headers={"Idempotency-Key": uuid4().hex})

    assert tried(alternative="5.1") == (409, "not_eligible")
    working = [{"since": "2026-01-01"}]
    assert tried(alternative="5.2", work=working) == (422, "evidence_needed")
    assert tried(alternative="5.1", intends=True, upload_ids=[999_999]) == (422, "upload_unknown")
    form = phone.form(sitting, alternative="5.1", work=[], upload_ids=[], intends=True)
    assert phone.submit(form, uuid4().hex)["status"] == "submitted"
