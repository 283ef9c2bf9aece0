"""A turnout decision beside payments, withdrawals and other decisions: what counted, what was frozen and what is told agree."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, or_, select

from server.db import reading, transaction
from server.domain.notices import Kind
from server.domain.registrations import LIVE, Status
from server.domain.turnout import Outcome
from server.models import (
    Account,
    AuditEntry,
    Notice,
    NoticeCause,
    Postponement,
    Registration,
    RegistrationMove,
    Sitting,
    Ticket,
    TurnoutCounted,
    TurnoutDecision,
)
from server.services import applying, expiring, making_sittings, moving_one, paying, reminding, ticketing, turnout
from tests.books import shipped
from tests.conftest import at
from tests.races.crowd import at_once, same_at_once, tally, within
from tests.races.hold_up import held_up_before_writing
from tests.seeding import seed_expired, seed_paid, sitting_id

DUE = at(2026, 3, 31, 9)
PAID_ON = date(2026, 3, 29)
Number = Callable[..., int]
SITTINGS = [("hr", 4), ("hr", 3), ("trainer", 3)]


def told(app: Flask, registration: int) -> list[str]:
    """The kinds of all that one registration was told."""
    kinds = select(NoticeCause.kind).join(Notice, Notice.cause_id == NoticeCause.id)
    with app.app_context(), reading() as session:
        return sorted(session.scalars(kinds.where(Notice.registration_id == registration)))


def one(app: Flask, registration: int) -> Registration:
    with app.app_context(), reading() as session:
        return session.get_one(Registration, registration)


def decision_of(app: Flask, sitting: int) -> TurnoutDecision:
    with app.app_context(), reading() as session:
        return session.scalars(
            select(TurnoutDecision).where(
                TurnoutDecision.sitting_id == sitting, TurnoutDecision.overruled_at.is_(None)
            )
        ).one()


def _told_of(decision: int) -> ColumnElement[bool]:
    """What a decision made people hear: that it is held, or where they go."""
    return or_(NoticeCause.key == f"decision:{decision}", NoticeCause.key.startswith(f"decision:{decision}:"))


def assert_consistent(app: Flask, number: Number, sitting: int) -> TurnoutDecision:
    """Whatever was decided: the count is the frozen list, and nobody is left behind."""
    decision = decision_of(app, sitting)
    assert decision.counted == number(TurnoutCounted, TurnoutCounted.decision_id == decision.id)
    moved = number(Postponement, Postponement.decision_id == decision.id)
    postponed = Notice.cause_id.in_(select(NoticeCause.id).where(_told_of(decision.id)))
    assert number(Notice, postponed) == (moved if decision.outcome == "postponed" else decision.counted)
    if decision.outcome == "postponed":
        assert number(Registration, Registration.sitting_id == sitting, Registration.status.in_(LIVE)) == 0
        assert moved >= decision.counted
    else:
        assert moved == 0
    return decision


def record(app: Flask, registration: int, now: datetime = DUE) -> Callable[[], object]:
    row = one(app, registration)
    return within(
        app, paying.record_payment, row.number, row.fee_fen, PAID_ON, f"bank-{registration}", "staff:lin", now
    )


def settles(app: Flask, sitting: int) -> Callable[[], object]:
    return within(app, turnout.settle, sitting, DUE)


def test_eight_who_settle_one_sitting_at_once_make_one_decision_and_tell_each_once(
    app: Flask, number: Number
) -> None:
    april = sitting_id(app, "2026-04")
    seed_paid(app, april, 29)
    answers = same_at_once(8, settles(app, april))
    assert tally(answers) == {Outcome.POSTPONED: 1, None: 7}
    assert number(TurnoutDecision) == number(AuditEntry) == 1
    assert number(Postponement) == number(Notice) == number(TurnoutCounted) == 29
    assert number(Registration, Registration.sitting_id != april, Registration.version == 2) == 29


@pytest.mark.parametrize("first", ["payment", "settling", "nobody"])
def test_the_30th_payment_and_the_settling_at_once_agree(app: Flask, number: Number, first: str) -> None:
    for occupation, level in SITTINGS:
        sitting = sitting_id(app, "2026-04", occupation, level)
        seed_paid(app, sitting, 29)
        [thirtieth] = seed_paid(app, sitting, 1, status=Status.APPROVED)
        pays, decides = record(app, thirtieth), settles(app, sitting)
        if first == "nobody":
            at_once([pays, decides])
        else:
            # The payment is stopped with its registration in hand; the settling once it has begun to write.
            table = "ledger_entry" if first == "payment" else "turnout_decision"
            with held_up_before_writing(app.config["SQLALCHEMY_DATABASE_URI"], table) as road:
                for work in (pays, decides) if first == "payment" else (decides, pays):
                    road.begin(work)
        decision = assert_consistent(app, number, sitting)
        assert (decision.outcome, decision.counted) in {("held", 30), ("postponed", 29)}
        # Received in time, it counts: recorded too late for the count, its owner goes where the others went.
        assert one(app, thirtieth).status == Status.PAID
        held, moved = {Kind.PAYMENT_ARRIVED, Kind.HELD}, {Kind.EXPIRED, Kind.PAYMENT_ARRIVED, Kind.POSTPONED}
        assert told(app, thirtieth) == sorted(held if decision.outcome == "held" else moved)
        assert (one(app, thirtieth).sitting_id == sitting) == (decision.outcome == "held")


@pytest.mark.parametrize("outcome", [Outcome.POSTPONED, Outcome.HELD])
def test_money_recorded_late_while_staff_decide_leaves_nobody_behind(
    app: Flask, number: Number, outcome: Outcome
) -> None:
    april = sitting_id(app, "2026-04")
    seed_paid(app, april, 5)
    late = seed_expired(app, april)
    decides = within(app, turnout.settle_by_hand, april, outcome, "staff:chen", "场地", DUE)
    with held_up_before_writing(app.config["SQLALCHEMY_DATABASE_URI"], "registration_move") as road:
        road.begin(record(app, late))
        road.begin(decides)
    decision = assert_consistent(app, number, april)
    if outcome is Outcome.POSTPONED:
        kept = one(app, late).sitting_id != april
        assert kept == (one(app, late).status == Status.PAID)
        assert decision.counted == 5 + kept


def test_money_recorded_late_while_staff_move_its_owner_ends_in_no_stalemate(app: Flask) -> None:
    april, august = sitting_id(app, "2026-04"), sitting_id(app, "2026-08")
    late = seed_expired(app, april)
    moves = within(app, moving_one.move_by_hand, one(app, late).number, august, "staff:chen", "生病", DUE, asked=True)
    with held_up_before_writing(app.config["SQLALCHEMY_DATABASE_URI"], "ledger_entry") as road:
        road.begin(record(app, late))
        road.begin(moves)
    assert (one(app, late).status, one(app, late).sitting_id) in {("paid", august), ("paid", april)}


def test_eight_who_overrule_a_held_sitting_while_its_tickets_are_released_leave_no_valid_ticket_behind(
    app: Flask, number: Number
) -> None:
    april = sitting_id(app, "2026-04")
    seed_paid(app, april, 30)
    settles(app, april)()
    release_day = at(2026, 4, 20, 9)
    overrule = within(app, turnout.settle_by_hand, april, Outcome.POSTPONED, "staff:chen", "停电", release_day)
    release = within(app, ticketing.release_due, release_day)
    answers = at_once([overrule, release] * 8)
    assert tally(answers[::2]) == {Outcome.POSTPONED: 1, "already_decided": 7}
    assert_consistent(app, number, april)
    assert number(Ticket, Ticket.voided_at.is_(None)) == 0
    assert number(Ticket) in {0, 30}
    assert number(Postponement) == 30


def test_a_withdrawal_and_the_settling_at_once_agree(app: Flask, number: Number) -> None:
    april, november = sitting_id(app, "2026-04"), sitting_id(app, "2026-11")
    moved = seed_paid(app, april, 29)
    settles(app, april)()
    closes, due = at(2026, 10, 12, 23), at(2026, 10, 14, 9)
    leavers = [one(app, registration) for registration in moved[:8]]
    leaves = [within(app, applying.withdraw, who.account_id, who.number, closes) for who in leavers]
    answers = at_once([*leaves, *[within(app, turnout.settle, november, due)] * 2])
    assert answers[:8] == [True] * 8
    decision = assert_consistent(app, number, november)
    assert decision.outcome == "held"
    assert 21 <= decision.counted <= 29


def test_a_payment_while_the_unpaid_expire_is_either_paid_or_expired_and_told_so_only(
    app: Flask, number: Number
) -> None:
    april = sitting_id(app, "2026-04")
    waiting = seed_paid(app, april, 10, status=Status.APPROVED)
    expires = within(app, expiring.expire_due, DUE)
    with held_up_before_writing(app.config["SQLALCHEMY_DATABASE_URI"], "ledger_entry") as road:
        for registration in waiting[:3]:
            road.begin(record(app, registration))
        road.begin(expires)
    for registration in waiting:
        status = one(app, registration).status
        # What was recorded after the sweep takes the place back: then both were true when they were said.
        allowed = [["expired"]] if status == Status.EXPIRED else [["payment_arrived"], ["expired", "payment_arrived"]]
        assert told(app, registration) in allowed
        swept = number(
            RegistrationMove, RegistrationMove.registration_id == registration, RegistrationMove.action == "expire"
        )
        assert swept == told(app, registration).count("expired")


def test_every_job_done_by_four_at_once_does_its_work_once(app: Flask, number: Number) -> None:
    april = sitting_id(app, "2026-04")
    held = seed_paid(app, april, 300)
    [unpaid] = seed_paid(app, april, 1, status=Status.APPROVED)

    def four(job: Callable[[datetime], object], now: datetime) -> None:
        same_at_once(4, within(app, job, now))

    four(reminding.remind_due, at(2026, 3, 27))
    assert told(app, unpaid) == ["payment_ending"]
    four(expiring.expire_due, DUE)
    assert told(app, unpaid) == ["expired", "payment_ending"]
    assert number(RegistrationMove) == 1
    four(turnout.settle_due, DUE)
    assert decision_of(app, april).counted == 300
    four(ticketing.release_due, at(2026, 4, 20, 9))
    assert number(Ticket, Ticket.voided_at.is_(None)) == 300
    with app.app_context(), reading() as session:
        assert sorted(session.scalars(select(Ticket.seat))) == list(range(1, 301))
    four(expiring.conclude_due, at(2026, 4, 27, 9))
    assert number(RegistrationMove, RegistrationMove.action == "conclude") == 300
    assert {tuple(told(app, registration)) for registration in held[::60]} == {("held", "ticket_ready")}
    assert number(Notice) == 2 + 300 + 300


def test_every_job_says_how_many_it_was_for(app: Flask) -> None:
    april = sitting_id(app, "2026-04")
    seed_paid(app, april, 30)
    seed_paid(app, april, 2, status=Status.APPROVED)
    with app.app_context():
        assert [reminding.remind_due(at(2026, 3, 27)) for _ in range(2)] == [2, 0]
        assert [expiring.expire_due(DUE) for _ in range(2)] == [2, 0]
        turnout.settle_due(DUE)
        assert [ticketing.release_due(at(2026, 4, 20, 9)) for _ in range(2)] == [30, 0]
        assert [expiring.conclude_due(at(2026, 4, 27, 9)) for _ in range(2)] == [30, 0]


@pytest.mark.parametrize("books", [pytest.param(shipped(), id="every institution")])
def test_eight_processes_that_start_at_once_on_an_empty_database_make_each_sitting_once(
    app: Flask, number: Number
) -> None:
    every = number(Sitting)
    with app.app_context(), transaction() as session:
        for row in session.scalars(select(Sitting)):
            session.delete(row)
    made = same_at_once(8, within(app, making_sittings.load_sittings, at(2026, 2, 9)))
    assert tally(made) == {every: 1, 0: 7}
    assert number(Sitting) == every > 200
    assert number(Account) == 0
