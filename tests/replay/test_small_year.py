"""29, 30 and 31 people lived through: who is moved, who is telephoned, what the rows say of it; and, once the same year is
falsified in one place, that the check which guards it notices."""

from dataclasses import replace
from datetime import date

import pytest

from server.domain.notices import Kind
from server.replay.checks import CHECKS, run_checks
from server.replay.report import NoticeRow, SittingRow
from server.replay.run import Replayed
from server.replay.table import lines
from tests.replay.sabotage import SABOTAGE, Falsify

HR = "企业人力资源管理师"


def sitting(year: Replayed, month: str, level: int, occupation: str = HR) -> SittingRow:
    (found,) = (
        one for one in year.report.sittings if (one.sitting, one.occupation, one.level) == (month, occupation, level)
    )
    return found


def notice(year: Replayed, kind: Kind, month: str, level: int) -> NoticeRow:
    (found,) = (
        one
        for one in year.report.notices
        if (one.kind, one.sitting, one.occupation, one.level) == (kind.value, month, HR, level)
    )
    return found


def test_every_check_holds(small_year: Replayed) -> None:
    assert [check for check in small_year.report.checks if not check.ok] == []
    assert small_year.report.ok


def test_29_are_moved_to_november_and_30_and_31_are_held(small_year: Replayed) -> None:
    decided = [
        (one.decision, one.counted, one.target, one.moved_out)
        for one in (
            sitting(small_year, "2026-04", 4),
            sitting(small_year, "2026-04", 3),
            sitting(small_year, "2026-04", 3, "职业培训师"),
        )
    ]
    assert decided == [("postponed", 29, "2026-11", 29), ("held", 30, None, 0), ("held", 31, None, 0)]


def test_the_moved_are_counted_with_november_and_not_among_its_own(small_year: Replayed) -> None:
    november = sitting(small_year, "2026-11", 4)
    assert (november.applicants, november.approved, november.paid) == (2, 2, 1)
    assert (november.moved_in, november.counted, november.decision, november.tickets_valid) == (29, 30, "held", 30)


def test_every_sitting_of_the_calendar_has_a_row(small_year: Replayed) -> None:
    assert len(small_year.report.sittings) == 9
    empty = sitting(small_year, "2026-08", 3)
    assert (empty.decision, empty.applicants, empty.counted, empty.tickets_valid) == ("none", 0, 0, 0)


def test_a_decision_falls_on_the_day_after_the_bank_s_last_record(small_year: Replayed) -> None:
    assert sitting(small_year, "2026-04", 4).decided_on == date(2026, 3, 31)


def test_a_postponement_owes_each_an_sms_and_the_silent_a_call(small_year: Replayed) -> None:
    told = notice(small_year, Kind.POSTPONED, "2026-04", 4)
    assert (told.owed, told.wechat_accepted, told.sms_delivered, told.to_telephone) == (29, 27, 26, 3)
    assert (told.first_on, told.last_on, told.deadline) == (date(2026, 3, 31), date(2026, 3, 31), date(2026, 4, 15))
    assert told.told_in_time == 29


def test_the_telephone_list_holds_exactly_those_whose_phone_is_silent(small_year: Replayed) -> None:
    lived = small_year.lived
    registrations = {one.number: one.id for one in lived.facts.registrations}
    moved = {one.registration for one in lived.move_notices}
    silent = {registrations[one.number] for one in lived.people if not one.confirms}
    listed = {one.registration for one in lived.facts.notices if one.id in lived.facts.listed}
    assert listed == silent & moved
    assert len(listed) == 3


def test_what_has_no_deadline_says_so(small_year: Replayed) -> None:
    held = notice(small_year, Kind.HELD, "2026-04", 3)
    assert (held.owed, held.deadline, held.told_in_time, held.to_telephone) == (30, None, None, 0)


def test_somebody_reminded_on_two_days_is_one_person(small_year: Replayed) -> None:
    reminded = notice(small_year, Kind.PAYMENT_ENDING, "2026-11", 4)
    assert reminded.owed <= 2
    assert (reminded.first_on, reminded.last_on) == (date(2026, 10, 10), date(2026, 10, 12))


def test_the_table_says_everything_the_report_holds(small_year: Replayed) -> None:
    text = "\n".join(lines(small_year.report))
    assert (
        "2026-04  企业人力资源管理师四级    29    29    29     0    29    30  延期        2026-03-31  2026-11" in text
    )
    assert all(check.name in text for check in small_year.report.checks)
    assert f"检查{len(small_year.report.checks)}项，全部相符" in text


@pytest.mark.parametrize(("check", "falsify"), [pytest.param(*case[1:], id=case[0]) for case in SABOTAGE])
def test_a_falsified_year_fails_the_check_that_guards_it(small_year: Replayed, check: str, falsify: Falsify) -> None:
    found = {one.name: one for one in run_checks(falsify(small_year.lived))}
    assert not found[check].ok
    assert found[check].detail != CHECKS[check][1]


def test_every_check_has_its_sabotage() -> None:
    assert {check for _, check, _ in SABOTAGE} == set(CHECKS)


def test_a_check_that_fails_names_a_few_faults_and_how_many_there_are(small_year: Replayed) -> None:
    nobody = replace(small_year.lived, facts=replace(small_year.lived.facts, tickets=()))
    (found,) = (one for one in run_checks(nobody) if one.name == "准考证正好")
    assert found.detail.count("应有1张有效准考证") == 5
    assert found.detail.endswith("等共91处")
