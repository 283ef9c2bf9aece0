"""What each value of a rulebook allows and the whole forbids: each fault as the key that it stands under, and why."""

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from server.domain.calendar import Dates
from server.domain.days import local_day
from server.domain.eligibility import Alternative
from server.rulebooks.book import Occupation, Rulebook

Fault = tuple[str, str]
_LEVELS = range(1, 6)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def contradictions(book: Rulebook) -> Iterator[Fault]:
    """Every contradiction of a rulebook whose values are each of the right kind."""
    yield from _numbers(book)
    yield from _occupations(book)
    yield from _timetable(book)
    yield from _eligibility(book)
    yield from _related(book)
    yield from _remark(book)
    yield from _calendar(book)
    yield from _postponement(book)


def _numbers(book: Rulebook) -> Iterator[Fault]:
    turnout, results, mark = book.turnout, book.results, book.pass_mark
    least = (
        ("edition", book.edition, 1),
        ("turnout.threshold.people", turnout.threshold.people, 1),
        ("turnout.counting.recording_days", turnout.counting.recording_days, 0),
        ("turnout.telling.days_before", turnout.telling.days_before, 0),
        ("turnout.telling.telephone_days_before_that", turnout.telling.telephone_days_before_that, 0),
        ("payment.remind_days_before_end", min(book.payment.remind_days_before_end, default=0), 0),
        ("results.working_days", results.working_days, 1),
        ("results.working_days_with_marking", results.working_days_with_marking, results.working_days),
        ("results.validity", min((one.years for one in results.validity), default=1), 1),
        ("pass_mark.points", mark.points, 1),
        ("pass_mark.out_of", mark.out_of, mark.points),
        ("eligibility.minimum_age", book.eligibility.minimum_age, 0),
    )
    for key, value, floor in least:
        if value < floor:
            yield key, f"{value} 太小，至少为 {floor}"


def _occupations(book: Rulebook) -> Iterator[Fault]:
    yield from _duplicates("occupations", [one.key for one in book.occupations])
    conditions = {one.level for one in book.eligibility.levels}
    for occupation in book.occupations:
        where = f"occupations.{occupation.key}"
        yield from _duplicates(f"{where}.subjects", list(occupation.subjects))
        yield from _duplicates(f"{where}.levels", [one.level for one in occupation.levels])
        for level in occupation.levels:
            if level.level not in _LEVELS:
                yield f"{where}.levels", f"没有{level.level}级"
            elif level.level not in conditions:
                yield f"{where}.levels", f"{level.level}级没有申报条件（eligibility.levels）"
            if level.fee.yuan <= 0 or level.fee.retake_yuan_per_subject <= 0:
                yield f"{where}.levels", f"{level.level}级没有收费标准"


def _timetable(book: Rulebook) -> Iterator[Fault]:
    days = min(((one.assessed.last - one.assessed.first).days + 1 for one in book.calendar.sittings), default=1)
    for index, time in enumerate(book.timetable.subjects):
        where = f"timetable.subjects[{index}]"
        if not (_CLOCK.fullmatch(time.starts) and _CLOCK.fullmatch(time.ends) and time.starts < time.ends):
            yield where, f"时间 {time.starts} 至 {time.ends} 不对，须如 09:00 至 10:30"
        if not 1 <= time.day <= days:
            yield f"{where}.day", f"评价只有{days}天，没有第{time.day}天"
    timed = [time.subject for time in book.timetable.subjects]
    yield from _duplicates("timetable.subjects", timed)
    for occupation in book.occupations:
        for subject in sorted(set(timed) - set(occupation.subjects)):
            yield "timetable.subjects", f"{occupation.name}没有科目{subject}"
        for subject in sorted(set(occupation.subjects) - set(timed)):
            yield "timetable.subjects", f"缺少{occupation.name}的科目{subject}"


def _eligibility(book: Rulebook) -> Iterator[Fault]:
    levels = book.eligibility.levels
    yield from _duplicates("eligibility.levels", [one.level for one in levels])
    yield from _duplicates("eligibility.levels", [one.id for level in levels for one in level.any_of])
    for index, level in enumerate(levels):
        if not level.any_of:
            yield f"eligibility.levels[{index}].any_of", "没有申报条件"
        for place, one in enumerate(level.any_of):
            for key, why in _alternative(one):
                yield f"eligibility.levels[{index}].any_of[{place}].{key}", why


def _alternative(one: Alternative) -> Iterator[Fault]:
    """By their names, for the kinds share them: a level is a level, and years are years, whatever they follow."""
    told = {field.name: getattr(one, field.name) for field in fields(one)}
    if told.get("level", 1) not in _LEVELS:
        yield "level", f"没有{told['level']}级"
    for key in ("years", "title_years", "certificate_years"):
        if told.get(key, 1) < 1:
            yield key, f"{told[key]} 太小，至少为 1"
    if "schools" in told and not told["schools"]:
        yield "schools", "没有列出学校"


def _related(book: Rulebook) -> Iterator[Fault]:
    related = book.eligibility.related
    if related is None:
        return
    for key, names in (("occupations", related.occupations), ("majors", related.majors)):
        yield from _duplicates(f"eligibility.related.{key}", list(names))
        if any(not name.strip() for name in names):
            yield f"eligibility.related.{key}", "有空白的名称"
    if not related.occupations and not related.majors:
        yield "eligibility.related", "两份名单都是空的；没有名单就不要写这一项"


def _remark(book: Rulebook) -> Iterator[Fault]:
    try:
        book.payment.remark.format(name="", number="")
    except (LookupError, ValueError, AttributeError):
        yield "payment.remark", "只能用 {name} 和 {number}"


def _calendar(book: Rulebook) -> Iterator[Fault]:
    sittings = book.calendar.sittings
    yield from _duplicates("calendar.sittings", [one.month for one in sittings])
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
    for occupation in book.occupations:
        yield from _never_assessed(book, occupation)


def _never_assessed(book: Rulebook, occupation: Occupation) -> Iterator[Fault]:
    planned = {level for sitting in book.calendar.sittings for level in sitting.levels}
    for level in occupation.levels:
        if level.level not in planned:
            yield "calendar.sittings", f"{occupation.name}{level.level}级没有考次"


def _postponement(book: Rulebook) -> Iterator[Fault]:
    """Whoever may be moved has somewhere to go, and can still be told in time when it is decided."""
    sittings, rule = book.calendar.sittings, book.turnout
    months = {one.assessed.first.month for one in sittings}
    for month in rule.below.months:
        if month not in months:
            yield "turnout.below.months", f"{month}月没有考次，延期后无处可去"
    for one in sittings:
        if one.assessed.first.month in rule.below.months:
            continue
        later = [other for other in sittings if other.assessed.first > one.assessed.last]
        takes = {
            level for other in later if other.assessed.first.month in rule.below.months for level in other.levels
        }
        if set(one.levels) - takes:
            yield "turnout.below.months", f"{one.month}考次之后没有可延期的考次"
        dates = Dates(one.apply, one.pay, one.ticket_from, one.assessed)
        decided = local_day(dates.decide_from(rule.counting.recording_days))
        if decided > dates.tell_by(rule.telling.days_before):
            yield (
                "turnout.telling.days_before",
                f"{one.month}考次到{decided}才能决定，来不及提前{rule.telling.days_before}日通知",
            )


def _duplicates(where: str, keys: list[Any]) -> Iterator[Fault]:
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield where, f"{key} 出现了不止一次"
