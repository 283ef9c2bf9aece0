"""Rulebooks that between them use every kind of rule: the technicians' as it is, and two made from it."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal, get_args, get_origin

from pydantic import TypeAdapter

from server.domain.levels import LEVEL_NAMES
from server.rulebooks.book import Rulebook
from server.rulebooks.tables import shaped
from tests.rulebooks.toml_text import table
from tests.rulebooks.vocabulary import keys

SUBJECTS = ("理论知识", "操作技能")


def _prices(theory: int, practice: int) -> list[dict[str, Any]]:
    return [{"subject": name, "yuan": yuan} for name, yuan in zip(SUBJECTS, (theory, practice), strict=True)]


def monthly() -> dict[str, Any]:
    """An association with a window: month by month, gathered in June and December, fees by subject, lists of its own."""
    data = table()
    data |= {"slug": "monthly-2026"}
    data["institution"] |= {"name": "某某行业协会", "registry_number": "S000031300000", "email": "a@example.cn"}
    data["application"]["individual"] = {
        "kind": "window",
        "source": "甲",
        "address": "某某路1号1楼",
        "materials": ["个人2寸证件照1张", "相关佐证材料"],
    }
    for level in data["occupations"][0]["levels"]:
        listed = {"kind": "listed", "source": "乙", "by_subject": _prices(210, 320)}
        level["fee"] = {"kind": "per_subject", "source": "丙", "by_subject": _prices(200, 300), "retake": listed}
    data["occupations"][0] |= {"name": "人工智能训练师", "code": "4-04-05-05"}
    data["calendar"] = {"kind": "monthly", "source": "丁", "december": "next_notice"}
    data["calendar"]["days"] = {"source": "戊", "on": "weekend"}
    data["turnout"]["below"] |= {"months": [6, 12], "in_that_month": "needs_staff", "without_target": "next_year"}
    data["turnout"]["above"] = {"kind": "more_groups", "source": "己"}
    data["turnout"]["telling"] |= {"days_before": 5}
    data["payment"]["account"] = {
        "source": "庚",
        "holder": "户甲",
        "bank": "行乙",
        "number": "6222000000000000",
        "tax_id": "91310000",
        "address": "某某路2号",
    }
    data["payment"]["proof"] = {"source": "辛", "to": "b@example.cn", "subject": "考核费+姓名"}
    data["payment"]["forfeit"] = {"source": "壬", "years": 1}
    given = {"individual": ("handed_out", "协会打印"), "group": ("collected", "到窗口领取")}
    for who, (how, text) in given.items():
        data["tickets"][who] = {"kind": "working_days_before", "source": "癸", "days": 5, "given": how, "how": text}
    data["certificates"] |= {"electronic": False, "paper": "collected", "reissue": "持身份证补办"}
    data["eligibility"]["related"] = {"source": "子", "occupations": ["会计"], "majors": ["法学", "软件工程"]}
    return data


def mid_month() -> dict[str, Any]:
    """A university: windows of its own, overflow to the next, a mailed ticket a week before."""
    data = monthly()
    data |= {"slug": "windows-2026", "edition": 2, "replaces": 1}
    for level in data["occupations"][0]["levels"]:
        level["fee"]["retake"] = {"kind": "own_fee", "source": "乙", "assumed": True}
    rows = [("01-01", "02-15", 3), ("02-16", "03-15", 4), ("11-16", "12-31", 1)]
    windows = [{"first": first, "last": last, "assessed_in": number} for first, last, number in rows]
    data["calendar"] = {"kind": "mid_month", "source": "丁", "windows": windows}
    data["calendar"]["days"] = {"source": "戊", "assumed": True, "on": "any"}
    data["turnout"]["below"] = {"kind": "next_sitting", "source": "丑", "without_target": "next_year"}
    capacity = {"source": "寅", "assumed": True, "people": 120}
    data["turnout"]["above"] = {"kind": "overflow", "source": "卯", "capacity": capacity}
    for who in ("individual", "group"):
        rule = {"kind": "days_before", "source": "癸", "days": 7, "given": "mailed", "how": f"邮件发给{who}"}
        data["tickets"][who] = rule
    return data


def book(data: dict[str, Any]) -> Rulebook:
    """A rulebook from its table, unjudged."""
    return shaped(TypeAdapter(Rulebook), data)


SAMPLES = {
    name: book(data) for name, data in (("fixed", table()), ("monthly", monthly()), ("mid_month", mid_month()))
}


def edited(node: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """The same with one value changed: every value in turn, with the key of what was changed (positions in lists)."""
    for field in fields(node):
        value, key = getattr(node, field.name), f"{place}.{field.name}".lstrip(".")
        for inner, other in _others(value, keys(type(node))[field.name], field.name, key):
            yield inner, replace(node, **{field.name: other})


def _others(value: Any, hint: Any, name: str, key: str) -> Iterator[tuple[str, Any]]:
    if is_dataclass(value):
        yield from edited(value, key)
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            for inner, other in _others(one, get_args(hint)[0], name, f"{key}[{index}]"):
                yield inner, (*value[:index], other, *value[index + 1 :])
    elif value is not None and (other := _other(value, hint, name)) is not None:
        yield key, other


def _other(value: Any, hint: Any, name: str) -> Any:
    """Another value that may stand there; None where there is no other."""
    if get_origin(hint) is Literal:
        return next((one for one in get_args(hint) if one != value), None)
    match value:
        case bool():
            return not value
        case int() if name in {"level", "levels"}:
            return value % len(LEVEL_NAMES) + 1
        case int():
            return value + 1
        case date():
            return value + timedelta(days=1)
        case str() if name == "month":
            return "2026-10"
        case str() if len(value) == 5 and value[2] == "-":
            return f"{value[:3]}{int(value[3:]) - 1 or 2:02d}"
    return f"{value}改"
