"""The table of working days: what the package knows, what staff enter, and who wins."""

import importlib.metadata
from datetime import date, timedelta

import chinese_calendar
import pytest
from flask import Flask
from sqlalchemy import event, select

from server import holidays
from server.db import db, reading, transaction
from server.domain.published_year import DayKind, NamedDay
from server.domain.working_days import DayTable
from server.errors import ERRORS, Problem
from server.models import AuditEntry, CalendarDay, CalendarYear
from server.services import working_days
from tests.conftest import at
from tests.races.crowd import within
from tests.races.hold_up import held_up_before_writing
from tests.rows import rows

NOW = at(2026, 11, 5)
LAST = max(chinese_calendar.constants.holidays).year
#: a year that no package knows yet when this is read
NEXT = LAST + 1
ACTOR, SOURCE = "staff:lin", "国务院办公厅通知"


def first_weekend(year: int) -> list[date]:
    days = (date(year, 1, 2) + timedelta(days=number) for number in range(7))
    return [day for day in days if day.weekday() >= 5]


OFF = [NamedDay(date(NEXT, 1, 1), "元旦"), NamedDay(date(NEXT, 5, 1), "劳动节")]
WORKED = [NamedDay(first_weekend(NEXT)[0], "元旦调休")]


def seeded() -> list[int]:
    with transaction() as session:
        return working_days.seed_years(session, NOW)


def table() -> DayTable:
    with reading() as session:
        return working_days.day_table(session)


def enter(year: int = NEXT, off: list[NamedDay] = OFF, worked: list[NamedDay] = WORKED, reason: str = "") -> None:
    working_days.set_year(year, off, worked, SOURCE, ACTOR, reason, NOW)


def correct(day: date, kind: DayKind | None, note: str = "", reason: str = "国务院补充通知") -> bool:
    return working_days.set_day(day, kind, note, ACTOR, reason, NOW)


def last_entry() -> AuditEntry:
    with reading() as session:
        return session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first() or AuditEntry()


# --- what the package knows


def test_the_package_s_years_are_plain_data_from_2024_to_the_last_it_knows() -> None:
    assert [one.year for one in holidays.published_years()] == list(range(2024, LAST + 1))


@pytest.mark.parametrize("year", [1926, 2003, NEXT, 9999])
def test_a_year_that_the_package_does_not_know_is_no_error(year: int) -> None:
    assert holidays.published_year(year) is None


def test_what_the_package_knows_is_without_fault_and_named_in_chinese() -> None:
    for one in holidays.published_years():
        assert list(one.faults()) == []
        assert all(each.note and not each.note.isascii() for each in (*one.off, *one.worked))


def test_the_spring_festival_of_2026_has_nine_days_off_and_two_worked() -> None:
    found = holidays.published_year(2026)
    assert found is not None
    assert [one.day.day for one in found.off if one.note == "春节"] == [*range(15, 24)]
    assert [(one.day, one.note) for one in found.worked if one.day.month == 2] == [
        (date(2026, 2, 14), "春节调休"),
        (date(2026, 2, 28), "春节调休"),
    ]


def test_the_source_names_the_package_and_its_version() -> None:
    assert importlib.metadata.version("chinesecalendar") in holidays.source()


# --- seeding


def test_seeding_takes_over_every_year_of_the_package_and_a_second_time_none(app: Flask) -> None:
    assert table() == DayTable()
    assert seeded() == list(range(2024, LAST + 1))
    assert seeded() == []
    assert table().known == frozenset(range(2024, LAST + 1))
    assert rows(app, CalendarYear, CalendarYear.source == holidays.source()) == LAST - 2023


def test_the_seeded_table_says_what_the_package_says_of_every_day(sqlite_app: Flask) -> None:
    seeded()
    found, day = table(), date(2024, 1, 1)
    while day.year <= LAST:
        assert found.is_working(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_a_year_that_staff_entered_is_not_seeded_over(app: Flask) -> None:
    enter(LAST, [NamedDay(date(LAST, 1, 1), "元旦")], [])
    assert LAST not in seeded()
    assert [day for day in table().off if day.year == LAST] == [date(LAST, 1, 1)]


def test_a_day_that_staff_corrected_is_not_seeded_over(sqlite_app: Flask) -> None:
    seeded()
    correct(date(LAST, 5, 1), None)
    seeded()
    assert date(LAST, 5, 1) not in table().off


def test_the_table_is_read_in_two_selects(app: Flask) -> None:
    seeded()
    statements = []

    def count(*arguments: object) -> None:
        statements.append(arguments[2])

    with reading() as session:
        event.listen(db.engine, "before_cursor_execute", count)
        working_days.day_table(session)
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(statements) == 2


# --- a whole year


def test_staff_enter_a_year_and_the_table_reckons_with_it(app: Flask) -> None:
    seeded()
    assert not table().is_known(date(NEXT, 1, 1))
    enter()
    found = table()
    assert found.is_known(date(NEXT, 1, 1))
    assert [found.is_working(one.day) for one in (*OFF, *WORKED)] == [False, False, True]
    row, year = working_days.known_year(NEXT)
    assert (row.source, row.set_by, row.set_at) == (SOURCE, ACTOR, NOW)
    assert (list(year.off), list(year.worked)) == (OFF, WORKED)


def test_a_first_entry_is_audited_without_a_before(app: Flask) -> None:
    enter()
    entry = last_entry()
    assert (entry.actor, entry.action, entry.subject) == (ACTOR, "calendar.year_set", f"calendar:{NEXT}")
    assert entry.before is None
    assert entry.after == {
        "source": SOURCE,
        "off": {str(one.day): one.note for one in OFF},
        "worked": {str(one.day): one.note for one in WORKED},
    }


def test_a_known_year_is_replaced_whole_with_a_reason_and_audited_before_and_after(app: Flask) -> None:
    enter()
    only = [NamedDay(date(NEXT, 1, 1), "元旦")]
    enter(off=only, worked=[], reason="国务院调整")
    _, year = working_days.known_year(NEXT)
    assert (list(year.off), year.worked) == (only, ())
    entry = last_entry()
    assert entry.reason == "国务院调整"
    assert (entry.before or {})["off"] == {str(one.day): one.note for one in OFF}
    assert entry.after == {"source": SOURCE, "off": {f"{NEXT}-01-01": "元旦"}, "worked": {}}


def test_replacing_one_year_leaves_the_others(app: Flask) -> None:
    seeded()
    others = {day for day in table().off if day.year != 2026}
    enter(2026, [NamedDay(date(2026, 1, 1))], [], reason="更正")
    assert {day for day in table().off if day.year != 2026} == others


@pytest.mark.parametrize(
    ("off", "worked", "source", "code"),
    [
        ([*OFF, NamedDay(date(NEXT - 1, 12, 31))], WORKED, SOURCE, "calendar_day_outside"),
        ([*OFF, OFF[1]], WORKED, SOURCE, "calendar_day_twice"),
        ([*OFF, *WORKED], WORKED, SOURCE, "calendar_day_twice"),
        (OFF, [NamedDay(first_weekend(NEXT)[0] + timedelta(days=2))], SOURCE, "calendar_worked_weekday"),
        (OFF[1:], WORKED, SOURCE, "calendar_new_year"),
        ([], [], SOURCE, "calendar_new_year"),
        ([NamedDay(OFF[0].day, "元\n旦")], [], SOURCE, "calendar_text_wrong"),
        (OFF, WORKED, "文" * 201, "calendar_text_wrong"),
        (OFF, WORKED, "  ", "source_needed"),
    ],
)
def test_a_wrong_year_is_refused_whole(
    sqlite_app: Flask, off: list[NamedDay], worked: list[NamedDay], source: str, code: str
) -> None:
    with pytest.raises(Problem) as refused:
        working_days.set_year(NEXT, off, worked, source, ACTOR, "", NOW)
    assert refused.value.code == code
    assert refused.value.text.startswith(ERRORS[code][1])
    assert (rows(sqlite_app, CalendarYear), rows(sqlite_app, CalendarDay), rows(sqlite_app, AuditEntry)) == (0, 0, 0)


def test_a_refusal_names_the_days(sqlite_app: Flask) -> None:
    wrong = [NamedDay(date(NEXT - 1, 12, 31)), NamedDay(date(NEXT + 1, 1, 1))]
    with pytest.raises(Problem, match="calendar_day_outside") as refused:
        enter(off=[*OFF, *wrong])
    assert all(str(one.day) in refused.value.text for one in wrong)


def test_a_known_year_is_not_replaced_without_a_reason(sqlite_app: Flask) -> None:
    enter()
    with pytest.raises(Problem, match="reason_needed"):
        enter(off=OFF[:1])
    assert list(working_days.known_year(NEXT)[1].off) == OFF


@pytest.mark.parametrize("first", ["staff", "a start"])
def test_staff_win_over_a_process_that_starts_at_the_same_moment(app: Flask, database_url: str, first: str) -> None:
    only = [NamedDay(date(LAST, 1, 1), "元旦")]
    works = {
        "staff": within(app, enter, LAST, only, [], "国务院通知"),
        "a start": within(app, seeded),
    }
    with held_up_before_writing(database_url, "calendar_year") as held:
        held.begin(works.pop(first))
        held.begin(works.popitem()[1])
    assert working_days.known_year(LAST)[1].off == tuple(only)
    assert table().known == frozenset(range(2024, LAST + 1))


# --- one day


@pytest.mark.parametrize(
    ("day", "kind", "working"),
    [
        (date(2026, 6, 22), "off", False),
        (date(2026, 6, 19), None, True),
        (date(2026, 6, 20), "worked", True),
        (date(2026, 6, 20), None, False),
        (date(2026, 9, 20), None, False),
        (date(2026, 9, 20), "off", False),
    ],
)
def test_one_day_is_corrected(sqlite_app: Flask, day: date, kind: DayKind | None, working: bool) -> None:
    seeded()
    before = table()
    assert correct(day, kind, "更正")
    after = table()
    assert after.is_working(day) is working
    assert before.off ^ after.off <= {day}
    assert before.worked ^ after.worked <= {day}


def test_a_correction_is_audited_before_and_after(app: Flask) -> None:
    seeded()
    correct(date(2026, 6, 19), None)
    entry = last_entry()
    assert (entry.action, entry.subject) == ("calendar.day_set", "calendar:2026-06-19")
    assert (entry.before, entry.after) == ({"kind": "off", "note": "端午"}, {"kind": None, "note": ""})
    assert entry.reason == "国务院补充通知"


def test_a_correction_that_holds_already_changes_nothing_and_is_not_audited(sqlite_app: Flask) -> None:
    seeded()
    assert not correct(date(2026, 6, 19), "off", "端午")
    assert not correct(date(2026, 6, 23), None)
    assert rows(sqlite_app, AuditEntry) == 0


@pytest.mark.parametrize(
    ("day", "kind", "note", "reason", "code"),
    [
        (date(NEXT, 5, 1), "off", "", "补充通知", "calendar_year_unknown"),
        (date(2026, 6, 22), "worked", "", "补充通知", "calendar_worked_weekday"),
        (date(2026, 1, 1), None, "", "补充通知", "calendar_new_year"),
        (date(2026, 6, 22), "off", "文" * 201, "补充通知", "calendar_text_wrong"),
        (date(2026, 6, 22), "off", "", "  ", "reason_needed"),
    ],
)
def test_a_wrong_correction_is_refused(
    sqlite_app: Flask, day: date, kind: DayKind | None, note: str, reason: str, code: str
) -> None:
    seeded()
    before = table()
    with pytest.raises(Problem) as refused:
        correct(day, kind, note, reason)
    assert refused.value.code == code
    assert table() == before
    assert rows(sqlite_app, AuditEntry) == 0


def test_an_unknown_year_is_refused_by_its_number(sqlite_app: Flask) -> None:
    with pytest.raises(Problem, match="calendar_year_unknown") as refused:
        working_days.known_year(NEXT)
    assert str(NEXT) in refused.value.text
