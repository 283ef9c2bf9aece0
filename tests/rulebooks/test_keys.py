"""Every key counts: one that is missing, unknown or of the wrong type is named, at any depth."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rulebooks.toml_text import (
    BASES,
    DEPENDENT,
    OPTIONAL,
    OPTIONAL_ANYWHERE,
    Place,
    changed,
    inner,
    keys,
    may_be_missing,
    refused,
    save,
    spelled,
    table,
    tables,
    unnumbered,
    windows_table,
)


def places(of: Callable[[Any], Iterator[Place]]) -> list[tuple[str, Place]]:
    """Each base with its places, without those at which an earlier base says the same."""
    found, seen = [], set[tuple[Place, str]]()
    for base, made in BASES.items():
        data = made()
        new = {(place, repr(inner(data, place))) for place in of(data)} - seen
        found += [(base, place) for place in sorted((place for place, _ in new), key=spelled)]
        seen |= new
    return found


KEYS, TABLES = places(keys), places(tables)


def params(them: list[tuple[str, Place]]) -> list[Any]:
    return [pytest.param(base, place, id=f"{base}: {spelled(place) or 'outermost'}") for base, place in them]


def without(base: str, place: Place) -> dict[str, Any]:
    data = BASES[base]()
    del inner(data, place[:-1])[place[-1]]
    return data


@pytest.mark.parametrize("base", BASES)
def test_the_rulebook_written_again_loads(tmp_path: Path, base: str) -> None:
    assert refused(save(tmp_path, BASES[base]())) == []


NEEDED = [(base, place) for base, place in KEYS if not may_be_missing(place) and unnumbered(place) not in DEPENDENT]


@pytest.mark.parametrize(("base", "place"), params(NEEDED))
def test_a_missing_key_is_named(tmp_path: Path, base: str, place: Place) -> None:
    assert refused(save(tmp_path, without(base, place))) == [f"book.toml: {spelled(place)}: 缺少这一项"]


@pytest.mark.parametrize(("base", "place"), params([(base, place) for base, place in KEYS if may_be_missing(place)]))
def test_an_optional_key_may_be_missing(tmp_path: Path, base: str, place: Place) -> None:
    assert refused(save(tmp_path, without(base, place))) == []


def test_the_optional_keys_are_these_and_no_others() -> None:
    """Each of them stands in one of the bases, and so has been left out above."""
    assert {unnumbered(place) for _, place in KEYS if unnumbered(place) in OPTIONAL} == OPTIONAL
    assert {place[-1] for _, place in KEYS} >= OPTIONAL_ANYWHERE


@pytest.mark.parametrize("row", [0, 1, 2])
def test_a_date_of_release_may_be_missing_only_where_no_ticket_waits_for_it(tmp_path: Path, row: int) -> None:
    data = without("fixed", ("calendar", "sittings", row, "ticket_from"))
    assert refused(save(tmp_path, data)) == [
        f"book.toml: tickets.{whose}.kind: 日程没有列出准考证日期（calendar.sittings.ticket_from）"
        for whose in ("individual", "group")
    ]
    data["tickets"] = windows_table()["tickets"]
    assert refused(save(tmp_path, data)) == []


@pytest.mark.parametrize(("base", "place"), params(TABLES))
@pytest.mark.parametrize("key", ["surprise", "Surprise"])
def test_an_unknown_key_is_named(tmp_path: Path, base: str, place: Place, key: str) -> None:
    data = changed(*place, key, 1, base=BASES[base])
    assert refused(save(tmp_path, data)) == [f"book.toml: {spelled((*place, key))}: 不认识这一项"]


WRONG: list[Any] = [{"x": 1}, [], "文字", 7, True, 1.5, date(2026, 1, 1)]


def fits(value: Any, other: Any) -> bool:
    """A wrong value of the right type is another test's business; text may spell a date."""
    return type(value) is type(other)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(KEYS), st.sampled_from(WRONG))
def test_a_value_of_the_wrong_type_is_named(tmp_path: Path, where: tuple[str, Place], wrong: Any) -> None:
    base, place = where
    if fits(inner(BASES[base](), place), wrong):
        return
    faults = refused(save(tmp_path, changed(*place, wrong, base=BASES[base])))
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
        (("eligibility", "levels", 1, "any_of", 0, "years"), "5", "须为整数"),
        (("eligibility", "levels", 3, "any_of", 1, "grade"), "king", "只能取 'junior'、'middle'、'senior'"),
        (("eligibility", "levels", 0, "any_of", 0, "says"), "dreams", "只能取 'intends'、'works'"),
    ],
)
def test_the_reason_says_what_is_wanted(tmp_path: Path, place: Place, value: Any, why: str) -> None:
    assert refused(save(tmp_path, changed(*place, value))) == [f"book.toml: {spelled(place)}: {why}"]


FEE = ("occupations", 0, "levels", 0, "fee")
# Every choice of kinds: the base and place of a table that is one of them, and all of them.
CHOICES: list[tuple[str, Place, tuple[str, ...]]] = [
    ("fixed", ("application", "individual"), ("mini_program", "window")),
    ("windows", ("application", "individual"), ("mini_program", "window")),
    ("fixed", FEE, ("one_sum", "per_subject")),
    ("windows", FEE, ("one_sum", "per_subject")),
    ("windows", (*FEE, "retake"), ("listed", "own_fee")),
    ("windows", ("occupations", 1, "levels", 1, "fee", "retake"), ("listed", "own_fee")),
    ("fixed", ("calendar",), ("fixed", "monthly", "mid_month")),
    ("windows", ("calendar",), ("fixed", "monthly", "mid_month")),
    ("monthly", ("calendar",), ("fixed", "monthly", "mid_month")),
    ("fixed", ("turnout", "below"), ("consolidate", "next_sitting")),
    ("windows", ("turnout", "below"), ("consolidate", "next_sitting")),
    ("windows", ("turnout", "above"), ("overflow", "more_groups")),
    ("monthly", ("turnout", "above"), ("overflow", "more_groups")),
    ("fixed", ("tickets", "individual"), ("on_date", "days_before", "working_days_before")),
    ("windows", ("tickets", "individual"), ("on_date", "days_before", "working_days_before")),
    ("windows", ("tickets", "group"), ("on_date", "days_before", "working_days_before")),
]


@pytest.mark.parametrize(("base", "place", "kinds"), CHOICES)
@pytest.mark.parametrize("wrong", ["vote", "", 7, True, date(2026, 1, 1), [], {}, ["fixed"]])
def test_a_table_of_no_known_kind_lists_the_kinds(
    tmp_path: Path, base: str, place: Place, kinds: tuple[str, ...], wrong: Any
) -> None:
    wanted = "、".join(f"'{kind}'" for kind in kinds)
    assert refused(save(tmp_path, changed(*place, "kind", wrong, base=BASES[base]))) == [
        f"book.toml: {spelled(place)}.kind: 没有这种规则，只能取 {wanted}"
    ]


@pytest.mark.parametrize(("base", "place", "kinds"), CHOICES)
def test_a_table_of_a_known_kind_is_judged_as_that_kind_only(
    tmp_path: Path, base: str, place: Place, kinds: tuple[str, ...]
) -> None:
    """All that is wrong in it is told, and nothing of what another kind would want."""
    data = changed(*place, "surprise", 1, base=BASES[base])
    inner(data, place)["source"] = 7
    assert sorted(refused(save(tmp_path, data))) == [
        f"book.toml: {spelled(place)}.source: 须为文字",
        f"book.toml: {spelled(place)}.surprise: 不认识这一项",
    ]


@pytest.mark.parametrize("key", ["MonthlyCalendar", "OneSum", "kinds"])
@pytest.mark.parametrize(("base", "place", "kinds"), CHOICES)
def test_an_unknown_key_may_be_called_anything(
    tmp_path: Path, base: str, place: Place, kinds: tuple[str, ...], key: str
) -> None:
    """What the program calls its kinds is nobody's business, and no reason to lose a fault."""
    data = changed(*place, key, 1, base=BASES[base])
    assert refused(save(tmp_path, data)) == [f"book.toml: {spelled((*place, key))}: 不认识这一项"]


@pytest.mark.parametrize("value", [[], "文字", 7, True])
@pytest.mark.parametrize(("base", "place", "kinds"), CHOICES)
def test_a_table_with_kinds_is_a_table(
    tmp_path: Path, base: str, place: Place, kinds: tuple[str, ...], value: Any
) -> None:
    assert refused(save(tmp_path, changed(*place, value, base=BASES[base]))) == [
        f"book.toml: {spelled(place)}: 须为表"
    ]


def test_a_wrong_choice_within_a_table_of_a_known_kind_is_the_only_fault_told(tmp_path: Path) -> None:
    """The fee is by subject, whatever its retake is; and other wrong values of the fee are told beside it."""
    data = changed(*FEE, "retake", "kind", "free", base=windows_table)
    inner(data, FEE)["by_subject"][0]["yuan"] = "100"
    assert sorted(refused(save(tmp_path, data))) == [
        "book.toml: occupations[0].levels[0].fee.by_subject[0].yuan: 须为整数",
        "book.toml: occupations[0].levels[0].fee.retake.kind: 没有这种规则，只能取 'listed'、'own_fee'",
    ]


def test_a_condition_of_no_known_kind_lists_the_kinds(tmp_path: Path) -> None:
    data = changed("eligibility", "levels", 0, "any_of", 0, "kind", "vote")
    (fault,) = refused(save(tmp_path, data))
    assert fault.startswith("book.toml: eligibility.levels[0].any_of[0].kind: 没有这种规则，只能取 ")
    kinds = [one["kind"] for level in table()["eligibility"]["levels"] for one in level["any_of"]]
    assert all(f"'{kind}'" in fault for kind in kinds)
