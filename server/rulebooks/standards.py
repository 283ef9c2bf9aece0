"""Conditions that many institutions share (《国家职业标准编制技术规程》): written once, named by `eligibility.standard`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from server.domain.clauses import STRICT
from server.domain.eligibility import LevelConditions
from server.rulebooks import occupation_codes
from server.rulebooks.tables import Misshapen, RulebookRefused, read_table, shaped

FOLDER = Path(__file__).parent / "standards"


@dataclass(frozen=True, kw_only=True)
class Standard:
    """The conditions of the levels, as a published standard states them."""

    __pydantic_config__ = STRICT
    title: str
    levels: tuple[LevelConditions, ...]


@cache
def _adapter() -> TypeAdapter[Standard]:
    return TypeAdapter(Standard)


def put_in_standard(data: dict[str, Any]) -> tuple[bytes, list[str]]:
    """Give a rulebook's table the levels of the standard that it names, if it names one.

    The standard's bytes, which the rulebook's fingerprint covers too, and the faults: key and reason. Raises
    RulebookRefused where the standard itself is wrong.
    """
    rule = data.get("eligibility")
    if not isinstance(rule, dict) or "standard" not in rule:
        return b"", []
    name = rule["standard"]
    known = sorted(path.stem for path in FOLDER.glob("*.toml") if path.name != occupation_codes.FILE.name)
    if not isinstance(name, str):
        rule.setdefault("levels", [])  # one fault, not two: the shape tells that the name is no text
        return b"", []
    if name not in known:
        rule.setdefault("levels", [])
        return b"", [f"eligibility.standard: 没有标准“{name}”，只有 {'、'.join(known)}"]
    if "levels" in rule:
        return b"", ["eligibility.levels: 已采用 standard 的申报条件，不能另列"]
    text, rule["levels"] = _standard(FOLDER / f"{name}.toml")
    return text, []


def _standard(path: Path) -> tuple[bytes, Any]:
    raw, data = read_table(path)
    try:
        shaped(_adapter(), data)
    except Misshapen as wrong:
        raise RulebookRefused([f"{path.name}: {fault}" for fault in wrong.faults]) from None
    return raw, data["levels"]
