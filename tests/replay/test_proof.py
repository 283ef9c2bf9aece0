"""A year lived through with silent phones: the proof names exactly those as told by telephone, and everybody in time."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from server.db import reading, transaction
from server.domain.days import start_of
from server.domain.notices import ChannelName
from server.domain.telling import Verdict
from server.local import LocalStack, local_stack
from server.models import Delivery, Notice, Registration
from server.replay.expected import calendar_of
from server.replay.people import Person, cast, on
from server.replay.plan import read_plan
from server.replay.stops import stops
from server.replay.year import Year
from server.rulebooks.book import Rulebook
from server.rulebooks.loader import LoadedRulebook
from server.services.alarms import alarms
from server.services.proofs import Proof
from server.services.proving import proof
from server.services.working_days import day_table
from tests.conftest import at
from tests.seeding import sitting_id

PLAN = """\
sitting,occupation,level,applicants,approved,paid,no_grant,sms_fails
2026-04,企业人力资源管理师,4,6,6,6,1,2
"""
THE_DAY = at(2026, 4, 16, 9)


@pytest.fixture(scope="module")
def lived(book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalStack, list[Person]]]:
    """The small year until the day after the limit."""
    path: Path = tmp_path_factory.mktemp("plan") / "plan.csv"
    path.write_text(PLAN, "utf-8-sig")
    began = on(date(2026, 1, 1), 0) - timedelta(days=1)
    with local_stack(path.parent, books=[LoadedRulebook(book, "replay")], began=began) as stack:
        with stack.app.app_context(), reading() as session:
            table = day_table(session)
        calendar = calendar_of(book, table)
        way = book.application.individual.kind
        people = cast(read_plan(path, book), calendar, book.turnout.counting.recording_days, way, table)
        ahead = [one for one in stops(book, calendar.values(), people) if one < THE_DAY]
        year = Year(stack, book, people)
        year.prepare(ahead[0])
        for stop in ahead:
            year.live_until(stop)
        stack.clock.stand_at(THE_DAY)
        yield stack, people


def opened(stack: LocalStack) -> Proof:
    april = sitting_id(stack.app, "2026-04")
    with stack.app.app_context():
        return proof(april, "staff:lin", stack.clock.now())


def test_the_silent_were_told_by_call_and_the_others_by_sms_all_before_the_limit(
    lived: tuple[LocalStack, list[Person]],
) -> None:
    stack, people = lived
    [matter] = opened(stack).matters
    by = {one.number: one.verdict for one in matter.people}
    assert by == {one.number: Verdict.BY_SMS if one.confirms else Verdict.BY_CALL for one in people}
    assert sorted(by.values()) == [Verdict.BY_CALL] * 2 + [Verdict.BY_SMS] * 4
    assert all(one.heard_at is not None and one.heard_at < start_of(date(2026, 4, 16)) for one in matter.people)
    with stack.app.app_context():
        assert [one for one in alarms(stack.clock.now(), starting=True) if one.code == "people_untold"] == []


def test_every_sms_stands_with_the_carrier_s_reference_its_tries_and_its_receipt(
    lived: tuple[LocalStack, list[Person]],
) -> None:
    stack, _ = lived
    [matter] = opened(stack).matters
    for one in matter.people:
        [sms] = [sent for sent in one.sent if sent.channel == ChannelName.SMS.value]
        assert sms.reference
        assert [tried.outcome for tried in sms.tries] == ["accepted"]
        assert [said.delivered for said in sms.receipts] == [True] * (one.verdict is Verdict.BY_SMS)


def test_one_confirmation_that_came_a_day_later_is_not_in_time(lived: tuple[LocalStack, list[Person]]) -> None:
    stack, people = lived
    honest = opened(stack)
    somebody = next(one for one in people if one.confirms)
    notice = select(Notice.id).join(Registration).where(Registration.number == somebody.number)
    with stack.app.app_context(), transaction() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.notice_id.in_(notice), Delivery.channel == ChannelName.SMS.value)
            .values(confirmed_at=start_of(date(2026, 4, 16)))
        )
    falsified = opened(stack)
    late = [one.number for matter in falsified.matters for one in matter.people if one.verdict is Verdict.LATE]
    assert late == [somebody.number]
    assert (honest.totals.in_time, falsified.totals.in_time) == (6, 5)
    assert falsified.digest != honest.digest
    with stack.app.app_context():
        [alarm] = [one for one in alarms(stack.clock.now(), starting=True) if one.code == "people_untold"]
    assert "有1人没有按期得知" in alarm.text
