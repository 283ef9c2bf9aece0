"""The dispatcher: plan, claim, send with no transaction open, record; over and over while anything is due."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

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
# Small enough that a lease of minutes is never near its end while the batch waits its turn.
BATCH_PER_SENDER = 4


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
        self._paused: dict[tuple[ChannelName, Kind], datetime] = {}
        self._stopping = threading.Event()

    def drain(self) -> int:
        """Send until nothing is due, or until told to stop; the number of tries made."""
        tries = 0
        with self._app.app_context():
            while not self._stopping.is_set():
                planned = plan_due(self._templates, self._clock.now())
                sent = self._send_batch()
                tries += sent
                if not planned and not sent:
                    break
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

    def _send_batch(self) -> int:
        now = self._clock.now()
        closed = frozenset(key for key, until in self._paused.items() if until > now)
        most = self._senders * BATCH_PER_SENDER
        claimed = claim_due(self._templates, set(self._channels), now, most, closed)
        if not claimed:
            return 0
        assert not in_transaction()  # noqa: S101 -- promise 4: no network inside a transaction
        answers = list(self._pool.map(self._send, claimed))
        now = self._clock.now()
        record_answers(list(zip(claimed, answers, strict=True)), now)
        for one, answer in zip(claimed, answers, strict=True):
            if answer.outcome is Outcome.STOP:
                self._paused[one.channel, one.kind] = now + STOPPED - timedelta(seconds=1)
        return len(claimed)

    def _send(self, claimed: Claimed) -> Answer:
        with self._app.app_context():  # WeChat's token lies in the database
            try:
                return self._channels[claimed.channel].send(claimed.message)
            except Exception as fault:
                # A channel promises not to; but one message's fault must not leave the answers to all the others unrecorded.
                log.exception("channel.broken", channel=claimed.channel.value, delivery=claimed.delivery_id)
                return Answer(Outcome.UNKNOWN, code=type(fault).__name__)
