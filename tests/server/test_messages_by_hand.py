"""A message by hand: typed by one, confirmed by another, written once for those who are there at that moment, on record."""

import hashlib
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from server.db import reading, transaction
from server.domain.notices import Kind
from server.domain.registrations import Status
from server.errors import ERRORS, Problem
from server.models import Account, AuditEntry, Grant, HandMessage, Notice, NoticeCause, Registration, Sitting
from server.services import messaging
from server.services.making_sittings import load_sittings
from server.services.messaging import Whom
from server.services.proving import proof
from server.services.turnout import settle
from tests.conftest import at
from tests.rows import rows
from tests.seeding import seed_paid, sitting_id

NOON = at(2026, 3, 24)
HEADING, WORDS = "考场入口改动", "请由东门（中山路）进入，8:30前到达"
CARD = "sandbox-by_hand"


@pytest.fixture
def april(app: Flask) -> int:
    """Three who have paid, two who have not, one who has left."""
    load_sittings(at(2026, 2, 9))
    made = sitting_id(app, "2026-04")
    seed_paid(app, made, 3)
    seed_paid(app, made, 1, status=Status.APPROVED)
    seed_paid(app, made, 1, status=Status.SUBMITTED)
    seed_paid(app, made, 1, status=Status.WITHDRAWN)
    return made


def drafted(april: int, whom: Whom = Whom.LIVE, now: datetime = NOON) -> int:
    return messaging.draft(april, whom, HEADING, WORDS, "staff:lin", now)


def told() -> list[tuple[str, str]]:
    """The status of everybody who has a notice by hand, and the notice's state."""
    by_hand = (NoticeCause.kind == Kind.BY_HAND.value,)
    with reading() as session:
        found = session.execute(
            select(Registration.status, Notice.state)
            .join(Notice, Notice.registration_id == Registration.id)
            .join(NoticeCause, NoticeCause.id == Notice.cause_id)
            .where(*by_hand)
            .order_by(Registration.id)
        )
        return [(status, state) for status, state in found]


def refused(code: str) -> pytest.RaisesExc[Problem]:
    assert code in ERRORS
    return pytest.raises(Problem, match=f"^{code}$")


def audited(app: Flask) -> list[AuditEntry]:
    with reading() as session:
        return list(
            session.scalars(
                select(AuditEntry).where(AuditEntry.action.startswith("message.")).order_by(AuditEntry.id)
            )
        )


@pytest.mark.parametrize(
    ("whom", "statuses"),
    [
        (Whom.LIVE, ["paid", "paid", "paid", "approved", "submitted"]),
        (Whom.PAID, ["paid", "paid", "paid"]),
        (Whom.UNPAID, ["approved", "submitted"]),
    ],
)
def test_those_who_are_meant_get_one_notice_each(app: Flask, april: int, whom: Whom, statuses: list[str]) -> None:
    made = drafted(april, whom)
    assert told() == []
    assert messaging.confirm(made, "staff:chen", NOON) == len(statuses)
    assert told() == [(status, "new") for status in statuses]
    assert rows(app, NoticeCause, NoticeCause.kind == "by_hand", NoticeCause.key == f"message:{made}") == 1


def test_the_people_are_those_of_the_confirmation_and_not_of_the_draft(app: Flask, april: int) -> None:
    made = drafted(april, Whom.PAID)
    seed_paid(app, april, 2)
    assert messaging.confirm(made, "staff:chen", NOON) == 5
    seed_paid(app, april, 4)
    assert len(told()) == 5
    assert messaging.messages()[0][0].people == 5


@pytest.mark.parametrize("actor", ["staff:lin", "staff:LIN", " staff:lin "])
def test_nobody_confirms_what_they_wrote_themselves(april: int, actor: str) -> None:
    made = drafted(april)
    with refused("message_author"):
        messaging.confirm(made, actor, NOON)
    assert told() == []


@pytest.mark.parametrize("confirmer", ["staff:lin", "STAFF:lin"])
def test_the_database_itself_wants_two_people(april: int, confirmer: str) -> None:
    made = drafted(april)
    messaging.confirm(made, "staff:chen", NOON)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(HandMessage).values(confirmed_by=confirmer))


@pytest.mark.parametrize(
    "half",
    [
        {"confirmed_by": "staff:chen"},
        {"confirmed_at": NOON},
        {"confirmed_by": "staff:chen", "confirmed_at": NOON},
    ],
)
def test_the_database_knows_no_half_confirmation(april: int, half: dict[str, object]) -> None:
    drafted(april)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(HandMessage).values(**half))


def test_what_was_sent_cannot_be_dropped_in_the_database_either(april: int) -> None:
    messaging.confirm(drafted(april), "staff:chen", NOON)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(HandMessage).values(dropped_by="staff:chen", dropped_at=NOON))


@pytest.mark.parametrize("again", ["staff:chen", "staff:wu"])
def test_a_second_confirmation_changes_nothing(app: Flask, april: int, again: str) -> None:
    made = drafted(april)
    assert messaging.confirm(made, "staff:chen", NOON) == 5
    seed_paid(app, april, 1)
    assert messaging.confirm(made, again, at(2026, 3, 25)) is None
    assert len(told()) == 5
    assert [one.action for one in audited(app)] == ["message.drafted", "message.confirmed"]
    assert messaging.messages()[0][0].confirmed_by == "staff:chen"


def test_a_dropped_draft_is_not_sent_and_a_sent_one_not_dropped(app: Flask, april: int) -> None:
    dropped, sent = drafted(april), drafted(april)
    with refused("reason_needed"):
        messaging.drop(dropped, "staff:lin", " ", NOON)
    assert messaging.drop(dropped, "staff:lin", "写错了日期", NOON)
    assert not messaging.drop(dropped, "staff:lin", "写错了日期", NOON)
    with refused("message_dropped"):
        messaging.confirm(dropped, "staff:chen", NOON)
    messaging.confirm(sent, "staff:chen", NOON)
    with refused("message_confirmed"):
        messaging.drop(sent, "staff:chen", "不发了", NOON)
    assert len(told()) == 5
    assert [one.action.removeprefix("message.") for one in audited(app)] == [
        "drafted",
        "drafted",
        "dropped",
        "confirmed",
    ]


def test_each_step_is_on_record_with_both_names_and_the_digest_and_without_the_words(app: Flask, april: int) -> None:
    made = drafted(april, Whom.PAID)
    messaging.confirm(made, "staff:chen", NOON)
    digest = hashlib.sha256(f"{HEADING}\n{WORDS}".encode()).hexdigest()
    record = {"message": made, "whom": "paid", "author": "staff:lin", "digest": digest}
    assert [(one.actor, one.action, one.subject, one.after) for one in audited(app)] == [
        ("staff:lin", "message.drafted", f"sitting:{april}", record),
        ("staff:chen", "message.confirmed", f"sitting:{april}", record | {"people": 3}),
    ]


@pytest.mark.parametrize("words", ["", "考" * 36, "一\n二", "见www.jnsh.org.cn", "职业培训", "13800138000"])
def test_words_that_no_carrier_takes_leave_no_draft(app: Flask, april: int, words: str) -> None:
    with pytest.raises(Problem, match=r"^message_") as found:
        messaging.draft(april, Whom.LIVE, HEADING, words, "staff:lin", NOON)
    assert found.value.code in ERRORS
    assert rows(app, HandMessage) == rows(app, AuditEntry) == 0


@pytest.mark.parametrize("number", [0, 999_999])
def test_what_is_not_there_is_said_to_be_unknown(april: int, number: int) -> None:
    with refused("sitting_unknown"):
        drafted(number)
    for asked in (
        lambda: messaging.confirm(number, "staff:chen", NOON),
        lambda: messaging.drop(number, "staff:chen", "x", NOON),
        lambda: messaging.preview(number, None, NOON),
    ):
        with refused("message_unknown"):
            asked()


LAST_MOMENT, OVER = at(2026, 4, 26, 23, 59), at(2026, 4, 27, 0)


def test_a_sitting_takes_messages_until_its_last_day_is_over(april: int) -> None:
    old, made = drafted(april), drafted(april, now=LAST_MOMENT)
    assert messaging.confirm(made, "staff:chen", LAST_MOMENT) == 5
    with refused("message_sitting_over"):
        drafted(april, now=OVER)
    with refused("message_sitting_over"):
        messaging.confirm(old, "staff:chen", OVER)


def test_a_day_that_is_only_proposed_is_not_over_before_the_last_on_which_it_may_be(april: int) -> None:
    with transaction() as session:
        sitting = session.get_one(Sitting, april)
        sitting.day_fixed, sitting.among_last = False, at(2026, 4, 30).date()
    assert messaging.confirm(drafted(april, now=OVER), "staff:chen", OVER) == 5
    with refused("message_sitting_over"):
        drafted(april, now=at(2026, 5, 1, 0))


def test_where_nobody_is_meant_nothing_is_written(app: Flask, april: int) -> None:
    made = drafted(april)
    settle(april, at(2026, 3, 31, 9))  # too few: everybody is in November now
    with refused("message_nobody"):
        messaging.confirm(made, "staff:chen", at(2026, 4, 1))
    assert rows(app, NoticeCause, NoticeCause.kind == "by_hand") == 0
    assert messaging.messages(april)[0][0].confirmed_at is None


def test_what_waits_for_the_morning_is_not_sent_to_those_who_are_moved_meanwhile(app: Flask, april: int) -> None:
    messaging.confirm(drafted(april, Whom.PAID), "staff:chen", at(2026, 3, 30, 22))
    settle(april, at(2026, 3, 31, 3))
    assert told() == [("paid", "cancelled")] * 3


@pytest.mark.parametrize(
    ("now", "rings"),
    [(NOON, NOON), (at(2026, 3, 24, 22), at(2026, 3, 25, 8)), (at(2026, 4, 26, 22), at(2026, 4, 26, 22))],
)
def test_the_preview_counts_and_says_when_it_rings_and_so_it_is(
    app: Flask, april: int, now: datetime, rings: datetime
) -> None:
    made = drafted(april, Whom.PAID, now)
    with transaction() as session:
        accounts = session.scalars(select(Registration.account_id).order_by(Registration.id)).all()
        for number, account in enumerate([*accounts[:2], accounts[0], accounts[5]]):
            session.add(Grant(account_id=account, template=CARD, event=str(number), given_at=NOON))
        session.get_one(Account, accounts[2]).phone_index = None
    seen = messaging.preview(made, CARD, now)
    assert (seen.people, seen.with_credit, seen.without_phone, seen.rings_at) == (3, 2, 1, rings)
    assert messaging.preview(made, None, now).with_credit == 0
    assert told() == []
    messaging.confirm(made, "staff:chen", now)
    with reading() as session:
        assert set(session.scalars(select(Notice.due_at))) == {rings}


def test_a_message_by_hand_is_no_part_of_the_proof(april: int) -> None:
    """Nobody has to know it by a day."""
    before = proof(april, "staff:lin", NOON).digest
    messaging.confirm(drafted(april), "staff:chen", NOON)
    assert proof(april, "staff:lin", NOON).digest == before


def test_the_words_are_not_readable_in_the_database(app: Flask, april: int) -> None:
    drafted(april)
    with reading() as session:
        raw = session.connection().exec_driver_sql("SELECT heading, words FROM hand_message").one()
    assert all(HEADING.encode() not in bytes(one) and WORDS.encode() not in bytes(one) for one in raw)
