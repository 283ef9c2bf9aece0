"""When each job ran last, and whether it failed."""

from datetime import datetime

from sqlalchemy import select, update

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
