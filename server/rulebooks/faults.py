"""A fault of a rulebook: the key that it stands under, and why."""

from collections.abc import Iterator
from typing import Any

Fault = tuple[str, str]


def duplicates(where: str, keys: list[Any]) -> Iterator[Fault]:
    """What may stand once and stands more often."""
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield where, f"{key} 出现了不止一次"
