"""The process killed at random moments during a postponement of 1,000, 100 times over: all or nothing, each told once."""

import random
import time
from collections import Counter
from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine, func, select

from server.config import Settings
from server.domain.notices import Kind
from server.domain.turnout import Outcome
from server.models import AuditEntry, Notice, NoticeCause, Postponement, Registration, TurnoutCounted, TurnoutDecision
from tests.conftest import at
from tests.processes.conftest import PEOPLE, Copies
from tests.processes.workers import Worker, ended, settle

ROUNDS = {"postgres": 100, "sqlite": 15}
# So many of the rounds are killed only once the worker has said that it is done.
AFTER_COMMIT = {"postgres": 5, "sqlite": 2}
DUE = at(2026, 3, 31, 9)


@dataclass(frozen=True)
class Effect:
    """What of a postponement stands in the database."""

    decisions: int
    counted: int
    moved: int
    stayed: int
    postponements: int
    notices: int
    told: int
    audited: int


NOTHING = Effect(0, 0, 0, PEOPLE, 0, 0, 0, 0)
ALL = Effect(1, PEOPLE, PEOPLE, 0, PEOPLE, PEOPLE, PEOPLE, 1)


def effect(settings: Settings, april: int) -> Effect:
    postponed = Notice.cause_id.in_(select(NoticeCause.id).where(NoticeCause.kind == Kind.POSTPONED.value))
    here, moved = Registration.sitting_id == april, Registration.sitting_id != april
    counts = [
        select(func.count()).select_from(TurnoutDecision),
        select(func.count()).select_from(TurnoutCounted),
        select(func.count()).select_from(Registration).where(moved, Registration.version == 2),
        select(func.count()).select_from(Registration).where(here, Registration.version == 1),
        select(func.count()).select_from(Postponement),
        select(func.count()).select_from(Notice),
        select(func.count(Notice.registration_id.distinct())).where(postponed),
        select(func.count()).select_from(AuditEntry),
    ]
    engine = create_engine(settings.database_url)
    with engine.connect() as connection:
        found = Effect(*connection.execute(select(*(one.scalar_subquery() for one in counts))).one())
    engine.dispose()
    return found


@pytest.mark.parametrize("database", ROUNDS)
def test_a_postponement_killed_at_any_moment_is_all_or_nothing_and_the_run_after_it_completes_it_once(
    database: str, request: pytest.FixtureRequest
) -> None:
    copies: Copies = request.getfixturevalue(f"{database}_copies")
    moments, lasts = _moments(ROUNDS[database], AFTER_COMMIT[database]), _measured(copies)
    seen: Counter[Effect] = Counter()
    while moments:
        with copies.copy() as settings:
            left = NOTHING
            # What a kill left undone is taken up by the next run, which is killed too, until one is done before its kill.
            while moments and left == NOTHING:
                moment = moments.pop()
                _run_and_kill(settings, copies.april, None if moment is None else moment * lasts)
                copies.wait_until_left(settings)
                left = effect(settings, copies.april)
                assert left in {NOTHING, ALL}, f"killed after {moment} of {lasts} s"
                assert left == ALL or moment is not None, "it had said that it was done"
                seen[left] += 1
                lasts *= _faster_or_slower(moment, left)
            with ended(Worker(settle, settings, copies.april, DUE)) as again:
                again.go()
                assert again.done() is (None if left == ALL else Outcome.POSTPONED)
            assert effect(settings, copies.april) == ALL
    assert sum(seen.values()) == ROUNDS[database]
    assert seen[NOTHING] >= ROUNDS[database] // 4, "hardly a kill fell within the transaction"


def _moments(rounds: int, after_commit: int) -> list[float | None]:
    """When each round is killed, as a part of how long it lasts; None: once it has said that it is done.

    Spread evenly over a little more than the whole transaction, random within each part, and in random order.
    """
    dice = random.Random(20260331)
    within = rounds - after_commit
    moments = [*(1.2 * (part + dice.random()) / within for part in range(within)), *[None] * after_commit]
    dice.shuffle(moments)
    return moments


def _faster_or_slower(moment: float | None, left: Effect) -> float:
    """How much longer a run lasts than was thought: a machine that others use too is not always as fast as when it was measured."""
    if moment is not None and left == ALL and moment < 0.9:
        return 0.9
    return 1.1 if moment is not None and left == NOTHING and moment > 1 else 1


def _run_and_kill(settings: Settings, april: int, moment: float | None) -> None:
    worker = Worker(settle, settings, april, DUE)
    worker.go()
    if moment is None:
        assert worker.done() is Outcome.POSTPONED
        worker.kill()
    else:
        worker.kill_after(moment)


def _measured(copies: Copies) -> float:
    """Seconds from the word to the end, undisturbed."""
    with copies.copy() as settings, ended(Worker(settle, settings, copies.april, DUE)) as worker:
        began = time.monotonic()
        worker.go()
        assert worker.done() is Outcome.POSTPONED
        return time.monotonic() - began
