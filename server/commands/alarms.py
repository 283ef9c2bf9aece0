"""`jiping alarms`: what somebody must see to."""

from collections.abc import Iterable

import click

from server.commands.context import in_application, now
from server.domain.days import SHANGHAI
from server.services.alarm import Alarm
from server.services.alarms import alarms as all_alarms


def say_alarms(raised: Iterable[Alarm]) -> None:
    """A line each on standard error, so that it does not mix with what a command was asked for."""
    for one in raised:
        since = f"（自{one.since.astimezone(SHANGHAI):%Y-%m-%d %H:%M}起）" if one.since else ""
        click.echo(f"需要处理  {one.text}{since} [{one.code}]", err=True)


@click.command()
@in_application
def alarms() -> None:
    """需要有人处理的事项；有则以1退出。"""
    raised = all_alarms(now())
    if not raised:
        click.echo("没有需要处理的事项")
        return
    say_alarms(raised)
    raise SystemExit(1)
