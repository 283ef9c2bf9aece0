"""The jobs: each looks for work that is due and does it; run twice, late or by two, it does it once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from flask import Flask

from notifications.dispatch.dispatcher import Dispatcher
from server.clock import Clock
from server.services import (
    expiring,
    forfeiting,
    job_runs,
    limits,
    page_links,
    reminding,
    sitting_days,
    ticketing,
    turnout,
    waiting,
)
from server.services.alarms import alarms

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """What is looked for, and every how many seconds."""

    name: str
    seconds: int
    work: Callable[[datetime], object]


# In the order of their meaning: who waited is counted where they come, and turnout is settled before the tickets of what is
# held are released. Days are proposed anew because a start with a newer package may have brought the holidays of a year.
DUE = (
    Job("attach_waiting", 60, waiting.attach_due),
    Job("settle_turnout", 5, turnout.settle_due),
    Job("expire_unpaid", 5, expiring.expire_due),
    Job("release_tickets", 5, ticketing.release_due),
    Job("announce_payment", 5, reminding.announce_due),
    Job("remind_of_payment", 5, reminding.remind_due),
    Job("remind_of_day", 5, reminding.remind_of_day_due),
    Job("conclude", 60, expiring.conclude_due),
    Job("forfeit", 60, forfeiting.forfeit_due),
    Job("propose_days", 3600, sitting_days.propose_again),
    Job("forget_old_hits", 3600, limits.forget_old_hits),
)
DISPATCH_EVERY, SWEEP_EVERY = 1, 30


# Asks WeChat, and nothing that is due waits for it: replays do without it.
LINKS = Job("renew_page_links", 3600, page_links.renew_due)


def raise_alarms(now: datetime, *, starting: bool = False) -> int:
    """Log what somebody must see to; how much there was. It changes nothing, so replays do without it."""
    raised = alarms(now, starting=starting)
    for one in raised:
        log.warning("alarm", code=one.code, text=one.text, since=one.since.isoformat() if one.since else None)
    return len(raised)


DAILY = Job("raise_alarms", 24 * 3600, raise_alarms)
AT_START = Job(DAILY.name, 0, partial(raise_alarms, starting=True))
NAMES = (*(job.name for job in DUE), LINKS.name, DAILY.name)


def run(app: Flask, job: Job) -> object:
    """Run one job now, and leave on record that it ran."""
    clock: Clock = app.extensions["jiping_clock"]
    with app.app_context():
        job_runs.started(job.name, clock.now())
        try:
            result = job.work(clock.now())
        except Exception as fault:
            job_runs.ended(job.name, clock.now(), type(fault).__name__)
            raise
        job_runs.ended(job.name, clock.now(), "")
        return result


def run_all(app: Flask, dispatcher: Dispatcher) -> None:
    """Everything once, in order: what a scheduler does in its first seconds. For replays and tests."""
    for job in DUE:
        run(app, job)
    dispatcher.sweep()
    dispatcher.drain()
