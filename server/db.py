"""The database: its base class, the types that columns share, and the two ways in, to read and to change."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Engine, LargeBinary, MetaData, event, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from server.privacy import FieldCipher


class Base(DeclarativeBase):
    """Every table's base; constraints have names that migrations can speak of."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(
    model_class=Base,
    session_options={"expire_on_commit": False, "autobegin": False},
    engine_options={"pool_pre_ping": True},
)


class TransactionWithinTransaction(RuntimeError):
    """A use case called from within another's transaction: it would commit half of the outer one."""


@contextmanager
def transaction() -> Iterator[Session]:
    """One use case: everything in the block is committed together, or nothing is.

    On SQLite the write lock is taken at once, so that what is read here is still so when it is written.
    """
    with _begun(write=True) as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """A consistent look that changes nothing and leaves no transaction open behind it."""
    with _begun(write=False) as session:
        yield session


@contextmanager
def _begun(*, write: bool) -> Iterator[Session]:
    session = db.session()
    if session.in_transaction():
        raise TransactionWithinTransaction
    # What an earlier look of the same request or job saw is forgotten: it would be given back unread, and may have changed.
    session.expunge_all()
    # A look ends with a commit too: a rollback would forget the rows that were read.
    with session.begin():
        session.connection(execution_options={"jiping_write": write})
        yield session


def in_transaction() -> bool:
    """Is a transaction open in this context? Vendors' clients ask, for none may be called within one."""
    return bool(db.session().in_transaction())


def insert_new(session: Session, table: type[Base], **values: Any) -> bool:
    """Insert a row unless one like it is there; False where it was. Two at once insert one, and neither fails."""
    dialect = session.connection().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table).values(**values).on_conflict_do_nothing()
    return session.execute(statement.returning(*inspect(table).primary_key)).first() is not None


# PostgreSQL's advisory locks of two numbers, apart from the scheduler's, which has one.
_ONE_AT_A_TIME = 0x4A69


def one_at_a_time(session: Session, what: str) -> None:
    """Wait for every other transaction that named the same thing, and keep later ones waiting until this one ends.

    For what cannot be locked because it has no row yet. On SQLite whoever changes something is alone anyway.
    """
    if session.connection().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME, func.hashtext(what))))


def _on_connect(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # SQLAlchemy begins; the driver must not begin for itself
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        write = connection.get_execution_options().get("jiping_write", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


event.listen(Engine, "connect", _on_connect)
event.listen(Engine, "begin", _on_begin)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. SQLite forgets the zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant without a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def field_cipher() -> FieldCipher:
    """The cipher of the running application."""
    cipher: FieldCipher = current_app.extensions["jiping_cipher"]
    return cipher


class EncryptedBytes(TypeDecorator[bytes]):
    """Bytes encrypted at rest; `place` (table.column) is bound into the seal, so a value cannot stand elsewhere."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else field_cipher().seal(value, self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else field_cipher().open(bytes(value), self.place)


class EncryptedText(TypeDecorator[str]):
    """Text encrypted at rest."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else field_cipher().seal(value.encode(), self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else field_cipher().open(bytes(value), self.place).decode()


class EncryptedJson(TypeDecorator[dict[str, Any]]):
    """A dictionary of JSON values, encrypted at rest."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return field_cipher().seal(json.dumps(value, ensure_ascii=False).encode(), self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> dict[str, Any] | None:
        if value is None:
            return None
        opened: dict[str, Any] = json.loads(field_cipher().open(bytes(value), self.place))
        return opened
