"""One leader: of all scheduler processes on one database, one works and the others stand by."""

import fcntl
import os
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

# An advisory lock's number, the same in every process of this program and of no other on the database.
_LOCK = 0x4A69_7069


class Leadership(Protocol):
    """The right to work. It ends with the process that holds it, however that ends."""

    def take(self) -> bool:
        """Take it or keep it; False while another has it."""
        ...

    def release(self) -> None: ...


def leadership(engine: Engine) -> Leadership:
    """The leadership of this database: an advisory lock on PostgreSQL, a locked file beside an SQLite file."""
    if engine.dialect.name == "postgresql":
        return AdvisoryLock(engine)
    return LockedFile(Path(f"{engine.url.database}.leader"))


class AdvisoryLock:
    """A session-level advisory lock on a connection of its own; a lost connection loses it, and so does a killed process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def take(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
            return self._try()
        except SQLAlchemyError:
            self.release()
            return False

    def _try(self) -> bool:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            got = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}))
        except SQLAlchemyError:
            connection.invalidate()
            raise
        if got:
            self._connection = connection
        else:
            connection.close()
        return got

    def release(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # Not given back to the pool: the lock would live on in it.
            connection.invalidate()
            connection.close()


class LockedFile:
    """A lock on a file, which the kernel gives up with the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)
