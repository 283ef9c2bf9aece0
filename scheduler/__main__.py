"""The scheduler process: `python -m scheduler`. It waits to be leader, then runs the jobs until it is told to stop."""

import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from types import FrameType
from zoneinfo import ZoneInfo

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from notifications.dispatch.dispatcher import Dispatcher
from scheduler import jobs
from scheduler.leader import leadership
from server.app import create_app, make_dispatcher
from server.config import SettingsRefused, load_settings
from server.db import db
from server.domain.days import SHANGHAI
from server.rulebooks.loader import RulebookRefused
from server.services import job_runs
from server.services.making_sittings import load_sittings

log = structlog.get_logger(__name__)
LOOK_EVERY_SECONDS = 1.0


def serve(app: Flask, stop: threading.Event) -> None:
    """Lead when nobody else does; work while leading; stand by otherwise.

    Raises RulebookRefused before anything is done where an edition in use was edited: also in one that would stand by.
    """
    with app.app_context():
        load_sittings(app.extensions["jiping_clock"].now())
        lead = leadership(db.engine)
    log.info("scheduler.standing_by")
    while not stop.is_set():
        if lead.take():
            log.info("scheduler.leading")
            _work(app, stop, lead.take)
            lead.release()
            log.info("scheduler.stopped")
        stop.wait(LOOK_EVERY_SECONDS)


def _work(app: Flask, stop: threading.Event, still_leading: Callable[[], bool]) -> None:
    with app.app_context():
        job_runs.forget_all_but(jobs.NAMES)
    dispatcher = make_dispatcher(app)
    running = _scheduler(app, dispatcher)
    running.start()
    try:
        while not stop.wait(LOOK_EVERY_SECONDS):
            if not still_leading():
                log.error("scheduler.leadership_lost")
                return
    finally:
        dispatcher.stop()  # or the end would wait until a long queue is empty
        running.shutdown(wait=True)
        dispatcher.close()


def _scheduler(app: Flask, dispatcher: Dispatcher) -> BackgroundScheduler:
    """APScheduler starts the jobs and holds nothing: what is due lies in our own tables."""
    made = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(4)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600},
        timezone=ZoneInfo("Asia/Shanghai"),
    )
    for job in (*jobs.DUE, jobs.LINKS):
        first = datetime.now(SHANGHAI)  # at once, and not only after the first interval
        made.add_job(jobs.run, "interval", (app, job), seconds=job.seconds, id=job.name, next_run_time=first)
    made.add_job(jobs.run, args=(app, jobs.AT_START), id="alarms_at_start")
    made.add_job(jobs.run, "interval", (app, jobs.DAILY), seconds=jobs.DAILY.seconds, id=jobs.DAILY.name)
    made.add_job(dispatcher.drain, "interval", seconds=jobs.DISPATCH_EVERY, id="dispatch")
    made.add_job(dispatcher.sweep, "interval", seconds=jobs.SWEEP_EVERY, id="sweep")
    return made


def main() -> None:
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        serve(create_app(load_settings()), stop)
    except (SettingsRefused, RulebookRefused) as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main()
