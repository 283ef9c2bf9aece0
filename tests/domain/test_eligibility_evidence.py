"""Which evidence an alternative wants (佐证材料), and what is missing of what was handed in."""

import pytest

from server.domain.eligibility import evidence_missing
from tests.domain.technicians import BOOK

WANTED = {
    "5.1": (),
    "5.2": ("work",),
    "4.1": ("work",),
    "4.2": ("certificate", "work"),
    "4.3": ("diploma",),
    "3.1": ("work",),
    "3.2": ("certificate", "work"),
    "3.3": ("title", "work"),
    "3.4": ("diploma",),
    "3.5": ("certificate", "diploma"),
    "3.6": ("diploma",),
    "2.1": ("certificate", "work"),
    "2.2": ("title", "certificate", "work"),
    "2.3": ("title", "work"),
    "2.4": ("certificate", "diploma", "work"),
    "2.5": ("certificate", "student"),
    "1.1": ("certificate", "work"),
    "1.2": ("title", "certificate", "work"),
    "1.3": ("title", "work"),
}


def test_each_alternative_says_what_it_wants() -> None:
    assert {one.id: one.wanted for level in BOOK.eligibility.levels for one in level.any_of} == WANTED


@pytest.mark.parametrize("key", WANTED)
def test_what_was_handed_in_is_not_missing(key: str) -> None:
    one = BOOK.eligibility.alternative(int(key[0]), key)
    assert evidence_missing(one, []) == WANTED[key]
    assert evidence_missing(one, ["identity", "other"]) == WANTED[key]
    assert evidence_missing(one, WANTED[key]) == ()
    for kind in WANTED[key]:
        assert kind not in evidence_missing(one, [kind])


@pytest.mark.parametrize(("key", "missing"), [("4.3", ()), ("3.5", ("certificate",)), ("2.4", WANTED["2.4"])])
def test_a_student_in_the_final_year_has_no_diploma_yet_but_a_graduate_has(
    key: str, missing: tuple[str, ...]
) -> None:
    assert evidence_missing(BOOK.eligibility.alternative(int(key[0]), key), ["student"]) == missing


def test_an_alternative_of_another_level_is_unknown() -> None:
    for level, key in ((4, "3.1"), (6, "4.1"), (4, "4.9")):
        with pytest.raises(KeyError):
            BOOK.eligibility.alternative(level, key)
