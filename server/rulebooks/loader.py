"""Read rulebooks, and refuse a wrong one by naming file, key and reason. Nothing is ever half loaded."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from server.rulebooks.book import Rulebook
from server.rulebooks.contradictions import contradictions
from server.rulebooks.disagreements import disagreements
from server.rulebooks.every_clause import every_clause
from server.rulebooks.standards import put_in_standard
from server.rulebooks.tables import Misshapen, RulebookRefused, read_table, shaped

__all__ = ["FOLDER", "LoadedRulebook", "RulebookRefused", "assumed_clauses", "load_all", "load_file"]

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class LoadedRulebook:
    """A rulebook and the fingerprint of its text, its standard's included, by which an edition edited after use is found
    out."""

    book: Rulebook
    digest: str


@cache
def _adapter() -> TypeAdapter[Rulebook]:
    return TypeAdapter(Rulebook)


def load_file(path: Path) -> LoadedRulebook:
    """One rulebook from its file, with the levels of the standard that it names. Raises RulebookRefused."""
    raw, data = read_table(path)
    text, faults = put_in_standard(data)
    try:
        book = shaped(_adapter(), data)
    except Misshapen as wrong:
        raise _refused(path, faults + wrong.faults) from None
    if not faults:
        faults = [f"{key}: {why}" for key, why in contradictions(book, path.parent)]
    if faults:
        raise _refused(path, faults)
    return LoadedRulebook(book, hashlib.sha256(raw + text).hexdigest())


def _refused(path: Path, faults: list[str]) -> RulebookRefused:
    return RulebookRefused([f"{path.name}: {fault}" for fault in faults])


def load_all(folder: Path = FOLDER) -> list[LoadedRulebook]:
    """Every rulebook of a folder, or none: all faults of all files at once. Raises RulebookRefused, also where the folder
    has no rulebook at all."""
    loaded, faults = dict[str, LoadedRulebook](), []
    for path in sorted(folder.glob("*.toml")):
        try:
            loaded[path.name] = load_file(path)
        except RulebookRefused as refused:
            faults += refused.faults
    faults += [f"{name}: {key}: {why}" for name, key, why in disagreements({n: o.book for n, o in loaded.items()})]
    if not loaded and not faults:
        faults.append(f"{folder.name}: 没有规则文件（*.toml）")
    if faults:
        raise RulebookRefused(list(dict.fromkeys(faults)))  # of a wrong standard, once and not for each that names it
    return list(loaded.values())


def assumed_clauses(book: Rulebook) -> list[tuple[str, str]]:
    """Every clause that no notice states: its key in the rulebook and what the notice leaves open."""
    return [(key, clause.source) for key, clause in every_clause(book) if clause.assumed]
