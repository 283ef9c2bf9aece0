"""Staff decide a sitting themselves: where to, and what its people are told."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from server.db import reading
from server.domain.turnout import Outcome
from server.errors import Problem
from server.models import Notice, NoticeCause, Postponement, Registration, TurnoutDecision
from server.services import history, turnout
from server.services.making_sittings import load_sittings
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id

DUE = at(2026, 3, 31, 9)


@pytest.fixture
def april(app: Flask) -> int:
    load_sittings(at(2026, 2, 9))
    return sitting_id(app, "2026-04")


def postpone(sitting: int, now: datetime = DUE, target: int | None = None) -> None:
    turnout.settle_by_hand(sitting, Outcome.POSTPONED, "staff:chen", "停电", now, target)


def reasons() -> set[tuple[str, str]]:
    """Why people were moved, as it is on record and as they were told."""
    rows = (
        select(Postponement.reason, NoticeCause)
        .join(Notice, Notice.registration_id == Postponement.registration_id)
        .join(NoticeCause, NoticeCause.id == Notice.cause_id)
        .where(NoticeCause.kind == "postponed")
    )
    with reading() as session:
        return {(reason, cause.facts["why"]) for reason, cause in session.execute(rows)}


@pytest.mark.parametrize(("people", "why"), [(29, "人数不足开考条件"), (30, "工作安排有变")])
def test_nobody_is_told_that_too_few_had_come_where_enough_had(app: Flask, april: int, people: int, why: str) -> None:
    seed_paid(app, april, people)
    postpone(april)
    assert reasons() == {(why, why)}


def test_what_was_to_be_held_and_is_moved_after_all_had_people_enough_and_they_may_step_back(
    app: Flask, april: int
) -> None:
    [first, *_] = seed_paid(app, april, 30)
    turnout.settle_due(DUE)
    postpone(april, at(2026, 4, 10))
    assert reasons() == {("工作安排有变", "工作安排有变")}
    with reading() as session:
        one = session.get_one(Registration, first)
    assert history.my_registration(one.account_id, one.number).may_step_back


def test_nobody_is_moved_to_a_sitting_that_is_over_and_still_undecided(app: Flask, april: int) -> None:
    august, november = sitting_id(app, "2026-08"), sitting_id(app, "2026-11")
    [person] = seed_paid(app, april, 1)
    seed_paid(app, august, 1)
    turnout.settle_due(at(2026, 8, 20))  # too late for both: staff decide
    after = at(2026, 9, 1)
    with pytest.raises(Problem, match="no_target"):
        postpone(april, after, august)
    postpone(april, after)
    with reading() as session:
        assert session.get_one(Registration, person).sitting_id == november
        assert session.scalars(select(TurnoutDecision.target_sitting_id)).all()[-1] == november
