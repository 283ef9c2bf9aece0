"""What somebody must see to: each alarm stands while its cause does, and says what to do."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from structlog.testing import capture_logs

from scheduler import jobs
from server.clock import MovedClock
from server.db import reading, transaction
from server.domain.days import SHANGHAI
from server.domain.published_year import NamedDay
from server.domain.turnout import Outcome
from server.models import JobRun, RulebookEdition, Sitting, TurnoutDecision, TurnoutWait
from server.services import job_runs
from server.services.alarm import Alarm
from server.services.alarms import IDLE, alarms
from server.services.working_days import set_year
from tests.conftest import at

KNOWN = 2026
NOW = at(2026, 3, 31)
_MONTHS = iter(f"{year}-{month:02}" for year in range(1900, 2000) for month in range(1, 13))


@pytest.fixture
def house(sqlite_app: Flask) -> Flask:
    """2026 is known and later years are not, whatever the package has learnt since."""
    known_until_2026()
    return sqlite_app


def known_until_2026() -> None:
    set_year(KNOWN, [NamedDay(date(KNOWN, 1, 1))], [], "通知", "staff:lin", "", NOW)
    with transaction() as session:
        session.add(RulebookEdition(slug="technicians-2026", edition=1, digest="", loaded_at=NOW))


def a_sitting(first: date, last: date | None = None, outcome: Outcome | None = None, waits: str = "") -> int:
    """A sitting on these days, decided, waiting or neither; its id."""
    days = dict.fromkeys(("apply_first", "apply_last", "pay_first", "pay_last"), first - timedelta(days=40))
    days |= dict.fromkeys(("ticket_from", "group_ticket_from", "among_first", "assessed_first"), first)
    row = Sitting(
        institution="technicians",
        rulebook="technicians-2026",
        edition=1,
        occupation="hr",
        level=4,
        month=next(_MONTHS),
        among_last=last or first,
        assessed_last=last or first,
        day_fixed=True,
        capacity=None,
        place="",
        timetable=[],
        created_at=NOW,
        **days,
    )
    with transaction() as session:
        session.add(row)
        session.flush()
        if outcome is not None:
            session.add(decision(row.id, outcome))
        if waits:
            wait = TurnoutWait(sitting_id=row.id, since=NOW, counted=12, threshold=30, reason=waits, source="")
            session.add(wait)
        return row.id


def decision(sitting_id: int, outcome: Outcome) -> TurnoutDecision:
    return TurnoutDecision(
        sitting_id=sitting_id,
        outcome=outcome.value,
        counted=0,
        threshold=30,
        reason="",
        source="",
        edition=1,
        actor="scheduler",
        decided_at=NOW,
        decided_on=NOW.date(),
        tell_by=NOW.date(),
    )


def raised(now: datetime, code: str) -> list[Alarm]:
    return [one for one in alarms(now) if one.code == code]


def unknown(now: datetime) -> list[int]:
    """The years that the alarms name."""
    return [int(one.text[:4]) for one in raised(now, "working_days_unknown")]


def ran(job: str, started: datetime, ended: datetime | None, fault: str = "") -> None:
    job_runs.started(job, started)
    if ended is not None:
        job_runs.ended(job, ended, fault)


# --- working days


@pytest.mark.parametrize(
    ("now", "years"),
    [
        (at(2026, 1, 1, 0), []),
        (at(2026, 10, 31, 23, 59), []),
        (at(2026, 11, 1, 0), [2027]),
        (at(2026, 12, 31, 23, 59), [2027]),
        (at(2027, 1, 1, 0), [2027]),
        (at(2027, 11, 1, 0), [2027, 2028]),
        (at(2025, 12, 31), [2025]),
    ],
)
def test_this_year_is_needed_and_from_november_the_next(house: Flask, now: datetime, years: list[int]) -> None:
    assert unknown(now) == years


@pytest.mark.parametrize(
    ("first", "last", "now", "years"),
    [
        # the assessment's own days
        (date(2027, 1, 16), date(2027, 1, 16), at(2026, 3, 1), [2027]),
        (date(2026, 12, 31), date(2027, 1, 1), at(2026, 3, 1), [2027]),
        (date(2026, 12, 30), date(2026, 12, 31), at(2026, 3, 1), []),
        (date(2028, 1, 8), date(2028, 1, 8), at(2026, 3, 1), [2028]),
        # results within 30 working days: 2 December and 30 are 13 January
        (date(2027, 12, 2), date(2027, 12, 2), at(2027, 11, 1), [2027, 2028]),
        # of two years hence nothing can be known yet
        (date(2027, 12, 31), date(2027, 12, 31), at(2026, 11, 1), [2027]),
    ],
)
def test_a_sitting_s_own_days_need_their_year(
    house: Flask, first: date, last: date, now: datetime, years: list[int]
) -> None:
    a_sitting(first, last)
    assert unknown(now) == years


def test_results_are_no_alarm_before_their_year_can_be_known_and_count_after(house: Flask) -> None:
    a_sitting(date(2026, 12, 26))
    assert unknown(at(2026, 10, 31)) == []
    for now in (at(2026, 11, 1), at(2026, 12, 26), at(2026, 12, 28)):  # the last when it is over, but without results
        [alarm] = raised(now, "working_days_unknown")
        assert "1个考次" in alarm.text


def test_a_sitting_whose_results_are_out_needs_nothing(house: Flask) -> None:
    a_sitting(date(2026, 10, 10))  # 30 working days later it is 20 November
    counted = [("个考次" in one.text) for one in raised(at(2026, 11, 2), "working_days_unknown")]
    assert counted == [False]


@pytest.mark.parametrize(
    ("outcome", "years"),
    [(Outcome.HELD, [2027]), (Outcome.POSTPONED, []), (Outcome.NONE, []), (None, [2027])],
)
def test_a_sitting_that_does_not_take_place_needs_nothing(
    house: Flask, outcome: Outcome | None, years: list[int]
) -> None:
    a_sitting(date(2027, 1, 16), outcome=outcome)
    assert unknown(at(2026, 3, 1)) == years


def test_the_alarm_says_what_to_do_and_since_when(house: Flask) -> None:
    [alarm] = raised(at(2026, 12, 5), "working_days_unknown")
    assert alarm.text == "2027年的放假安排还没有录入。请在国务院公布放假安排后用 jiping calendar set-year 录入"
    assert alarm.since == datetime(2026, 11, 1, tzinfo=SHANGHAI)


def test_a_year_that_cannot_be_known_yet_has_no_since(house: Flask) -> None:
    a_sitting(date(2027, 1, 16))
    a_sitting(date(2027, 1, 23))
    [alarm] = raised(at(2026, 3, 1), "working_days_unknown")
    assert alarm.since is None
    assert "2个考次要按它推算" in alarm.text


def test_the_year_entered_ends_the_alarm(house: Flask) -> None:
    assert unknown(at(2026, 11, 6)) == [2027]
    set_year(2027, [NamedDay(date(2027, 1, 1))], [], "通知", "staff:lin", "", at(2026, 11, 6))
    assert unknown(at(2026, 11, 6)) == []


# --- sittings that wait for staff, on both databases: the question joins tables


def test_a_sitting_that_waits_is_named_with_its_reason_and_the_command_until_it_is_decided(app: Flask) -> None:
    known_until_2026()
    waiting = a_sitting(date(2026, 4, 25), waits="已缴费12人，不足开考条件30人；没有可延期的考次")
    [alarm] = raised(NOW, "turnout_waits")
    assert alarm.since == NOW
    for told in ("上海市技师协会", "企业人力资源管理师四级", "已缴费12人", f"jiping staff sitting decide {waiting}"):
        assert told in alarm.text
    with transaction() as session:
        session.delete(session.get_one(TurnoutWait, waiting))
    assert raised(NOW, "turnout_waits") == []


# --- the scheduler


@pytest.mark.parametrize(
    ("last", "codes"),
    [
        (None, ["scheduler_silent"]),
        (NOW - IDLE, ["scheduler_silent"]),
        (NOW - IDLE + timedelta(seconds=1), []),
        (NOW, []),
        (NOW + timedelta(days=30), []),  # the clock was moved back
    ],
)
def test_a_scheduler_that_starts_nothing_for_ten_minutes_is_an_alarm(
    house: Flask, last: datetime | None, codes: list[str]
) -> None:
    if last is not None:
        ran("settle_turnout", last, last)
    found = alarms(NOW)
    assert [one.code for one in found] == codes
    assert [one.since for one in found] == [last for _ in codes]


def test_a_job_that_runs_seldom_is_no_alarm_while_others_run(house: Flask) -> None:
    ran("forget_old_hits", NOW - timedelta(minutes=59), NOW - timedelta(minutes=59))
    ran("settle_turnout", NOW, NOW)
    assert alarms(NOW) == []


@pytest.mark.parametrize(
    ("since", "codes"), [(IDLE, ["job_hangs"]), (IDLE - timedelta(seconds=1), []), (timedelta(days=1), ["job_hangs"])]
)
def test_a_job_without_an_end_for_ten_minutes_is_an_alarm(house: Flask, since: timedelta, codes: list[str]) -> None:
    ran("conclude", NOW - since, None)
    ran("settle_turnout", NOW, NOW)
    found = alarms(NOW)
    assert [one.code for one in found] == codes
    assert all("conclude" in one.text and one.since == NOW - since for one in found)


def test_a_silent_scheduler_is_one_alarm_and_not_one_for_each_job_it_left(house: Flask) -> None:
    ran("conclude", NOW - timedelta(hours=1), None)
    ran("settle_turnout", NOW - timedelta(hours=2), None)
    assert [one.code for one in alarms(NOW)] == ["scheduler_silent"]


def test_a_failed_job_is_an_alarm_until_it_succeeds_and_also_while_it_tries_again(house: Flask) -> None:
    ran("settle_turnout", NOW, NOW, "SomeFailed")
    [alarm] = alarms(NOW)
    assert (alarm.code, alarm.since) == ("job_failed", NOW)
    assert "settle_turnout" in alarm.text
    assert "SomeFailed" in alarm.text
    job_runs.started("settle_turnout", NOW + timedelta(seconds=5))
    assert [one.code for one in alarms(NOW)] == ["job_failed"]
    job_runs.ended("settle_turnout", NOW + timedelta(seconds=6), "")
    assert alarms(NOW) == []


def test_a_job_that_a_newer_program_does_not_have_is_no_alarm_once_it_leads(house: Flask) -> None:
    ran("settle_turnout", NOW, NOW, "SomeFailed")
    ran("of_an_older_program", NOW - IDLE, NOW, "SomeFailed")
    ran("also_of_an_older_program", NOW - IDLE, None)
    assert len(alarms(NOW)) == 3
    job_runs.forget_all_but(jobs.NAMES)
    [alarm] = alarms(NOW)
    assert "settle_turnout" in alarm.text


def test_who_starts_the_scheduler_is_not_told_of_its_silence(house: Flask) -> None:
    ran("conclude", NOW - timedelta(hours=1), NOW - timedelta(hours=1), "OperationalError")
    assert [one.code for one in alarms(NOW, starting=True)] == ["job_failed"]


# --- the job that logs them


@pytest.fixture
def november(house: Flask) -> Flask:
    clock: MovedClock = house.extensions["jiping_clock"]
    clock.stand_at(at(2026, 11, 2))
    a_sitting(date(2026, 11, 7), waits="已缴费12人")
    ran("conclude", at(2026, 11, 1), None)
    return house


@pytest.mark.parametrize(("job", "more"), [(jobs.DAILY, ["job_hangs"]), (jobs.AT_START, [])])
def test_the_scheduler_logs_a_warning_for_each_alarm_daily_and_at_its_start_but_for_what_stood_still_until_then(
    november: Flask, job: jobs.Job, more: list[str]
) -> None:
    wanted = ["working_days_unknown", "turnout_waits", *more]
    with capture_logs() as logged:
        assert jobs.run(november, job) == len(wanted)
    assert [one["code"] for one in logged] == wanted
    assert {(one["event"], one["log_level"]) for one in logged} == {("alarm", "warning")}
    assert logged[0]["since"] == "2026-11-01T00:00:00+08:00"


def test_raising_alarms_leaves_on_record_that_it_ran(november: Flask) -> None:
    jobs.run(november, jobs.DAILY)
    with reading() as session:
        assert session.get_one(JobRun, "raise_alarms").ended_at == at(2026, 11, 2)


def test_nobody_is_logged_where_nothing_is_to_be_done(house: Flask) -> None:
    clock: MovedClock = house.extensions["jiping_clock"]
    clock.stand_at(NOW)
    with capture_logs() as logged:
        assert jobs.run(house, jobs.DAILY) == 0
    assert logged == []
