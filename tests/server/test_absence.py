"""Who was absent: marked after a sitting that was held, booked again within the year, forfeited the day after it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from server.db import reading, transaction
from server.domain.notices import Kind
from server.domain.turnout import Outcome
from server.errors import Problem
from server.local import LocalStack
from server.models import (
    AuditEntry,
    Candidate,
    LedgerEntry,
    Notice,
    NoticeCause,
    Postponement,
    Registration,
    RegistrationMove,
    Sitting,
    Ticket,
)
from server.services import absence, expiring, forfeiting, paying, turnout
from tests.conftest import at
from tests.people import Phone, approve, pay
from tests.rows import rows
from tests.seeding import sitting_id
from tests.server.forfeiting_house import (
    CLAUSE,
    ENOUGH,
    change,
    forfeiting_house,
    held_april,
    received,
    seeded,
    where_is,
)

STAFF, WHY = "staff:lin", "签到表上没有签名"


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[LocalStack]:
    with forfeiting_house(tmp_path, database_url) as running:
        yield running


def mark(house: LocalStack, number: str) -> bool:
    with house.app.app_context():
        return absence.mark_absent(number, STAFF, WHY, house.clock.now())


def unmark(house: LocalStack, number: str) -> bool:
    with house.app.app_context():
        return absence.unmark_absent(number, STAFF, "漏看了签名", house.clock.now())


def again(house: LocalStack, number: str, month: str = "2026-08", **sitting: object) -> bool:
    target = sitting_id(house.app, month, **sitting)  # type: ignore[arg-type] # occupation and level
    with house.app.app_context():
        return absence.book_again(number, target, STAFF, "本人来电要求", house.clock.now())


def forfeit(house: LocalStack, now: datetime) -> int:
    house.clock.stand_at(now)
    with house.app.app_context():
        return forfeiting.forfeit_due(now)


def refused(code: str, act: Callable[..., object], *args: object, **more: object) -> Problem:
    with pytest.raises(Problem, match=f"^{code}$") as fault:
        act(*args, **more)
    return fault.value


def told(house: LocalStack, kind: Kind) -> int:
    """How many notices of a kind stand, sent or still to be sent."""
    with house.app.app_context(), reading() as session:
        found = select(Notice.id).join(NoticeCause, NoticeCause.id == Notice.cause_id)
        return len(session.scalars(found.where(NoticeCause.kind == kind.value, Notice.state != "cancelled")).all())


# --- the year, lived through


def sms(phone: Phone, words: str) -> list[str]:
    return [one["text"] for one in phone.messages() if one["channel"] == "sms" and words in one["text"]]


@pytest.fixture
def missed(house: LocalStack) -> Phone:
    """Somebody who paid on 24 March, whose sitting was held on 25 and 26 April, and who was marked absent on the 27th."""
    phone = Phone(house).ready(1)
    phone.register("2026-04")
    approve(house, phone.number)
    house.clock.stand_at(at(2026, 3, 24))
    pay(house, phone.number, date(2026, 3, 24))
    held_april(house, ENOUGH - 1)
    assert phone.mine()["status"] == "concluded"
    assert mark(house, phone.number)
    house.run_jobs()
    return phone


def test_paid_absent_booked_again_and_assessed_within_the_year(house: LocalStack, missed: Phone) -> None:
    mine = missed.mine()
    assert (mine["status"], mine["status_name"], mine["may"]) == ("absent", "缺考", [])
    assert mine["note"] == (
        "您未参加4月25日、26日的评价，记为缺考。可致电021-62418668改报2027年3月24日（含）前的考次；"
        "逾期未参加的，视作自动放弃，费用不予退还"
    )
    assert len(sms(missed, "改报2027年3月24日（含）前的考次")) == 1
    assert missed.refused("GET", f"registrations/{missed.number}/ticket")[0] == 409

    seeded(house, "2026-08", ENOUGH - 1)
    house.clock.stand_at(at(2026, 6, 1, 10))
    assert again(house, missed.number)
    house.run_jobs()
    mine = missed.mine()
    assert (mine["status"], mine["sitting"]["month"], mine["may"], mine["note"]) == ("paid", "2026-08", [], "")
    assert mine["postponed"] == {
        "from_days": "4月25日、26日",
        "to_days": "8月22日、23日",
        "reason": "缺考后另行安排，所缴费用继续有效",
        "withdraw_until": None,
        "what": "改期",
        "advice": "不用您做什么，也不用重新缴费，届时按新的日期参加即可。不能参加的，请致电021-62418668。",
    }
    assert len(sms(missed, "由4月25日、26日改至8月22日、23日（缺考后另行安排）")) == 1

    house.clock.stand_at(at(2026, 7, 28, 9))
    house.run_jobs()
    house.clock.stand_at(at(2026, 8, 17, 9))
    house.run_jobs()
    ticket = missed.ok("GET", f"registrations/{missed.number}/ticket")
    assert "有效" in missed.http.get(ticket["link"], timeout=10).text
    house.clock.stand_at(at(2026, 8, 24, 9))
    house.run_jobs()
    assert missed.mine()["status"] == "concluded"
    house.clock.stand_at(at(2027, 3, 25, 9))
    house.run_jobs()
    mine = missed.mine()
    assert mine["status"] == "concluded"
    assert (told(house, Kind.FORFEIT_NEAR), told(house, Kind.FORFEITED)) == (0, 0)
    events = [one["text"] for one in mine["timeline"]]
    for text in (
        f"未参加评价，记为缺考：{WHY}",
        "通知：缺考",
        "另行安排考次：本人来电要求",
        "由4月25日、26日改至8月22日、23日（缺考后另行安排）",
        "通知：改至另一考次",
    ):
        assert events.count(text) == 1, text


def test_paid_absent_and_never_come_again_is_forfeited_exactly_the_day_after_one_year(
    house: LocalStack, missed: Phone
) -> None:
    house.clock.stand_at(at(2027, 2, 22, 7, 59))
    house.run_jobs()
    assert not sms(missed, "尚未另行安排")
    house.clock.stand_at(at(2027, 2, 22, 8))
    house.run_jobs()
    house.clock.stand_at(at(2027, 3, 24, 23, 59))
    house.run_jobs()
    assert missed.mine()["status"] == "absent"
    assert len(sms(missed, "尚未另行安排考次，至2027年3月24日（含）仍未参加的")) == 1

    house.clock.stand_at(at(2027, 3, 25, 0))
    house.run_jobs()
    mine = missed.mine()
    assert (mine["status"], mine["status_name"], mine["may"]) == ("forfeited", "视作放弃", [])
    assert mine["note"].startswith("至2027年3月24日未参加评价，按规定视作自动放弃，费用不予退还")
    assert not sms(missed, "仍未参加，按规定"), "nobody is told of it at midnight"
    for hour in (8, 9):
        house.clock.stand_at(at(2027, 3, 25, hour))
        house.run_jobs()
    assert len(sms(missed, "至2027年3月24日仍未参加，按规定视作自动放弃")) == 1
    events = [one["text"] for one in mine["timeline"]]
    assert f"未在规定时间内参加评价，视作自动放弃：{CLAUSE}" in events

    with house.app.app_context():
        now = house.clock.now()
        no = refused("no_refund", paying.refund, missed.number, "back-1", STAFF, "本人要求", now)
    assert no.text == f"此人视作放弃，不能退费（{CLAUSE}）"
    refused("forfeited", again, house, missed.number, "2026-11")
    assert missed.refused("POST", f"registrations/{missed.number}/withdrawal") == (409, "move_refused")


def test_a_fee_does_not_come_back_by_missing_a_sitting_and_asking_for_another(
    house: LocalStack, missed: Phone
) -> None:
    assert again(house, missed.number)
    house.run_jobs()
    withdrawal = f"registrations/{missed.number}/withdrawal"
    assert missed.refused("POST", withdrawal) == (409, "paid_cannot_withdraw")
    # Moved by the institution after that, it is a postponement like any other.
    with house.app.app_context():
        house.clock.stand_at(at(2026, 7, 28, 9))
        august = sitting_id(house.app, "2026-08")
        turnout.settle_by_hand(august, Outcome.POSTPONED, STAFF, "场地停电", house.clock.now())
    assert missed.mine()["may"] == ["withdraw"]
    assert missed.ok("POST", withdrawal)["status"] == "withdrawn"


def test_the_link_of_an_absent_persons_ticket_does_not_say_that_they_withdrew(
    house: LocalStack, missed: Phone
) -> None:
    with house.app.app_context(), reading() as session:
        code = session.scalars(
            select(Ticket.code).join(Registration).where(Registration.number == missed.number)
        ).one()
    page = missed.http.get(f"{house.web}/t/{code}", timeout=10)
    assert page.status_code == 410
    assert "本次评价缺考" in page.text
    assert "退出" not in page.text
    again(house, missed.number)
    assert "本考次改至8月22日、23日" in missed.http.get(f"{house.web}/t/{code}", timeout=10).text


# --- who is absent, and when


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        (at(2026, 3, 31, 9), False),
        (at(2026, 4, 25, 23, 59), False),
        (at(2026, 4, 26, 0), True),  # still paid: the second day is not over
        (at(2026, 12, 1, 9), True),
    ],
)
def test_nobody_is_absent_before_the_first_day_is_over(house: LocalStack, now: datetime, allowed: bool) -> None:
    number = seeded(house, "2026-04", ENOUGH)[0]
    house.clock.stand_at(at(2026, 3, 31, 9))
    house.run_jobs()
    house.clock.stand_at(now)
    if allowed:
        assert mark(house, number)
    else:
        refused("absent_too_early", mark, house, number)
    assert where_is(house, number)[0] == ("absent" if allowed else "paid")


def test_nobody_is_absent_from_a_sitting_that_was_not_held(house: LocalStack) -> None:
    number = seeded(house, "2026-04", 3)[0]
    house.clock.stand_at(at(2026, 4, 28, 9))
    refused("absent_too_early", mark, house, number)


def test_nobody_is_absent_from_a_sitting_that_they_were_moved_out_of(house: LocalStack) -> None:
    number = held_april(house)[0]
    change(house, number, status="paid", waiting_since=at(2026, 4, 1))
    refused("absent_too_early", mark, house, number)


def test_nobody_is_absent_on_a_day_that_nobody_set(house: LocalStack) -> None:
    number = held_april(house)[0]
    with house.app.app_context(), transaction() as session:
        session.execute(update(Sitting).values(day_fixed=False))
    refused("absent_too_early", mark, house, number)


@pytest.mark.parametrize("status", ["submitted", "returned", "approved", "rejected", "withdrawn", "expired"])
def test_only_who_was_to_sit_it_can_be_absent(house: LocalStack, status: str) -> None:
    number = held_april(house)[0]
    change(house, number, status=status)
    refused("move_refused", mark, house, number)


def test_a_mark_needs_a_reason_and_a_registration(house: LocalStack) -> None:
    number = held_april(house)[0]
    now = house.clock.now()
    with house.app.app_context():
        for act in (absence.mark_absent, absence.unmark_absent):
            refused("reason_needed", act, number, STAFF, " ", now)
            refused("registration_unknown", act, "NOBODY", STAFF, WHY, now)
        refused("reason_needed", absence.book_again, number, 1, STAFF, "", now)
        refused("registration_unknown", absence.book_again, "NOBODY", 1, STAFF, WHY, now)


def test_marked_twice_is_marked_and_told_once(house: LocalStack) -> None:
    number = held_april(house)[0]
    assert [mark(house, number), mark(house, number)] == [True, False]
    assert (told(house, Kind.ABSENT), told(house, Kind.FORFEIT_NEAR)) == (1, 1)
    assert rows(house.app, RegistrationMove, RegistrationMove.action == "mark_absent") == 1
    with house.app.app_context(), reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "registration.absent")).one()
    assert (entry.actor, entry.reason, entry.source) == (STAFF, WHY, CLAUSE)
    assert entry.after == {"sitting": sitting_id(house.app, "2026-04"), "until": "2027-03-24"}


def test_a_clerks_mistake_is_mended_before_and_after_the_fee_lapsed(house: LocalStack) -> None:
    one, other = held_april(house)[:2]
    mark(house, one)
    assert [unmark(house, one), unmark(house, one)] == [True, False]
    assert where_is(house, one)[0] == "concluded"
    assert (told(house, Kind.ABSENT), told(house, Kind.FORFEIT_NEAR)) == (0, 0), "what is untrue is not sent"
    mark(house, other)
    forfeit(house, at(2027, 3, 25, 9))
    assert unmark(house, other)
    assert where_is(house, other)[0] == "concluded"
    assert forfeit(house, at(2027, 3, 26, 9)) == 0


def test_a_mark_at_the_very_end_of_the_year_is_not_followed_by_a_reminder(house: LocalStack) -> None:
    numbers = held_april(house)
    house.clock.stand_at(at(2027, 2, 22, 9))
    mark(house, numbers[0])
    assert (told(house, Kind.ABSENT), told(house, Kind.FORFEIT_NEAR)) == (1, 0)
    house.clock.stand_at(at(2027, 3, 25, 9))
    mark(house, numbers[1])
    assert told(house, Kind.ABSENT) == 1, "there is nothing left to book"


# --- booked again


@pytest.mark.parametrize(
    ("received_on", "fits"),
    [(date(2025, 8, 22), True), (date(2025, 8, 21), False), (date(2026, 3, 29), True)],
)
def test_the_first_day_of_the_new_sitting_may_be_the_last_day_of_the_year(
    house: LocalStack, received_on: date, fits: bool
) -> None:
    number = held_april(house)[0]
    received(house, number, received_on)
    mark(house, number)
    if fits:
        assert again(house, number)
    else:
        refused("target_too_late", again, house, number)
    assert where_is(house, number) == (("paid", "2026-08") if fits else ("absent", "2026-04"))


def test_the_year_begins_when_the_account_had_received_the_whole_fee(house: LocalStack) -> None:
    number = held_april(house)[0]
    received(house, number, date(2025, 8, 1))
    with house.app.app_context(), transaction() as session:
        entry = session.scalars(select(LedgerEntry).join(Registration).where(Registration.number == number)).one()
        entry.amount_fen -= 5000
        rest = {"amount_fen": 5000, "value_date": date(2025, 8, 22), "bank_reference": "the-rest"}
        session.add(
            LedgerEntry(registration_id=entry.registration_id, kind="payment", actor=STAFF, at=entry.at, **rest)
        )
    mark(house, number)
    assert again(house, number)


def test_booked_again_twice_is_booked_and_told_once(house: LocalStack) -> None:
    number = held_april(house)[0]
    mark(house, number)
    assert [again(house, number), again(house, number)] == [True, False]
    refused("not_absent", again, house, number, "2026-11")
    assert told(house, Kind.BOOKED_AGAIN) == 1
    assert rows(house.app, Postponement, Postponement.decision_id.is_(None)) == 1
    assert rows(house.app, Ticket, Ticket.void_reason == "本考次改至8月22日、23日") == 1
    with house.app.app_context(), reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "registration.booked_again")).one()
    assert (entry.actor, entry.reason, entry.source) == (STAFF, "本人来电要求", CLAUSE)


def test_whoever_is_absent_again_can_be_booked_again_within_the_year(house: LocalStack) -> None:
    number = held_april(house)[0]
    mark(house, number)
    again(house, number)
    seeded(house, "2026-08", ENOUGH - 1)
    for month, day in ((7, 28), (8, 17), (8, 24)):
        house.clock.stand_at(at(2026, month, day, 9))
        house.run_jobs()
    assert mark(house, number)
    assert again(house, number, "2026-11")
    assert where_is(house, number) == ("paid", "2026-11")


@pytest.mark.parametrize(
    ("target", "now"),
    [
        ({"month": "2026-04"}, at(2026, 5, 1)),  # the very one that was missed
        ({"month": "2026-08", "level": 3}, at(2026, 5, 1)),
        ({"month": "2026-08", "occupation": "trainer", "level": 3}, at(2026, 5, 1)),
        ({"month": "2026-08"}, at(2026, 8, 22, 0)),  # it is being held
    ],
)
def test_only_a_later_sitting_of_the_same_assessment_takes_somebody(
    house: LocalStack, target: dict[str, object], now: datetime
) -> None:
    number = held_april(house)[0]
    mark(house, number)
    house.clock.stand_at(now)
    refused("target_wrong", again, house, number, **target)
    assert where_is(house, number) == ("absent", "2026-04")


def test_a_sitting_that_is_decided_takes_nobody(house: LocalStack) -> None:
    number = held_april(house)[0]
    mark(house, number)
    seeded(house, "2026-08", ENOUGH)
    house.clock.stand_at(at(2026, 7, 28, 9))
    house.run_jobs()
    refused("target_wrong", again, house, number)
    with house.app.app_context():
        refused("sitting_unknown", absence.book_again, number, 999, STAFF, WHY, house.clock.now())


def test_whoever_came_needs_no_other_sitting(house: LocalStack) -> None:
    number = held_april(house)[0]
    refused("not_absent", again, house, number)


def test_whoever_has_registered_anew_is_not_put_into_a_second_sitting(house: LocalStack) -> None:
    number, other = held_april(house)[0], seeded(house, "2026-08", 1)[0]
    mark(house, number)
    with house.app.app_context(), reading() as session:
        person = session.scalars(select(Candidate.id).join(Registration).where(Registration.number == number)).one()
    change(house, other, candidate_id=person)
    refused("another_registration", again, house, number)
    assert where_is(house, number) == ("absent", "2026-04")


# --- forfeited


@pytest.mark.parametrize(
    ("received_on", "last"),
    [
        (date(2026, 3, 24), date(2027, 3, 24)),
        (date(2025, 12, 31), date(2026, 12, 31)),
        (date(2024, 2, 29), date(2025, 2, 28)),
    ],
)
def test_the_last_day_still_counts_and_the_day_after_does_not(
    house: LocalStack, received_on: date, last: date
) -> None:
    one, other = held_april(house)[:2]
    mark(house, one)
    received(house, one, received_on)
    midnight = at(last.year, last.month, last.day, 0) + timedelta(days=1)
    assert forfeit(house, midnight - timedelta(seconds=1)) == 0
    assert [forfeit(house, midnight), forfeit(house, midnight)] == [1, 0]
    assert (where_is(house, one)[0], where_is(house, other)[0]) == ("forfeited", "concluded")
    assert told(house, Kind.FORFEITED) == 1
    assert told(house, Kind.FORFEIT_NEAR) == 0
    with house.app.app_context(), reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "registration.forfeited")).one()
    assert (entry.source, entry.after) == (CLAUSE, {"until": last.isoformat()})


def test_nobody_forfeits_whom_the_institution_keeps_waiting(house: LocalStack) -> None:
    in_november, waits, sits = seeded(house, "2026-11", 3)
    for number in (in_november, waits, sits):
        received(house, number, date(2024, 3, 1))
    change(house, waits, waiting_since=at(2026, 10, 14))
    with house.app.app_context():
        assert expiring.conclude_due(at(2027, 3, 25)) == 0
    assert forfeit(house, at(2030, 1, 1)) == 0
    assert {where_is(house, number)[0] for number in (in_november, waits, sits)} == {"paid"}


def test_whoever_was_booked_again_and_postponed_beyond_the_year_does_not_forfeit(house: LocalStack) -> None:
    number = held_april(house)[0]
    received(house, number, date(2025, 8, 22))
    mark(house, number)
    again(house, number)
    house.clock.stand_at(at(2026, 7, 28, 9))
    house.run_jobs()
    assert where_is(house, number) == ("paid", "2026-11"), "alone in August, and moved by the rule"
    assert forfeit(house, at(2026, 8, 23, 9)) == 0


def test_one_that_was_found_to_have_been_there_since_it_was_looked_for_is_left_alone(house: LocalStack) -> None:
    number = held_april(house)[0]
    mark(house, number)
    unmark(house, number)
    with house.app.app_context():
        with reading() as session:
            one = session.scalars(select(Registration.id).where(Registration.number == number)).one()
        assert forfeiting.forfeit(one, at(2027, 3, 25)) == 0
    assert where_is(house, number)[0] == "concluded"


@pytest.mark.parametrize("lapsed", [False, True])
def test_the_fee_is_not_given_back_but_what_was_paid_beyond_it_is(house: LocalStack, lapsed: bool) -> None:
    number = held_april(house)[0]
    mark(house, number)
    if lapsed:
        forfeit(house, at(2027, 3, 25, 9))
    now = house.clock.now()
    with house.app.app_context():
        paid = paying.record_payment(number, 700, date(2026, 4, 1), "twice", STAFF, now, other_amount=True)
        assert (paid.paid, paid.outstanding_fen) == (True, -700)
        assert paying.refund(number, "back-1", STAFF, "多缴", now) == 700
        refused("no_refund", paying.refund, number, "back-2", STAFF, "本人要求", now)


def test_where_the_notice_says_nothing_of_it_no_fee_lapses_and_nothing_is_booked_again(stack: LocalStack) -> None:
    number = held_april(stack, 30)[0]
    assert mark(stack, number)
    assert told(stack, Kind.ABSENT) == 0
    refused("no_second_chance", again, stack, number)
    assert forfeit(stack, at(2030, 1, 1)) == 0
    with stack.app.app_context():
        refused("nothing_to_refund", paying.refund, number, "back-1", STAFF, "本人要求", stack.clock.now())
    assert where_is(stack, number)[0] == "absent"
