"""`python -m scheduler` as a process, watched by its log."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from server.local import LocalStack

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


class SchedulerProcess:
    """One scheduler, on the database, clock, secrets and sandbox of a stack."""

    def __init__(self, stack: LocalStack) -> None:
        ours = {
            "JIPING_DATA_DIR": str(stack.settings.data_dir),
            "JIPING_DATABASE_URL": stack.settings.database_url,
            "JIPING_SANDBOX_URL": stack.sandbox,
            "JIPING_PUBLIC_URL": stack.web,
        }
        clean = {name: value for name, value in os.environ.items() if not name.startswith("JIPING_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "scheduler"], cwd=ROOT, env=clean | ours, stderr=subprocess.PIPE, text=True
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
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
        self._process.send_signal(signal.SIGTERM)

    def end(self, within: float = SEEN_WITHIN) -> int:
        """Wait for its end; the exit code."""
        code = self._process.wait(within)
        self._reader.join(within)
        if self._process.stderr is not None:
            self._process.stderr.close()
        return code

    def running(self) -> bool:
        return self._process.poll() is None


@contextmanager
def schedulers(stack: LocalStack, count: int) -> Iterator[list[SchedulerProcess]]:
    """So many schedulers, none of which outlives the block."""
    made = [SchedulerProcess(stack) for _ in range(count)]
    try:
        yield made
    finally:
        for one in made:
            if one.running():
                one.kill()
