"""What may stand in a rulebook, read off its classes: every table with its keys, every fixed value of a key."""

import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from server.rulebooks.book import Rulebook


def tables(root: type = Rulebook) -> list[type]:
    """The classes that a rulebook is made of, each once."""
    found: list[type] = []

    def visit(one: type) -> None:
        if one not in found:
            found.append(one)
            for hint in keys(one).values():
                for inner in _within(hint):
                    if isinstance(inner, type) and is_dataclass(inner):
                        visit(inner)

    visit(root)
    return found


def keys(table: type) -> dict[str, Any]:
    """The keys of a table with their types."""
    hints = get_type_hints(table)
    return {field.name: hints[field.name] for field in fields(table)}


def fixed_values() -> dict[str, set[str]]:
    """By key: the values among which one chooses."""
    found: dict[str, set[str]] = {}
    for table in tables():
        for name, hint in keys(table).items():
            values = {value for inner in _within(hint) if get_origin(inner) is Literal for value in get_args(inner)}
            if values:
                found.setdefault(name, set()).update(values)
    return found


def _within(hint: Any) -> Iterator[Any]:
    """The types that a type is put together from: of a list its members, of a choice each."""
    if get_origin(hint) in {tuple, Union, types.UnionType}:
        for one in get_args(hint):
            yield from _within(one)
    else:
        yield hint
