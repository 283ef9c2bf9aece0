"""What an auditor asks of each message: when it was queued, to which number it went as it was then, and by which template."""

from datetime import date

import pytest
import requests
from sqlalchemy import select, update

from server.db import field_cipher, reading, transaction
from server.domain.notices import ChannelName
from server.local import LocalStack
from server.models import Attempt, Candidate, Delivery, Notice, NoticeCause
from server.services.proofs import Sent
from server.services.proving import proof
from tests.conftest import at
from tests.people import Phone, approve, pay
from tests.seeding import sitting_id

MORNING = at(2026, 3, 31, 9)


@pytest.fixture
def moved(stack: LocalStack) -> Phone:
    """Somebody with a WeChat credit whose sitting drew nobody else."""
    phone = Phone(stack).ready(1)
    phone.register("2026-04")
    phone.tap("postponed")
    approve(stack, phone.number)
    stack.clock.stand_at(at(2026, 3, 24))
    pay(stack, phone.number, date(2026, 3, 24))
    stack.run_jobs()
    stack.clock.stand_at(MORNING)
    return phone


def tries(stack: LocalStack) -> list[tuple[str, str | None, str | None]]:
    """Channel, number and template of each try to tell of the postponement."""
    with stack.app.app_context(), reading() as session:
        rows = session.execute(
            select(Delivery.channel, Attempt.to_number, Attempt.template)
            .join(Attempt, Attempt.delivery_id == Delivery.id)
            .join(Notice, Notice.id == Delivery.notice_id)
            .join(NoticeCause, NoticeCause.id == Notice.cause_id)
            .where(NoticeCause.kind == "postponed")
            .order_by(Attempt.id)
        )
        return [(channel, to, template) for channel, to, template in rows]


def proved(stack: LocalStack) -> dict[str, Sent]:
    april = sitting_id(stack.app, "2026-04")
    with stack.app.app_context():
        [matter] = proof(april, "staff:lin", stack.clock.now()).matters
    return {one.channel: one for one in matter.people[0].sent}


def test_each_try_keeps_the_number_and_the_template_that_it_was_made_with(stack: LocalStack, moved: Phone) -> None:
    stack.run_jobs()
    settings = stack.settings
    assert sorted(tries(stack)) == [
        ("sms", moved.phone, settings.sms_templates["postponed"]),
        ("wechat", None, settings.wechat_templates["postponed"]),
    ]


def test_the_proof_shows_the_number_of_then_and_not_the_one_on_file_now(stack: LocalStack, moved: Phone) -> None:
    stack.run_jobs()
    with stack.app.app_context(), transaction() as session:
        index = field_cipher().index("13900000009", "phone")
        session.execute(update(Candidate).values(phone="13900000009", phone_index=index))
    sms, card = proved(stack)["sms"], proved(stack)["wechat"]
    assert [one.to for one in sms.tries] == ["138****0001"]
    assert [one.to for one in card.tries] == [""]
    assert (sms.due_at, sms.queued_at, sms.wording) == (MORNING, MORNING, 3)


def test_a_number_sent_to_is_not_readable_in_the_database(stack: LocalStack, moved: Phone) -> None:
    stack.run_jobs()
    with stack.app.app_context(), reading() as session:
        raw = session.connection().exec_driver_sql("SELECT to_number FROM attempt WHERE to_number IS NOT NULL")
        kept = [bytes(one) for (one,) in raw]
    assert kept
    assert all(moved.phone.encode() not in one for one in kept)


def test_a_message_that_waits_in_the_queue_shows_when_it_was_put_there(stack: LocalStack, moved: Phone) -> None:
    body = {"operation": "SendSms", "kind": "error", "code": "LimitExceeded.PhoneNumberOneHour", "times": 1}
    assert requests.post(f"{stack.sandbox}/sandbox/faults", json=body, timeout=10).status_code == 201
    stack.run_jobs()
    stack.clock.stand_at(at(2026, 3, 31, 11))
    stack.run_jobs()
    sms = proved(stack)["sms"]
    assert (sms.queued_at, sms.accepted_at) == (MORNING, at(2026, 3, 31, 11))
    assert [one.template for one in sms.tries] == [stack.settings.sms_templates["postponed"]] * 2


def test_the_second_carriers_template_is_on_record_where_it_took_the_message(stack: LocalStack, moved: Phone) -> None:
    body = {
        "operation": "SendSms",
        "kind": "error",
        "code": "FailedOperation.InsufficientBalanceInSmsPackage",
        "times": 1,
    }
    assert requests.post(f"{stack.sandbox}/sandbox/faults", json=body, timeout=10).status_code == 201
    stack.run_jobs()
    aliyun = stack.settings.aliyun_sms_templates["postponed"]
    assert (ChannelName.SMS.value, moved.phone, aliyun) in tries(stack)


def test_what_was_sent_before_this_was_kept_is_shown_without_it(stack: LocalStack, moved: Phone) -> None:
    stack.run_jobs()
    with stack.app.app_context(), transaction() as session:
        session.execute(update(Delivery).values(queued_at=None))
        session.execute(update(Attempt).values(to_number=None, template=None))
    sms = proved(stack)["sms"]
    assert (sms.queued_at, [(one.to, one.template) for one in sms.tries]) == (None, [("", "")])
