"""What somebody must see to is said by every process that starts, so that it is not first found out on the day."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from server.clock import MovedClock
from server.holidays import published_years
from server.local import LocalStack
from tests.conftest import at
from tests.processes.schedulers import ROOT, as_typed, schedulers, wait_until

LAST = published_years()[-1].year
#: the State Council has spoken, and nobody has entered it
NOVEMBER = at(LAST, 11, 2)
TOLD = f"{LAST + 1}年的放假安排还没有录入"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_scheduler_that_begins_to_lead_logs_them_and_not_its_own_silence(stack: LocalStack) -> None:
    stack.clock.stand_at(NOVEMBER)
    with schedulers(stack, 1, as_typed) as [one]:
        one.wait_for("working_days_unknown")
        assert one.leads()
        assert [line for line in one.lines if TOLD in line]
        assert not one.says("scheduler_silent")
        one.terminate()
        assert one.end() == 0


@contextmanager
def jiping(folder: Path, port: int, sqlite_url: str, *arguments: str) -> Iterator[list[str]]:
    """`jiping` as a process in November; the lines that it says, as they come."""
    MovedClock(folder / "clock.json").stand_at(NOVEMBER)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JIPING_")}
    ours = {"JIPING_DATA_DIR": str(folder), "JIPING_DATABASE_URL": sqlite_url, "JIPING_PORT": str(port)}
    call = [sys.executable, "-m", "server.cli", *arguments]
    running = subprocess.Popen(
        call,
        cwd=ROOT,
        env=clean | ours | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    assert running.stdout is not None
    reader = threading.Thread(target=lines.extend, args=(running.stdout,))
    reader.start()
    try:
        wait_until("it serves", lambda: healthy(port))
        wait_until("an alarm", lambda: any(line.startswith("需要处理") for line in lines))
        yield lines
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(40)
        finally:
            running.kill()
            reader.join(20)
            running.stdout.close()


def healthy(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/health", timeout=5).ok
    except requests.ConnectionError:
        return False


def test_run_says_them_after_the_addresses(tmp_path: Path, port: int, sqlite_url: str) -> None:
    with jiping(tmp_path, port, sqlite_url, "run") as lines:
        [told] = [number for number, line in enumerate(lines) if line.startswith(f"需要处理  {TOLD}")]
        assert any("沙箱收件箱" in line for line in lines[:told])


def test_serve_says_them_before_it_serves_and_that_no_scheduler_runs(
    tmp_path: Path, port: int, sqlite_url: str
) -> None:
    with jiping(tmp_path, port, sqlite_url, "serve", "--port", str(port), "--workers", "1") as lines:
        told = [line for line in lines if line.startswith("需要处理")]
    assert [TOLD in line for line in told] == [True, False]
    assert "scheduler_silent" in told[1]
