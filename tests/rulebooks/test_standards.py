"""A rulebook that names a standard has its conditions; one that names none has its own; nothing else."""

from pathlib import Path
from typing import Any

import pytest

from server.rulebooks import standards
from server.rulebooks.loader import RulebookRefused, load_file
from tests.rulebooks.toml_text import STANDARD, as_written, refused, save, table

LISTS = {"source": "附件1", "occupations": ["会计"], "majors": ["法学"]}


def with_rule(**changes: Any) -> dict[str, Any]:
    data = as_written()
    data["eligibility"] |= changes
    return data


def test_the_conditions_of_the_standard_are_those_of_the_rulebook_that_names_it(tmp_path: Path) -> None:
    named = load_file(save(tmp_path, as_written(), "named.toml")).book.eligibility
    own = load_file(save(tmp_path, table(), "own.toml")).book.eligibility
    assert named.levels == own.levels
    assert [one.level for one in named.levels] == [5, 4, 3, 2, 1]
    assert (named.standard, own.standard, named.minimum_age) == ("national-2023", "", 16)


@pytest.mark.parametrize(
    "name", ["national-2032", "occupation-codes", "", "../standards/national-2023", "national-2023.toml"]
)
def test_an_unknown_standard_is_refused_with_those_that_there_are(tmp_path: Path, name: str) -> None:
    why = f"没有标准“{name}”，只有 national-2023"
    assert refused(save(tmp_path, with_rule(standard=name))) == [f"book.toml: eligibility.standard: {why}"]


@pytest.mark.parametrize("name", [7, True, ["national-2023"], {"name": "national-2023"}])
def test_a_standard_that_is_no_name_is_refused(tmp_path: Path, name: Any) -> None:
    assert refused(save(tmp_path, with_rule(standard=name))) == ["book.toml: eligibility.standard: 须为文字"]


def test_a_wrong_standard_hides_no_other_fault(tmp_path: Path) -> None:
    assert refused(save(tmp_path, with_rule(standard="x") | {"year": "2026"})) == [
        "book.toml: eligibility.standard: 没有标准“x”，只有 national-2023",
        "book.toml: year: 须为整数",
    ]


def test_a_standard_and_conditions_of_ones_own_are_refused(tmp_path: Path) -> None:
    data = with_rule(levels=table()["eligibility"]["levels"])
    fault = "book.toml: eligibility.levels: 已采用 standard 的申报条件，不能另列"
    assert refused(save(tmp_path, data)) == [fault]


def test_neither_a_standard_nor_conditions_is_refused(tmp_path: Path) -> None:
    data = as_written()
    del data["eligibility"]["standard"]
    assert refused(save(tmp_path, data)) == ["book.toml: eligibility.levels: 缺少这一项"]


def test_the_lists_of_related_occupations_and_majors_are_kept_as_they_stand(tmp_path: Path) -> None:
    related = load_file(save(tmp_path, with_rule(related=LISTS))).book.eligibility.related
    assert related is not None
    assert (related.source, related.occupations, related.majors) == ("附件1", ("会计",), ("法学",))
    assert load_file(save(tmp_path, as_written())).book.eligibility.related is None


@pytest.mark.parametrize("key", sorted(LISTS))
def test_lists_have_a_source_and_both_names(tmp_path: Path, key: str) -> None:
    lists = {name: value for name, value in LISTS.items() if name != key}
    assert refused(save(tmp_path, with_rule(related=lists))) == [f"book.toml: eligibility.related.{key}: 缺少这一项"]


@pytest.fixture
def other_standards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of standards that a test may spoil."""
    folder = tmp_path / "standards"
    folder.mkdir()
    monkeypatch.setattr(standards, "FOLDER", folder)
    (folder / STANDARD.name).write_bytes(STANDARD.read_bytes())
    return folder / STANDARD.name


def test_a_standard_changed_after_use_changes_the_fingerprint(tmp_path: Path, other_standards: Path) -> None:
    book = save(tmp_path, as_written())
    before = load_file(book).digest
    assert load_file(book).digest == before
    other_standards.write_text(STANDARD.read_text("utf-8").replace("years = 5", "years = 6"), "utf-8")
    assert load_file(book).digest != before


def test_a_wrong_standard_is_named_itself(tmp_path: Path, other_standards: Path) -> None:
    other_standards.write_text(STANDARD.read_text("utf-8").replace("years = 10", 'years = "10"'), "utf-8")
    with pytest.raises(RulebookRefused) as fault:
        load_file(save(tmp_path, as_written()))
    assert fault.value.faults == ["national-2023.toml: levels[2].any_of[0].years: 须为整数"]
