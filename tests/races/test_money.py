"""Promise 2 for clerks: the same transfer, decision or click in parallel changes things once, and one of two rivals wins."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from server.db import reading, transaction
from server.domain.notices import Kind
from server.domain.registrations import Action, Status
from server.models import AuditEntry, LedgerEntry, Notice, NoticeCause, Registration, RegistrationMove, Review
from server.services import applying, paying, reviewing
from server.services.paying import PaymentRecorded
from tests.conftest import at
from tests.races.crowd import at_once, same_at_once, tally, within
from tests.races.hold_up import held_up_before_writing
from tests.seeding import seed_expired, seed_paid, sitting_id

PAID_ON = date(2026, 3, 24)
IN_WINDOW = at(2026, 3, 24)
Number = Callable[..., int]


def seeded(app: Flask, count: int, status: Status) -> list[tuple[int, str, int]]:
    """Ids, numbers and accounts of registrations in a status."""
    ids = seed_paid(app, sitting_id(app, "2026-04"), count, status=status)
    with app.app_context(), reading() as session:
        columns = select(Registration.id, Registration.number, Registration.account_id)
        return [
            (one.id, one.number, one.account_id) for one in session.execute(columns.where(Registration.id.in_(ids)))
        ]


def pays(app: Flask, number: str, reference: str, fen: int = 35000) -> Callable[[], PaymentRecorded | str]:
    return within(app, paying.record_payment, number, fen, PAID_ON, reference, "staff:lin", IN_WINDOW)


def test_the_same_transfer_30_times_at_once_is_one_entry_and_one_notice(app: Flask, number: Number) -> None:
    [(_, mine, _)] = seeded(app, 1, Status.APPROVED)
    answers = same_at_once(30, pays(app, mine, "bank-1"))
    assert all(isinstance(one, PaymentRecorded) and one.paid and one.outstanding_fen == 0 for one in answers)
    assert [one.new for one in answers if isinstance(one, PaymentRecorded)].count(True) == 1
    assert number(LedgerEntry) == number(RegistrationMove) == number(Notice) == 1
    assert number(AuditEntry, AuditEntry.action == "payment.recorded") == 1


def test_one_reference_for_10_registrations_at_once_pays_one_of_them(app: Flask, number: Number) -> None:
    everybody = seeded(app, 10, Status.APPROVED)
    answers = at_once([pays(app, mine, "bank-1") for _, mine, _ in everybody])
    assert answers.count("reference_used") == 9
    assert number(LedgerEntry) == number(Notice) == number(Registration, Registration.status == "paid") == 1


def test_one_refund_20_times_at_once_gives_the_money_back_once(app: Flask, number: Number) -> None:
    [(registration, mine, _)] = seeded(app, 1, Status.WITHDRAWN)
    pays(app, mine, "bank-1")()
    refunds = [
        within(app, paying.refund, mine, f"out-{turn % 2}", "staff:lin", "退出", IN_WINDOW) for turn in range(20)
    ]
    assert at_once(refunds).count(35000) == 1
    assert number(LedgerEntry, LedgerEntry.amount_fen < 0) == 1
    with app.app_context(), reading() as session:
        assert paying.balance(session, registration) == 0


def test_one_reference_for_two_refunds_at_once_is_used_once(app: Flask, number: Number) -> None:
    people = seeded(app, 8, Status.WITHDRAWN)
    for _, mine, _ in people:
        pays(app, mine, f"bank-{mine}")()
    answers = at_once(
        [within(app, paying.refund, mine, "out-1", "staff:lin", "退出", IN_WINDOW) for _, mine, _ in people]
    )
    assert tally(answers) == {35000: 1, "reference_used": 7}
    assert number(LedgerEntry, LedgerEntry.amount_fen < 0) == 1


@pytest.mark.parametrize("rival", [Action.REJECT, Action.RETURN])
def test_of_an_approval_and_its_contrary_at_once_one_wins(app: Flask, number: Number, rival: Action) -> None:
    for _, mine, _ in seeded(app, 5, Status.SUBMITTED):
        answers = at_once(
            [
                within(app, reviewing.review, mine, decision, "staff:chen", IN_WINDOW, reasons=["材料"])
                for decision in (Action.APPROVE, rival) * 4
            ]
        )
        assert tally(answers) == {True: 1, False: 3, "move_refused": 4}
    assert number(Review) == number(RegistrationMove) == number(Notice) == 5


def test_of_a_payment_and_a_withdrawal_at_once_either_comes_first_and_no_money_is_lost(
    app: Flask, number: Number
) -> None:
    people = seeded(app, 10, Status.APPROVED)
    for _, mine, account in people:
        leaves = within(app, applying.withdraw, account, mine, IN_WINDOW)
        paid, left = at_once([pays(app, mine, f"bank-{mine}"), leaves])
        assert isinstance(paid, PaymentRecorded)
        assert (paid.paid, left) in {(True, "paid_cannot_withdraw"), (False, True)}
    told = Notice.cause_id.in_(select(NoticeCause.id).where(NoticeCause.kind == Kind.PAYMENT_ARRIVED.value))
    assert number(Notice, told) == number(Registration, Registration.status == "paid")
    assert number(LedgerEntry) == 10


def test_money_recorded_late_while_its_owner_registers_anew_is_on_record_and_to_be_given_back(
    app: Flask, number: Number
) -> None:
    april, august = sitting_id(app, "2026-04"), sitting_id(app, "2026-08")
    expired = seed_expired(app, april)

    def registers_anew() -> None:
        with app.app_context(), transaction() as session:
            old = session.get_one(Registration, expired)
            kept = {column.key: getattr(old, column.key) for column in inspect(Registration).columns}
            anew = {"id": None, "number": "ANEW0001", "sitting_id": august, "status": Status.SUBMITTED.value}
            made = Registration(**kept | anew)
            session.add(made)
            session.flush()
            step = {"actor": "x", "action": "submit", "to_status": Status.SUBMITTED.value, "reason": ""}
            session.add(RegistrationMove(registration_id=made.id, at=IN_WINDOW, from_status=None, **step))

    with app.app_context(), reading() as session:
        mine = session.get_one(Registration, expired).number
    with held_up_before_writing(app.config["SQLALCHEMY_DATABASE_URI"], "registration_move") as road:
        road.begin(registers_anew)
        recorded = road.begin(pays(app, mine, "bank-1"))
    answer = recorded.result()
    assert isinstance(answer, PaymentRecorded)
    assert (answer.paid, answer.new) == (False, True)
    assert number(LedgerEntry) == 1
    with app.app_context():
        assert paying.refund(mine, "out-1", "staff:lin", "已重新申报", IN_WINDOW) == 35000
