"""Where each value of a rulebook stands: its key, with the parts of lists by their natural names, and its place in words."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from server.domain.calendar import FixedSitting, MidMonthWindow
from server.domain.clauses import Clause
from server.domain.eligibility import LevelConditions
from server.domain.fees import SubjectFee
from server.domain.levels import LEVEL_SHORT
from server.domain.retakes import Validity
from server.domain.tickets import SubjectTime
from server.rulebooks.book import Occupation, OccupationLevel, Rulebook, Website
from server.rulebooks.names import key_name, value_name

NOTHING = "（无）"
#: which rulebook it is: said at its head, and never a rule
IDENTITY = ("slug", "edition", "year", "replaces")


@dataclass(frozen=True)
class Place:
    """A key as people look for it in the file (occupations[hr].name), and what it is in words."""

    key: str = ""
    words: tuple[str, ...] = ()

    def field(self, owner: type, name: str) -> "Place":
        return Place(f"{self.key}.{name}".lstrip("."), (*self.words, key_name(owner, name)))

    def part(self, key: str, name: str) -> "Place":
        """One of the list that stands here."""
        *before, last = self.words
        return Place(f"{self.key}[{key}]", (*before, f"{last} {name}"))

    @property
    def text(self) -> str:
        return " · ".join(self.words)


@dataclass(frozen=True)
class Leaf:
    """A value that is no table: a text, a number, a day, or a list of them."""

    place: Place
    value: object

    @property
    def texts(self) -> tuple[str, ...] | None:
        """The sentences, where it is a list of sentences."""
        value = self.value
        if isinstance(value, tuple) and all(isinstance(one, str) for one in value) and self._is_free:
            return value
        return None

    @property
    def said(self) -> str:
        """The value in words; a fixed one with the word that stands in the file."""
        return _said(self._name, self.value)

    @property
    def _name(self) -> str:
        return self.place.key.rpartition(".")[2]

    @property
    def _is_free(self) -> bool:
        return self._name not in {"schools"}


def leaves(book: Rulebook) -> Iterator[Leaf]:
    """Every value of a rulebook but those that say which it is."""
    for field in fields(book):
        if field.name not in IDENTITY:
            yield from _leaves(getattr(book, field.name), Place().field(Rulebook, field.name))


def assumed(book: Rulebook) -> Iterator[tuple[Place, Clause]]:
    """Every clause that no notice states."""
    return ((place, clause) for place, clause in _clauses(book, Place()) if clause.assumed)


def _leaves(node: object, place: Place) -> Iterator[Leaf]:
    if is_dataclass(node):
        for name, value in _values(node):
            yield from _leaves(value, place.field(type(node), name))
    elif isinstance(node, tuple) and node and isinstance(node[0], Validity):
        for one in node:
            for level in one.levels:
                yield Leaf(place.part(str(level), _level(level)), one.years)
    elif isinstance(node, tuple) and node and is_dataclass(node[0]):
        for one, inner in _parts(node, place):
            yield from _leaves(one, inner)
    else:
        yield Leaf(place, node)


def _clauses(node: object, place: Place) -> Iterator[tuple[Place, Clause]]:
    if isinstance(node, Clause):
        yield place, node
    if is_dataclass(node):
        for name, value in _values(node):
            if isinstance(value, tuple) and value and is_dataclass(value[0]):
                for one, inner in _parts(value, place.field(type(node), name)):
                    yield from _clauses(one, inner)
            elif is_dataclass(value):
                yield from _clauses(value, place.field(type(node), name))


def _values(node: Any) -> Iterator[tuple[str, object]]:
    return ((field.name, getattr(node, field.name)) for field in fields(node))


# The natural key of what stands in lists, and what it is called. A condition has the number that the notice gives it.
_NATURAL: dict[type, Callable[[Any], tuple[str, str]]] = {
    Occupation: lambda one: (one.key, one.name),
    OccupationLevel: lambda one: (str(one.level), _level(one.level)),
    LevelConditions: lambda one: (str(one.level), _level(one.level)),
    FixedSitting: lambda one: (one.month, one.month),
    MidMonthWindow: lambda one: (str(one.assessed_in), f"{one.assessed_in}月评价"),
    SubjectFee: lambda one: (one.subject, one.subject),
    SubjectTime: lambda one: (one.subject, one.subject),
    Website: lambda one: (one.name, one.name),
    Validity: lambda one: ("、".join(map(str, one.levels)), "、".join(map(_level, one.levels))),
}


def _parts(nodes: tuple[Any, ...], place: Place) -> Iterator[tuple[Any, Place]]:
    seen = Counter[str]()
    for one in nodes:
        natural = _NATURAL.get(type(one))
        key, name = natural(one) if natural is not None else (one.id, one.id)
        seen[key] += 1
        # two websites may have one name
        yield one, place.part(key if seen[key] == 1 else f"{key}#{seen[key]}", name)


def _level(number: int) -> str:
    return LEVEL_SHORT.get(number, f"{number}级")


def _said(key: str, value: object) -> str:
    match value:
        case None | "" | ():
            return NOTHING
        case bool():
            return "是" if value else "否"
        case int() | date():
            return str(value)
        case str():
            name = value_name(key, value)
            return f"“{value}”" if name == value else f"{name}（{value}）"
        case tuple():
            return "、".join(_said(key, one).strip("“”") for one in value)
    raise TypeError(type(value))
