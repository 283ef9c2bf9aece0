"""`jiping rulebook …`: check rulebooks before they are used, read them, put them side by side."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar

import click

from server.config import SettingsRefused, rulebooks_folder
from server.domain.columns import aligned, width
from server.rulebooks.book import Rulebook
from server.rulebooks.catalogue import Catalogue
from server.rulebooks.comparison import table_of_institutions
from server.rulebooks.differences import Difference, differences
from server.rulebooks.finding import find
from server.rulebooks.loader import FOLDER, LoadedRulebook, RulebookRefused, assumed_clauses, load_all, load_file
from server.rulebooks.reading import in_words

P = ParamSpec("P")
R = TypeVar("R")
# As diff(1) has it: 1 where something differs, 2 where nothing could be compared. A file that is wrong ends `check` with 1.
_WRONG, _DIFFERENT, _UNREADABLE = 1, 1, 2
_LINE = 100  # columns within which old and new stand on one line


@click.group()
def rulebook() -> None:
    """规则文件：检查、查看、比较。"""


def folder() -> Path:
    """Where this installation's rulebooks lie. Raises SettingsRefused."""
    return rulebooks_folder() or FOLDER


def _refusing(code: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Say each fault of rulebooks and settings on a line of its own, and end with this code."""

    def wrapped(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except (RulebookRefused, SettingsRefused) as refused:
                _refuse(refused.faults, code)

        return run

    return wrapped


def _refuse(faults: list[str], code: int) -> NoReturn:
    for fault in faults:
        click.echo(fault, err=True)
    raise SystemExit(code)


@rulebook.command("check")
@click.argument("path", metavar="FILE|FOLDER", type=click.Path(path_type=Path))
@_refusing(_WRONG)
def rulebook_check(path: Path) -> None:
    """检查一份规则文件，或一个文件夹里的全部：逐条说出文件、键和原因。"""
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if path.is_dir():
        load_all(path)  # all faults at once, those between files too
    for file in files:
        _say_right(file.name, load_file(file).book)
    if path.is_dir():
        click.echo(f"共{len(files)}份规则，相互之间没有矛盾")


def _say_right(name: str, book: Rulebook) -> None:
    sittings = len(book.planned())
    click.echo(f"{name}: 正确。{book.institution.name}，{book.year}年第{book.edition}版，{sittings}个考次")
    for key, why in assumed_clauses(book):
        click.echo(f"  假定  {key}：{why}")


def _name(book: Rulebook) -> str:
    return f"{book.slug}@{book.edition}"


@rulebook.command("list")
@_refusing(_UNREADABLE)
def rulebook_list() -> None:
    """正在使用的规则文件夹，和其中的规则。"""
    loaded = load_all(folder())
    click.echo(f"规则文件夹：{folder()}")
    in_use = {_name(one.book) for one in Catalogue(loaded).newest()}
    rows = [("规则", "机构", "年度", "考次", "")]
    for one in loaded:
        note = "" if _name(one.book) in in_use else "旧版，仅供已有的考次"
        planned = str(len(one.book.planned()))
        rows.append((_name(one.book), one.book.institution.name, str(one.book.year), planned, note))
    for line in aligned(rows):
        click.echo(line)


@rulebook.command("show")
@click.argument("name", metavar="SLUG|FILE", required=False)
@click.option("--edition", type=int, help="第几版；不给则用最新的")
@click.option("--table", is_flag=True, help="全部机构的对照表（Markdown），即 docs/institutions.md")
@_refusing(_UNREADABLE)
def rulebook_show(name: str | None, edition: int | None, table: bool) -> None:
    """用文字写出一份规则的全部内容，每条附出处，供与通知核对。"""
    if table == (name is not None) or (table and edition is not None):
        raise click.UsageError("写一份规则的代号或文件，或只写 --table")
    lines = in_words(find(name, folder(), edition).book) if name is not None else table_of_institutions(_newest())
    for line in lines:
        click.echo(line)


def _newest() -> list[Rulebook]:
    books = [one.book for one in Catalogue(load_all(folder())).newest()]
    return sorted(books, key=lambda book: book.slug)


@rulebook.command("diff")
@click.argument("old")
@click.argument("new")
@_refusing(_UNREADABLE)
def rulebook_diff(old: str, new: str) -> None:
    """逐键比较两份规则（代号、代号@版次或文件）。没有差异时退出码为0，有差异为1，读不了为2。"""
    before, after = find(old, folder()), find(new, folder())
    click.echo(f"{_title(old, before)} → {_title(new, after)}")
    found = list(differences(before.book, after.book))
    for one in found:
        _say_difference(one)
    click.echo(f"共{len(found)}处差异" if found else "没有差异")
    if found:
        raise SystemExit(_DIFFERENT)


def _title(asked: str, loaded: LoadedRulebook) -> str:
    book = loaded.book
    return f"{_name(book)}（{Path(asked).name}）" if asked.endswith(".toml") else _name(book)


def _say_difference(one: Difference) -> None:
    click.echo(f"\n{one.place.text}  {one.place.key}")
    if width(one.old) + width(one.new) <= _LINE:
        click.echo(f"  {one.old} → {one.new}")
    else:
        click.echo(f"    {one.old}\n  → {one.new}")
