"""`python -m tests.phone.measure`: Lighthouse over the phone pages, of somebody who has applied and been approved."""

import subprocess
import sys
import tempfile
from pathlib import Path

from server.local import local_stack
from tests.conftest import at
from tests.people import Phone, approve

MEASURE = Path(__file__).parents[2] / "miniapp" / "measure"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, local_stack(Path(folder), began=at(2026, 2, 23, 9)) as stack:
        phone = Phone(stack).ready(1)
        number = phone.register()
        approve(stack, number)
        sitting = str(phone.sitting("2026-04")["id"])
        call = ["node", "measure.mjs", stack.web, phone.token, number, sitting]
        return subprocess.run(call, cwd=MEASURE, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
