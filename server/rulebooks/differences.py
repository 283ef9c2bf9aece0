"""What two rulebooks say differently: key by key, old and new."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from server.rulebooks.book import Rulebook
from server.rulebooks.places import NOTHING, Leaf, Place, leaves


@dataclass(frozen=True)
class Difference:
    """One value that is not the same; NOTHING where one of the two has none."""

    place: Place
    old: str
    new: str


def differences(old: Rulebook, new: Rulebook) -> Iterator[Difference]:
    """Every difference but slug, edition, year and `replaces`, which say which rulebook it is.

    Lists of tables are compared by their natural key (occupation, level, month, subject, number of a condition), so that
    a row put in between changes no other. Sentences in lists have none: they are put side by side as they stand.
    """
    before = {leaf.place.key: leaf for leaf in leaves(old)}
    after = {leaf.place.key: leaf for leaf in leaves(new)}
    for key in _in_order(list(before), list(after)):
        yield from _of_two(before.get(key), after.get(key))


def _in_order(before: list[str], after: list[str]) -> list[str]:
    """All keys in the order of the newer rulebook, and what is gone behind the key that it followed."""
    order = list(after)
    for index, key in enumerate(before):
        if key not in order:
            order.insert(order.index(before[index - 1]) + 1 if index else 0, key)
    return order


def _of_two(old: Leaf | None, new: Leaf | None) -> Iterator[Difference]:
    either = new or old
    if either is None:
        return
    if all(leaf is None or leaf.texts is not None for leaf in (old, new)):
        yield from _of_sentences(either.place, _texts(old), _texts(new))
        return
    was, now = (NOTHING if leaf is None else leaf.said for leaf in (old, new))
    if was != now:
        yield Difference(either.place, was, now)


def _texts(leaf: Leaf | None) -> tuple[str, ...]:
    return leaf.texts or () if leaf is not None else ()


def _of_sentences(place: Place, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, last, other_first, other_last in matcher.get_opcodes():
        if kind != "equal":
            for was, now in zip_longest(old[first:last], new[other_first:other_last]):
                yield Difference(place, _quoted(was), _quoted(now))


def _quoted(text: str | None) -> str:
    return NOTHING if text is None else f"“{text}”"
