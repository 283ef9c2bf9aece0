"""A rulebook taken apart and written again with something changed: the library that reads TOML writes none."""

import json
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

from server.rulebooks.loader import FOLDER, RulebookRefused, load_file

Place = tuple[str | int, ...]
ORIGINAL = FOLDER / "technicians-2026.toml"
#: the keys that a rulebook may leave out: some wherever they stand, others in one place (numbers of lists left out)
OPTIONAL_ANYWHERE = {"assumed"}
OPTIONAL = {
    "replaces",
    "notice.number",
    "notice.issued_on",
    "notice.remarks",
    "institution.registry_number",
    "institution.email",
    "occupations.code",
    "turnout.above",
    "payment.account",
    "payment.account.tax_id",
    "payment.account.address",
    "payment.proof",
    "payment.forfeit",
    "results.working_days_with_marking",
    "certificates.reissue",
    "eligibility.related",
    "eligibility.levels.any_of.course_assessed",
}
#: the keys that may be missing only where another key is there or not, which have tests of their own
DEPENDENT = {"calendar.sittings.ticket_from", "eligibility.standard"}
STANDARD = FOLDER / "standards" / "national-2023.toml"


def as_written() -> dict[str, Any]:
    """The technicians' rulebook as plain tables, fresh each time."""
    return tomllib.loads(ORIGINAL.read_text("utf-8"))


def table() -> dict[str, Any]:
    """The same with conditions of its own: the standard's, of levels 5 to 1, written out."""
    data = as_written()
    del data["eligibility"]["standard"]
    data["eligibility"]["levels"] = tomllib.loads(STANDARD.read_text("utf-8"))["levels"]
    return data


def windows_table() -> dict[str, Any]:
    """Made of the technicians' rulebook: an institution with windows that do not follow the months, where too few and too
    many go on to the next sitting, fees by subject, and tickets so many days before. It leaves out nothing that it may say."""
    data = as_written() | {"slug": "school-2026", "edition": 2, "replaces": 1}
    data["institution"] |= {"registry_number": "S000031400054", "email": "skills@example.org"}
    data["application"]["individual"] = {
        "source": "二（二）2",
        "kind": "window",
        "address": "广济路838号",
        "materials": ["身份证", "学历证书"],
    }
    data["occupations"] = [
        _trade("ai", "人工智能训练师", "4-04-05-05"),
        _trade("coder", "计算机程序设计员", "4-04-05-01"),
    ]
    data["calendar"] = {
        "source": "二（三）",
        "kind": "mid_month",
        "days": {"source": "二（三）", "on": "weekend"},
        "windows": [
            {"first": "01-01", "last": "02-15", "assessed_in": 3},
            {"first": "02-16", "last": "03-15", "assessed_in": 4},
            {"first": "11-16", "last": "12-31", "assessed_in": 1},
        ],
    }
    data["turnout"]["below"] = {"source": "二（三）", "kind": "next_sitting", "without_target": "next_year"}
    data["turnout"]["above"] = {
        "source": "二（三）",
        "kind": "overflow",
        "capacity": {"source": "未列人数", "assumed": True, "people": 50},
    }
    data["tickets"] = {
        "individual": {"source": "三", "kind": "days_before", "days": 7, "given": "mailed", "how": "邮件发送"},
        "group": {"source": "三", "kind": "working_days_before", "days": 5, "given": "collected", "how": "领取"},
    }
    data["payment"] |= {
        "account": {
            "source": "二（四）",
            "holder": "某学校",
            "bank": "某银行",
            "number": "0123",
            "tax_id": "9131",
            "address": "某路1号",
        },
        "proof": {"source": "二（四）", "to": "fees@example.org", "subject": "考核费+姓名"},
        "forfeit": {"source": "二（四）", "years": 1},
    }
    data["retakes"]["validity"] = [{"levels": [5, 4, 3], "years": 2}, {"levels": [2, 1], "years": 3}]
    data["certificates"] |= {"paper": "collected", "reissue": "凭身份证补发"}
    data["eligibility"]["related"] = {"source": "附件1", "occupations": ["会计"], "majors": ["法学"]}
    return data


def _trade(key: str, name: str, code: str) -> dict[str, Any]:
    listed = {"source": "附件2", "kind": "listed", "by_subject": _by_subject()}
    own = {"source": "未说明", "assumed": True, "kind": "own_fee"}
    return {
        "source": "一",
        "key": key,
        "name": name,
        "code": code,
        "subjects": ["理论知识", "操作技能"],
        "levels": [
            {
                "level": level,
                "fee": {"source": "附件2", "kind": "per_subject", "by_subject": _by_subject(), "retake": retake},
            }
            for level, retake in ((4, listed), (3, own))
        ],
    }


def _by_subject() -> list[dict[str, Any]]:
    return [{"subject": "理论知识", "yuan": 100}, {"subject": "操作技能", "yuan": 400}]


def monthly_table() -> dict[str, Any]:
    """The same, but month after month, gathered in June and December, with more groups where there are too many."""
    data = windows_table() | {"slug": "guild-2026", "edition": 1}
    del data["replaces"]
    data["calendar"] = {
        "source": "附件2",
        "kind": "monthly",
        "december": "next_notice",
        "days": {"source": "二（三）", "on": "any"},
    }
    data["turnout"]["below"] = {
        "source": "二（三）",
        "kind": "consolidate",
        "months": [6, 12],
        "in_that_month": "hold",
        "without_target": "next_year",
    }
    data["turnout"]["above"] = {"source": "二（三）", "kind": "more_groups"}
    return data


#: rulebooks that, between them, hold every kind of rule; the first has conditions of its own, the others the standard's
BASES: dict[str, Callable[[], dict[str, Any]]] = {
    "fixed": table,
    "windows": windows_table,
    "monthly": monthly_table,
}


def written(value: Any) -> str:
    """A value as TOML, in one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(written(one) for one in value) + "]"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def save(folder: Path, data: dict[str, Any], name: str = "book.toml") -> Path:
    """Write a rulebook into a folder; one line for each of its outermost keys."""
    path = folder / name
    path.write_text("".join(f"{key} = {written(value)}\n" for key, value in data.items()), "utf-8")
    return path


def refused(path: Path) -> list[str]:
    """The faults for which a file is refused; none if it loads."""
    try:
        load_file(path)
    except RulebookRefused as fault:
        return fault.faults
    return []


def changed(*place_and_value: Any, base: Callable[[], dict[str, Any]] = table) -> dict[str, Any]:
    """The rulebook, or another base, with the value at one place replaced, or added."""
    *place, value = place_and_value
    data = base()
    inner(data, tuple(place[:-1]))[place[-1]] = value
    return data


def inner(data: Any, place: Place) -> Any:
    """What stands at a place."""
    for step in place:
        data = data[step]
    return data


def spelled(place: Place) -> str:
    """A place as faults name it: calendar.sittings[0].apply."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


def may_be_missing(place: Place) -> bool:
    """May a rulebook leave out this key?"""
    return place[-1] in OPTIONAL_ANYWHERE or unnumbered(place) in OPTIONAL


def unnumbered(place: Place) -> str:
    """A place without the numbers of lists: calendar.sittings.apply."""
    return ".".join(str(step) for step in place if not isinstance(step, int))


def keys(data: Any, place: Place = ()) -> Iterator[Place]:
    """The place of every key of every table, at any depth."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in items:
        if isinstance(data, dict):
            yield (*place, step)
        yield from keys(value, (*place, step))


def tables(data: Any, place: Place = ()) -> Iterator[Place]:
    """The place of every table, at any depth."""
    if isinstance(data, dict):
        yield place
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in items:
        yield from tables(value, (*place, step))
