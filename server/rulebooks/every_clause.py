"""Every clause of a rulebook with the key under which it stands."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from server.domain.clauses import Clause


def every_clause(node: object, key: str = "") -> Iterator[tuple[str, Clause]]:
    """The clauses of a node and of all that it holds; `key` is where the node itself stands."""
    if isinstance(node, Clause):
        yield key, node
    if is_dataclass(node):
        for field in fields(node):
            yield from every_clause(getattr(node, field.name), f"{key}.{field.name}".lstrip("."))
    elif isinstance(node, tuple):
        for index, item in enumerate(node):
            yield from every_clause(item, f"{key}[{index}]")
