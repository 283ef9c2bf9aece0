"""`jiping calendar …`: the year's public holidays and working weekends that working days are reckoned with."""

from datetime import datetime
from pathlib import Path

import click

from server.commands.calendar_file import KINDS, read_year, written
from server.commands.context import DAY, actor, in_application, now
from server.csv_files import FileRefused
from server.domain.days import SHANGHAI
from server.domain.published_year import DayKind
from server.domain.wording import weekday_text
from server.services import sitting_days, working_days

_KIND_NAMES: dict[DayKind, str] = {"off": "放假", "worked": "上班"}


@click.group()
def calendar() -> None:
    """放假安排：节假日和调休上班日，用来推算工作日。"""


@calendar.command("show")
@click.argument("year", type=int)
@click.option("--csv", "as_csv", is_flag=True, help="写成 set-year 能读的文件")
@in_application
def show(year: int, as_csv: bool) -> None:
    """一年的放假安排和它的来源。"""
    row, found = working_days.known_year(year)
    if as_csv:
        click.echo(written(found), nl=False)
        return
    entered = f"{row.set_at.astimezone(SHANGHAI):%Y-%m-%d}由 {row.set_by} 录入"
    click.echo(f"{year}年  {row.source}，{entered}")
    kinds = [(one, _KIND_NAMES["off"]) for one in found.off] + [(one, _KIND_NAMES["worked"]) for one in found.worked]
    for one, name in sorted(kinds):
        click.echo(f"  {weekday_text(one.day)}  {name}  {one.note}".rstrip())
    click.echo(f"共放假{len(found.off)}天，调休上班{len(found.worked)}天")


@calendar.command("set-year")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", default="", help="出自哪份通知；不写则为国务院办公厅当年的放假通知")
@click.option("--reason", default="", help="替换已录入的年份时，写明原因")
@in_application
def set_year(file: Path, source: str, reason: str) -> None:
    """录入或替换一整年（CSV，表头 day,kind,note；kind 为 off 放假或 worked 调休上班）。"""
    try:
        found = read_year(file)
    except FileRefused as refused:
        for fault in refused.faults:
            click.echo(fault, err=True)
        raise SystemExit(1) from None
    # That is what the notice of each November is called.
    source = source or f"国务院办公厅关于{found.year}年部分节假日安排的通知"
    working_days.set_year(found.year, found.off, found.worked, source, actor(), reason, now())
    click.echo(f"已录入{found.year}年：放假{len(found.off)}天，调休上班{len(found.worked)}天")
    _propose_again()


def _propose_again() -> None:
    changed = sitting_days.propose_again(now())
    if changed:
        click.echo(f"{changed}个考次的拟定日期随之改动")


@calendar.command("set-day")
@click.argument("day", type=DAY)
@click.argument("kind", type=click.Choice([*KINDS, "none"]))
@click.option("--note", default="", help="是什么日子，如 春节")
@click.option("--reason", required=True, help="更正的原因，如国务院的补充通知")
@in_application
def set_day(day: datetime, kind: str, note: str, reason: str) -> None:
    """更正一天：off 放假，worked 调休上班，none 恢复为平常日子。"""
    wanted: DayKind | None = "off" if kind == "off" else "worked" if kind == "worked" else None
    changed = working_days.set_day(day.date(), wanted, note, actor(), reason, now())
    click.echo(f"已更正 {weekday_text(day.date())}" if changed else "本来就是这样，没有变化")
    _propose_again()
