"""The client's own checks, where it is installed: its types, and its unit tests, which hold the typed API against docs/openapi.json."""

import shutil
import subprocess
from pathlib import Path

import pytest

CLIENT = Path(__file__).parents[2] / "miniapp"


@pytest.mark.parametrize("script", ["types", "test"])
def test_the_clients_own_checks_pass(script: str) -> None:
    npm = shutil.which("npm")
    if npm is None or not (CLIENT / "node_modules").is_dir():
        pytest.skip("the client is not installed: it needs Node.js 18 or later; then make run or make test")
    done = subprocess.run(
        [npm, "run", "-s", script], check=False, cwd=CLIENT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
