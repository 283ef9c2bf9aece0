"""Links into the mini-program (URL Link): which page each opens, and until when."""

import secrets
import threading
from datetime import datetime, timedelta

from server.sandbox.settings import Clock


class Links:
    """Every link that was made. Many people may open one, as often as they like, until it ends."""

    def __init__(self, lock: threading.RLock, clock: Clock) -> None:
        self._lock, self._clock = lock, clock
        self._made: dict[str, tuple[str, datetime]] = {}

    def make(self, path: str, days: int) -> str:
        """The code of a new link."""
        code = secrets.token_urlsafe(8)
        with self._lock:
            self._made[code] = (path, self._clock.now() + timedelta(days=days))
        return code

    def open(self, code: str) -> str | None:
        """The page that it opens now; None where it has ended or never was."""
        with self._lock:
            path, until = self._made.get(code, ("", None))
            return path if until is not None and self._clock.now() < until else None
