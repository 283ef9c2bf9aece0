"""Limits on what can be guessed or run up costs: counted in the database, so that every process counts together."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from types import MappingProxyType

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.db import one_at_a_time, reading, transaction
from server.errors import Problem
from server.models import LimitHit

Limit = tuple[int, timedelta]


def neighbourhood(address: str) -> str:
    """What one sender has of addresses: one of IPv4, and of IPv6 the 2^64 that share their first half (a /64)."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        within = found.ipv4_mapped
        return str(within or IPv6Network((int(found), 64), strict=False).network_address)
    return str(found)


def spend(bucket: str, limits: tuple[Limit, ...], now: datetime) -> None:
    """Count one try, in a transaction of its own so that a refused try counts too. Raises too_many_requests."""
    spend_together({bucket: limits}, now)


def spend_together(
    wanted: dict[str, tuple[Limit, ...]], now: datetime, refusals: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Count one try in every bucket, or in none where one of them is full.

    refusals: buckets whose fullness has a code of its own. Raises that, or too_many_requests.
    """
    with transaction() as session:
        for bucket in sorted(wanted):  # in one order, so that two who want the same pair never wait for each other
            one_at_a_time(session, bucket)
            _require_room(session, bucket, wanted[bucket], now, refusals.get(bucket, "too_many_requests"))
        session.add_all(LimitHit(bucket=bucket, at=now) for bucket in wanted)


def forgive(bucket: str, at: datetime) -> None:
    """Give back a try that turned out right: only wrong guesses use a limit up."""
    with transaction() as session:
        mine = select(func.max(LimitHit.id)).where(LimitHit.bucket == bucket, LimitHit.at == at)
        session.execute(delete(LimitHit).where(LimitHit.id == mine.scalar_subquery()))


def spent(bucket: str, since: datetime) -> int:
    """The tries that were counted after that moment."""
    with reading() as session:
        counted = select(func.count()).where(LimitHit.bucket == bucket, LimitHit.at > since)
        return session.scalar(counted) or 0


def _require_room(session: Session, bucket: str, limits: tuple[Limit, ...], now: datetime, refusal: str) -> None:
    widest = max(span for _, span in limits)
    session.execute(delete(LimitHit).where(LimitHit.bucket == bucket, LimitHit.at <= now - widest))
    for most, span in limits:
        counted = select(func.count()).where(LimitHit.bucket == bucket, LimitHit.at > now - span)
        if (session.scalar(counted) or 0) >= most:
            raise Problem(refusal)


def forget_old_hits(now: datetime) -> int:
    """Remove hits that no limit looks at any more; the number removed."""
    with transaction() as session:
        gone = session.execute(delete(LimitHit).where(LimitHit.at <= now - timedelta(days=2)).returning(LimitHit.id))
        return len(gone.all())
