"""What each value of a rulebook allows and the whole forbids: each fault as the key that it stands under, and why."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from server.domain.calendar import FixedCalendar
from server.domain.eligibility import Alternative
from server.domain.fees import Fee, PerSubject, RetakeListed
from server.domain.tickets import OnDate, TicketRule
from server.rulebooks.book import Rulebook
from server.rulebooks.calendar_contradictions import of_calendar
from server.rulebooks.every_clause import every_clause
from server.rulebooks.faults import Fault, duplicates
from server.rulebooks.occupation_codes import HERE, code_faults

_LEVELS = range(1, 6)
# Further than any notice goes, and near enough for every date that is reckoned from it.
_YEARS = range(2000, 2100)
_MANY_DAYS, _MANY_YEARS, _MANY_PEOPLE, _MANY_YUAN = 366, 50, 100_000, 1_000_000
# Slugs and keys go into addresses, and into columns of 64; sources and places into columns of 500.
_LONGEST, _LONGEST_TEXT = 64, 500
_KEY = re.compile(rf"[a-z][a-z0-9_-]{{0,{_LONGEST - 1}}}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def contradictions(book: Rulebook, folder: Path = HERE) -> Iterator[Fault]:
    """Every contradiction of a rulebook whose values are each of the right kind; `folder` is where its file lies."""
    yield from _name(book)
    yield from _sources(book)
    yield from _numbers(book)
    yield from _occupations(book, folder)
    yield from _timetable(book)
    yield from _eligibility(book)
    yield from _related(book)
    yield from _remark(book)
    yield from _fees(book)
    yield from _tickets(book)
    yield from _capacity(book)
    if book.year in _YEARS:
        yield from of_calendar(book)


def _name(book: Rulebook) -> Iterator[Fault]:
    """The slug is the institution's short name and the year, so that next year's rules are known to be of the same house."""
    shape = rf"[a-z][a-z0-9]*(-[a-z0-9]+)*-{book.year}"
    if len(book.slug) > _LONGEST or not re.fullmatch(shape, book.slug, re.ASCII):
        name = re.match(r"[a-z][a-z0-9]{0,29}(?![a-z0-9])", book.slug.lower(), re.ASCII)
        yield "slug", f"须为小写的机构简称加年份，如 {name[0] if name else 'name'}-{book.year}，至多{_LONGEST}个字符"
    if book.replaces is not None and not 1 <= book.replaces < book.edition:
        yield "replaces", f"第{book.edition}版不能代替第{book.replaces}版"


def _sources(book: Rulebook) -> Iterator[Fault]:
    """Every clause says where it stands in the notice, or what the notice leaves open."""
    for key, clause in every_clause(book):
        if not clause.source.strip():
            yield f"{key}.source", "须写明出处（通知的条款），没有出处的写明未说明什么"
        elif len(clause.source) > _LONGEST_TEXT:
            yield f"{key}.source", f"太长，至多{_LONGEST_TEXT}个字"


def _numbers(book: Rulebook) -> Iterator[Fault]:
    turnout, results, mark = book.turnout, book.results, book.pass_mark
    limits = [
        ("edition", book.edition, 1, 1000),
        ("year", book.year, _YEARS.start, _YEARS.stop - 1),
        ("turnout.threshold.people", turnout.threshold.people, 1, _MANY_PEOPLE),
        ("turnout.counting.recording_days", turnout.counting.recording_days, 0, _MANY_DAYS),
        ("turnout.telling.days_before", turnout.telling.days_before, 0, _MANY_DAYS),
        ("turnout.telling.telephone_days_before_that", turnout.telling.telephone_days_before_that, 0, _MANY_DAYS),
        *(("payment.remind_days_before_end", days, 0, _MANY_DAYS) for days in book.payment.remind_days_before_end),
        ("results.working_days", results.working_days, 1, _MANY_DAYS),
        *(("retakes.validity", one.years, 1, _MANY_YEARS) for one in book.retakes.validity),
        ("pass_mark.points", mark.points, 1, 1000),
        ("pass_mark.out_of", mark.out_of, mark.points, 1000),
        ("eligibility.minimum_age", book.eligibility.minimum_age, 0, _MANY_YEARS),
    ]
    if results.working_days_with_marking is not None:
        days = results.working_days_with_marking
        limits.append(("results.working_days_with_marking", days, results.working_days, _MANY_DAYS))
    if book.payment.forfeit is not None:
        limits.append(("payment.forfeit.years", book.payment.forfeit.years, 1, _MANY_YEARS))
    for key, value, least, most in limits:
        if value < least:
            yield key, f"{value} 太小，至少为 {least}"
        elif value > most:
            yield key, f"{value} 太大，至多为 {most}"


def _occupations(book: Rulebook, folder: Path) -> Iterator[Fault]:
    yield from duplicates("occupations", [one.key for one in book.occupations])
    if not book.occupations:
        yield "occupations", "没有职业（工种）"
    conditions = {one.level for one in book.eligibility.levels}
    for index, occupation in enumerate(book.occupations):
        where = f"occupations.{occupation.key}"
        if not _KEY.fullmatch(occupation.key):
            yield f"occupations[{index}].key", f"“{occupation.key}”须为小写字母、数字和连字符，如 trainer"
        if not occupation.subjects:
            yield f"{where}.subjects", "没有科目"
        if not occupation.levels:
            yield f"{where}.levels", "没有等级"
        yield from duplicates(f"{where}.subjects", list(occupation.subjects))
        yield from duplicates(f"{where}.levels", [one.level for one in occupation.levels])
        for level in occupation.levels:
            if level.level not in _LEVELS:
                yield f"{where}.levels", f"没有{level.level}级"
            elif level.level not in conditions:
                yield f"{where}.levels", f"{level.level}级没有申报条件（eligibility.levels）"
            if min(level.fee.prices(), default=0) <= 0:
                yield f"{where}.levels", f"{level.level}级没有收费标准"
            elif max(level.fee.prices()) > _MANY_YUAN:
                yield f"{where}.levels", f"{level.level}级的收费太高，至多为{_MANY_YUAN}元"
        yield from ((f"{where}.code", why) for why in code_faults(occupation, folder))


def _fees(book: Rulebook) -> Iterator[Fault]:
    """A fee by subject names each subject once; and whoever may sit again finds how long the others stay valid."""
    for number in sorted(
        {level.level for occupation in book.occupations for level in occupation.levels}, reverse=True
    ):
        if sum(number in one.levels for one in book.retakes.validity) != 1:
            yield "retakes.validity", f"{number}级须有且只有一个成绩有效期"
    for occupation in book.occupations:
        where = f"occupations.{occupation.key}.levels"
        for level in occupation.levels:
            for listed in _lists_of_subjects(level.fee):
                if sorted(listed) != sorted(occupation.subjects):
                    yield where, f"{level.level}级的收费须正好列出科目 {'、'.join(occupation.subjects)}"


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
        elif rule.days > _MANY_DAYS:
            yield f"tickets.{key}.days", f"{rule.days} 太大，至多为 {_MANY_DAYS}"


def _capacity(book: Rulebook) -> Iterator[Fault]:
    people, needed = book.turnout.capacity, book.turnout.threshold.people
    if people is not None and people < needed:
        yield "turnout.above.capacity.people", f"{people} 少于开考条件 {needed}"
    elif people is not None and people > _MANY_PEOPLE:
        yield "turnout.above.capacity.people", f"{people} 太大，至多为 {_MANY_PEOPLE}"


def _days_of_a_sitting(book: Rulebook) -> int:
    """How many days a sitting can have; where staff set the day, a weekend's two, or as many as the shortest month."""
    if isinstance(book.calendar, FixedCalendar):
        windows = [one.assessed for one in book.calendar.sittings]
        return min(((one.last - one.first).days + 1 for one in windows), default=1)
    return 2 if book.calendar.days.on == "weekend" else 28


def _timetable(book: Rulebook) -> Iterator[Fault]:
    days = _days_of_a_sitting(book)
    for index, time in enumerate(book.timetable.subjects):
        where = f"timetable.subjects[{index}]"
        if not (_CLOCK.fullmatch(time.starts) and _CLOCK.fullmatch(time.ends) and time.starts < time.ends):
            yield where, f"时间 {time.starts} 至 {time.ends} 不对，须如 09:00 至 10:30"
        if not 1 <= time.day <= days:
            yield f"{where}.day", f"评价只有{days}天，没有第{time.day}天"
    if len(book.timetable.place) > _LONGEST_TEXT:
        yield "timetable.place", f"太长，至多{_LONGEST_TEXT}个字"
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
