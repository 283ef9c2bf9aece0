"""`jiping notices …`: the proof that everybody was told in time, and the notices that reached nobody."""

import json
from pathlib import Path

import click

from server.commands.context import actor, application, in_application, now, write_private
from server.commands.proof_words import CSV_HEADING, conclusion, csv_rows, lines, moment, page
from server.config import Settings
from server.csv_files import csv_bytes
from server.documents.fonts import FontsMissing
from server.documents.proof import proof_pdf
from server.domain.columns import aligned
from server.domain.notices import KIND_NAMES
from server.services.proofs import Proof, content
from server.services.proving import proof as prove
from server.services.undelivered import undelivered

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def notices() -> None:
    """通知：按期告知的证明，没有送达的通知。"""


@notices.command("proof")
@click.argument("sitting_id", type=int)
@click.option("--json", "json_file", type=_FILE, help="存为 JSON：证明的全部内容和摘要")
@click.option("--csv", "csv_file", type=_FILE, help="存为表格（CSV UTF-8，可用 Excel 打开）")
@click.option("--pdf", "pdf_file", type=_FILE, help="存为 PDF（A4 横向）")
@click.option("--full", is_flag=True, help="显示完整姓名（须写明原因）")
@click.option("--reason", default="", help="查看完整姓名的原因")
@in_application
def proof(
    sitting_id: int, json_file: Path | None, csv_file: Path | None, pdf_file: Path | None, full: bool, reason: str
) -> None:
    """一个考次的延期和日期：谁在何时由何种方式得知（打开会留下记录）。"""
    found = prove(sitting_id, actor(), now(), full=full, reason=reason)
    if json_file is not None:
        _save(json_file, _json(found))
    if csv_file is not None:
        _save(csv_file, csv_bytes(CSV_HEADING, csv_rows(found)))
    if pdf_file is not None:
        _save(pdf_file, _pdf(found))
    made = [one for one in (json_file, csv_file, pdf_file) if one is not None]
    for one in made or lines(found):
        click.echo(f"已存到 {one}" if made else one)
    if made:
        click.echo(conclusion(found))
        click.echo(f"内容摘要（SHA-256） {found.digest}")


def _save(path: Path, made: bytes) -> None:
    try:
        write_private(path, made)
    except OSError as fault:
        raise click.ClickException(f"无法写入 {path}（{fault.strerror}）") from None


def _json(found: Proof) -> bytes:
    """`content` is what the digest is of: its canonical text has sorted keys, no blanks, and characters as they are."""
    whole = {"digest": found.digest, "made_at": found.made_at.isoformat(), "content": content(found)}
    names = {"full_names": found.full_names} if found.full_names else {}
    return json.dumps(whole | names, ensure_ascii=False, indent=2).encode() + b"\n"


def _pdf(found: Proof) -> bytes:
    settings: Settings = application().extensions["jiping_settings"]
    try:
        return proof_pdf(page(found), [Path(one) for one in settings.font_paths])
    except FontsMissing as missing:
        raise click.ClickException(str(missing)) from None


@notices.command("failed")
@in_application
def failed() -> None:
    """最近七天没有送达的通知：所有渠道都失败，或没有可用的渠道。"""
    found = undelivered(now())
    rows = [(moment(one.due_at), one.registration_number, KIND_NAMES[one.kind], one.code or "-") for one in found]
    for line in aligned([("应发", "申报号", "通知", "原因"), *rows]) if rows else ():
        click.echo(line)
    click.echo(f"共{len(found)}条没有送达")
