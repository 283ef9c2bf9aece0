"""Who would be missed is an alarm while there is time, who was missed is one until the day, and neither names anybody."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from server.db import transaction
from server.domain.days import start_of
from server.domain.notices import Kind
from server.models import Delivery, Notice, Registration
from server.services import telephoning
from server.services.alarm import Alarm
from server.services.alarms import alarms
from server.services.noticing import tell_one
from server.services.sitting_list import known
from server.services.undelivered import WITHIN, undelivered
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id
from tests.server.telling import LAST_MOMENT, TOO_LATE, notices, number_of, postponed, send

STAFF = "staff:lin"
CALLING = at(2026, 4, 13, 0)


def raised(code: str, now: datetime) -> list[Alarm]:
    return [one for one in alarms(now) if one.code == code]


def reach(notice_id: int, now: datetime) -> None:
    telephoning.record_call(notice_id, telephoning.REACHED, STAFF, now)


@pytest.mark.parametrize(("now", "raises"), [(CALLING - timedelta(minutes=1), 0), (CALLING, 1), (LAST_MOMENT, 1)])
def test_from_the_day_of_the_calls_on_those_who_would_be_missed_are_an_alarm(
    app: Flask, now: datetime, raises: int
) -> None:
    postponed(app, 3)
    send(notices()[0], at(2026, 3, 31, 10))
    send(notices()[1], None)
    found = raised("people_untold", now)
    assert [one.text[:2] for one in found] == ["2人"] * raises
    assert [one.since for one in found] == [start_of(date(2026, 4, 13))] * raises
    assert all("2026年4月15日" in one.text and "jiping staff telephone list" in one.text for one in found)


def test_the_alarm_counts_those_on_the_telephone_list_and_ends_with_the_last_call(app: Flask) -> None:
    postponed(app, 2)
    for left in (2, 1, 0):
        listed = telephoning.to_telephone(STAFF, CALLING)
        assert len(listed) == left
        assert [one.text[:2] for one in raised("people_untold", CALLING)] == [f"{left}人"] * bool(left)
        if listed:
            reach(listed[0].notice_id, CALLING)


@pytest.mark.parametrize(("now", "raises"), [(LAST_MOMENT, 0), (TOO_LATE, 1), (at(2026, 4, 25), 1), (at(2026, 4, 26), 0)])  # fmt: skip
def test_who_was_told_too_late_stays_an_alarm_until_the_sitting_s_day(app: Flask, now: datetime, raises: int) -> None:
    april = postponed(app, 2)
    send(notices()[0], TOO_LATE)
    send(notices()[1], LAST_MOMENT)
    found = [one for one in raised("people_untold", now) if "没有按期得知" in one.text]
    assert len(found) == raises
    for one in found:
        assert "上海市技师协会2026-04考次企业人力资源管理师四级有1人没有按期得知" in one.text
        assert f"jiping notices proof {april}" in one.text
        assert "至今没有得知" not in one.text
        assert one.since == TOO_LATE


def test_who_still_does_not_know_after_the_limit_is_counted_apart_and_telephoned_all_the_same(app: Flask) -> None:
    postponed(app, 2)
    send(notices()[0], TOO_LATE)
    [alarm] = raised("people_untold", TOO_LATE)
    assert "有2人没有按期得知" in alarm.text
    assert "其中1人至今没有得知" in alarm.text
    assert len(telephoning.to_telephone(STAFF, TOO_LATE)) == 1


def test_everybody_told_in_time_is_no_alarm(app: Flask) -> None:
    postponed(app, 2)
    send(notices()[0], LAST_MOMENT)
    reach(notices()[1], LAST_MOMENT)
    assert raised("people_untold", LAST_MOMENT) == raised("people_untold", TOO_LATE) == []


# --- what reached nobody


def one_notice(app: Flask, kind: Kind, now: datetime) -> int:
    """One notice of this kind to one new person; its id."""
    august = sitting_id(app, "2026-08")
    made = seed_paid(app, august, 1)[0]
    with transaction() as session:
        tell_one(session, kind, session.get_one(Registration, made), known(session, august), now, reasons="")
    return notices(kind.value)[-1]


def delivered(notice_id: int, **channels: tuple[str, str]) -> None:
    with transaction() as session:
        session.get_one(Notice, notice_id).state = "planned" if channels else "unreachable"
        for channel, (state, code) in channels.items():
            session.add(Delivery(notice_id=notice_id, channel=channel, state=state, last_code=code, next_at=CALLING))


@pytest.mark.parametrize(
    ("channels", "codes"),
    [
        ({"wechat": ("failed", "43101"), "sms": ("failed", "MK:0001")}, ["MK:0001"]),
        ({"sms": ("failed", "MK:0001")}, ["MK:0001"]),
        ({}, ["unreachable"]),
        ({"sms": ("cancelled", "too_late")}, ["too_late"]),
        ({"wechat": ("failed", "43101"), "sms": ("cancelled", "no_longer_so")}, []),
        ({"wechat": ("failed", "43101"), "sms": ("queued", "")}, []),
        ({"wechat": ("failed", "43101"), "sms": ("accepted", "Ok")}, []),
        ({"wechat": ("delivered", "ok")}, []),
    ],
)
def test_a_notice_is_undelivered_when_every_way_has_failed(
    app: Flask, channels: dict[str, tuple[str, str]], codes: list[str]
) -> None:
    postponed(app, 1)
    notice = one_notice(app, Kind.APPROVED, CALLING)
    delivered(notice, **channels)
    found = undelivered(CALLING)
    assert [(one.code, one.registration_number) for one in found] == [(code, number_of(notice)) for code in codes]
    alarm = [one.text for one in raised("undeliverable", CALLING)]
    assert alarm == ["最近7天有1条通知没有送达：审核通过1条。请用 jiping notices failed 查看"] * len(codes)


def test_they_are_counted_by_kind_for_seven_days(app: Flask) -> None:
    postponed(app, 1)
    morning = at(2026, 4, 13, 8)  # what is written at midnight is due then
    for kind in (Kind.APPROVED, Kind.HELD, Kind.HELD):
        delivered(one_notice(app, kind, CALLING))
    [alarm] = raised("undeliverable", morning + WITHIN - timedelta(seconds=1))
    assert (alarm.text.split("。")[0], alarm.since) == (
        "最近7天有3条通知没有送达：如期开考2条，审核通过1条",
        morning,
    )
    assert raised("undeliverable", morning + WITHIN) == []


@pytest.mark.parametrize("kind", [Kind.RECEIVED])
def test_an_extra_that_nobody_owes_is_no_alarm(app: Flask, kind: Kind) -> None:
    postponed(app, 1)
    delivered(one_notice(app, kind, CALLING))
    assert undelivered(CALLING) == []


def test_what_must_be_known_by_a_day_has_its_own_alarm(app: Flask) -> None:
    postponed(app, 1)
    delivered(notices()[0])
    assert raised("undeliverable", at(2026, 4, 2)) == []
    assert len(raised("people_untold", CALLING)) == 1


def test_an_alarm_names_nobody(app: Flask) -> None:
    postponed(app, 1)
    delivered(one_notice(app, Kind.APPROVED, TOO_LATE))
    for now in (CALLING, TOO_LATE):
        for one in alarms(now):
            assert "王" not in one.text
            assert "139" not in one.text
            assert number_of(notices()[0]) not in one.text
