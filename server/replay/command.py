"""`jiping replay …`: a year of a rulebook, lived through before it begins."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click

from server.config import SettingsRefused, rulebooks_folder
from server.domain.days import SHANGHAI
from server.errors import Problem
from server.replay.phone import ReplayBroken
from server.replay.plan import PlanRefused, PlanRow, default_plan, read_plan
from server.replay.report import Report
from server.replay.run import replay as live_through
from server.replay.several import Job, OneBroken, replay_all
from server.replay.table import lines
from server.rulebooks.book import Rulebook
from server.rulebooks.catalogue import Catalogue
from server.rulebooks.finding import by_slug
from server.rulebooks.loader import FOLDER, RulebookRefused, load_all

_BAD_INPUT, _BAD_OUTCOME = 2, 1


@click.command()
@click.argument("rulebook", required=False)
@click.option("--all", "every", is_flag=True, help="所有带有计划的规则同时演练")
@click.option("--plan", type=click.Path(path_type=Path), help="各考次的人数（CSV）；不给则用该规则自带的计划")
@click.option("--json", "as_json", is_flag=True, help="只输出 JSON：一份规则一个对象，--all 是它们的列表")
def replay(rulebook: str | None, every: bool, plan: Path | None, as_json: bool) -> None:
    """演练一年：在临时数据库里走完一份规则的全年，真实的接口、定时任务和通知，最后逐项检查。"""
    if every == (rulebook is not None) or (every and plan is not None):
        _refuse(["请写一份规则的名称，或只写 --all（各用自带的计划）"])
    folder = _folder()
    books = [_book(rulebook, folder)] if rulebook is not None else _all_with_a_plan(folder)
    jobs = [(book, _plan(book, plan or default_plan(book, folder), own=plan is None)) for book in books]
    reports = []
    try:
        for report in _lived(jobs, quiet=as_json or every or not sys.stderr.isatty()):
            reports.append(report)
            if not as_json:
                _print(report, last=len(reports) == len(jobs))
    except (ReplayBroken, OneBroken) as broken:
        raise click.ClickException(f"演练中断：{broken}") from None
    except Problem as problem:
        raise click.ClickException(f"演练中断：{problem.text}（{problem.code}）") from None
    if as_json:
        told = [one.as_json() for one in reports]
        click.echo(json.dumps(told if every else told[0], ensure_ascii=False, indent=2))
    if not all(report.ok for report in reports):
        raise SystemExit(_BAD_OUTCOME)


def _lived(jobs: list[Job], *, quiet: bool) -> Iterator[Report]:
    if len(jobs) > 1:
        yield from replay_all(jobs)
        return
    ((book, rows),) = jobs
    yield live_through(book, rows, iter if quiet else _with_a_bar).report


def _print(report: Report, *, last: bool) -> None:
    for line in lines(report):
        click.echo(line)
    if not last:
        click.echo("\n" + "─" * 60 + "\n")


def _plan(book: Rulebook, path: Path, *, own: bool) -> tuple[PlanRow, ...]:
    if own and not path.exists():
        _refuse([f"规则 {book.slug} 没有自带的计划，请用 --plan 指定一个 CSV 文件"])
    try:
        return read_plan(path, book)
    except PlanRefused as refused:
        _refuse(refused.faults)


def _all_with_a_plan(folder: Path) -> list[Rulebook]:
    """Every rulebook, in its newest edition, that has a plan beside it."""
    try:
        books = [one.book for one in Catalogue(load_all(folder)).newest()]
    except RulebookRefused as refused:
        _refuse(refused.faults)
    return [book for book in books if default_plan(book, folder).exists()] or _refuse(["没有带有计划的规则"])


def _folder() -> Path:
    """Where this installation's rulebooks lie."""
    try:
        return rulebooks_folder() or FOLDER
    except SettingsRefused as refused:
        _refuse(refused.faults)


def _book(slug: str, folder: Path) -> Rulebook:
    """The newest edition of a rulebook, as the application would use it."""
    try:
        return by_slug(slug, folder).book
    except RulebookRefused as refused:
        _refuse(refused.faults)


def _refuse(faults: Iterable[str]) -> NoReturn:
    for fault in faults:
        click.echo(fault, err=True)
    raise SystemExit(_BAD_INPUT)


def _with_a_bar(stops: Sequence[datetime]) -> Iterator[datetime]:
    """The stops, with a bar on standard error that says which day it is."""
    with click.progressbar(stops, label="演练", item_show_func=_day, file=sys.stderr) as bar:
        yield from bar


def _day(stop: datetime | None) -> str:
    return f"{stop.astimezone(SHANGHAI):%Y-%m-%d}" if stop else ""
