"""Does a second run change anything? The database's tables, each as one mark, and what differs."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy import Connection, text

from server.db import Base, db

# What a job leaves behind whether or not there was anything to do: that it ran, and a token for asking WeChat.
_OWN_TRACES = {"job_run", "limit_hit", "wechat_token"}


@dataclass(frozen=True)
class Rerun:
    """What a second run of all jobs at an instant did: the tables that it changed, the messages that it sent."""

    at: datetime
    changed: tuple[str, ...]
    messages: int


def fingerprints(app: Flask) -> dict[str, str]:
    """A mark of the content of each table, as it lies in the database: nothing is decrypted for this."""
    tables = [one for one in Base.metadata.sorted_tables if one.name not in _OWN_TRACES]
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: _mark(connection, table.name, [one.name for one in table.primary_key]) for table in tables
        }


def _mark(connection: Connection, table: str, key: list[str]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    # Names from our own metadata, never from outside.
    for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY {', '.join(key)}")):  # noqa: S608
        digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()
