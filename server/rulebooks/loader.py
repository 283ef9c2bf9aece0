"""Read rulebooks, and refuse a wrong one by naming file, key and reason. Nothing is ever half loaded."""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from server.domain.clauses import Clause
from server.domain.eligibility import Alternative
from server.rulebooks.book import Rulebook
from server.rulebooks.contradictions import contradictions

FOLDER = Path(__file__).parent


class RulebookRefused(Exception):
    """A rulebook that cannot be used; each fault names file, key and reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class LoadedRulebook:
    """A rulebook and the fingerprint of its text, by which an edition edited after use is found out."""

    book: Rulebook
    digest: str


@cache
def _adapter() -> TypeAdapter[Rulebook]:
    return TypeAdapter(Rulebook)


def load_file(path: Path) -> LoadedRulebook:
    """One rulebook from its file. Raises RulebookRefused."""
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise RulebookRefused([f"{path.name}: 无法读取文件（{fault.strerror}）"]) from None
    try:
        text = raw.decode("utf-8")
        data = tomllib.loads(text)
    except UnicodeDecodeError:
        raise RulebookRefused([f"{path.name}: 不是 UTF-8 编码"]) from None
    except tomllib.TOMLDecodeError as fault:
        raise RulebookRefused([f"{path.name}: {_unreadable(text, fault)}"]) from None
    try:
        # Through JSON, because there strictness lets tables and arrays be dataclasses and tuples, and nothing else slip.
        book = _adapter().validate_json(json.dumps(data, default=str))
    except ValidationError as fault:
        raise RulebookRefused([f"{path.name}: {line}" for line in _lines(fault.errors())]) from None
    found = list(_dates_as_text(data, book, "")) or list(contradictions(book))
    if found:
        raise RulebookRefused([f"{path.name}: {key}: {why}" for key, why in found])
    return LoadedRulebook(book, hashlib.sha256(raw).hexdigest())


def load_all(folder: Path = FOLDER) -> list[LoadedRulebook]:
    """Every rulebook of a folder, or none: all faults of all files at once. Raises RulebookRefused, also where the folder
    has no rulebook at all."""
    loaded, faults, seen = [], [], dict[tuple[str, int], str]()
    for path in sorted(folder.glob("*.toml")):
        try:
            one = load_file(path)
        except RulebookRefused as refused:
            faults += refused.faults
            continue
        name = (one.book.slug, one.book.edition)
        if name in seen:
            faults.append(f"{path.name}: edition: 与 {seen[name]} 是同一规则的同一版本")
        seen[name] = path.name
        loaded.append(one)
    if not loaded and not faults:
        faults.append(f"{folder.name}: 没有规则文件（*.toml）")
    if faults:
        raise RulebookRefused(faults)
    return loaded


def assumed_clauses(book: Rulebook) -> list[tuple[str, str]]:
    """Every clause that no notice states: its key in the rulebook and what the notice leaves open."""
    return [(key, clause.source) for key, clause in _clauses(book, "") if clause.assumed]


def _clauses(node: object, key: str) -> Iterator[tuple[str, Clause]]:
    if isinstance(node, Clause):
        yield key, node
    if is_dataclass(node):
        for field in fields(node):
            yield from _clauses(getattr(node, field.name), f"{key}.{field.name}".lstrip("."))
    elif isinstance(node, tuple):
        for index, item in enumerate(node):
            yield from _clauses(item, f"{key}[{index}]")


def _unreadable(text: str, fault: tomllib.TOMLDecodeError) -> str:
    """The line that cannot be read: it shows the key, which the parser does not name."""
    place = re.search(r"at line (\d+)", str(fault))
    line = text.split("\n")[int(place[1]) - 1].strip() if place else ""
    where = f"第{place[1]}行" if place else "文件末尾"
    return f"{where}: 不是正确的 TOML，或没有这个日期（{fault}）：{line[:80]}"


def _dates_as_text(data: Any, node: object, key: str) -> Iterator[tuple[str, str]]:
    """On its way through JSON a date is a text, and a field for text would take it."""
    if isinstance(data, date | time) and isinstance(node, str):
        yield key, _REASONS["string_type"]
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from _dates_as_text(value, getattr(node, name), f"{key}.{name}".lstrip("."))
    elif isinstance(data, list) and isinstance(node, tuple):
        for index, (value, item) in enumerate(zip(data, node, strict=True)):
            yield from _dates_as_text(value, item, f"{key}[{index}]")


_REASONS = {
    "missing": "缺少这一项",
    "unexpected_keyword_argument": "不认识这一项",
    "literal_error": "只能取 {expected}",
    "int_type": "须为整数",
    "string_type": "须为文字",
    "bool_type": "须为 true 或 false",
    "tuple_type": "须为列表",
    "date_type": "须为日期（如 2026-03-22）",
    "date_from_datetime_parsing": "须为日期（如 2026-03-22），且有这一天",
    "date_parsing": "须为日期（如 2026-03-22），且有这一天",
    "dataclass_type": "须为表",
    "value_error": "{error}",
}


# Where a table may be one of several kinds, the checker puts the class that it tried into the place of the fault.
_TRIED = {kind.__name__ for kind in get_args(Alternative)}


def _lines(errors: Iterable[Any]) -> list[str]:
    """One line a fault. A table whose kind is known is judged as that kind only, not as each that it might have been."""
    groups: dict[tuple[Any, ...], dict[str, list[Any]]] = {}
    for one in errors:
        cut = next((i for i, part in enumerate(one["loc"]) if part in _TRIED), None)
        table, tried = (one["loc"], "") if cut is None else (one["loc"][:cut], str(one["loc"][cut]))
        groups.setdefault(table, {}).setdefault(tried, []).append(one)
    lines = []
    for kinds in groups.values():
        meant = [faults for faults in kinds.values() if all(one["loc"][-1] != "kind" for one in faults)]
        if meant:
            lines += [f"{_where(one['loc'])}: {_why(one)}" for one in meant[0]]
        else:
            wrong = [one for faults in kinds.values() for one in faults if one["loc"][-1] == "kind"]
            wanted = "、".join(one.get("ctx", {}).get("expected", "") for one in wrong)
            why = _REASONS["missing"] if wrong[0]["type"] == "missing" else f"没有这种规则，只能取 {wanted}"
            lines.append(f"{_where(wrong[0]['loc'])}: {why}")
    return lines


def _why(fault: Any) -> str:
    text = _REASONS.get(fault["type"])
    return text.format(**fault.get("ctx", {})).replace(" or ", "、") if text else str(fault["msg"])


def _where(location: Iterable[str | int]) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(part for part in parts if part[1:] not in _TRIED).lstrip(".")
