"""The tables in docs/notices name tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLES = sorted((ROOT / "docs" / "notices").glob("*.md"))


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_every_test_that_a_table_names_exists(table: Path) -> None:
    text = table.read_text("utf-8")
    named = set(re.findall(r"`(?:tests/[\w/.]+::)?(test_\w+)`", text))
    own = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert {name for name in named if f"def {name}(" not in own} == set()
    assert [path for path in re.findall(r"`(tests/[\w/.]+\.py)", text) if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_every_sentence_with_a_test_of_its_own_stands_in_the_table(table: Path) -> None:
    text = table.read_text("utf-8")
    files = Path(__file__).parent.glob(f"test_{table.stem.replace('-', '_')}*.py")
    tests = {name for path in files for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.M)}
    assert tests
    assert {name for name in tests if f"`{name}`" not in text} == set()
