"""Turns at what only a few of a process's threads may do at once, and a line in which only a few more may wait."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class NoTurn(Exception):
    """The line is full, or the turn did not come in time."""


class Turns:
    """So many at once, so many more in line, each for at most so long."""

    def __init__(self, at_once: int, in_line: int, within_seconds: float) -> None:
        self._line = threading.BoundedSemaphore(at_once + in_line)
        self._turns = threading.BoundedSemaphore(at_once)
        self._within_seconds = within_seconds

    @contextmanager
    def one(self) -> Iterator[None]:
        """A turn. Raises NoTurn."""
        if not self._line.acquire(blocking=False):
            raise NoTurn
        try:
            if not self._turns.acquire(timeout=self._within_seconds):
                raise NoTurn
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._line.release()
