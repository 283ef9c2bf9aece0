"""What a clerk enters at the window: `jiping staff apply FILE`, each person of the file in a transaction of their own, and
`--amend` and `jiping staff withdraw` for one of them later."""

from collections import Counter
from pathlib import Path

import click

from server.commands.context import actor, in_application, now
from server.commands.sittings import title
from server.commands.window_file import PersonLines, WindowFile, read_window_file
from server.csv_files import FileRefused
from server.domain.days import local_day
from server.domain.money import yuan
from server.errors import Problem
from server.services import dossier, paying, sitting_list
from server.services.at_window import WindowForm, amend_at_window, register_at_window, withdraw_at_window
from server.services.ways_to_apply import require_way

_NEW, _THERE, _REFUSED = "已登记", "已申报", "未登记"


@click.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--amend",
    "number",
    callback=lambda _context, _option, value: value and value.strip().upper(),
    help="补正这件被退回的申报；文件中只写这一个人",
)
@click.option("--version", type=int, help="补正时所看的版本；之后有改动则不办理")
@in_application
def apply(file: Path, number: str | None, version: int | None) -> None:
    """窗口录入：登记文件中的人（个人现场申报或团体申报），写法见 docs/examples/window.toml。

    再次运行同一文件，只登记尚未登记的人。
    """
    if version is not None and number is None:
        raise click.UsageError("--version 只用于补正（--amend）")
    try:
        found = read_window_file(file, local_day(now()))
    except FileRefused as refused:
        for fault in refused.faults:
            click.echo(fault, err=True)
        raise SystemExit(1) from None
    if number is None:
        _register(found)
    else:
        _amend(found, number, version)


def _register(found: WindowFile) -> None:
    sitting, _ = sitting_list.one_sitting(found.head.sitting)
    require_way(sitting_list.book_of(sitting), found.head.channel)
    click.echo(f"{title(sitting)}（{sitting_list.when(sitting)}）")
    results = Counter[str]()
    for place, person in enumerate(found.people, start=1):
        result, words = _registered(found, person)
        results[result] += 1
        click.echo(f"第{place}人 {person.name}  {result}  {words}")
    click.echo("，".join(f"{result}{results[result]}人" for result in (_NEW, _THERE, _REFUSED)))
    if results[_REFUSED]:
        raise SystemExit(1)


def _registered(found: WindowFile, person: PersonLines) -> tuple[str, str]:
    """What came of one person, and the number of the registration or why there is none."""
    try:
        return _NEW, f"申报号 {register_at_window(_form(found, person), actor(), now())}"
    except Problem as problem:
        if problem.code == "already_registered":
            return _THERE, f"申报号 {problem.facts['number']}"
        return _REFUSED, _why(problem)


def _amend(found: WindowFile, number: str, version: int | None) -> None:
    if len(found.people) != 1:
        raise click.ClickException("补正（--amend）一次办理一件，文件中只能有一个 [[people]] 表")
    (person,) = found.people
    try:
        amend_at_window(number, _form(found, person), version, actor(), now())
    except Problem as problem:
        raise click.ClickException(_why(problem)) from None
    click.echo(f"{person.name}  已补正，等待审核  申报号 {number}")


def _form(found: WindowFile, person: PersonLines) -> WindowForm:
    try:
        return found.form(person)
    except OSError:  # they were there when the file was looked through
        raise Problem("upload_missing", text="照片或材料不能读取") from None


def _why(problem: Problem) -> str:
    reasons = "；".join(one["text"] for one in problem.facts.get("reasons", []))
    return f"{problem.text}（{problem.code}）{reasons}"


@click.command("withdraw")
@click.argument("number", callback=lambda _context, _option, value: value.strip().upper())
@click.option("--reason", default="", help="退出的原因，本人在手机上看得到；本人在小程序中提交的申报必填")
@in_application
def withdraw(number: str, reason: str) -> None:
    """代本人退出一件申报（本人或申报单位在窗口提出）。"""
    new = withdraw_at_window(number, actor(), reason, now())
    click.echo("已退出" if new else "之前已经退出，没有变化")
    paid = sum(one.amount_fen for one in paying.ledger(dossier.open_dossier(number).registration.id))
    if paid > 0:
        click.echo(f"已缴{yuan(paid)}，请办理退费：jiping staff payment refund {number} --reference … --reason …")
