"""Every message that reached a phone or a WeChat account, found by its recipient."""

import itertools
import threading
import uuid
from bisect import bisect_right
from collections import defaultdict
from operator import itemgetter
from typing import Any

from server.sandbox.faults import plain
from server.sandbox.settings import Clock

Message = dict[str, Any]


class Mailbox:
    """The messages, oldest first. Ids rise and are never given twice, also after `clear`."""

    def __init__(self, lock: threading.RLock, clock: Clock) -> None:
        self._lock = lock
        self._clock = clock
        self._ids = itertools.count(1)
        self._all: list[Message] = []
        self._by_recipient: dict[str, list[Message]] = defaultdict(list)
        self.generation = uuid.uuid4().hex  # changes with every clearance and every start

    def add(self, *, channel: str, to: str, text: str, state: str, **details: object) -> Message:
        """Store a message for an openid or for the eleven digits of a phone."""
        with self._lock:
            moment = self._clock.now().isoformat(timespec="milliseconds")
            message = {
                "id": next(self._ids),
                "channel": channel,
                "to": to,
                "time": moment,
                "text": text,
                "state": state,
            }
            message.update(details)
            self._all.append(message)
            self._by_recipient[to].append(message)
            return message

    def select(self, to: str | None = None, since: int = 0, newest: int | None = None) -> list[Message]:
        """Messages with an id above `since`, to one recipient or to all, at most the `newest` so many."""
        with self._lock:
            source = self._all if to is None else self._by_recipient.get(plain(to), [])
            start = bisect_right(source, since, key=itemgetter("id"))
            if newest is not None:
                start = max(start, len(source) - newest)
            return source[start:]

    def clear(self) -> int:
        """Forget all messages; returns how many there were."""
        with self._lock:
            count = len(self._all)
            self._all = []
            self._by_recipient.clear()
            self.generation = uuid.uuid4().hex
            return count
