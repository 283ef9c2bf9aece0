"""When each job ran last, and whether it failed."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select, update

from server.db import insert_new, reading, transaction
from server.models import JobRun


def started(job: str, now: datetime) -> None:
    with transaction() as session:
        if not insert_new(session, JobRun, job=job, started_at=now):
            session.execute(update(JobRun).where(JobRun.job == job).values(started_at=now, ended_at=None))


def ended(job: str, now: datetime, fault: str) -> None:
    with transaction() as session:
        session.execute(update(JobRun).where(JobRun.job == job).values(ended_at=now, fault=fault))


def last_runs() -> list[JobRun]:
    with reading() as session:
        return list(session.scalars(select(JobRun).order_by(JobRun.job)))


def forget_all_but(jobs: Iterable[str]) -> None:
    """A job that a newer program does not have any more cannot fail or hang: no alarm of it may stand for ever."""
    with transaction() as session:
        session.execute(delete(JobRun).where(JobRun.job.not_in(list(jobs))))
