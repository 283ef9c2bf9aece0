"""The guide for those who write rulebooks: it names every key and every kind, its examples load, its story is true."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from server.domain.clauses import Clause
from server.rulebooks.book import Rulebook
from server.rulebooks.loader import FOLDER
from server.rulebooks.tables import shaped
from tests.rulebooks.toml_text import table
from tests.rulebooks.vocabulary import fixed_values, keys, tables

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "new-rulebook.md").read_text("utf-8")
REFERENCE = GUIDE.partition("\n## 逐表逐键说明\n")[2].partition("\n## ")[0]
SECTIONS = REFERENCE.split("\n### ")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", REFERENCE, re.M | re.S)
FAULTS = re.findall(r"^\| `([^`]*)` \|", GUIDE.partition("\n## 常见的拒绝和改法\n")[2].partition("\n## ")[0], re.M)


def ticked(text: str) -> set[str]:
    return set(re.findall(r"`([A-Za-z_0-9]+)`", text))


def explained(owner: type) -> list[str]:
    """The sections that name all keys of a table; of a clause the two that all have are explained once."""
    shared = set(keys(Clause)) if issubclass(owner, Clause) else set()
    return [section for section in SECTIONS if set(keys(owner)) - shared <= ticked(section)]


@pytest.mark.parametrize("owner", tables(), ids=lambda owner: owner.__name__)
def test_every_key_of_a_table_is_explained_in_one_section(owner: type) -> None:
    assert explained(owner)


@pytest.mark.parametrize("owner", tables(), ids=lambda owner: owner.__name__)
def test_the_guide_says_which_keys_may_be_left_out(owner: type) -> None:
    shared = set(keys(Clause)) if issubclass(owner, Clause) else set()
    for field in fields(owner):
        if field.name not in shared and field.default is not MISSING:
            assert any(f"`{field.name}`（可省）" in section for section in explained(owner)), field.name
    assert "`assumed`（可省）" in GUIDE


def test_nothing_may_be_left_out_that_must_be_there() -> None:
    optional = {field.name for owner in tables() for field in fields(owner) if field.default is not MISSING}
    assert set(re.findall(r"`(\w+)`（可省）", GUIDE)) == optional


def test_source_and_assumed_are_explained() -> None:
    assert set(keys(Clause)) <= ticked(GUIDE.partition("\n## 出处和假定\n")[2].partition("\n## ")[0])


def test_every_kind_and_every_fixed_value_is_named() -> None:
    named = ticked(REFERENCE)
    missing = {key: values - named for key, values in fixed_values().items() if values - named}
    assert missing == {}


def test_no_key_or_kind_is_named_that_there_is_not() -> None:
    known = {name for owner in tables() for name in keys(owner)} | set().union(*fixed_values().values())
    elsewhere = {"true", "false", "codes"}
    first_cells = set(re.findall(r"^\| `([a-z_]+)`", REFERENCE, re.M))
    assert first_cells - known - elsewhere == set()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.split("\n")[0])
def test_the_examples_are_parts_of_a_rulebook(example: str) -> None:
    shaped(TypeAdapter(Rulebook), _with(table(), tomllib.loads(example)))


def test_the_examples_of_single_keys_are_toml() -> None:
    rows = re.findall(r"^\| `(\w+)`(?:（可省）)? \|.*\| `([^`]*=[^`]*)` \|$", REFERENCE, re.M)
    assert len(rows) > 60
    for key, example in rows:
        assert list(tomllib.loads(example)) == [key], example


def _with(data: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """A table with parts of it replaced: one that has a source stands as it is written."""
    for key, value in more.items():
        inner = data.get(key)
        if isinstance(value, dict) and isinstance(inner, dict) and "source" not in value:
            data[key] = _with(inner, value)
        else:
            data[key] = value
    return data


def test_the_refusals_are_those_of_the_program() -> None:
    words = _sentences("".join(path.read_text("utf-8") for path in sorted((ROOT / "server").rglob("*.py"))))
    assert len(FAULTS) > 35
    assert [fault for fault in FAULTS if fault.replace("{name} 和 {number}", "") not in words] == []


def _sentences(source: str) -> str:
    """A source with … where its sentences have something filled in."""
    source = re.sub(r'"\s*f?"', "", source.replace("{name} 和 {number}", ""))
    return re.sub("…+", "…", re.sub(r"\{[^{}\n]*(\{[^{}\n]*\}[^{}\n]*)?\}", "…", source))


# --- the story: what stands behind `$` is typed, and what follows is what is printed


def _steps() -> Iterator[tuple[str, str | None]]:
    """Commands with what they print; of those in comments nobody is told what they print."""
    for hidden, block in re.findall(r"<!-- run: (.*?) -->|^```console\n(.*?)^```", GUIDE, re.M | re.S):
        if hidden:
            yield hidden, None
        yield from re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.M)


def _matches(told: str, printed: str) -> bool:
    """… on a line of its own stands for any lines, within a line for anything."""
    pattern = re.escape(told).replace("…\\\n", "(?:.*\n)*").replace("…", ".*")
    return re.fullmatch(pattern, printed) is not None


def test_the_story_of_the_guide_is_true(tmp_path: Path) -> None:
    steps = list(_steps())
    assert len([told for _, told in steps if told]) >= 7
    marks = [f"{command}\nprintf '\\036'\n" for command, _ in steps]
    start = f'jiping() {{ {json.dumps(sys.executable)} -m server.cli "$@"; }}\n'
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JIPING_")}
    done = subprocess.run(
        ["bash", "-c", start + "".join(marks)],
        cwd=tmp_path,
        env=clean | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    printed = done.stdout.split("\036")[:-1]
    assert len(printed) == len(steps), done.stdout
    unlike = {
        command: said
        for (command, told), said in zip(steps, printed, strict=True)
        if told is not None and not _matches(told, said)
    }
    assert unlike == {}


def test_the_files_to_copy_are_there() -> None:
    named = set(re.findall(r"`([a-z]+-20\d\d)\.toml`", GUIDE.partition("### 2. ")[2].partition("### 3. ")[0]))
    assert "technicians-2026" in named
    assert named <= {path.stem for path in FOLDER.glob("*.toml")}
