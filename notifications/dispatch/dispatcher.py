"""The dispatcher: plan, claim, send with no transaction open, record; over and over while anything is due."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

import structlog
from flask import Flask

from notifications.channels.contract import Answer, Channel, Outcome
from notifications.dispatch.claim import Claimed, claim_due
from notifications.dispatch.plan import Templates, plan_due
from notifications.dispatch.record import STOPPED, record_answers
from notifications.dispatch.sweep import give_up_waiting, look_up_unknown, release_dead
from notifications.receipts import apply_receipts, match_late
from server.clock import Clock
from server.db import in_transaction
from server.domain.notices import ChannelName, Kind

log = structlog.get_logger(__name__)
# What is claimed and not recorded yet, for each sender: one message on its way, one that waits for its turn, and the answers
# that wait for theirs. It is what a killed dispatcher leaves in doubt, and small enough that no lease comes near its end.
BATCH_PER_SENDER = 4
# As many are claimed at once: fewer cost as many statements, and more leave the senders without work meanwhile.
CLAIM_PER_SENDER = 2
# Seconds without another answer after which those that have come are recorded, though they are few.
LULL = 0.02


class Dispatcher:
    """Sends what is due. Any number of them may run on one database: what one has claimed, no other sees."""

    def __init__(
        self,
        app: Flask,
        clock: Clock,
        channels: Mapping[ChannelName, Channel],
        templates: Templates,
        senders: int = 32,
    ) -> None:
        self._app, self._clock, self._channels, self._templates = app, clock, channels, templates
        self._senders = senders
        self._pool = ThreadPoolExecutor(senders, thread_name_prefix="sender")
        # A template that is refused closes itself and nothing else; a closed account closes one template after another.
        self._paused: dict[tuple[ChannelName, Kind, int], datetime] = {}
        self._stopping = threading.Event()

    def drain(self) -> int:
        """Send until nothing is due, or until told to stop; the number of tries made.

        While the senders wait for the carrier, the next are claimed here, and a second thread records the answers.
        """
        tries, flight = 0, _Flight()
        scribe = threading.Thread(target=self._record_all, args=(flight,), name="scribe")
        scribe.start()
        try:
            with self._app.app_context():
                while flight.fault is None:
                    begun = 0 if self._stopping.is_set() else self._begin(flight)
                    tries += begun
                    if not begun and not flight.recorded():
                        break
        finally:
            while flight.recorded():  # a fault in here is no reason to forget what others were answered
                pass
            flight.answers.put(None)
            scribe.join()
        if flight.fault is not None:
            raise flight.fault
        return tries

    def stop(self) -> None:
        """Begin nothing more: what is being sent is ended and recorded, the rest stays in the queue."""
        self._stopping.set()

    def sweep(self) -> None:
        """Mend what a dead sender or a silent carrier left behind, and fetch receipts that were not pushed."""
        with self._app.app_context():
            release_dead(self._clock.now())
            match_late(self._clock.now())
            give_up_waiting(self._clock.now())
            look_up_unknown(self._channels, self._clock.now())
            for name, channel in self._channels.items():
                while receipts := channel.pull():
                    apply_receipts(name.value, receipts, self._clock.now())

    def close(self) -> None:
        self.stop()
        self._pool.shutdown(wait=True)

    def _begin(self, flight: "_Flight") -> int:
        """Hand the senders as many as there is room for; the number handed over."""
        room = self._senders * BATCH_PER_SENDER - flight.open
        if room < self._senders * CLAIM_PER_SENDER:
            return 0
        now = self._clock.now()
        closed = frozenset(key for key, until in self._paused.copy().items() if until > now)
        if not flight.open:
            self._plan(now)
        claimed = claim_due(self._templates, set(self._channels), now, room, closed)
        assert not in_transaction()  # noqa: S101 -- promise 4: no network inside a transaction
        for one in claimed:
            self._pool.submit(self._answer, one, flight.answers)
            flight.open += 1
        return len(claimed)

    def _record_all(self, flight: "_Flight") -> None:
        """Record answers as they come, those that come together at once, until the last one is in; and plan what has become
        due meanwhile, so that a code is not planned only when a long queue is empty."""
        with self._app.app_context():
            while answers := flight.next_answers(self._senders):
                try:
                    self._record(answers)
                    self._plan(self._clock.now())
                except Exception as fault:
                    # What follows is recorded if it can be; of these, the leases will end.
                    log.exception("answers.not_recorded", answers=len(answers))
                    flight.fault = fault
                finally:
                    flight.done.put(len(answers))

    def _plan(self, now: datetime) -> None:
        """A few times as many as are claimed at once, so that neither claims nor answers wait long for it."""
        plan_due(self._templates, now, self._senders * BATCH_PER_SENDER)

    def _record(self, answers: list[tuple[Claimed, Answer]]) -> None:
        now = self._clock.now()
        record_answers(answers, now)
        for one, answer in answers:
            if answer.outcome is Outcome.STOP:
                self._paused[one.channel, one.kind, one.version] = now + STOPPED - timedelta(seconds=1)

    def _answer(self, claimed: Claimed, answers: "SimpleQueue[tuple[Claimed, Answer] | None]") -> None:
        answers.put((claimed, self._send(claimed)))

    def _send(self, claimed: Claimed) -> Answer:
        with self._app.app_context():  # WeChat's token lies in the database
            try:
                return self._channels[claimed.channel].send(claimed.message)
            except Exception as fault:
                # A channel promises not to; but one message's fault must not leave the answers to all the others unrecorded.
                log.exception("channel.broken", channel=claimed.channel.value, delivery=claimed.delivery_id)
                return Answer(Outcome.UNKNOWN, code=type(fault).__name__)


class _Flight:
    """What one round of sending has claimed and not recorded yet."""

    def __init__(self) -> None:
        self.open = 0
        #: None after the last one
        self.answers = SimpleQueue[tuple[Claimed, Answer] | None]()
        self.done = SimpleQueue[int]()
        self.fault: Exception | None = None
        self._ended = False

    def recorded(self) -> bool:
        """Wait until more is recorded; False where nothing is open any more."""
        if not self.open:
            return False
        self.open -= self.done.get()
        while not self.done.empty():
            self.open -= self.done.get()
        return True

    def next_answers(self, most: int) -> list[tuple[Claimed, Answer]]:
        """Those that have come, or come within moments of each other; none when all are in."""
        found = list[tuple[Claimed, Answer]]()
        while len(found) < most and not self._ended:
            try:
                one = self.answers.get(timeout=LULL if found else None)
            except Empty:
                break
            if one is None:
                self._ended = True
            else:
                found.append(one)
        return found
