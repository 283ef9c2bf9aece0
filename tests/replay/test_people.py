"""The people of a plan: as many as it says, no two alike, and each with papers that pass."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from server.domain.days import Window, local_day
from server.domain.identity import read_document, read_name, read_phone
from server.domain.phases import Dates
from server.domain.registrations import Action
from server.replay.people import cast, particulars
from server.replay.plan import PlanRow, SittingName

NAME = SittingName("2026-04", "企业人力资源管理师", 4)
DATES = Dates(
    Window(date(2026, 2, 23), date(2026, 3, 22)),
    Window(date(2026, 3, 23), date(2026, 3, 29)),
    date(2026, 4, 20),
    Window(date(2026, 4, 25), date(2026, 4, 26)),
)


@st.composite
def rows(draw: st.DrawFn) -> PlanRow:
    applicants = draw(st.integers(0, 60))
    approved = draw(st.integers(0, applicants))
    paid = draw(st.integers(0, approved))
    part = st.integers(0, paid)
    return PlanRow(2, NAME, applicants, approved, paid, draw(part), draw(part))


@given(rows(), st.integers(0, 3))
def test_the_cast_has_as_many_of_each_kind_as_the_plan_says(row: PlanRow, recording_days: int) -> None:
    people = cast([row], {NAME: DATES}, recording_days)
    payers = [one for one in people if one.pays_at is not None]
    assert len(people) == row.applicants
    assert sum(one.verdict is Action.APPROVE for one in people) == row.approved
    assert len(payers) == row.paid
    assert sum(not one.granted for one in payers) == sum(not one.granted for one in people) == row.no_grant
    assert sum(not one.confirms for one in payers) == sum(not one.confirms for one in people) == row.sms_fails
    assert all(one.verdict is Action.APPROVE for one in payers)
    assert all(local_day(one.applies_at) in DATES.apply for one in people)
    assert all(local_day(one.pays_at) in DATES.pay for one in payers if one.pays_at)


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
