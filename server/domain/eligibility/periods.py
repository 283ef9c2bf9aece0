"""How long somebody has worked (累计从事……工作)."""

from datetime import date, timedelta

from server.domain.days import whole_months
from server.domain.eligibility.claims import Work


def months_worked(work: tuple[Work, ...], since: date, today: date) -> int:
    """Completed months of work from a day on, until today began; days in two periods count once.

    The last day of a period is worked, so 2020-01-01 to 2024-12-31 are five years. The days are laid end to end from the
    first of them: broken months add up, and a change of employer from one day to the next costs nothing.
    """
    spans = sorted((max(one.since, since), _day_after(one.until, today)) for one in work)
    days, counted_to = 0, date.min
    for first, end in spans:
        days += max((end - max(first, counted_to)).days, 0)
        counted_to = max(counted_to, end)
    begun = [first for first, end in spans if first < end]
    return whole_months(begun[0], begun[0] + timedelta(days=days)) if begun else 0


def _day_after(last: date | None, today: date) -> date:
    """The day on which a period is over; today itself is not worked yet."""
    return today if last is None or last >= today else last + timedelta(days=1)


def span(months: int) -> str:
    """4年11个月, 5年, 2个月."""
    years, rest = divmod(months, 12)
    return (f"{years}年" if years or not rest else "") + (f"{rest}个月" if rest else "")
