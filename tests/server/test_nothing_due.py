"""A job that finds nothing to do asks as much for one sitting and one person as for hundreds: it asks every few seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.engine import Engine

from scheduler.jobs import DUE, Job
from server.db import transaction
from server.domain.registrations import Status
from server.models import Registration, Sitting
from server.services import alarms, forfeiting, sitting_list
from server.services.making_sittings import load_sittings
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id

MOST = 4


@contextmanager
def asked() -> Iterator[list[str]]:
    """Every statement that goes to the database."""
    found: list[str] = []

    def note(*seen: object) -> None:
        found.append(str(seen[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def year(app: Flask) -> Flask:
    """The sittings of every rulebook, those of two months with people in them and a day set."""
    load_sittings(at(2026, 1, 1))
    with transaction() as session:
        session.execute(update(Sitting).values(day_fixed=True))
        busy = session.scalars(select(Sitting.id).where(Sitting.month.in_(["2026-04", "2026-05"]))).all()
    assert len(busy) > 30
    for sitting in busy:
        seed_paid(app, sitting, 30)
    return app


# Tickets are out; two days before payment ends, and on its last day; the months are over.
@pytest.mark.parametrize("now", [at(2026, 4, 20), at(2026, 4, 28, 13), at(2026, 4, 30, 13), at(2026, 6, 1)])
def test_what_is_done_is_not_looked_at_again_sitting_by_sitting(year: Flask, now: datetime) -> None:
    for job in DUE:
        job.work(now)
    assert {job.name: many for job in DUE if (many := _statements(job, now)) > MOST} == {}


def _statements(job: Job, now: datetime) -> int:
    with asked() as found:
        job.work(now)
    return len(found)


def test_absent_people_whose_fee_is_still_good_are_looked_at_together(app: Flask) -> None:
    load_sittings(at(2026, 1, 1))
    people = seed_paid(app, sitting_id(app, "2026-05", "crypto"), 200)
    with transaction() as session:
        session.execute(update(Registration).values(status=Status.ABSENT.value))
    with asked() as statements:
        assert forfeiting.forfeit_due(at(2027, 3, 24)) == 0
    assert len(statements) <= MOST
    assert forfeiting.forfeit_due(at(2027, 3, 25)) == len(people)


def test_all_sittings_and_all_alarms_are_asked_for_in_a_few_statements(year: Flask) -> None:
    with asked() as statements:
        assert len(sitting_list.all_sittings()) > 200
    assert len(statements) <= MOST
    with asked() as statements:
        alarms.alarms(at(2026, 4, 1))
    assert len(statements) <= 28  # one or two for each kind of alarm, however many sittings and people there are
