"""The only place that asks what time it is.

Outside production the clock can be moved: a small file says by how much, or at which instant it stands still, and every
process on the machine reads it at each question, so that a newcomer lives through a year in minutes.
"""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """The system's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class MovedClock(Clock):
    """A clock that a file moves; without the file it is the system's."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        try:
            setting = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return super().now()
        if "at" in setting:
            return datetime.fromisoformat(setting["at"]).astimezone(UTC)
        return super().now() + timedelta(seconds=setting["shift_seconds"])

    def stand_at(self, instant: datetime) -> None:
        """Stop the clock at an instant."""
        self._write({"at": instant.astimezone(UTC).isoformat()})

    def go_from(self, instant: datetime) -> None:
        """Let the clock run on from an instant."""
        self._write({"shift_seconds": (instant - super().now()).total_seconds()})

    def reset(self) -> None:
        """Back to the system's time."""
        self._path.unlink(missing_ok=True)

    def _write(self, setting: dict[str, object]) -> None:
        # Written beside and renamed: a reader in another process sees the old file or the new one, never half.
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        beside.write_text(json.dumps(setting), "utf-8")
        beside.replace(self._path)
