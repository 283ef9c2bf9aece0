"""A rulebook taken apart and written again with something changed: the library that reads TOML writes none."""

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from server.rulebooks.loader import FOLDER, RulebookRefused, load_file

Place = tuple[str | int, ...]
ORIGINAL = FOLDER / "technicians-2026.toml"
#: the keys that a rulebook may leave out, wherever they stand
OPTIONAL = {"assumed", "code", "course_assessed", "standard", "related"}
STANDARD = FOLDER / "standards" / "national-2023.toml"


def as_written() -> dict[str, Any]:
    """The technicians' rulebook as plain tables, fresh each time."""
    return tomllib.loads(ORIGINAL.read_text("utf-8"))


def table() -> dict[str, Any]:
    """The same with conditions of its own: the standard's, of levels 5 to 1, written out."""
    data = as_written()
    del data["eligibility"]["standard"]
    data["eligibility"]["levels"] = tomllib.loads(STANDARD.read_text("utf-8"))["levels"]
    return data


def written(value: Any) -> str:
    """A value as TOML, in one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(written(one) for one in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def save(folder: Path, data: dict[str, Any], name: str = "book.toml") -> Path:
    """Write a rulebook into a folder; one line for each of its outermost keys."""
    path = folder / name
    path.write_text("".join(f"{key} = {written(value)}\n" for key, value in data.items()), "utf-8")
    return path


def refused(path: Path) -> list[str]:
    """The faults for which a file is refused; none if it loads."""
    try:
        load_file(path)
    except RulebookRefused as fault:
        return fault.faults
    return []


def changed(*place_and_value: Any) -> dict[str, Any]:
    """The rulebook with the value at one place replaced, or added."""
    *place, value = place_and_value
    data = table()
    inner(data, tuple(place[:-1]))[place[-1]] = value
    return data


def inner(data: Any, place: Place) -> Any:
    """What stands at a place."""
    for step in place:
        data = data[step]
    return data


def spelled(place: Place) -> str:
    """A place as faults name it: calendar.sittings[0].apply."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


def keys(data: Any, place: Place = ()) -> Iterator[Place]:
    """The place of every key of every table, at any depth."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in items:
        if isinstance(data, dict):
            yield (*place, step)
        yield from keys(value, (*place, step))


def tables(data: Any, place: Place = ()) -> Iterator[Place]:
    """The place of every table, at any depth."""
    if isinstance(data, dict):
        yield place
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in items:
        yield from tables(value, (*place, step))
