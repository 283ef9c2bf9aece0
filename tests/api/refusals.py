"""What a refusal must be: the right status and code, Chinese words, one shape, and nothing changed behind it."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from flask import Flask
from sqlalchemy import text

from server.db import Base, db
from server.errors import ERRORS

# Counted tries, the trail of who did what, and what the program keeps of its own running.
_MAY_CHANGE = {"limit_hit", "audit_entry", "job_run", "wechat_token"}
_MAY_CHANGE_COLUMNS = {"phone_code": {"wrong_tries"}}


@dataclass(frozen=True)
class Refused:
    """What is expected: the code; its status is the one that the table of errors gives it, unless said."""

    code: str
    status: int = 0
    fields: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def check(answer: requests.Response, expected: Refused) -> None:
    """Compare an answer with what was expected of it."""
    assert answer.headers["Content-Type"] == "application/json"
    body: dict[str, Any] = answer.json()
    told = (answer.status_code, body.get("code"))
    assert told == (expected.status or ERRORS[expected.code][0], expected.code), answer.text
    assert set(body) == {"code", "message", "fields", "reasons"}
    assert re.search("[\u4e00-\u9fff]", body["message"])
    assert "{" not in body["message"]
    assert tuple(body["fields"]) == expected.fields
    assert all(re.search("[\u4e00-\u9fff]", one) for one in body["fields"].values())
    assert tuple(one["code"] for one in body["reasons"]) == expected.reasons
    assert all(re.search("[\u4e00-\u9fff]", one["text"]) for one in body["reasons"])


def contents(app: Flask) -> dict[str, str]:
    """A fingerprint of every table's rows."""
    with app.app_context(), db.engine.connect() as connection:
        found = {}
        for table in Base.metadata.sorted_tables:
            hidden = _MAY_CHANGE_COLUMNS.get(table.name, set())
            columns = ", ".join(f'"{one.name}"' for one in table.columns if one.name not in hidden)
            rows = connection.execute(text(f'SELECT {columns} FROM "{table.name}"'))
            lines = sorted(repr(tuple(row)) for row in rows)
            found[table.name] = f"{len(lines)}:{hashlib.sha256(repr(lines).encode()).hexdigest()}"
        connection.rollback()
    return found


@contextmanager
def nothing_changes(app: Flask) -> Iterator[None]:
    """Every table holds the same rows after the block as before, but for counted tries and the audit trail."""
    before = contents(app)
    yield
    after = contents(app)
    changed = {name for name in before if before[name] != after[name]} - _MAY_CHANGE
    assert changed == set()


def refused(app: Flask, expected: Refused, answer: Any) -> None:
    """`answer` asks and gives the response; it must be refused as expected, and nothing changed."""
    with nothing_changes(app):
        given = answer()
    check(given, expected)
