"""What a calendar and the rule of postponement allow: each fault as the key that it stands under, and why."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from server.domain.calendar import FixedCalendar, MidMonthCalendar, Planned
from server.domain.days import Window, local_day
from server.domain.phases import Dates
from server.domain.turnout import ConsolidateIn, Overflow
from server.rulebooks.book import Occupation, Rulebook
from server.rulebooks.faults import Fault, duplicates

_MONTHS = range(1, 13)


def of_calendar(book: Rulebook) -> Iterator[Fault]:
    """Every contradiction in the calendar, and, where it can be read at all, in where people are moved."""
    match book.calendar:
        case FixedCalendar() as fixed:
            yield from _fixed(book, fixed)
        case MidMonthCalendar() as windows:
            unreadable = list(_windows(book, windows))
            yield from unreadable
            if unreadable:
                return
            yield from _months_in_order(book, windows)
    for occupation in book.occupations:
        yield from _never_assessed(book, occupation)
    yield from _postponement(book)


def _fixed(book: Rulebook, calendar: FixedCalendar) -> Iterator[Fault]:
    sittings = calendar.sittings
    yield from duplicates("calendar.sittings", [one.month for one in sittings])
    offered = {level.level for occupation in book.occupations for level in occupation.levels}
    for index, one in enumerate(sittings):
        where = f"calendar.sittings[{index}]"
        for fault in one.faults():
            yield where, fault
        if one.assessed.first.year != book.year:
            yield f"{where}.assessed", f"不在 {book.year} 年（year）"
        if not one.levels or set(one.levels) - offered:
            yield f"{where}.levels", f"{list(one.levels)} 须为已有的等级（occupations.levels）"
        for other in sittings[:index]:
            if set(one.levels) & set(other.levels) and one.apply.first <= other.apply.last:
                yield f"{where}.apply", f"与{other.month}考次的受理申报日期重叠或次序颠倒"


def _windows(book: Rulebook, calendar: MidMonthCalendar) -> Iterator[Fault]:
    """Windows that exist and follow one another, and months of assessment that come after them in the same order.

    A month that is not later than its window is next year's, so that a slip of the pen would put people off by a year.
    """
    before: date | None = None
    for index, row in enumerate(calendar.windows):
        where = f"calendar.windows[{index}]"
        try:
            window = row.window(book.year)
        except ValueError as fault:
            yield where, str(fault)
            continue
        if row.assessed_in not in _MONTHS:
            yield f"{where}.assessed_in", f"没有{row.assessed_in}月"
        elif window.first.month <= row.assessed_in <= window.last.month:
            yield f"{where}.assessed_in", f"受理申报到{window.last}才截止，评价不能在{row.assessed_in}月"
        if before is not None and window.first <= before:
            yield f"{where}.first", f"与上一行的受理申报日期重叠或次序颠倒（上一行到 {before}）"
        before = window.last


def _months_in_order(book: Rulebook, calendar: MidMonthCalendar) -> Iterator[Fault]:
    for index, (one, after) in enumerate(pairwise(calendar.planned(book.year)), start=1):
        if after.among.first <= one.among.first:
            yield f"calendar.windows[{index}].assessed_in", f"评价月份{after.month}不晚于上一行的{one.month}"


def _never_assessed(book: Rulebook, occupation: Occupation) -> Iterator[Fault]:
    dates = book.calendar.planned(book.year)
    key = "calendar.windows" if isinstance(book.calendar, MidMonthCalendar) else "calendar.sittings"
    for level in occupation.levels:
        if not any(one.is_for(level.level) for one in dates):
            yield key, f"{occupation.name}{level.level}级没有考次"


def _postponement(book: Rulebook) -> Iterator[Fault]:
    """Whoever may be moved has somewhere to go, and can still be told in time when it is decided."""
    rule, dates = book.turnout, book.calendar.planned(book.year)
    if isinstance(rule.below, ConsolidateIn):
        yield from _consolidated(book, rule.below, dates)
    for one in dates:
        stays = isinstance(rule.below, ConsolidateIn) and rule.below.takes(one.among.first.month)
        # Where there are too many, some of those go on whose sitting is held.
        if not stays or isinstance(rule.above, Overflow):
            yield from _told_too_late(book, one)


def _consolidated(book: Rulebook, below: ConsolidateIn, dates: tuple[Planned, ...]) -> Iterator[Fault]:
    """The months that take people have sittings, and each sitting has one of them after it, or people may wait.

    Of `next_sitting` nothing is asked: a year's last sitting has none after it, and the rule says what is done then.
    """
    where = "turnout.below.months"
    if not below.months:
        yield where, "没有列出月份，延期后无处可去"
    yield from duplicates(where, list(below.months))
    months = {one.among.first.month for one in dates}
    for month in sorted(set(below.months) - months):
        yield where, f"{month}月没有考次，延期后无处可去"
    for one in dates:
        stays = below.takes(one.among.first.month)
        if not stays and below.without_target == "needs_staff" and _stranded(book, one, dates):
            yield where, f"{one.month}考次之后没有可延期的考次"


def _stranded(book: Rulebook, one: Planned, dates: tuple[Planned, ...]) -> bool:
    """Has one of its levels nowhere to go within the year?"""
    later = [
        other
        for other in dates
        if other.among.first > one.among.last and book.turnout.below.takes(other.among.first.month)
    ]
    offered = {level.level for occupation in book.occupations for level in occupation.levels}
    levels = one.levels if one.levels is not None else offered
    return any(not any(other.is_for(level) for other in later) for level in levels)


def _told_too_late(book: Rulebook, one: Planned) -> Iterator[Fault]:
    """The last day on which it may be assessed leaves time to tell people once it is decided."""
    rule = book.turnout
    last = one.among.last if one.day is None else one.day.first
    dates = Dates(one.apply, one.pay, last, Window(last, last))
    try:
        decided = local_day(dates.decide_from(rule.counting.recording_days))
        told_by = last - timedelta(days=rule.telling.days_before)
    except OverflowError:
        return  # days beyond the calendar's end: the number or the date that leads there is a fault where it stands
    if decided > told_by:
        yield (
            "turnout.telling.days_before",
            f"{one.month}考次到{decided}才能决定，来不及提前{rule.telling.days_before}日通知",
        )
