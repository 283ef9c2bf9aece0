"""Hold somebody up at the worst moment: on PostgreSQL a locked table stops a transaction just before it writes there, so
that a race that is lost once in a thousand times is lost every time. SQLite lets one writer in, and has no such moment:
there one work is over before the next begins."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine, text

SEEN_WITHIN = 20.0


class HeldUp:
    """Works that are begun one after the other, each up to where it waits or ends."""

    def __init__(self, connection: Connection, pool: ThreadPoolExecutor) -> None:
        self._connection, self._pool = connection, pool
        self._begun: list[Future[Any]] = []

    def begin(self, work: Callable[[], Any]) -> Future[Any]:
        """Begin a work; returns when it waits for a lock, or is over."""
        future = self._pool.submit(work)
        self._begun.append(future)
        deadline = time.monotonic() + SEEN_WITHIN
        while not future.done() and self._waiting() < sum(not one.done() for one in self._begun):
            assert time.monotonic() < deadline, "it neither waits nor ends"
        return future

    def _waiting(self) -> int:
        if self._connection.dialect.name == "sqlite":
            return 0
        asked = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(self._connection.scalar(text(asked)) or 0)


@contextmanager
def held_up_before_writing(database_url: str, table: str) -> Iterator[HeldUp]:
    """Nobody writes to the table until the block ends; all that was begun in it then goes on and is over at the end."""
    engine = create_engine(database_url)
    try:
        with ThreadPoolExecutor(8) as pool:
            with engine.connect() as connection, engine.connect() as watcher:
                if engine.dialect.name == "postgresql":
                    connection.execute(text(f"LOCK TABLE {table} IN SHARE MODE"))
                # Not within a transaction: there the view of who waits stays as it was first seen.
                held = HeldUp(watcher.execution_options(isolation_level="AUTOCOMMIT"), pool)
                yield held
                connection.rollback()
            for one in held._begun:
                one.result(SEEN_WITHIN)
    finally:
        engine.dispose()
