"""The client's own tests, where it is installed; they hold the typed API against docs/openapi.json. Its types are checked by
`make check`, like those of the server."""

import shutil
import subprocess
from pathlib import Path

import pytest

CLIENT = Path(__file__).parents[2] / "miniapp"


def test_the_clients_own_tests_pass() -> None:
    npm = shutil.which("npm")
    if npm is None or not (CLIENT / "node_modules").is_dir():
        pytest.skip("the client is not installed: it needs Node.js 18 or later; then make run or make test")
    done = subprocess.run([npm, "test", "-s"], check=False, cwd=CLIENT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
