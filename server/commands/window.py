"""`jiping staff apply FILE`: register the people of a file, each in a transaction of their own."""

from collections import Counter
from pathlib import Path

import click

from server.commands.context import actor, in_application, now
from server.commands.sittings import title
from server.commands.window_file import PersonLines, WindowFile, read_window_file
from server.csv_files import FileRefused
from server.domain.days import local_day
from server.errors import Problem
from server.services import sitting_list
from server.services.at_window import register_at_window
from server.services.ways_to_apply import require_way

_NEW, _THERE, _REFUSED = "已登记", "已申报", "未登记"


@click.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@in_application
def apply(file: Path) -> None:
    """窗口录入：登记文件中的人（个人现场申报或团体申报），写法见 docs/examples/window.toml。

    再次运行同一文件，只登记尚未登记的人。
    """
    try:
        found = read_window_file(file, local_day(now()))
    except FileRefused as refused:
        for fault in refused.faults:
            click.echo(fault, err=True)
        raise SystemExit(1) from None
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
        form = found.form(person)
    except OSError:  # they were there when the file was looked through
        return _REFUSED, "照片或材料不能读取"
    try:
        return _NEW, f"申报号 {register_at_window(form, actor(), now())}"
    except Problem as problem:
        if problem.code == "already_registered":
            return _THERE, f"申报号 {problem.facts['number']}"
        reasons = "；".join(one["text"] for one in problem.facts.get("reasons", []))
        return _REFUSED, f"{problem.text}（{problem.code}）{reasons}"
