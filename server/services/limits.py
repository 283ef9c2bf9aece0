"""Limits on what can be guessed or run up costs: counted in the database, so that every process counts together."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from server.db import transaction
from server.errors import Problem
from server.models import LimitHit

Limit = tuple[int, timedelta]


def spend(bucket: str, limits: tuple[Limit, ...], now: datetime) -> None:
    """Count one try, in a transaction of its own so that a refused try counts too. Raises too_many_requests."""
    with transaction() as session:
        widest = max(span for _, span in limits)
        session.execute(delete(LimitHit).where(LimitHit.bucket == bucket, LimitHit.at <= now - widest))
        for most, span in limits:
            counted = select(func.count()).where(LimitHit.bucket == bucket, LimitHit.at > now - span)
            if (session.scalar(counted) or 0) >= most:
                raise Problem("too_many_requests")
        session.add(LimitHit(bucket=bucket, at=now))


def forget_old_hits(now: datetime) -> int:
    """Remove hits that no limit looks at any more; the number removed."""
    with transaction() as session:
        gone = session.execute(delete(LimitHit).where(LimitHit.at <= now - timedelta(days=2)).returning(LimitHit.id))
        return len(gone.all())
