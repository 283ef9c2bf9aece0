"""Where individuals apply at the window the phone says so beforehand, and takes no form."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from server.local import LocalStack, local_stack
from tests.api.refusals import Refused, refused
from tests.conftest import at
from tests.people import SAID, Phone
from tests.window import ADDRESS, HOURS, MATERIALS, SLUG, rulebooks, sitting_of

MORNING = at(2026, 2, 23, 9)
CLOSED = at(2026, 3, 23, 0)
TECHNICIANS = "technicians-2026"


@pytest.fixture(scope="module")
def _both(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    folder = tmp_path_factory.mktemp("both")
    shutil.copy(sqlite_template, folder / "jiping.sqlite")
    url = f"sqlite:///{folder / 'jiping.sqlite'}"
    with local_stack(folder, migrated=True, books=rulebooks(folder), began=MORNING, database_url=url) as running:
        yield running


@pytest.fixture
def both(_both: LocalStack) -> LocalStack:
    """An installation with an institution that has a mini-program and one that has a window."""
    _both.clock.stand_at(MORNING)
    return _both


def apply(phone: Phone, sitting: int) -> requests.Response:
    form = {"sitting_id": sitting, "alternative": "4.1", "upload_ids": [], "declared": True} | SAID
    return phone.call("POST", "registrations", json=form, headers={"Idempotency-Key": uuid4().hex})


@pytest.mark.parametrize(
    ("rulebook", "instant", "expected"),
    [
        (TECHNICIANS, MORNING, ("mini_program", True)),
        (TECHNICIANS, CLOSED, ("mini_program", False)),
        (SLUG, MORNING, ("window", False)),
        (SLUG, CLOSED, ("window", False)),
    ],
)
def test_a_sitting_says_where_individuals_apply_and_is_open_only_in_the_mini_program(
    both: LocalStack, rulebook: str, instant: datetime, expected: tuple[str, bool]
) -> None:
    both.clock.stand_at(instant)
    shown = Phone(both).ok("GET", "sittings")["sittings"]
    april = [one for one in shown if (one["rulebook"], one["month"]) == (rulebook, "2026-04")]
    assert len(april) == 3
    assert {(one["apply_in"], one["open"]) for one in april} == {expected}


def test_one_sitting_tells_where_when_and_with_which_papers_to_come(both: LocalStack) -> None:
    at_window = Phone(both).ok("GET", f"sittings/{sitting_of(both, SLUG)}")
    assert all(part in at_window["apply_how"] for part in ("窗口", ADDRESS, HOURS, *MATERIALS))
    in_program = Phone(both).ok("GET", f"sittings/{sitting_of(both, TECHNICIANS)}")
    assert "“上海技师协会等级认定”" in in_program["apply_how"]
    assert "窗口" not in in_program["apply_how"]
    assert "团体申报" in at_window["group_how"] == in_program["group_how"]


def test_a_form_for_a_sitting_of_the_window_is_refused_in_words_that_tell_where_to_go(both: LocalStack) -> None:
    phone, sitting = Phone(both).ready(1), sitting_of(both, SLUG)
    refused(both.app, Refused("apply_at_window"), lambda: apply(phone, sitting))
    told = apply(phone, sitting).json()["message"]
    assert told == phone.ok("GET", f"sittings/{sitting}")["apply_how"]
    nobody = Phone(both)  # who has entered nothing yet is not asked to, in vain
    nobody.sign_in()
    refused(both.app, Refused("apply_at_window"), lambda: apply(nobody, sitting))


def test_nobody_is_sent_to_a_window_that_is_closed(both: LocalStack) -> None:
    phone, sitting = Phone(both).ready(2), sitting_of(both, SLUG)
    both.clock.stand_at(CLOSED)
    refused(both.app, Refused("window_closed"), lambda: apply(phone, sitting))
    soon = sitting_of(both, SLUG, month="2026-08")
    refused(both.app, Refused("not_open_yet"), lambda: apply(phone, soon))


def test_whether_the_conditions_are_met_can_be_asked_before_one_goes_there(both: LocalStack) -> None:
    phone = Phone(both).ready(3)
    judged = phone.ok("POST", f"sittings/{sitting_of(both, SLUG)}/eligibility", json=SAID)
    assert [one["verdict"] for one in judged["findings"]] == ["needs_review", "not_met", "not_met"]
