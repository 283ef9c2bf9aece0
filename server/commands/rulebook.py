"""`jiping rulebook …`: check a rulebook before it is used."""

from pathlib import Path

import click

from server.rulebooks.loader import RulebookRefused, assumed_clauses, load_file


@click.group()
def rulebook() -> None:
    """规则文件。"""


@rulebook.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def rulebook_check(file: Path) -> None:
    """检查一份规则文件：逐条说出文件、键和原因。"""
    try:
        book = load_file(file).book
    except RulebookRefused as refused:
        for fault in refused.faults:
            click.echo(fault, err=True)
        raise SystemExit(1) from None
    click.echo(
        f"{file.name}: 正确。{book.institution.name}，{book.year}年第{book.edition}版，{len(book.planned())}个考次"
    )
    for key, why in assumed_clauses(book):
        click.echo(f"  假定  {key}：{why}")
