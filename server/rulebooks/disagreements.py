"""What rulebooks that are each right forbid one another: two editions for one year, one sitting in two years' rules."""

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise

from server.rulebooks.book import Rulebook

# A rulebook with the name of its file.
_Filed = tuple[str, Rulebook]


def disagreements(books: Mapping[str, Rulebook]) -> Iterator[tuple[str, str, str]]:
    """Each fault as file, key and reason; `books` by the name of their file."""
    newest: dict[str, list[_Filed]] = {}
    for slug in sorted({one.slug for one in books.values()}):
        editions = sorted(
            ((name, one) for name, one in books.items() if one.slug == slug), key=lambda it: (it[1].edition, it[0])
        )
        for older, newer in pairwise(editions):
            yield from _two_editions(older, newer)
        # Sittings are made from the newest edition alone: what an older one said of the year binds nobody any more.
        newest.setdefault(editions[-1][1].institution_key, []).append(editions[-1])
    for years in newest.values():
        for earlier, later in combinations(sorted(years, key=lambda it: it[1].year), 2):
            yield from _two_years(earlier, later)


def _two_editions(older: _Filed, newer: _Filed) -> Iterator[tuple[str, str, str]]:
    """A new edition says which one it takes the place of: the one before it, or, with that, more of them."""
    (first, old), (second, new) = older, newer
    if old.edition == new.edition:
        yield second, "edition", f"与 {first} 是同一规则的同一版本"
    elif new.replaces is None:
        yield (
            second,
            "edition",
            f"与 {first} 是同一年的两个版本；新的版本须写明代替哪一版（replaces = {old.edition}）",
        )
    elif new.replaces > old.edition:
        yield second, "replaces", f"没有第{new.replaces}版；它之前的是 {first} 的第{old.edition}版"


def _two_years(earlier: _Filed, later: _Filed) -> Iterator[tuple[str, str, str]]:
    """What forbids the later year's rules beside the earlier year's."""
    (first, one), (second, other) = earlier, later
    names = {trade.key: trade.name for trade in one.occupations}
    for trade in other.occupations:
        if names.get(trade.key, trade.name) != trade.name:
            yield second, f"occupations.{trade.key}", f"在 {first} 中是{names[trade.key]}，不是{trade.name}"
    taken = {(trade.key, level, dates.month) for trade, level, dates in one.planned()}
    for trade, level, dates in other.planned():
        if (trade.key, level, dates.month) in taken:
            yield second, "calendar", f"{first} 已有{dates.month}的{trade.name}{level}级考次"
