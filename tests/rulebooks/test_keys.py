"""Every key counts: one that is missing, unknown or of the wrong type is named, at any depth."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rulebooks.toml_text import OPTIONAL, Place, changed, inner, keys, refused, save, spelled, table, tables

KEYS = sorted(keys(table()), key=spelled)
TABLES = sorted(tables(table()), key=spelled)
PLACES = [pytest.param(place, id=spelled(place)) for place in KEYS if place[-1] not in OPTIONAL]


def test_the_rulebook_written_again_loads(tmp_path: Path) -> None:
    assert refused(save(tmp_path, table())) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_missing_key_is_named(tmp_path: Path, place: Place) -> None:
    data = table()
    del inner(data, place[:-1])[place[-1]]
    assert refused(save(tmp_path, data)) == [f"book.toml: {spelled(place)}: 缺少这一项"]


@pytest.mark.parametrize("place", [pytest.param(place, id=spelled(place)) for place in KEYS if place[-1] in OPTIONAL])
def test_an_optional_key_may_be_missing(tmp_path: Path, place: Place) -> None:
    data = table()
    del inner(data, place[:-1])[place[-1]]
    assert refused(save(tmp_path, data)) == []


def test_the_optional_keys_in_use_are_these_and_no_others() -> None:
    used = {str(place[-1]) for place in KEYS} & OPTIONAL
    assert used == {"assumed", "course_assessed"}


@pytest.mark.parametrize("place", [pytest.param(place, id=spelled(place) or "outermost") for place in TABLES])
@pytest.mark.parametrize("key", ["surprise", "Surprise"])
def test_an_unknown_key_is_named(tmp_path: Path, place: Place, key: str) -> None:
    data = changed(*place, key, 1)
    assert refused(save(tmp_path, data)) == [f"book.toml: {spelled((*place, key))}: 不认识这一项"]


WRONG: list[Any] = [{"x": 1}, [], "文字", 7, True, 1.5, date(2026, 1, 1)]


def fits(value: Any, other: Any) -> bool:
    """A wrong value of the right type is another test's business; text may spell a date."""
    return type(value) is type(other)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(KEYS), st.sampled_from(WRONG))
def test_a_value_of_the_wrong_type_is_named(tmp_path: Path, place: Place, wrong: Any) -> None:
    if fits(inner(table(), place), wrong):
        return
    faults = refused(save(tmp_path, changed(*place, wrong)))
    assert faults
    assert all(fault.startswith(f"book.toml: {spelled(place)}") for fault in faults), faults


@pytest.mark.parametrize(
    ("place", "value", "why"),
    [
        (("year",), "2026", "须为整数"),
        (("year",), True, "须为整数"),
        (("year",), 2026.0, "须为整数"),
        (("institution", "name"), 7, "须为文字"),
        (("institution", "name"), date(2026, 1, 1), "须为文字"),
        (("institution", "complaints", 0), date(2026, 1, 1), "须为文字"),
        (("certificates", "electronic"), 1, "须为 true 或 false"),
        (("occupations",), {}, "须为列表"),
        (("calendar", "sittings", 0, "levels"), 4, "须为列表"),
        (("pass_mark",), [], "须为表"),
        (("notice", "issued_on"), "昨天", "须为日期（如 2026-03-22），且有这一天"),
        (("notice", "issued_on"), "2026-02-30", "须为日期（如 2026-03-22），且有这一天"),
        (("notice", "issued_on"), 20260209, "须为日期（如 2026-03-22）"),
        (("turnout", "counting", "counts"), "approved", "只能取 'paid'"),
        (("turnout", "below", "in_that_month"), "cancel", "只能取 'hold'、'needs_staff'"),
        (("calendar", "kind"), "weekly", "没有这种规则，只能取 'fixed'"),
        (("eligibility", "levels", 1, "any_of", 0, "years"), "5", "须为整数"),
        (("eligibility", "levels", 3, "any_of", 1, "grade"), "king", "只能取 'junior'、'middle'、'senior'"),
        (("eligibility", "levels", 0, "any_of", 0, "says"), "dreams", "只能取 'intends'、'works'"),
    ],
)
def test_the_reason_says_what_is_wanted(tmp_path: Path, place: Place, value: Any, why: str) -> None:
    assert refused(save(tmp_path, changed(*place, value))) == [f"book.toml: {spelled(place)}: {why}"]


def test_a_condition_of_no_known_kind_lists_the_kinds(tmp_path: Path) -> None:
    data = changed("eligibility", "levels", 0, "any_of", 0, "kind", "vote")
    (fault,) = refused(save(tmp_path, data))
    assert fault.startswith("book.toml: eligibility.levels[0].any_of[0].kind: 没有这种规则，只能取 ")
    kinds = [one["kind"] for level in table()["eligibility"]["levels"] for one in level["any_of"]]
    assert all(f"'{kind}'" in fault for kind in kinds)
