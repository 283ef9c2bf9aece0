"""The proof says of everybody who had to be told whether it was in time, by what, and on which evidence."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from server.db import db, reading, transaction
from server.domain.notices import Kind
from server.domain.registrations import Action
from server.domain.telling import Verdict
from server.domain.turnout import Outcome
from server.errors import Problem
from server.models import AuditEntry, Delivery, Registration
from server.services import moving_one, sitting_days, telephoning, turnout
from server.services.moving import apply_move, locked
from server.services.proofs import Proof, Told, canonical, content
from server.services.proving import proof
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id
from tests.server.telling import DECIDED, LAST_MOMENT, TOO_LATE, notices, number_of, postponed, send

STAFF = "staff:lin"
AFTER = at(2026, 4, 20)


def opened(sitting: int, now: datetime = AFTER, **more: Any) -> Proof:
    return proof(sitting, STAFF, now, **more)


def told(sitting: int, now: datetime = AFTER) -> list[Told]:
    """The people of the only matter."""
    [matter] = opened(sitting, now).matters
    return list(matter.people)


def step_back(number: str, now: datetime) -> None:
    with transaction() as session:
        apply_move(session, locked(session, number), Action.WITHDRAW, "candidate", now)


# --- what it says


def test_each_is_told_by_what_reached_them_first_and_the_rest_is_counted_as_it_is(app: Flask) -> None:
    april = postponed(app, 7)
    one = notices()
    send(one[0], LAST_MOMENT)
    send(one[1], TOO_LATE)
    send(one[2], None)
    telephoning.record_call(one[2], "no_answer", STAFF, at(2026, 4, 13))
    telephoning.record_call(one[2], telephoning.REACHED, STAFF, LAST_MOMENT)
    telephoning.record_call(one[3], telephoning.REACHED, STAFF, TOO_LATE)
    telephoning.record_call(one[4], "wrong_number", STAFF, at(2026, 4, 13))
    step_back(number_of(one[5]), at(2026, 4, 2))
    send(one[6], at(2026, 4, 1), channel="wechat")
    assert [(each.verdict, each.heard_by, each.heard_at) for each in told(april)] == [
        (Verdict.BY_SMS, "sms", LAST_MOMENT),
        (Verdict.LATE, "sms", TOO_LATE),
        (Verdict.BY_CALL, "call", LAST_MOMENT),
        (Verdict.LATE, "call", TOO_LATE),
        (Verdict.NEVER, None, None),
        (Verdict.LEFT, None, None),
        (Verdict.NEVER, None, None),  # a card in WeChat is neither telephone nor SMS
    ]
    totals = opened(april).totals
    assert (totals.owed, totals.by_sms, totals.by_call, totals.late, totals.not_yet, totals.never, totals.left) == (
        6, 1, 1, 2, 0, 2, 1,
    )  # fmt: skip
    assert totals.owed == totals.in_time + totals.late + totals.not_yet + totals.never


def test_while_there_is_time_nobody_is_counted_as_missed(app: Flask) -> None:
    april = postponed(app, 2)
    assert {one.verdict for one in told(april, LAST_MOMENT)} == {Verdict.NOT_YET}
    assert {one.verdict for one in told(april, TOO_LATE)} == {Verdict.NEVER}


def test_the_decision_stands_with_its_reason_its_count_and_who_made_it(app: Flask) -> None:
    [matter] = opened(postponed(app, 3)).matters
    basis = matter.basis
    assert (matter.kind, matter.by_hand, matter.tell_by, matter.call_from) == (
        Kind.POSTPONED,
        False,
        date(2026, 4, 15),
        date(2026, 4, 13),
    )
    assert (basis.outcome, basis.counted, basis.threshold) == (Outcome.POSTPONED, 3, 30)
    assert (basis.actor, basis.decided_at, basis.overruled_at) == ("scheduler", DECIDED, None)
    assert "30人" in basis.reason
    assert "二（三）" in basis.source
    assert matter.facts["from_days"] == "4月25日、26日"


def test_every_channel_attempt_receipt_and_call_is_shown(app: Flask) -> None:
    april = postponed(app, 1)
    [notice] = notices()
    send(notice, at(2026, 3, 31, 10), reference="2433:1")
    telephoning.record_call(notice, "refused", STAFF, at(2026, 4, 1), "说他住院")
    [one] = told(april)
    [sms] = one.sent
    assert (sms.channel, sms.queued_at, sms.accepted_at, sms.confirmed_at) == (
        "sms",
        DECIDED,
        DECIDED,
        at(2026, 3, 31, 10),
    )
    assert (sms.reference, sms.code) == ("2433:1", "DELIVRD")
    assert (sms.due_at, sms.wording) == (DECIDED, 3)
    assert [astuple(tried)[2:] for tried in sms.tries] == [("accepted", "Ok", "139****0009", "1000011")]
    assert [(said.delivered, said.received_at) for said in sms.receipts] == [(True, at(2026, 3, 31, 10))]
    assert [(call.actor, call.result) for call in one.calls] == [(STAFF, "refused")]
    assert "住院" not in canonical(content(opened(april)))


def test_when_a_carrier_took_it_is_known_from_the_try_where_the_receipt_was_quicker(app: Flask) -> None:
    april = postponed(app, 1)
    send(notices()[0], DECIDED)
    with transaction() as session:
        session.execute(update(Delivery).values(accepted_at=None))
    [one] = told(april)
    assert one.sent[0].accepted_at == DECIDED


def test_a_falsified_confirmation_is_not_in_time(app: Flask) -> None:
    april = postponed(app, 1)
    send(notices()[0], at(2026, 3, 31, 10))
    honest = opened(april)
    with transaction() as session:
        session.execute(update(Delivery).values(confirmed_at=TOO_LATE))
    falsified = opened(april)
    assert (honest.totals.in_time, falsified.totals.in_time) == (1, 0)
    assert honest.digest != falsified.digest


def test_a_sitting_that_nobody_had_to_be_told_of_has_an_empty_proof(app: Flask) -> None:
    postponed(app, 1)
    assert opened(sitting_id(app, "2026-11")).matters == ()
    with pytest.raises(Problem, match=r"^sitting_unknown$"):
        opened(999)


# --- who is shown, and to whom


def test_names_and_phones_are_masked_and_a_whole_name_takes_a_reason_and_is_on_record(app: Flask) -> None:
    april = postponed(app, 1)
    [one] = told(april)
    assert (one.name, one.phone) == ("王*", "139****0001")
    with pytest.raises(Problem, match=r"^reason_needed$"):
        opened(april, full=True, reason="  ")
    whole = opened(april, full=True, reason="人社局现场检查")
    assert whole.full_names == {one.number: "王芳"}
    assert "王芳" not in canonical(content(whole))
    assert "13900000001" not in repr(whole)
    with reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "proof.opened")).all()
    assert [(entry.actor, entry.subject, entry.reason) for entry in entries] == [
        (STAFF, f"sitting:{april}", ""),
        (STAFF, f"sitting:{april}", "人社局现场检查"),
    ]
    assert entries[1].after == {"people": 1, "full": True, "digest": whole.digest}


def test_the_digest_is_of_what_is_proved_and_not_of_who_looked_when(app: Flask) -> None:
    april = postponed(app, 2)
    send(notices()[0], LAST_MOMENT)
    first = opened(april, at(2026, 4, 17))
    later = opened(april, at(2026, 5, 17), full=True, reason="核对")
    assert first.digest == later.digest
    assert content(first) == json.loads(canonical(content(first)))
    telephoning.record_call(notices()[1], telephoning.REACHED, STAFF, at(2026, 4, 18))
    assert opened(april).digest != first.digest


# --- more than one thing to tell


def test_who_was_moved_twice_has_heard_of_the_first_by_the_second_if_that_came_in_time(app: Flask) -> None:
    """Whoever is called about a later notice has heard what is true now."""
    april = postponed(app, 2)
    november = sitting_id(app, "2026-11")
    sitting_days.set_day(november, date(2026, 11, 14), STAFF, "场地检修", at(2026, 4, 1), exceptionally=True)
    sooner, later = notices("day_set")
    send(sooner, at(2026, 4, 2))
    send(later, TOO_LATE)
    moved = told(april)
    assert [(one.verdict, one.heard_of_later, one.overtaken_at) for one in moved] == [
        (Verdict.BY_SMS, True, at(2026, 4, 1)),
        (Verdict.LATE, True, at(2026, 4, 1)),
    ]
    assert opened(april).matters[0].overtaken == 2
    [day] = opened(november).matters
    assert (day.kind, day.facts["change"], day.basis.reason, day.basis.actor) == (
        Kind.DAY_SET,
        "日期已改",
        "场地检修",
        STAFF,
    )
    assert [one.verdict for one in day.people] == [Verdict.BY_SMS, Verdict.BY_SMS]


def test_people_moved_by_hand_stand_under_the_sitting_that_they_left_without_the_clerk_s_reason(app: Flask) -> None:
    postponed(app, 1)
    august, november = sitting_id(app, "2026-08"), sitting_id(app, "2026-11")
    seed_paid(app, august, 2)
    with reading() as session:
        numbers = session.scalars(select(Registration.number).where(Registration.sitting_id == august)).all()
    for minute, number in enumerate(numbers):
        moving_one.move_by_hand(number, november, STAFF, "家中变故", at(2026, 7, 1, 9, minute), asked=False)
    [matter] = opened(august).matters
    assert (matter.by_hand, matter.basis.reason, matter.basis.actor) == (True, "工作安排有变", STAFF)
    assert {one.number for one in matter.people} == set(numbers)
    assert "家中变故" not in canonical(content(opened(august)))
    assert opened(november).matters == ()


def test_an_overruled_decision_is_told_from_the_one_that_moved_them(app: Flask) -> None:
    postponed(app, 1)
    april3 = sitting_id(app, "2026-04", level=3)
    seed_paid(app, april3, 30)
    turnout.settle(april3, DECIDED)
    turnout.settle_by_hand(april3, Outcome.POSTPONED, STAFF, "考场停电", at(2026, 4, 2))
    [matter] = opened(april3).matters
    assert (matter.basis.reason, matter.basis.actor, matter.totals.owed) == ("考场停电", STAFF, 30)


# --- how much it reads


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_two_hundred_people_take_as_many_statements_as_two(app: Flask) -> None:
    counts = []
    april = postponed(app, 2)
    april3 = sitting_id(app, "2026-04", level=3)
    seed_paid(app, april3, 200)
    turnout.settle_by_hand(april3, Outcome.POSTPONED, STAFF, "考场停电", at(2026, 4, 2))
    for notice in notices():
        send(notice, LAST_MOMENT)
        telephoning.record_call(notice, telephoning.REACHED, STAFF, LAST_MOMENT)
    for sitting, people in ((april, 2), (april3, 200)):
        with statements() as seen:
            assert opened(sitting).totals.by_sms == people
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 16
