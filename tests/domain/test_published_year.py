"""A year's list of holidays is right as a whole or wrong with a code and a day."""

from datetime import date

import pytest

from server.domain.published_year import NamedDay, PublishedYear, is_one_line

NEW_YEAR = NamedDay(date(2027, 1, 1), "元旦")
SUNDAY = NamedDay(date(2027, 1, 3), "元旦调休")
YEAR = PublishedYear(2027, (NEW_YEAR,), (SUNDAY,))


@pytest.mark.parametrize(
    ("off", "worked", "wanted"),
    [
        ([NEW_YEAR], [SUNDAY], []),
        ([NEW_YEAR], [], []),
        ([NEW_YEAR, NamedDay(date(2026, 12, 31))], [], [("calendar_day_outside", date(2026, 12, 31))]),
        ([NEW_YEAR], [NamedDay(date(2028, 1, 2))], [("calendar_day_outside", date(2028, 1, 2))]),
        ([NEW_YEAR, NamedDay(date(2027, 1, 1), "春节")], [], [("calendar_day_twice", date(2027, 1, 1))]),
        ([NEW_YEAR, SUNDAY], [SUNDAY], [("calendar_day_twice", date(2027, 1, 3))]),
        ([NEW_YEAR], [NamedDay(date(2027, 1, 4))], [("calendar_worked_weekday", date(2027, 1, 4))]),
        ([NEW_YEAR], [NamedDay(date(2027, 1, 8))], [("calendar_worked_weekday", date(2027, 1, 8))]),
        ([NEW_YEAR], [NamedDay(date(2027, 1, 9)), NamedDay(date(2027, 1, 10))], []),
        ([], [SUNDAY], [("calendar_new_year", date(2027, 1, 1))]),
        ([], [], [("calendar_new_year", date(2027, 1, 1))]),
    ],
)
def test_days_lie_in_the_year_once_each_with_worked_ones_on_weekends_and_new_year_off(
    off: list[NamedDay], worked: list[NamedDay], wanted: list[tuple[str, date]]
) -> None:
    found = PublishedYear(2027, tuple(off), tuple(worked))
    assert [(one.code, one.day) for one in found.faults()] == wanted


@pytest.mark.parametrize(
    ("day", "kind", "off", "worked"),
    [
        (date(2027, 2, 8), "off", [date(2027, 1, 1), date(2027, 2, 8)], [date(2027, 1, 3)]),
        (date(2027, 1, 3), "off", [date(2027, 1, 1), date(2027, 1, 3)], []),
        (date(2027, 1, 2), "worked", [date(2027, 1, 1)], [date(2027, 1, 2), date(2027, 1, 3)]),
        (date(2027, 1, 3), None, [date(2027, 1, 1)], []),
        (date(2027, 5, 5), None, [date(2027, 1, 1)], [date(2027, 1, 3)]),
    ],
)
def test_one_day_changes_and_the_others_stay(day: date, kind: str, off: list[date], worked: list[date]) -> None:
    changed = YEAR.with_day(day, kind, "更正")  # type: ignore[arg-type] # the table's words
    assert [one.day for one in changed.off] == off
    assert [one.day for one in changed.worked] == worked


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("", True), ("春节", True), ("字" * 200, True), ("字" * 201, False), ("两\n行", False), ("\x00", False)],
)
def test_a_note_is_one_line_of_at_most_200_characters(text: str, wanted: bool) -> None:
    assert is_one_line(text) is wanted
