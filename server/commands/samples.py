"""`jiping samples`: every message at its longest, as its reader sees it, held against what the carriers take."""

from collections.abc import Iterator

import click

from notifications.wording.words import sms_template
from server.commands.context import application, in_application
from server.commands.sample_messages import Sample
from server.commands.sample_messages import samples as all_samples
from server.config import Settings
from server.domain.notices import NOT_WRITTEN_YET, Kind
from server.rulebooks.catalogue import catalogue
from server.sandbox.subscribe_fields import kind_of

_ROOM = {"thing": 20, "character_string": 32}


@click.command()
@click.option("--kind", "name", type=click.Choice([kind.value for kind in Kind]), help="只看一类通知")
@in_application
def samples(name: str | None) -> None:
    """每类通知的样张：全部规则中最长的短信（字数、条数）和微信卡片（各字段字数）。"""
    settings: Settings = application().extensions["jiping_settings"]
    books = [one.book for one in catalogue().newest()]
    faults: set[str] = set()
    for kind in Kind if name is None else (Kind(name),):
        found = list(all_samples(kind, books, settings.sms_sign, settings.public_url))
        faults |= {fault for one in found for fault in one.faults()}
        if found:
            for line in _lines(max(found, key=lambda one: len(one.sms)), settings.public_url):
                click.echo(line)
    if faults:
        raise click.ClickException("\n".join(sorted(faults)))


def _lines(one: Sample, public_url: str) -> Iterator[str]:
    later = "（现在还没有功能发出，可一并申请模板）" if one.kind in NOT_WRITTEN_YET else ""
    yield f"{one.kind.value} 第{one.wording.version}版{later}"
    yield f"  模板 {sms_template(one.wording, public_url)}"
    yield f"  短信 {len(one.sms)}字，计{one.parts}条：{one.sms}"
    labels = {field: label for field, label, _ in one.wording.fields}
    if one.fields:
        yield f"  微信 {one.wording.title}"
    for field, value in one.fields:
        room = _ROOM.get(kind_of(field))
        yield f"    {labels[field]}（{field}，{len(value)}{f'/{room}' if room else ''}字）：{value}"
    yield ""
