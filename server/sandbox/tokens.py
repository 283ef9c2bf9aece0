"""WeChat's access tokens: the classic ones and the stable ones, which know nothing of each other."""

import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.sandbox.settings import Clock

LIFETIME = timedelta(seconds=7200)
OVERLAP = timedelta(minutes=5)  # a renewed token's forerunner works on for so long
FORCE_INTERVAL = timedelta(seconds=30)
FORCES_A_DAY = 20


class ForcesSpentError(Exception):
    """force_refresh was used as often as a day allows."""


@dataclass
class _Token:
    dies_at: datetime
    superseded: bool = False


class Tokens:
    """The tokens of the one account.

    A stable token stays the same until five minutes before its end; `force` replaces it and kills it at once, but not
    twice within 30 seconds, when the platform hands out the present one. Each classic token shortens the life of the one
    before it to five minutes.
    """

    def __init__(self, lock: threading.RLock, clock: Clock) -> None:
        self._lock = lock
        self._clock = clock
        self._tokens: dict[str, _Token] = {}
        self._stable = ""
        self._classic = ""
        self._forces: list[datetime] = []

    def stable(self, force: bool) -> tuple[str, int]:
        """The stable token and its seconds to live. Raises ForcesSpentError."""
        with self._lock:
            now = self._clock.now()
            current = self._tokens.get(self._stable)
            if force and self._may_force(now):
                self._tokens.pop(self._stable, None)
                current = None
            if current is None or current.dies_at - now <= OVERLAP:
                self._stable = self._issue(now)
                current = self._tokens[self._stable]
            return self._stable, int((current.dies_at - now).total_seconds())

    def classic(self) -> tuple[str, int]:
        """A new classic token and its seconds to live."""
        with self._lock:
            now = self._clock.now()
            if forerunner := self._tokens.get(self._classic):
                forerunner.dies_at = min(forerunner.dies_at, now + OVERLAP)
                forerunner.superseded = True
            self._classic = self._issue(now)
            return self._classic, int(LIFETIME.total_seconds())

    def refusal(self, value: str) -> int:
        """0 for a token that works, 42001 for one that ran out, 40001 for one that never was or is no longer the latest."""
        with self._lock:
            token = self._tokens.get(value)
            if token is None:
                return 40001
            if self._clock.now() < token.dies_at:
                return 0
            return 40001 if token.superseded else 42001

    def revoke_all(self) -> None:
        """Kill every token, as a new secret or another program's force_refresh would."""
        with self._lock:
            self._tokens.clear()

    def _issue(self, now: datetime) -> str:
        value = f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(96)}"
        self._tokens[value] = _Token(now + LIFETIME)
        return value

    def _may_force(self, now: datetime) -> bool:
        self._forces = [moment for moment in self._forces if now - moment < timedelta(days=1)]
        if self._forces and now - self._forces[-1] < FORCE_INTERVAL:
            return False
        if len(self._forces) >= FORCES_A_DAY:
            raise ForcesSpentError
        self._forces.append(now)
        return True
