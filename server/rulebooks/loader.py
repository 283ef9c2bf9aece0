"""Read rulebooks, and refuse a wrong one by naming file, key and reason. Nothing is ever half loaded."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from server.domain.clauses import Clause
from server.rulebooks.book import Rulebook

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
        data = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise RulebookRefused([f"{path.name}: 不是 UTF-8 编码"]) from None
    except tomllib.TOMLDecodeError as fault:
        raise RulebookRefused([f"{path.name}: 不是正确的 TOML（{fault}）"]) from None
    try:
        # Through JSON, because there strictness lets tables and arrays be dataclasses and tuples, and nothing else slip.
        book = _adapter().validate_json(json.dumps(data, default=str))
    except ValidationError as fault:
        raise RulebookRefused([f"{path.name}: {line}" for line in _lines(fault.errors())]) from None
    if faults := [f"{path.name}: {key}: {why}" for key, why in _contradictions(book)]:
        raise RulebookRefused(faults)
    return LoadedRulebook(book, hashlib.sha256(raw).hexdigest())


def load_all(folder: Path = FOLDER) -> list[LoadedRulebook]:
    """Every rulebook of a folder, or none: all faults of all files at once. Raises RulebookRefused."""
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


_REASONS = {
    "missing": "缺少这一项",
    "unexpected_keyword_argument": "不认识这一项",
    "literal_error": "只能取 {expected}",
    "int_type": "须为整数",
    "string_type": "须为文字",
    "bool_type": "须为 true 或 false",
    "tuple_type": "须为列表",
    "date_type": "须为日期（如 2026-03-22）",
    "dataclass_type": "须为表",
    "value_error": "{error}",
}


def _lines(errors: Iterable[Any]) -> list[str]:
    """One line a fault. A table whose kind is known is judged as that kind only, not as each that it might have been."""
    groups: dict[tuple[Any, ...], dict[str, list[Any]]] = {}
    for one in errors:
        cut = next((i for i, part in enumerate(one["loc"]) if str(part)[:1].isupper()), None)
        table, tried = (one["loc"], "") if cut is None else (one["loc"][:cut], str(one["loc"][cut]))
        groups.setdefault(table, {}).setdefault(tried, []).append(one)
    lines = []
    for kinds in groups.values():
        meant = [faults for faults in kinds.values() if all(one["loc"][-1] != "kind" for one in faults)]
        if meant:
            lines += [f"{_where(one['loc'])}: {_why(one)}" for one in meant[0]]
        else:
            wrong = [one for faults in kinds.values() for one in faults if one["loc"][-1] == "kind"]
            wanted = "、".join(str(one.get("ctx", {}).get("expected", "其中之一")) for one in wrong)
            lines.append(f"{_where(wrong[0]['loc'])}: 没有这种规则，只能取 {wanted.replace(' or ', '、')}")
    return lines


def _why(fault: Any) -> str:
    text = _REASONS.get(fault["type"])
    return text.format(**fault.get("ctx", {})).replace(" or ", "、") if text else str(fault["msg"])


def _where(location: Iterable[str | int]) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    # Classes that a union tried stand in the location too; only keys of the file are of use to its author.
    return "".join(part for part in parts if not part[1:2].isupper()).lstrip(".")


def _contradictions(book: Rulebook) -> Iterator[tuple[str, str]]:
    """What each value allows and the whole forbids."""
    yield from _duplicates("occupations", [one.key for one in book.occupations])
    conditions = {one.level for one in book.eligibility.levels}
    for occupation in book.occupations:
        where = f"occupations.{occupation.key}"
        yield from _duplicates(f"{where}.levels", [one.level for one in occupation.levels])
        for level in occupation.levels:
            if level.level not in range(1, 6):
                yield f"{where}.levels", f"没有{level.level}级"
            elif level.level not in conditions:
                yield f"{where}.levels", f"{level.level}级没有申报条件（eligibility.levels）"
            if level.fee.yuan <= 0:
                yield f"{where}.levels", f"{level.level}级没有收费标准"
        for time in book.timetable.subjects:
            if time.subject not in occupation.subjects:
                yield "timetable.subjects", f"{occupation.name}没有科目{time.subject}"
    yield from _calendar_contradictions(book)


def _calendar_contradictions(book: Rulebook) -> Iterator[tuple[str, str]]:
    sittings = book.calendar.sittings
    yield from _duplicates("calendar.sittings", [one.month for one in sittings])
    for index, one in enumerate(sittings):
        for fault in one.faults():
            yield f"calendar.sittings[{index}]", fault
        for other in sittings[:index]:
            if set(one.levels) & set(other.levels) and one.apply.first <= other.apply.last:
                yield f"calendar.sittings[{index}].apply", f"与{other.month}考次的受理申报日期重叠或次序颠倒"
    months = {one.assessed.first.month for one in sittings}
    for month in book.turnout.below.months:
        if month not in months:
            yield "turnout.below.months", f"{month}月没有考次，延期后无处可去"


def _duplicates(where: str, keys: list[Any]) -> Iterator[tuple[str, str]]:
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield where, f"{key} 出现了不止一次"
