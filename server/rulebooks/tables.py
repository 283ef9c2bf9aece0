"""Read a TOML file into the shape that it must have, and say of each fault which key it is and why."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from server.domain.calendar import Calendar
from server.domain.eligibility import Alternative
from server.domain.fees import Fee, RetakeAtOwnFee, RetakeListed
from server.domain.tickets import TicketRule
from server.domain.turnout import Above, Below
from server.rulebooks.book import AtWindow, MiniProgram

Shape = TypeVar("Shape")


class RulebookRefused(Exception):
    """A rulebook that cannot be used; each fault names file, key and reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Misshapen(Exception):
    """A table that has not the shape that it must have; each fault names key and reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_table(path: Path) -> tuple[bytes, dict[str, Any]]:
    """The bytes of a file and the table in it. Raises RulebookRefused."""
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise RulebookRefused([f"{path.name}: 无法读取文件（{fault.strerror}）"]) from None
    try:
        text = raw.decode("utf-8")
        return raw, tomllib.loads(text)
    except UnicodeDecodeError:
        raise RulebookRefused([f"{path.name}: 不是 UTF-8 编码"]) from None
    except tomllib.TOMLDecodeError as fault:
        raise RulebookRefused([f"{path.name}: {_unreadable(text, fault)}"]) from None


def shaped(shape: TypeAdapter[Shape], data: dict[str, Any]) -> Shape:
    """The table in its shape. Raises Misshapen."""
    try:
        # Through JSON, because there strictness lets tables and arrays be dataclasses and tuples, and nothing else slip.
        made = shape.validate_json(json.dumps(data, default=str))
    except ValidationError as fault:
        raise Misshapen(_lines(fault.errors())) from None
    faults = [f"{key}: {why}" for key, why in _dates_as_text(data, made, "")]
    if faults:
        raise Misshapen(faults)
    return made


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
_KINDS = (
    *get_args(Alternative),
    *get_args(Calendar),
    *get_args(Fee),
    *get_args(Below),
    *get_args(Above),
    *get_args(TicketRule),
    RetakeListed,
    RetakeAtOwnFee,
    MiniProgram,
    AtWindow,
)
_TRIED = {kind.__name__ for kind in _KINDS}


def _lines(errors: Iterable[Any], depth: int = 0) -> list[str]:
    """One line a fault. A table whose kind is known is judged as that kind only, not as each that it might have been; and
    so is what it holds, for a kind may hold another choice of kinds (`depth` is how far down is settled)."""
    lines, tables = [], dict[tuple[Any, ...], dict[str, list[Any]]]()
    for one in errors:
        cut = _tried_at(one, depth)
        if cut is None:
            lines.append(f"{_where(one)}: {_why(one)}")
        else:
            tables.setdefault(one["loc"][:cut], {}).setdefault(one["loc"][cut], []).append(one)
    for table, kinds in tables.items():
        wrong = [one for kind, faults in kinds.items() for one in faults if one["loc"] == (*table, kind, "kind")]
        meant = [faults for faults in kinds.values() if not any(one in wrong for one in faults)]
        if meant:
            lines += _lines(meant[0], len(table) + 1)
        else:
            wanted = "、".join(one.get("ctx", {}).get("expected", "") for one in wrong)
            why = _REASONS["missing"] if wrong[0]["type"] == "missing" else f"没有这种规则，只能取 {wanted}"
            lines.append(f"{_where(wrong[0])}: {why}")
    return lines


def _tried_at(fault: Any, depth: int) -> int | None:
    """Where in its place, from a depth on, a fault names the kind as which a table was tried; None where it does not."""
    place = fault["loc"]
    # A key that nobody knows may be called anything.
    end = len(place) - 1 if fault["type"] == "unexpected_keyword_argument" else len(place)
    return next((at for at in range(depth, end) if place[at] in _TRIED), None)


def _why(fault: Any) -> str:
    text = _REASONS.get(fault["type"])
    return (
        text.format(**fault.get("ctx", {})).replace(" or ", "、").replace("', '", "'、'")
        if text
        else str(fault["msg"])
    )


def _where(fault: Any) -> str:
    place, at = list(fault["loc"]), _tried_at(fault, 0)
    while at is not None:
        del place[at]
        at = _tried_at(fault | {"loc": tuple(place)}, at)
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
