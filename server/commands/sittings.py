"""`jiping staff sitting …`: sittings, their days and rooms, and what is decided of them."""

from datetime import datetime

import click

from server.commands.absence import absent, again, move, present
from server.commands.context import DAY, actor, in_application, now
from server.domain.levels import LEVEL_SHORT
from server.domain.turnout import OUTCOME_NAMES, Outcome
from server.domain.wording import weekday_text
from server.models import Sitting
from server.services import sitting_days, sitting_list, sitting_places, turnout, waiting


def title(sitting: Sitting) -> str:
    """2026-04 企业人力资源管理师四级."""
    occupation = sitting_list.book_of(sitting).occupation(sitting.occupation).name
    return f"{sitting.month} {occupation}{LEVEL_SHORT[sitting.level]}"


@click.group()
def sitting() -> None:
    """考次：日期、地点、容量和开考决定。"""


@sitting.command("list")
@in_application
def sitting_list_command() -> None:
    """所有考次和决定。"""
    for_staff = turnout.waiting_for_staff()
    for row, decision in sitting_list.all_sittings():
        open_still = "等待人工决定" if row.id in for_staff else "未决定"
        decided = f"{OUTCOME_NAMES[Outcome(decision.outcome)]}（{decision.counted}人）" if decision else open_still
        click.echo(f"{row.id:>4}  {title(row)}  {sitting_list.when(row)}  {decided}")


@sitting.command("show")
@click.argument("sitting_id", type=int)
@in_application
def sitting_show(sitting_id: int) -> None:
    """一个考次：人数、离开考条件还差多少、现在决定会怎样。"""
    row, decision = sitting_list.one_sitting(sitting_id)
    click.echo(f"{title(row)}  评价 {sitting_list.when(row)}  申报 {row.apply_first} 至 {row.apply_last}")
    click.echo(f"缴费 {row.pay_first} 至 {row.pay_last}  准考证 {_tickets(row)}  地点 {row.place}")
    if decision is not None:
        click.echo(f"{decision.decided_on} {OUTCOME_NAMES[Outcome(decision.outcome)]}：{decision.reason}")
        click.echo(f"依据：{decision.source}（第{decision.edition}版），由 {decision.actor} 决定")
        return
    count, would = turnout.preview(sitting_id, now())
    click.echo(f"已缴费{count.counted}人，开考条件{count.threshold}人，有效申报{count.live}件")
    click.echo(f"如现在决定：{OUTCOME_NAMES[would.outcome]}（{would.reason}）")


def _tickets(row: Sitting) -> str:
    groups = f"（团体 {row.group_ticket_from} 起）" if row.group_ticket_from != row.ticket_from else ""
    return f"{row.ticket_from} 起{groups}"


@sitting.command("decide")
@click.argument("sitting_id", type=int)
@click.argument("outcome", type=click.Choice([Outcome.HELD.value, Outcome.POSTPONED.value]))
@click.option("--reason", required=True, help="人工决定的原因")
@click.option("--to", "target", type=int, help="延期到哪个考次；不写则按规则")
@in_application
def sitting_decide(sitting_id: int, outcome: str, reason: str, target: int | None) -> None:
    """人工决定开考（held）或延期（postponed）；已决定开考的考次在评价日之前还可以改为延期。"""
    done = turnout.settle_by_hand(sitting_id, Outcome(outcome), actor(), reason, now(), target)
    click.echo(f"已决定：{OUTCOME_NAMES[done]}")


@sitting.command("place")
@click.argument("sitting_id", type=int)
@click.argument("place")
@click.option("--reason", required=True, help="设定或改动的原因")
@in_application
def sitting_place(sitting_id: int, place: str, reason: str) -> None:
    """设定或改动考核地点；已告知地点的人会收到通知，已发的准考证作废重发。"""
    sitting_places.set_place(sitting_id, place, actor(), reason, now())
    click.echo("已设定地点")


@sitting.command("day")
@click.argument("sitting_id", type=int)
@click.argument("day", type=DAY, required=False)
@click.option("--reason", default="", help="设定或改动的原因")
@click.option("--exceptionally", is_flag=True, help="特殊情况：不在规定的月份、双休日或通知期限内")
@in_application
def sitting_day(sitting_id: int, day: datetime | None, reason: str, exceptionally: bool) -> None:
    """设定评价日期；不写日期则显示拟定的日期。"""
    if day is not None:
        sitting_days.set_day(sitting_id, day.date(), actor(), reason, now(), exceptionally=exceptionally)
        click.echo("已设定日期")
        return
    found = sitting_days.proposal(sitting_id)
    row, proposed = found.sitting, found.proposal
    click.echo(f"{title(row)}  现在：{'已定 ' if row.day_fixed else '未定，暂按 '}{weekday_text(row.assessed_first)}")
    click.echo(f"拟定：{weekday_text(proposed.days.first)}，可选 {row.among_first} 至 {row.among_last}")
    if not proposed.ideal:
        click.echo("注意：当月没有来得及提前通知的合适日期")
    if not proposed.sure:
        click.echo(f"注意：{proposed.days.first.year}年的放假安排尚未录入，拟定日期可能是节假日")


@sitting.command("capacity")
@click.argument("sitting_id", type=int)
@click.argument("people", type=int)
@click.option("--reason", required=True, help="设定或改动的原因")
@in_application
def sitting_capacity(sitting_id: int, people: int, reason: str) -> None:
    """设定考场容量；超出的人按缴费先后顺延。"""
    sitting_days.set_capacity(sitting_id, people, actor(), reason, now())
    click.echo("已设定容量")


@sitting.command("waiting")
@in_application
def sitting_waiting() -> None:
    """等待次年公告安排的人。"""
    found = waiting.who_waits()
    for one in found:
        click.echo(f"{one.sitting.id:>4}  {title(one.sitting)}  {one.people}人")
    click.echo(f"共{sum(one.people for one in found)}人等待次年公告")


for command in (absent, present, again, move):
    sitting.add_command(command)
