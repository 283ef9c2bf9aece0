"""A token store in memory, with the same promises as the one in the database."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from server.wechat import StoredToken


class MemoryTokenStore:
    """One token, one claim; every method is atomic."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._token: StoredToken | None = None
        self._holder: str | None = None
        self._until: datetime | None = None

    def read(self) -> StoredToken | None:
        with self._lock:
            return self._token

    def claim_refresh(self, holder: str, lease: timedelta) -> bool:
        with self._lock:
            if self._until is not None and self._until > self._now() and holder != self._holder:
                return False
            self._holder, self._until = holder, self._now() + lease
            return True

    def save(self, holder: str, value: str, expires_at: datetime) -> None:
        with self._lock:
            if holder == self._holder and self._until is not None and self._until > self._now():
                self._token = StoredToken(value, expires_at)

    def release(self, holder: str) -> None:
        with self._lock:
            if holder == self._holder:
                self._holder = self._until = None

    def put(self, value: str, expires_at: datetime) -> None:
        """Start a test with a token that an earlier process fetched."""
        self._token = StoredToken(value, expires_at)
