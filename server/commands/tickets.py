"""`jiping staff ticket …`: the tickets that an institution prints and hands out, or that a unit collects, as files to print."""

from pathlib import Path

import click

from server.commands.context import actor, application, in_application, now, write_private
from server.config import Settings
from server.documents.ticket import CannotPrint, ticket_pdf
from server.services import ticketing


@click.group()
def ticket() -> None:
    """准考证。"""


@ticket.command("print")
@click.argument("sitting_id", type=int)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--unit", help="只要这个申报单位的；不写则是这个考次的全部")
@in_application
def ticket_print(sitting_id: int, folder: Path, unit: str | None) -> None:
    """把一个考次已生成的准考证存为 PDF，由机构打印发放，或由申报单位领取（会留下记录）。"""
    found = ticketing.to_print(sitting_id, unit, actor(), now())
    settings: Settings = application().extensions["jiping_settings"]
    fonts = [Path(name) for name in settings.font_paths]
    folder.mkdir(parents=True, exist_ok=True)
    refused = 0
    for one in found:
        line = f"{one.ticket.number}  {one.registration.unit or '个人'}  {one.candidate.name}"
        try:
            pdf = ticket_pdf(ticketing.ticket_page(one, settings.public_url), fonts)
        except CannotPrint:
            refused += 1
            click.echo(f"{line}  姓名中有打印不出的字，请先安装字体")
            continue
        write_private(folder / f"{one.ticket.number}.pdf", pdf)
        click.echo(line)
    click.echo(f"共{len(found) - refused}张，已存到 {folder}")
    if refused:
        raise SystemExit(1)
