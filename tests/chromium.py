"""The browser of the tests: where it is, and how it is started without a screen and without asking anybody anything."""

import os

CHROMIUM = os.environ.get("JIPING_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]
