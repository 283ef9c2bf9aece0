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
from server.replay.plan import PlanRefused, default_plan, read_plan
from server.replay.run import replay as live_through
from server.replay.table import lines
from server.rulebooks.book import Rulebook
from server.rulebooks.finding import by_slug
from server.rulebooks.loader import FOLDER, RulebookRefused

_BAD_INPUT, _BAD_OUTCOME = 2, 1


@click.command()
@click.argument("rulebook")
@click.option("--plan", type=click.Path(path_type=Path), help="各考次的人数（CSV）；不给则用该规则自带的计划")
@click.option("--json", "as_json", is_flag=True, help="只输出一个 JSON")
def replay(rulebook: str, plan: Path | None, as_json: bool) -> None:
    """演练一年：在临时数据库里走完一份规则的全年，真实的接口、定时任务和通知，最后逐项检查。"""
    folder = _folder()
    book = _book(rulebook, folder)
    path = plan or default_plan(book)
    if plan is None and not path.exists():
        _refuse([f"规则 {rulebook} 没有自带的计划，请用 --plan 指定一个 CSV 文件"])
    try:
        rows = read_plan(path, book)
    except PlanRefused as refused:
        _refuse(refused.faults)
    quiet = as_json or not sys.stderr.isatty()
    try:
        report = live_through(book, rows, iter if quiet else _with_a_bar, folder).report
    except ReplayBroken as broken:
        raise click.ClickException(f"演练中断：{broken}") from None
    except Problem as problem:
        raise click.ClickException(f"演练中断：{problem.text}（{problem.code}）") from None
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        for line in lines(report):
            click.echo(line)
    if not report.ok:
        raise SystemExit(_BAD_OUTCOME)


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
