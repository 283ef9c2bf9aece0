"""A replay from beginning to end: a throwaway installation, the year in it, the report of it."""

import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from server.db import reading
from server.domain.notices import wording_of
from server.local import LocalStack, local_stack
from server.replay.checks import run_checks
from server.replay.expected import calendar_of
from server.replay.facts import read_facts
from server.replay.lived import Lived
from server.replay.people import cast, on
from server.replay.plan import PlanRow
from server.replay.report import Report, notice_rows, sitting_rows
from server.replay.stops import decision_day, stops
from server.replay.year import Year
from server.rulebooks.book import Rulebook
from server.rulebooks.loader import LoadedRulebook
from server.services.working_days import day_table


@dataclass(frozen=True)
class Replayed:
    """The report, and what it was made from."""

    report: Report
    lived: Lived


def replay(
    book: Rulebook,
    plan: Sequence[PlanRow],
    shown: Callable[[Sequence[datetime]], Iterable[datetime]] = iter,
) -> Replayed:
    """Live through a plan. `shown` hands out the stops one by one, and may show how far it is.

    Raises ReplayBroken where something is refused that must be granted to anybody.
    """
    started = time.perf_counter()
    alone = [LoadedRulebook(book, "replay")]
    with (
        tempfile.TemporaryDirectory(prefix="jiping-replay-") as folder,
        local_stack(Path(folder), books=alone, began=on(date(book.year, 1, 1), 0) - timedelta(days=1)) as stack,
    ):
        lived = _live(stack, book, tuple(plan), shown)
    report = Report(
        rulebook=book.slug,
        edition=book.edition,
        sittings=sitting_rows(lived.facts),
        notices=notice_rows(lived.facts),
        checks=run_checks(lived),
        seconds=round(time.perf_counter() - started, 2),
    )
    return Replayed(report, lived)


def _live(
    stack: LocalStack,
    book: Rulebook,
    plan: tuple[PlanRow, ...],
    shown: Callable[[Sequence[datetime]], Iterable[datetime]],
) -> Lived:
    with stack.app.app_context(), reading() as session:
        table = day_table(session)
    calendar = calendar_of(book, table)
    way = book.application.individual.kind
    people = cast(plan, calendar, book.turnout.counting.recording_days, way, table)
    ahead = stops(book, calendar.values(), people)
    # Where a second run would do the most harm: on the morning after each decision, and when all is over.
    run_again_at = {decision_day(book, dates) + timedelta(hours=9) for dates in calendar.values()} | {ahead[-1]}
    year = Year(stack, book, people)
    year.prepare(ahead[0])
    for stop in shown(ahead):
        year.live_until(stop)
        if stop in run_again_at:
            year.run_again()
    with stack.app.app_context():
        facts = read_facts(book.slug, year.listed, year.phones.inbox())
    kinds = {template: wording_of(key)[0] for key, template in stack.settings.wechat_templates.items()}
    asked = {moment: frozenset(kinds[one] for one in templates) for moment, templates in year.phones.asked.items()}
    return Lived(book, plan, tuple(people), facts, table, tuple(year.reruns), dict(year.tickets_opened), asked)
