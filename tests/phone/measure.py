"""`python -m tests.phone.measure`: Lighthouse over every phone page, of somebody who has applied, and later has a ticket.

With `visit` the pages are opened and not measured: does each load, and is it the one that is meant?
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from server.local import local_stack
from tests.conftest import at
from tests.people import Phone
from tests.phone.every_page import OF_A_REGISTRATION, ON_THE_PHONE, for_everybody, life, of_a_registration, somebody

MEASURE = Path(__file__).parents[2] / "miniapp" / "measure"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, local_stack(Path(folder), began=at(2026, 2, 23, 9)) as stack:
        phone = somebody(stack)
        to_the_ticket = life(phone)
        next(to_the_ticket)
        if not sys.argv[1:]:
            sys.stdout.write("| page | performance | accessibility | best practice |\n|---|---|---|---|\n")
            sys.stdout.flush()
        worst = measure(phone, for_everybody(phone))  # in the window, for what one applies for
        for _ in to_the_ticket:
            pass
        own = of_a_registration(phone)
        return max(worst, measure(phone, {name: own[name] for name in OF_A_REGISTRATION}))


def measure(phone: Phone, pages: dict[str, str]) -> int:
    """The exit code of Lighthouse over these pages: 0 where all are good."""
    given = {"kept": ON_THE_PHONE | {"sign-in": phone.token}, "pages": [pages[name] for name in sorted(pages)]}
    call = ["node", "measure.mjs", phone.stack.web, json.dumps(given), *sys.argv[1:]]
    return subprocess.run(call, cwd=MEASURE, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
