"""One background thread that carries receipts and events to the product (推送)."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

DELAY_SECONDS = 0.5  # a phone takes a moment: a receipt must not overtake the answer to the call that caused it
TRIES = 3
PAUSE_SECONDS = 0.1

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)
_log = logging.getLogger(__name__)


class Lane(Protocol[T_contra]):
    """Where parcels of one sort go."""

    batch: int

    def deliver(self, items: Sequence[T_contra]) -> None:
        """Carry up to `batch` items; returns when they are delivered or given up."""
        ...


@dataclass(frozen=True)
class _Parcel:
    due: float
    lane: Lane[Any]
    item: object


def persist(once: Callable[[], bool]) -> bool:
    """Try until it worked, at most three times with a short pause; False when it never did."""
    for number in range(TRIES):
        if number:
            time.sleep(PAUSE_SECONDS)
        if once():
            return True
    return False


class Courier:
    """A queue and its thread, which starts with the first parcel. Parcels leave in the order they came in."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[_Parcel] = []
        self._held: list[_Parcel] = []
        self._under_way = 0
        self._hurries = 0
        self._thread: threading.Thread | None = None

    def put(self, lane: Lane[T], item: T, *, hold: bool = False) -> None:
        """Send a parcel off. One that is held goes after the next parcel: that is how receipts come in the wrong order."""
        with self._changed:
            parcel = _Parcel(time.monotonic() + DELAY_SECONDS, lane, item)
            if hold:
                self._held.append(parcel)
            else:
                self._waiting.append(parcel)
            if not hold or len(self._held) > 1:
                self._release()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sandbox-courier", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def drain(self, seconds: float) -> int:
        """Deliver everything now, held parcels too, and wait for it. Returns how many are left when time is up."""
        with self._changed:
            self._release()
            self._hurries += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._left() == 0, seconds)
            self._hurries -= 1
            return self._left()

    def _left(self) -> int:
        return len(self._waiting) + len(self._held) + self._under_way

    def _release(self) -> None:
        self._waiting.extend(reversed(self._held))
        self._held.clear()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not (parcels := self._due()):
                    pause = self._waiting[0].due - time.monotonic() if self._waiting else None
                    self._changed.wait(pause)
                del self._waiting[: len(parcels)]
                self._under_way = len(parcels)
            try:
                parcels[0].lane.deliver([parcel.item for parcel in parcels])
            except Exception:
                # One bad parcel must not end the thread: whoever waits for the next one would wait for ever.
                _log.exception("sandbox could not deliver %d parcels", len(parcels))
            finally:
                with self._changed:
                    self._under_way = 0
                    self._changed.notify_all()

    def _due(self) -> list[_Parcel]:
        """The parcels at the head that may go together: due, and for the same lane."""
        batch: list[_Parcel] = []
        for parcel in self._waiting:
            late_enough = self._hurries or parcel.due <= time.monotonic()
            if not late_enough or parcel.lane is not self._waiting[0].lane or len(batch) >= parcel.lane.batch:
                break
            batch.append(parcel)
        return batch
