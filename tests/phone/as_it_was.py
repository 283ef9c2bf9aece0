"""An installation's database put back to how it was: what has happened once need not happen again for every test."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from weakref import WeakKeyDictionary

from flask import Flask

from server.local import LocalStack

_lives: WeakKeyDictionary[Flask, dict[str, tuple[tuple[str, ...], Path]]] = WeakKeyDictionary()


def copy_database(old: Path, new: Path) -> None:
    """A whole database into the place of another, which may be in use."""
    with closing(sqlite3.connect(old)) as source, closing(sqlite3.connect(new)) as target:
        source.backup(target)


def lived(stack: LocalStack, what: str, live: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    """What `live` tells, in a database where it has happened. `stack` is as new; the clock is not put back."""
    known = _lives.setdefault(stack.app, {})
    database = Path(stack.settings.data_dir) / "jiping.sqlite"
    if what in known:
        told, kept = known[what]
        copy_database(kept, database)
        return told
    told, kept = live(), database.with_name(f"{what}.sqlite")
    copy_database(database, kept)
    known[what] = told, kept
    return told
