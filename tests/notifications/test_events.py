"""Every event worth telling is told: once, to those whom it concerns, in daytime, and not where it is no longer so."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from notifications.wording.words import newest, sms_text
from server.db import reading, transaction
from server.domain.notices import Kind
from server.domain.registrations import Status
from server.domain.turnout import Outcome
from server.errors import Problem
from server.local import LocalStack
from server.models import Notice, NoticeCause, Registration, RegistrationMove, Sitting, Ticket
from server.services import paying, reminding, sitting_days, sitting_places, ticketing, turnout
from tests.conftest import at
from tests.people import Phone, approve, pay
from tests.seeding import seed_paid, sitting_id

#: April 2026: payment from 23 to 29 March, decided on the 31st, tickets from 20 April, assessed on the 25th
OPENS, DECIDED, TICKETS, EVE = at(2026, 3, 23, 9), at(2026, 3, 31, 9), at(2026, 4, 20, 9), at(2026, 4, 24, 10)
NEW_PLACE = "广中路788号"


def notices(stack: LocalStack, kind: Kind) -> list[tuple[str, datetime, dict[str, str]]]:
    """State, due time and facts of every notice of a kind, the oldest first."""
    with stack.app.app_context(), reading() as session:
        rows = session.execute(
            select(Notice.state, Notice.due_at, NoticeCause.facts)
            .join(NoticeCause, NoticeCause.id == Notice.cause_id)
            .where(NoticeCause.kind == kind.value)
            .order_by(Notice.id)
        )
        return [(state, due, facts) for state, due, facts in rows]


def states(stack: LocalStack, kind: Kind) -> list[str]:
    return [state for state, _, _ in notices(stack, kind)]


def april(stack: LocalStack) -> int:
    return sitting_id(stack.app, "2026-04")


def approved(stack: LocalStack, people: int, on: datetime) -> None:
    """So many who were approved at an instant and have not paid."""
    made = seed_paid(stack.app, april(stack), people, status=Status.APPROVED)
    with stack.app.app_context(), transaction() as session:
        session.add_all(
            RegistrationMove(
                registration_id=one,
                at=on,
                actor="staff:chen",
                action="approve",
                from_status="submitted",
                to_status="approved",
                reason="",
            )
            for one in made
        )


def held(stack: LocalStack, people: int = 2) -> list[int]:
    """So many who paid for April, which is held."""
    made = seed_paid(stack.app, april(stack), people)
    with stack.app.app_context():
        turnout.settle_by_hand(april(stack), Outcome.HELD, "staff:chen", "如期", DECIDED)
    return made


def tickets_out(stack: LocalStack, now: datetime = TICKETS) -> int:
    with stack.app.app_context():
        return ticketing.release_due(now)


def move_place(stack: LocalStack, now: datetime, place: str = NEW_PLACE) -> None:
    with stack.app.app_context():
        sitting_places.set_place(april(stack), place, "staff:chen", "原场地停电", now)


# --- the payment window opens


def test_whoever_was_approved_before_payment_opens_is_told_once_that_it_is_open(stack: LocalStack) -> None:
    approved(stack, 2, at(2026, 3, 20))
    approved(stack, 1, OPENS)
    with stack.app.app_context():
        assert [reminding.announce_due(now) for now in (at(2026, 3, 22, 12), OPENS, OPENS)] == [0, 2, 0]
    assert [facts["pay_last"] for _, _, facts in notices(stack, Kind.PAYMENT_OPEN)] == ["2026年3月29日"] * 2


@pytest.mark.parametrize(("now", "told"), [(at(2026, 3, 26), 2), (at(2026, 3, 27, 9), 0), (at(2026, 3, 29, 9), 0)])
def test_from_the_first_reminder_on_nobody_hears_that_payment_opens(
    stack: LocalStack, now: datetime, told: int
) -> None:
    approved(stack, 2, at(2026, 3, 20))
    with stack.app.app_context():
        assert reminding.announce_due(now) == told


def test_whoever_pays_before_the_morning_does_not_hear_that_payment_opens(stack: LocalStack) -> None:
    phone = Phone(stack).ready(1)
    phone.register()
    approve(stack, phone.number)
    stack.clock.stand_at(at(2026, 3, 23, 0, 30))
    stack.run_jobs()
    ((state, due, _),) = notices(stack, Kind.PAYMENT_OPEN)
    assert (state, due) == ("new", at(2026, 3, 23, 8))
    pay(stack, phone.number, date(2026, 3, 23))
    assert states(stack, Kind.PAYMENT_OPEN) == ["cancelled"]


# --- the day before


def test_the_day_before_every_holder_of_a_ticket_is_told_place_time_and_what_to_bring(stack: LocalStack) -> None:
    held(stack)
    tickets_out(stack)
    with stack.app.app_context():
        times = (at(2026, 4, 23, 12), at(2026, 4, 24, 9, 59), EVE, EVE)
        assert [reminding.remind_of_day_due(now) for now in times] == [0, 0, 2, 0]
    told = notices(stack, Kind.TOMORROW)[0][2]
    text = sms_text(newest(Kind.TOMORROW), told, stack.settings.public_url)
    assert "2026年4月25日（周六）09:00" in text
    assert told["place"][:20] in text
    assert "身份证件" in text


def test_without_a_valid_ticket_nobody_is_reminded_of_the_day(stack: LocalStack) -> None:
    gone, _ = held(stack)
    tickets_out(stack)
    with stack.app.app_context():
        with transaction() as session:
            session.scalars(select(Ticket).where(Ticket.registration_id == gone)).one().voided_at = TICKETS
        assert reminding.remind_of_day_due(EVE) == 1


def test_a_reminder_that_comes_late_is_sent_in_the_evening_or_not_at_all(stack: LocalStack) -> None:
    held(stack)
    tickets_out(stack)
    late = at(2026, 4, 24, 21, 30)
    with stack.app.app_context():
        assert reminding.remind_of_day_due(late) == 2
        assert reminding.remind_of_day_due(at(2026, 4, 25, 8)) == 0
    assert {due for _, due, _ in notices(stack, Kind.TOMORROW)} == {late}


# --- another place


def test_a_place_that_nobody_was_told_is_set_in_silence(stack: LocalStack) -> None:
    held(stack)
    move_place(stack, DECIDED)
    assert notices(stack, Kind.DAY_SET) == []
    assert tickets_out(stack) == 2
    assert notices(stack, Kind.TICKET_READY)[0][2]["place"] == NEW_PLACE


def test_a_changed_place_is_told_to_the_holders_of_tickets_who_get_new_ones(stack: LocalStack) -> None:
    held(stack)
    tickets_out(stack)
    move_place(stack, TICKETS)
    with stack.app.app_context(), reading() as session:
        assert {ticket.void_reason for ticket in session.scalars(select(Ticket))} == {
            f"考核地点改为{NEW_PLACE}，请重新下载准考证"
        }
    assert tickets_out(stack) == 2
    assert [(facts["change"], facts["place"]) for _, _, facts in notices(stack, Kind.DAY_SET)] == [
        ("地点已改", NEW_PLACE)
    ] * 2
    # What the first tickets said of the place, and nobody has read, is not sent.
    assert [(state, facts["place"] == NEW_PLACE) for state, _, facts in notices(stack, Kind.TICKET_READY)] == [
        ("cancelled", False),
        ("cancelled", False),
        ("new", True),
        ("new", True),
    ]


def test_the_same_place_again_tells_nobody_and_voids_nothing(stack: LocalStack) -> None:
    held(stack)
    tickets_out(stack)
    for _ in range(2):
        move_place(stack, TICKETS)
    assert len(notices(stack, Kind.DAY_SET)) == 2


def test_on_the_eve_a_changed_place_is_told_at_any_hour_and_the_reminder_names_the_new_one(stack: LocalStack) -> None:
    held(stack)
    tickets_out(stack)
    with stack.app.app_context():
        reminding.remind_of_day_due(EVE)
    night = at(2026, 4, 24, 22)
    move_place(stack, night)
    tickets_out(stack, night)
    with stack.app.app_context():
        reminding.remind_of_day_due(night)
    assert {due for _, due, _ in notices(stack, Kind.DAY_SET)} == {night}
    assert states(stack, Kind.TOMORROW) == ["cancelled"] * 2 + ["new"] * 2
    assert notices(stack, Kind.TOMORROW)[-1][2]["place"] == NEW_PLACE


def test_a_change_of_day_that_was_not_sent_yet_is_told_with_the_change_of_place(stack: LocalStack) -> None:
    held(stack)
    tickets_out(stack)
    night = at(2026, 4, 10, 23)
    with stack.app.app_context():
        sitting_days.set_day(april(stack), date(2026, 5, 9), "staff:chen", "停电", night, exceptionally=True)
    move_place(stack, night)
    assert [(state, facts["change"], facts["days"]) for state, _, facts in notices(stack, Kind.DAY_SET)][1:3] == [
        ("cancelled", "日期已改", "5月9日、10日"),
        ("new", "日期已改、地点已改", "5月9日、10日"),
    ]


def test_a_sitting_that_is_over_has_taken_place_where_it_did(stack: LocalStack) -> None:
    with pytest.raises(Problem, match="sitting_over"):
        move_place(stack, at(2026, 4, 27))


def test_tickets_of_a_changed_day_are_announced_anew(stack: LocalStack) -> None:
    held(stack)
    tickets_out(stack)
    with stack.app.app_context():
        sitting_days.set_day(april(stack), date(2026, 5, 9), "staff:chen", "停电", TICKETS, exceptionally=True)
        with reading() as session:
            again = session.get_one(Sitting, april(stack)).ticket_from
    assert tickets_out(stack, at(again.year, again.month, again.day, 9)) == 2
    assert [facts["days"] for _, _, facts in notices(stack, Kind.TICKET_READY)][2:] == ["5月9日、10日"] * 2


# --- money given back


def test_each_refund_is_told_with_its_amount_in_daytime(stack: LocalStack) -> None:
    (one,) = seed_paid(stack.app, april(stack), 1)
    with stack.app.app_context():
        with transaction() as session:
            registration = session.get_one(Registration, one)
            registration.status, number = Status.WITHDRAWN.value, registration.number
        paying.refund(number, "out-1", "staff:lin", "本人退出", at(2026, 3, 28, 22))
        paying.record_payment(number, 100, date(2026, 3, 28), "in-2", "staff:lin", at(2026, 3, 29), other_amount=True)
        paying.refund(number, "out-2", "staff:lin", "多缴", at(2026, 3, 29))
    assert [(due, facts["refunded"]) for _, due, facts in notices(stack, Kind.REFUNDED)] == [
        (at(2026, 3, 29, 8), "350元"),
        (at(2026, 3, 29), "1元"),
    ]
