"""Quiet hours (免打扰时间): what nobody is waiting for does not ring at night."""

from datetime import date, datetime, timedelta

from server.domain.days import SHANGHAI, local_day

_DAY_BEGINS, _DAY_ENDS = 8, 21


def daytime(now: datetime) -> datetime:
    """Now, or the next eight o'clock."""
    local = now.astimezone(SHANGHAI)
    if _DAY_BEGINS <= local.hour < _DAY_ENDS:
        return now
    morning = local.replace(hour=_DAY_BEGINS, minute=0, second=0, microsecond=0)
    return morning if local.hour < _DAY_BEGINS else morning + timedelta(days=1)


def ring_from(now: datetime, useful_until: datetime | None, tell_by: date | None) -> datetime:
    """From when a message may ring: now, if by the next morning it would be too late to know it or of no use; else then."""
    morning = daytime(now)
    late = (tell_by is not None and local_day(morning) > tell_by) or (
        useful_until is not None and now < useful_until <= morning
    )
    return now if late else morning
