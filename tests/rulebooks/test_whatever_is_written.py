"""Whatever somebody writes into a rulebook, it is loaded or refused with reasons in Chinese; it never breaks the loader."""

import re
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rulebooks.toml_text import BASES, Place, changed, inner, keys, refused, save, spelled, table

VALUES: list[Any] = [
    *(0, -1, 2, 13, 10**6, 2**31, 2**63, -(2**63), 10**30),
    *("", " ", "02-29", "12-31", "{name", "{name!r:>99}", "{0}", "\x00", "\n", "文" * 600, "a" * 5000, "kind", "🙂"),
    *(date(1, 1, 1), date(9999, 12, 31), date(2026, 2, 28), time(9, 30)),
    *(True, 1.5, 1e400, -1e400, float("nan"), [], {}, [[]], [{}], [7], ["文"], {"kind": 7}),
]
PLACES = [(base, place) for base, made in BASES.items() for place in sorted(keys(made()), key=spelled)]
CHINESE = re.compile(r"[一-鿿]")


def judged(folder: Path, data: dict[str, Any]) -> None:
    """Loaded, or refused with reasons that somebody can read."""
    for fault in refused(save(folder, data)):
        assert fault.startswith("book.toml: ")
        assert CHINESE.search(fault), fault


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PLACES), st.sampled_from(VALUES))
def test_any_value_in_any_place_is_judged(tmp_path: Path, where: tuple[str, Place], value: Any) -> None:
    base, place = where
    judged(tmp_path, changed(*place, value, base=BASES[base]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(BASES)), st.data())
def test_any_few_values_at_once_are_judged(tmp_path: Path, base: str, data: st.DataObject) -> None:
    book = BASES[base]()
    for _ in range(data.draw(st.integers(2, 5))):
        places = sorted(keys(book), key=spelled)
        place = data.draw(st.sampled_from(places))
        inner(book, place[:-1])[place[-1]] = data.draw(st.sampled_from(VALUES))
    judged(tmp_path, book)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([(base, place) for base, place in PLACES if len(place) > 1]), st.sampled_from(list(BASES)))
def test_any_table_put_in_anothers_place_is_judged(tmp_path: Path, where: tuple[str, Place], other: str) -> None:
    """What one institution may say is copied into another's rulebook."""
    base, place = where
    book, value = BASES[other](), inner(BASES[base](), place)
    try:
        inner(book, place[:-1])[place[-1]] = value
    except (LookupError, TypeError):
        return
    judged(tmp_path, book)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (float("nan"), "须为整数"),
        (1e400, "须为整数"),
        (1.5, "须为整数"),
        (date(2026, 1, 1), "须为整数"),
        (time(9, 30), "须为整数"),
        ("2026", "须为整数"),
        (True, "须为整数"),
    ],
    ids=str,
)
def test_a_number_is_a_whole_number(tmp_path: Path, value: Any, why: str) -> None:
    assert refused(save(tmp_path, table() | {"year": value})) == [f"book.toml: year: {why}"]
