"""What the README tells people to type, typed."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _story() -> str:
    blocks: list[str] = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    return blocks[0]


def test_the_story_in_the_readme_works_line_by_line(port: int, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "JIPING_DATA_DIR": str(tmp_path),
        "JIPING_PORT": str(port),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
    }
    story = _story().replace(":8000", f":{port}").replace(":8001", f":{port + 1}").replace("/tmp/", f"{tmp_path}/")
    with open(tmp_path / "run.log", "wb") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "run"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            wait = f"for n in $(seq 150); do curl -sf http://127.0.0.1:{port}/health && break; sleep 0.2; done\n"
            script = f"set -eu\n{wait}{story}"
            told = subprocess.run(
                ["bash", "-c", script],
                check=False,
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                timeout=120,
            )
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=30)
    assert told.returncode == 0, told.stdout + told.stderr + (tmp_path / "run.log").read_text("utf-8")
    refusals = re.findall(r'\{"code":"(\w+)","message"', told.stdout)
    assert refusals == []
    assert (tmp_path / "ticket.pdf").read_bytes().startswith(b"%PDF"), told.stdout
