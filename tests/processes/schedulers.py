"""The scheduler as a process, watched by its log."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from scheduler.__main__ import main
from server.local import LocalStack
from tests.processes.workers import forked

ROOT = Path(__file__).parents[2]
SEEN_WITHIN = 30.0
POLL = 0.05


def wait_until(what: str, holds: Callable[[], bool], within: float = SEEN_WITHIN) -> float:
    """Look until it holds; the seconds that took."""
    began = time.monotonic()
    pause = threading.Event()
    while not holds():
        assert time.monotonic() - began < within, f"not within {within} s: {what}"
        pause.wait(POLL)
    return time.monotonic() - began


class Running(Protocol):
    """A process that was started."""

    def kill(self) -> None:
        """kill -9."""
        ...

    def terminate(self) -> None: ...

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        ...

    def wait(self, timeout: float) -> int:
        """Its exit code, once it has ended."""
        ...


#: starts a scheduler with these variables, whose log goes into this connection
Start = Callable[[dict[str, str], Connection], Running]


def as_typed(ours: dict[str, str], log: Connection) -> Running:
    """`python -m scheduler`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JIPING_")}
    command = [sys.executable, "-m", "scheduler"]
    return subprocess.Popen(command, cwd=ROOT, env=clean | ours, stderr=log.fileno())


class ForkedScheduler:
    """The same program from the server of the workers, which has imported all of it: no less a process, and begun in
    milliseconds."""

    def __init__(self, ours: dict[str, str], log: Connection) -> None:
        self._process = forked.Process(target=_schedule, args=(ours, log), daemon=True)
        self._process.start()

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        code = self._process.exitcode
        assert code is not None, f"it did not end within {timeout} s"
        return code


def _schedule(ours: dict[str, str], log: Connection) -> None:
    os.dup2(log.fileno(), sys.stderr.fileno())
    for name in [name for name in os.environ if name.startswith("JIPING_")]:
        del os.environ[name]
    os.environ.update(ours)
    main()


class SchedulerProcess:
    """One scheduler, on the database, rulebooks, clock, secrets and sandbox of a stack."""

    def __init__(self, stack: LocalStack, start: Start) -> None:
        ours = {
            "JIPING_DATA_DIR": str(stack.settings.data_dir),
            "JIPING_DATABASE_URL": stack.settings.database_url,
            "JIPING_SANDBOX_URL": stack.sandbox,
            "JIPING_PUBLIC_URL": stack.web,
        }
        if stack.settings.rulebooks is not None:
            ours["JIPING_RULEBOOKS"] = str(stack.settings.rulebooks)
        said, log = forked.Pipe(duplex=False)
        self._process = start(ours, log)
        log.close()
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, args=(said,))
        self._reader.start()

    def _read(self, said: Connection) -> None:
        with said, open(said.fileno(), encoding="utf-8", closefd=False) as lines:
            for line in lines:
                self.lines.append(line)

    def says(self, word: str) -> bool:
        return any(word in line for line in self.lines)

    def leads(self) -> bool:
        return self.says("scheduler.leading")

    def wait_for(self, word: str, within: float = SEEN_WITHIN) -> None:
        wait_until(f"{word} in {self.lines}", lambda: self.says(word), within)

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self.end()

    def terminate(self) -> None:
        self._process.terminate()

    def end(self, within: float = SEEN_WITHIN) -> int:
        """Wait for its end; the exit code."""
        code = self._process.wait(within)
        self._reader.join(within)
        return code

    def running(self) -> bool:
        return self._process.poll() is None


@contextmanager
def schedulers(stack: LocalStack, count: int, start: Start = ForkedScheduler) -> Iterator[list[SchedulerProcess]]:
    """So many schedulers, none of which outlives the block."""
    made = [SchedulerProcess(stack, start) for _ in range(count)]
    try:
        yield made
    finally:
        for one in made:
            if one.running():
                one.kill()
