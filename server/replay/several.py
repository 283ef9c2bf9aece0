"""Several rulebooks lived through side by side: each in a process of its own, with an installation of its own."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from server.errors import Problem
from server.replay.phone import ReplayBroken
from server.replay.plan import PlanRow
from server.replay.report import Report
from server.replay.run import replay
from server.rulebooks.book import Rulebook

Job = tuple[Rulebook, tuple[PlanRow, ...]]


class OneBroken(Exception):
    """A replay that broke off, and why, in words that can go from one process to another."""


def replay_all(jobs: Sequence[Job]) -> Iterator[Report]:
    """The report of each, in the order in which they were named; as many at a time as there are processors.

    Raises OneBroken.
    """
    workers = min(len(jobs), os.cpu_count() or 1)
    # Begun afresh, not forked: nothing of this process may be shared with a year that is lived in another.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as processes:
        yield from processes.map(_one, jobs)


def _one(job: Job) -> Report:
    book, plan = job
    try:
        return replay(book, plan).report
    except ReplayBroken as broken:
        raise OneBroken(f"{book.slug}：{broken}") from None
    except Problem as problem:
        raise OneBroken(f"{book.slug}：{problem.text}（{problem.code}）") from None
