"""`jiping staff sitting absent, present, again, move`: who did not come, and one person's move to another sitting."""

from collections.abc import Callable

import click

from server.commands.context import actor, in_application, now
from server.services import absence, moving_one

_NUMBER: Callable[..., Callable[..., object]] = click.argument(
    "number", callback=lambda _context, _option, value: value.strip().upper()
)
_REASON = click.option("--reason", required=True, help="原因（会留下记录，本人在进度中也可以看到）")


def _say(new: bool, done: str) -> None:
    click.echo(done if new else "之前已经这样办理过，没有变化")


@click.command()
@_NUMBER
@_REASON
@in_application
def absent(number: str, reason: str) -> None:
    """把没有参加评价的人记为缺考（考次首日过后）。"""
    _say(absence.mark_absent(number, actor(), reason, now()), "已记为缺考")


@click.command()
@_NUMBER
@_REASON
@in_application
def present(number: str, reason: str) -> None:
    """更正误记的缺考。"""
    _say(absence.unmark_absent(number, actor(), reason, now()), "已更正：参加了评价")


@click.command()
@_NUMBER
@click.argument("sitting_id", type=int)
@_REASON
@in_application
def again(number: str, sitting_id: int, reason: str) -> None:
    """缺考后另行安排考次（限通知规定了付费有效期的机构，在期限之内）。"""
    _say(absence.book_again(number, sitting_id, actor(), reason, now()), "已安排并通知本人")


@click.command()
@_NUMBER
@click.argument("sitting_id", type=int)
@click.option("--reason", required=True, help="原因（会留下记录，不告知本人）")
@click.option("--asked", is_flag=True, help="本人申请的；不写则按工作安排通知，本人可以退出")
@in_application
def move(number: str, sitting_id: int, reason: str, asked: bool) -> None:
    """把一个已缴费的人改到之后的另一个考次（未决定开考的）。"""
    _say(moving_one.move_by_hand(number, sitting_id, actor(), reason, now(), asked=asked), "已改期并通知本人")
