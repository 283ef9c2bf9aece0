"""One person moved by hand: truly told why, with a way out where it is the institution's doing, and none on one's own wish."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from server.db import reading
from server.errors import Problem
from server.local import LocalStack
from server.models import AuditEntry, NoticeCause, Postponement, Registration, Ticket
from server.services import moving_one, telephoning, ticketing
from tests.conftest import at
from tests.people import Phone, approve, pay
from tests.rows import rows
from tests.seeding import sitting_id
from tests.server.forfeiting_house import ENOUGH, change, forfeiting_house, held_april, seeded, where_is

STAFF = "staff:lin"


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[LocalStack]:
    with forfeiting_house(tmp_path, database_url) as running:
        yield running


@pytest.fixture
def paid(house: LocalStack) -> Phone:
    """Somebody with a ticket for April, five days before it."""
    phone = Phone(house).ready(1)
    phone.register("2026-04")
    approve(house, phone.number)
    house.clock.stand_at(at(2026, 3, 24))
    pay(house, phone.number, date(2026, 3, 24))
    seeded(house, "2026-04", ENOUGH - 1)
    for month, day in ((3, 31), (4, 20)):
        house.clock.stand_at(at(2026, month, day, 9))
        house.run_jobs()
    return phone


def move(house: LocalStack, number: str, month: str = "2026-08", *, asked: bool = False, level: int = 4) -> bool:
    target = sitting_id(house.app, month, level=level)
    with house.app.app_context():
        return moving_one.move_by_hand(number, target, STAFF, "急性阑尾炎", house.clock.now(), asked=asked)


def refused(code: str, act: Callable[..., object], *args: object, **more: object) -> None:
    with pytest.raises(Problem, match=f"^{code}$"):
        act(*args, **more)


def texts(phone: Phone) -> list[str]:
    return [one["text"] for one in phone.messages() if one["channel"] == "sms"]


def test_moved_at_ones_own_request_is_told_so_and_opens_no_way_out(house: LocalStack, paid: Phone) -> None:
    link = paid.ok("GET", f"registrations/{paid.number}/ticket")["link"]
    assert move(house, paid.number, asked=True)
    house.run_jobs()
    mine = paid.mine()
    assert (mine["status"], mine["sitting"]["month"], mine["may"]) == ("paid", "2026-08", [])
    assert mine["postponed"]["reason"] == "应本人申请，所缴费用继续有效"
    assert paid.refused("POST", f"registrations/{paid.number}/withdrawal") == (409, "paid_cannot_withdraw")
    assert len([one for one in texts(paid) if "由4月25日、26日改至8月22日、23日（应本人申请）" in one]) == 1
    assert not [one for one in texts(paid) if "阑尾" in one], "why somebody asked is nobody else's business"
    page = paid.http.get(link, timeout=10)
    assert page.status_code == 410
    assert "本考次改至8月22日、23日" in page.text
    assert "由4月25日、26日改至8月22日、23日（应本人申请）" in [one["text"] for one in mine["timeline"]]


def test_moved_by_the_institution_is_owed_the_sms_and_may_step_back(house: LocalStack, paid: Phone) -> None:
    assert move(house, paid.number)
    house.run_jobs()
    (told,) = [one for one in texts(paid) if "延期" in one]
    assert "因工作安排有变，由4月25日、26日延期至8月22日、23日" in told
    mine = paid.mine()
    assert mine["may"] == ["withdraw"]
    assert mine["postponed"]["withdraw_until"] == "2026-07-26"
    with house.app.app_context(), reading() as session:
        cause = session.scalars(select(NoticeCause).where(NoticeCause.kind == "postponed")).one()
    assert cause.tell_by == date(2026, 4, 15), "it had to be known ten days before the sitting that was left"
    assert paid.ok("POST", f"registrations/{paid.number}/withdrawal")["status"] == "withdrawn"


def test_whom_the_institution_moved_and_no_message_reached_is_telephoned(house: LocalStack, paid: Phone) -> None:
    move(house, paid.number)
    with house.app.app_context():
        (listed,) = telephoning.to_telephone(STAFF, house.clock.now())
    assert listed.registration_number == paid.number


def test_who_asked_for_another_sitting_is_not_telephoned_about_the_one_that_they_were_moved_to(
    house: LocalStack, paid: Phone
) -> None:
    move(house, paid.number)
    assert move(house, paid.number, "2026-11", asked=True)
    with house.app.app_context():
        assert telephoning.to_telephone(STAFF, house.clock.now()) == []


def test_moved_twice_to_the_same_sitting_is_moved_once(house: LocalStack, paid: Phone) -> None:
    assert [move(house, paid.number, asked=True), move(house, paid.number, asked=True)] == [True, False]
    assert rows(house.app, Postponement) == 1
    with house.app.app_context(), reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "registration.moved")).one()
    assert (entry.actor, entry.reason) == (STAFF, "急性阑尾炎")


def test_moved_on_and_on_each_move_is_told(house: LocalStack, paid: Phone) -> None:
    assert move(house, paid.number, asked=True)
    assert move(house, paid.number, "2026-11", asked=True)
    house.run_jobs()
    assert len([one for one in texts(paid) if "应本人申请" in one]) == 2
    assert where_is(house, paid.number) == ("paid", "2026-11")


def test_a_wait_for_next_years_rules_ends_with_the_move(house: LocalStack) -> None:
    number = held_april(house)[0]
    change(house, number, status="paid", waiting_since=at(2026, 4, 1))
    assert move(house, number)
    assert where_is(house, number) == ("paid", "2026-08")
    assert rows(house.app, Registration, Registration.waiting_since.is_not(None)) == 0
    with house.app.app_context(), reading() as session:
        cause = session.scalars(select(NoticeCause).where(NoticeCause.kind == "postponed")).one()
    assert cause.tell_by == date(2026, 8, 12), "the sitting left is long over"


def test_the_ticket_of_the_sitting_that_was_left_is_void_and_none_comes_out_anew(
    house: LocalStack, paid: Phone
) -> None:
    move(house, paid.number, asked=True)
    with house.app.app_context():
        assert ticketing.release_due(house.clock.now()) == 0
    assert rows(house.app, Ticket, Ticket.voided_at.is_not(None)) == 1
    assert rows(house.app, Ticket, Ticket.voided_at.is_(None)) == ENOUGH - 1


@pytest.mark.parametrize(("now", "code"), [(at(2026, 4, 24, 23, 59), ""), (at(2026, 4, 25, 0), "sitting_begun")])
def test_nobody_is_moved_out_of_a_sitting_that_has_begun(
    house: LocalStack, paid: Phone, now: datetime, code: str
) -> None:
    house.clock.stand_at(now)
    if code:
        refused(code, move, house, paid.number, asked=True)
    else:
        assert move(house, paid.number, asked=True)


def test_only_a_paid_registration_is_moved_and_only_to_a_later_sitting_of_the_same_assessment(
    house: LocalStack,
) -> None:
    august = seeded(house, "2026-08", 1)[0]
    refused("target_wrong", move, house, august, "2026-04")
    refused("target_wrong", move, house, august, "2026-11", level=3)
    with house.app.app_context():
        refused("reason_needed", moving_one.move_by_hand, august, 1, STAFF, " ", house.clock.now(), asked=True)
        refused("sitting_unknown", moving_one.move_by_hand, august, 999, STAFF, "病", house.clock.now(), asked=True)
    change(house, august, status="approved")
    refused("move_refused", move, house, august, "2026-11")
    assert where_is(house, august) == ("approved", "2026-08")
