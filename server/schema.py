"""Bring the database's tables to the present shape, or write down how they changed."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Connection

from server.db import Base, db

_FOLDER = Path(__file__).parent / "migrations"


@contextmanager
def _config(app: Flask) -> Iterator[tuple[Config, Connection]]:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with app.app_context(), db.engine.connect() as connection:
        config.attributes["connection"] = connection
        with _unreferenced(connection):
            yield config, connection
            connection.commit()


@contextmanager
def _unreferenced(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, which rows that point at it forbid: it looks at them afterwards instead.

    The setting cannot be changed within a transaction, so it is the driver's connection that is told.
    """
    driver: object = connection.connection.dbapi_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        if (broken := driver.execute("PRAGMA foreign_key_check").fetchall()) != []:
            raise RuntimeError(f"rows that point nowhere after the migration: {broken[:5]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def upgrade(app: Flask) -> None:
    """Run the migrations that are missing."""
    with _config(app) as (config, _):
        command.upgrade(config, "head")


def downgrade(app: Flask) -> None:
    """Undo every migration: for tests of the migrations themselves."""
    with _config(app) as (config, _):
        command.downgrade(config, "base")


def revise(app: Flask, number: str, message: str) -> None:
    """Write the migration that leads from the database to the models."""
    with _config(app) as (config, _):
        command.revision(config, message, autogenerate=True, rev_id=number)


def differences(app: Flask) -> list[object]:
    """What the models say and the migrated database does not."""
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))
