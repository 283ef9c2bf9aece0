"""The people of a plan: as many as it says, no two alike, and each with papers that pass."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.days import Window, local_day
from server.domain.identity import read_document, read_name, read_phone
from server.domain.phases import Dates
from server.domain.registrations import INDIVIDUAL, MINI_PROGRAM, WINDOW, Action
from server.domain.working_days import DayTable
from server.replay.people import cast, particulars
from server.replay.plan import PlanRow, SittingName
from tests.conftest import at

NAME = SittingName("2026-04", "企业人力资源管理师", 4)
DATES = Dates(
    Window(date(2026, 2, 23), date(2026, 3, 22)),
    Window(date(2026, 3, 23), date(2026, 3, 29)),
    date(2026, 4, 20),
    Window(date(2026, 4, 25), date(2026, 4, 26)),
)
TABLE = DayTable(
    known=frozenset({2026}),
    off=frozenset(date(2026, 2, day) for day in range(15, 24)),
    worked=frozenset({date(2026, 2, 14), date(2026, 2, 28)}),
)


@st.composite
def rows(draw: st.DrawFn) -> PlanRow:
    applicants = draw(st.integers(0, 60))
    approved = draw(st.integers(0, applicants))
    paid = draw(st.integers(0, approved))
    part = st.integers(0, paid)
    return PlanRow(2, NAME, applicants, approved, paid, draw(part), draw(part))


@given(rows(), st.integers(0, 3), st.sampled_from(INDIVIDUAL))
def test_the_cast_has_as_many_of_each_kind_as_the_plan_says(row: PlanRow, recording_days: int, way: str) -> None:
    people = cast([row], {NAME: DATES}, recording_days, way, TABLE)
    payers = [one for one in people if one.pays_at is not None]
    assert len(people) == row.applicants
    assert sum(one.verdict is Action.APPROVE for one in people) == row.approved
    assert len(payers) == row.paid
    assert sum(not one.granted for one in payers) == sum(not one.granted for one in people) == row.no_grant
    assert sum(not one.confirms for one in payers) == sum(not one.confirms for one in people) == row.sms_fails
    assert all(one.verdict is Action.APPROVE for one in payers)
    assert all(local_day(one.applies_at) in DATES.apply for one in people)
    assert all(local_day(one.pays_at) in DATES.pay for one in payers if one.pays_at)


def applying(way: str, dates: Dates = DATES) -> list[datetime]:
    """When six people come."""
    row = PlanRow(2, NAME, applicants=6, approved=6, paid=6, no_grant=0, sms_fails=0)
    return [one.applies_at for one in cast([row], {NAME: dates}, 1, way, TABLE)]


def test_on_the_phone_some_come_in_the_last_minute_of_a_sunday() -> None:
    assert applying(MINI_PROGRAM) == [at(2026, 2, 23, 9), at(2026, 3, 22, 10), at(2026, 3, 22, 23, 59)] * 2


def test_at_the_window_people_come_on_working_days_in_office_hours() -> None:
    # The window begins on the last day of the Spring Festival and ends on a Sunday.
    assert applying(WINDOW) == [at(2026, 2, 24, 10), at(2026, 3, 20, 10), at(2026, 3, 20, 15)] * 2


@pytest.mark.parametrize(
    ("first", "last", "comes"),
    [
        (date(2026, 2, 26), date(2026, 2, 28), [at(2026, 2, 26, 10), at(2026, 2, 28, 10), at(2026, 2, 28, 15)]),
        (date(2026, 3, 20), date(2026, 3, 22), [at(2026, 3, 20, 10), at(2026, 3, 20, 10), at(2026, 3, 20, 15)]),
        (date(2026, 3, 21), date(2026, 3, 22), [at(2026, 3, 21, 10), at(2026, 3, 22, 10), at(2026, 3, 22, 15)]),
    ],
    ids=["a Saturday that is worked", "one working day", "none"],
)
def test_a_short_window_has_room_for_everybody(first: date, last: date, comes: list[datetime]) -> None:
    assert applying(WINDOW, replace(DATES, apply=Window(first, last))) == comes * 2


def test_no_two_people_are_alike_and_all_papers_pass() -> None:
    seen = set()
    for serial in range(1, 12_000):
        one = particulars(serial)
        document = read_document(one.document, one.number, date(2026, 1, 1))
        assert (document.born or one.born, document.sex or one.sex) == (one.born, one.sex)
        assert read_name(one.name) == one.name
        seen.add((one.document, one.number, read_phone(one.phone)))
    assert len(seen) == 11_999
    assert len({number for _, number, _ in seen}) == len({phone for _, _, phone in seen}) == 11_999
