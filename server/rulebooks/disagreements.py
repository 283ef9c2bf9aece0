"""What rulebooks that are each right forbid one another: two editions for one year, one sitting in two years' rules."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from server.rulebooks.book import Rulebook


def disagreements(books: Mapping[str, Rulebook]) -> Iterator[tuple[str, str, str]]:
    """Each fault as file, key and reason; `books` by the name of their file."""
    for (first, one), (second, other) in combinations(books.items(), 2):
        if one.institution_key == other.institution_key:
            for key, why in _of_two(first, one, other):
                yield second, key, why


def _of_two(first: str, one: Rulebook, other: Rulebook) -> Iterator[tuple[str, str]]:
    """What forbids `other` beside `one`, which stands in the file `first`."""
    if (one.slug, one.edition) == (other.slug, other.edition):
        yield "edition", f"与 {first} 是同一规则的同一版本"
    elif one.slug == other.slug:
        if not _replaces(one, other) and not _replaces(other, one):
            yield "edition", f"与 {first} 是同一年的两个版本；新的版本须写明代替哪一版（replaces）"
    else:
        yield from _two_years(first, one, other)


def _replaces(newer: Rulebook, older: Rulebook) -> bool:
    return newer.replaces is not None and newer.edition > older.edition >= newer.replaces


def _two_years(first: str, one: Rulebook, other: Rulebook) -> Iterator[tuple[str, str]]:
    names = {trade.key: trade.name for trade in one.occupations}
    for trade in other.occupations:
        if names.get(trade.key, trade.name) != trade.name:
            yield "occupations.key", f"{trade.key} 在 {first} 中是{names[trade.key]}，不是{trade.name}"
    taken = {(trade.key, level, dates.month) for trade, level, dates in one.planned()}
    for trade, level, dates in other.planned():
        if (trade.key, level, dates.month) in taken:
            yield "calendar", f"{first} 已有{dates.month}的{trade.name}{level}级考次"
