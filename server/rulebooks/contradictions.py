"""What each value of a rulebook allows and the whole forbids: each fault as the key that it stands under, and why."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from server.domain.calendar import FixedCalendar
from server.domain.eligibility import Alternative
from server.domain.fees import Fee, PerSubject, RetakeListed
from server.domain.tickets import OnDate, TicketRule
from server.domain.turnout import Overflow
from server.rulebooks.book import Rulebook
from server.rulebooks.calendar_contradictions import of_calendar
from server.rulebooks.faults import Fault, duplicates
from server.rulebooks.occupation_codes import HERE, code_faults

_LEVELS = range(1, 6)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def contradictions(book: Rulebook, folder: Path = HERE) -> Iterator[Fault]:
    """Every contradiction of a rulebook whose values are each of the right kind; `folder` is where its file lies."""
    yield from _name(book)
    yield from _numbers(book)
    yield from _occupations(book, folder)
    yield from _timetable(book)
    yield from _eligibility(book)
    yield from _related(book)
    yield from _remark(book)
    yield from _fees(book)
    yield from _tickets(book)
    yield from of_calendar(book)


def _name(book: Rulebook) -> Iterator[Fault]:
    """The slug is the institution's short name and the year, so that next year's rules are known to be of the same house."""
    if not re.fullmatch(rf"[a-z][a-z0-9]*(-[a-z0-9]+)*-{book.year}", book.slug, re.ASCII):
        yield "slug", f"须为机构简称加年份，如 {book.institution_key.split('-')[0] or 'name'}-{book.year}"
    if book.replaces is not None and not 1 <= book.replaces < book.edition:
        yield "replaces", f"第{book.edition}版不能代替第{book.replaces}版"


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
        (
            "results.working_days_with_marking",
            results.working_days if results.working_days_with_marking is None else results.working_days_with_marking,
            results.working_days,
        ),
        ("retakes.validity", min((one.years for one in book.retakes.validity), default=1), 1),
        ("payment.forfeit.years", book.payment.forfeit.years if book.payment.forfeit else 1, 1),
        ("pass_mark.points", mark.points, 1),
        ("pass_mark.out_of", mark.out_of, mark.points),
        ("eligibility.minimum_age", book.eligibility.minimum_age, 0),
    )
    for key, value, floor in least:
        if value < floor:
            yield key, f"{value} 太小，至少为 {floor}"


def _occupations(book: Rulebook, folder: Path) -> Iterator[Fault]:
    yield from duplicates("occupations", [one.key for one in book.occupations])
    conditions = {one.level for one in book.eligibility.levels}
    for occupation in book.occupations:
        where = f"occupations.{occupation.key}"
        yield from duplicates(f"{where}.subjects", list(occupation.subjects))
        yield from duplicates(f"{where}.levels", [one.level for one in occupation.levels])
        for level in occupation.levels:
            if level.level not in _LEVELS:
                yield f"{where}.levels", f"没有{level.level}级"
            elif level.level not in conditions:
                yield f"{where}.levels", f"{level.level}级没有申报条件（eligibility.levels）"
            if min(level.fee.prices(), default=0) <= 0:
                yield f"{where}.levels", f"{level.level}级没有收费标准"
        yield from ((f"{where}.code", why) for why in code_faults(occupation, folder))


def _fees(book: Rulebook) -> Iterator[Fault]:
    """A fee by subject names each subject once; and whoever may sit again finds how long the others stay valid."""
    for occupation in book.occupations:
        where = f"occupations.{occupation.key}.levels"
        for level in occupation.levels:
            for listed in _lists_of_subjects(level.fee):
                if sorted(listed) != sorted(occupation.subjects):
                    yield where, f"{level.level}级的收费须正好列出科目 {'、'.join(occupation.subjects)}"
            valid = [one for one in book.retakes.validity if level.level in one.levels]
            if len(valid) != 1:
                yield "retakes.validity", f"{level.level}级须有且只有一个成绩有效期"


def _lists_of_subjects(fee: Fee) -> Iterator[tuple[str, ...]]:
    if isinstance(fee, PerSubject):
        yield fee.subjects
        if isinstance(fee.retake, RetakeListed):
            yield tuple(one.subject for one in fee.retake.by_subject)


def _tickets(book: Rulebook) -> Iterator[Fault]:
    dated = isinstance(book.calendar, FixedCalendar) and all(one.ticket_from for one in book.calendar.sittings)
    rules: tuple[tuple[str, TicketRule], ...] = (
        ("individual", book.tickets.individual),
        ("group", book.tickets.group),
    )
    for key, rule in rules:
        if isinstance(rule, OnDate):
            if not dated:
                yield f"tickets.{key}.kind", "日程没有列出准考证日期（calendar.sittings.ticket_from）"
        elif rule.days < 1:
            yield f"tickets.{key}.days", f"{rule.days} 太小，至少为 1"
    above = book.turnout.above
    if isinstance(above, Overflow) and above.capacity.people < book.turnout.threshold.people:
        yield "turnout.above.capacity.people", f"{above.capacity.people} 少于开考条件 {book.turnout.threshold.people}"


def _days_of_a_sitting(book: Rulebook) -> int:
    """How many days a sitting has; where staff set the day, as many as the timetable wants."""
    if isinstance(book.calendar, FixedCalendar):
        windows = [one.assessed for one in book.calendar.sittings]
        return min(((one.last - one.first).days + 1 for one in windows), default=1)
    return max((one.day for one in book.timetable.subjects), default=1)


def _timetable(book: Rulebook) -> Iterator[Fault]:
    days = _days_of_a_sitting(book)
    for index, time in enumerate(book.timetable.subjects):
        where = f"timetable.subjects[{index}]"
        if not (_CLOCK.fullmatch(time.starts) and _CLOCK.fullmatch(time.ends) and time.starts < time.ends):
            yield where, f"时间 {time.starts} 至 {time.ends} 不对，须如 09:00 至 10:30"
        if not 1 <= time.day <= days:
            yield f"{where}.day", f"评价只有{days}天，没有第{time.day}天"
    timed = [time.subject for time in book.timetable.subjects]
    yield from duplicates("timetable.subjects", timed)
    for occupation in book.occupations:
        for subject in sorted(set(timed) - set(occupation.subjects)):
            yield "timetable.subjects", f"{occupation.name}没有科目{subject}"
        for subject in sorted(set(occupation.subjects) - set(timed)):
            yield "timetable.subjects", f"缺少{occupation.name}的科目{subject}"


def _eligibility(book: Rulebook) -> Iterator[Fault]:
    levels = book.eligibility.levels
    yield from duplicates("eligibility.levels", [one.level for one in levels])
    yield from duplicates("eligibility.levels", [one.id for level in levels for one in level.any_of])
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
        yield from duplicates(f"eligibility.related.{key}", list(names))
        if any(not name.strip() for name in names):
            yield f"eligibility.related.{key}", "有空白的名称"
    if not related.occupations and not related.majors:
        yield "eligibility.related", "两份名单都是空的；没有名单就不要写这一项"


def _remark(book: Rulebook) -> Iterator[Fault]:
    try:
        book.payment.remark.format(name="", number="")
    except (LookupError, ValueError, AttributeError):
        yield "payment.remark", "只能用 {name} 和 {number}"
