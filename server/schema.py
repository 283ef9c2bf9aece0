"""Bring the database's tables to the present shape, or write down how they changed.

Alembic is imported where it is used: it is a tenth of what a start costs, and most commands change no tables.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.schema import SchemaItem

from server.db import Base, db

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"


@contextmanager
def _config(app: Flask) -> Iterator[tuple["Config", Connection]]:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["include_object"] = _meant_here
    with app.app_context(), db.engine.connect() as connection:
        config.attributes["connection"] = connection
        with _all_or_nothing(connection):
            yield config, connection


@contextmanager
def _all_or_nothing(connection: Connection) -> Iterator[None]:
    """One transaction around every migration: the tool would commit each by itself, and a fault would leave half of it.

    SQLite changes a table by making it anew, which rows that point at it forbid: it looks at them afterwards instead, before
    anything is kept. That setting cannot be changed within a transaction, so it is the driver's connection that is told.
    """
    driver: object = connection.connection.dbapi_connection
    if not isinstance(driver, sqlite3.Connection):
        with connection.begin():
            yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield
            if (broken := driver.execute("PRAGMA foreign_key_check").fetchall()) != []:
                raise RuntimeError(f"rows that point nowhere after the migration: {broken[:5]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def upgrade(app: Flask, target: str = "head") -> None:
    """Run the migrations that are missing, up to a revision."""
    from alembic import command

    with _config(app) as (config, _):
        command.upgrade(config, target)


def downgrade(app: Flask, target: str = "base") -> None:
    """Undo every migration down to a revision: for tests of the migrations themselves."""
    from alembic import command

    with _config(app) as (config, _):
        command.downgrade(config, target)


def revise(app: Flask, number: str, message: str) -> None:
    """Write the migration that leads from the database to the models."""
    from alembic import command

    with _config(app) as (config, _):
        command.revision(config, message, autogenerate=True, rev_id=number)


def differences(app: Flask) -> list[object]:
    """What the models say and the migrated database does not."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with app.app_context(), db.engine.connect() as connection:
        wanted = {"compare_type": True, "include_object": _meant_here}
        context = MigrationContext.configure(connection, opts=wanted)
        return list(compare_metadata(context, Base.metadata))


def _meant_here(one: SchemaItem, _name: str | None, _kind: str, reflected: bool, _other: SchemaItem | None) -> bool:
    """What a model says of one kind of database is not missed on another, where the migrations hold the same otherwise."""
    return reflected or one.info.get("dialect", db.engine.dialect.name) == db.engine.dialect.name
