"""`jiping staff …`: review, payment, sittings, messages and the telephone list, through the same services as the pages to come."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from server.commands.context import DAY, actor, application, in_application, now, write_private
from server.commands.messages import message
from server.commands.sittings import sitting, title
from server.commands.tickets import ticket
from server.commands.window import apply, withdraw
from server.config import Settings
from server.documents.form import form_pdf
from server.domain.days import SHANGHAI
from server.domain.eligibility import EVIDENCE_NAMES, UPLOAD_NAMES
from server.domain.identity import DOCUMENT_NAMES, DocumentType, masked_number, masked_phone
from server.domain.money import yuan
from server.domain.notices import Kind
from server.domain.registrations import STATUS_NAMES, Action, Status
from server.services import application_forms, dossier, paying, reviewing, sitting_list, telephoning
from server.services.phone_numbers import change_number_by_staff
from server.services.signing_out import sign_out_by_staff
from server.services.ways_to_apply import CHANNEL_NAMES


@click.group()
def staff() -> None:
    """工作人员：窗口录入、审核、缴费、考次、电话通知。"""


# --- review


@staff.group()
def review() -> None:
    """资格审核。"""


@review.command("list")
@in_application
def review_list() -> None:
    """待审核的申报，等待最久的在前。"""
    waiting = reviewing.waiting_for_review()
    for one in waiting:
        applied = one.registration.applied_at.astimezone(SHANGHAI)
        click.echo(f"{one.registration.number}  {applied:%m-%d %H:%M}  {title(one.sitting)}  {one.candidate.name}")
    click.echo(f"共{len(waiting)}件待审核")


@review.command("show")
@click.argument("number", callback=lambda _context, _option, value: value.strip().upper())
@click.option("--evidence", type=click.Path(path_type=Path), help="把照片和佐证材料存到这个文件夹（会留下记录）")
@click.option("--full", is_flag=True, help="显示完整证件号和手机号（会留下记录）")
@click.option("--reason", default="", help="查看完整证件号或材料的原因")
@in_application
def review_show(number: str, evidence: Path | None, full: bool, reason: str) -> None:
    """一件申报的内容、系统判断和材料。"""
    found = dossier.open_dossier(number)
    row, person = found.registration, found.candidate
    document, phone = masked_number(person.document_number), masked_phone(person.phone)
    if full:
        document, phone = dossier.open_full_number(number, actor(), reason, now())
    click.echo(f"申报号  {row.number}（第{row.version}版，{STATUS_NAMES[Status(row.status)]}）")
    click.echo(f"考次    {title(found.sitting)}（{sitting_list.when(found.sitting)}）")
    click.echo(f"方式    {CHANNEL_NAMES[row.channel]}" + (f"  {row.unit}" if row.unit else ""))
    click.echo(f"姓名    {person.name}  {person.sex}  {person.born} 出生")
    click.echo(f"证件    {DOCUMENT_NAMES[DocumentType(person.document_type)]} {document}   手机 {phone}")
    for entry in paying.ledger(row.id):
        what = "到账" if entry.amount_fen > 0 else "退费"
        click.echo(f"账目    {entry.value_date} {what}{yuan(abs(entry.amount_fen))}  流水 {entry.bank_reference}")
    if person.unprintable:
        click.echo(f"注意    姓名中的“{person.unprintable}”打印不出，请先安装字体")
    for finding in row.verdict["findings"]:
        mark = "→" if finding["alternative"] == row.alternative else " "
        click.echo(f"{mark} {finding['alternative']} {finding['text']}")
        for one in finding["reasons"]:
            click.echo(f"      {one['text']}")
    signed = (
        f"本人于{found.signed_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}签名"
        if found.signed_at
        else "本人尚未在手机上签名"
    )
    click.echo(f"报名表  {signed}（用 staff review form 打印）")
    click.echo(f"材料    {len(found.upload_ids)}份{_kinds(found.upload_kinds)}")
    if found.missing:
        click.echo(f"缺少    所选条件需要、尚未上传：{'、'.join(EVIDENCE_NAMES[kind] for kind in found.missing)}")
    if evidence is not None:
        evidence.mkdir(parents=True, exist_ok=True)
        for name, content in dossier.open_evidence(number, actor(), reason, now()):
            write_private(evidence / name, content)
        click.echo(f"材料已存到 {evidence}")
    else:
        click.echo("        （用 --evidence 文件夹 --reason 原因 查看）")


@review.command("form")
@click.argument("number", callback=lambda _context, _option, value: value.strip().upper())
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, help="存为这个PDF文件")
@click.option("--reason", default="", help="原因（会留下记录）")
@in_application
def review_form(number: str, target: Path, reason: str) -> None:
    """报名表，含完整证件号和本人签名，供打印归档。"""
    page = application_forms.full_form(number, actor(), reason, now())
    settings: Settings = application().extensions["jiping_settings"]
    write_private(target, form_pdf(page, [Path(name) for name in settings.font_paths]))
    click.echo(f"报名表已存到 {target}，" + (f"本人于{page.signed_text}签名" if page.signed_text else "本人尚未签名"))


def _kinds(kinds: list[str]) -> str:
    """：工作证明、其他材料×2 — each kind once, with how many of it."""
    names = [UPLOAD_NAMES[kind] + (f"×{many}" if many > 1 else "") for kind, many in Counter(kinds).items()]
    return f"：{'、'.join(names)}" if names else ""


def _decide(number: str, decision: Action, reasons: tuple[str, ...], version: int | None) -> None:
    new = reviewing.review(number, decision, actor(), now(), reasons=list(reasons), version=version)
    click.echo("已办理" if new else "之前已经这样办理过，没有变化")


@review.command("approve")
@click.argument("number", callback=lambda _context, _option, value: value.strip().upper())
@click.option("--version", type=int, help="所看的版本；之后有改动则不办理")
@in_application
def review_approve(number: str, version: int | None) -> None:
    """审核通过。"""
    _decide(number, Action.APPROVE, (), version)


@review.command("return")
@click.argument("number", callback=lambda _context, _option, value: value.strip().upper())
@click.option("--reason", "reasons", multiple=True, required=True, help="需要补正的内容，可多次")
@click.option("--version", type=int, help="所看的版本；之后有改动则不办理")
@in_application
def review_return(number: str, reasons: tuple[str, ...], version: int | None) -> None:
    """退回补正。"""
    _decide(number, Action.RETURN, reasons, version)


@review.command("reject")
@click.argument("number", callback=lambda _context, _option, value: value.strip().upper())
@click.option("--reason", "reasons", multiple=True, required=True, help="不通过的原因，可多次")
@click.option("--version", type=int, help="所看的版本；之后有改动则不办理")
@in_application
def review_reject(number: str, reasons: tuple[str, ...], version: int | None) -> None:
    """审核不通过。"""
    _decide(number, Action.REJECT, reasons, version)


# --- payment


@staff.group()
def payment() -> None:
    """缴费、退费和收款账号。"""


def _fen(text: str) -> int:
    """350 or 350.5 or 350.50 yuan, as whole fen: no float ever touches money."""
    whole, _, rest = text.partition(".")
    if not whole.isdecimal() or not (rest == "" or (rest.isdecimal() and len(rest) <= 2)) or not text.isascii():
        raise click.BadParameter("金额须如 350 或 350.00")
    return int(whole) * 100 + int((rest + "00")[:2])


@payment.command("record")
@click.argument("number", callback=lambda _context, _option, value: value.strip().upper())
@click.option("--yuan", "amount", required=True, help="到账金额（元）")
@click.option("--on", "day", type=DAY, required=True, help="银行到账日期")
@click.option("--reference", required=True, help="银行流水号")
@click.option("--other-amount", is_flag=True, help="银行收到的金额确实与应缴不同")
@in_application
def payment_record(number: str, amount: str, day: datetime, reference: str, other_amount: bool) -> None:
    """登记一笔到账。"""
    done = paying.record_payment(
        number, _fen(amount), day.date(), reference, actor(), now(), other_amount=other_amount
    )
    if not done.new:
        click.echo("这笔流水之前已登记，没有变化")
    if done.paid:
        click.echo("已缴费" + (f"，多收{yuan(-done.outstanding_fen)}" if done.outstanding_fen < 0 else ""))
    elif done.outstanding_fen > 0:
        click.echo(f"已登记，还差{yuan(done.outstanding_fen)}")
    else:
        click.echo("已登记，但" + ("到账晚于缴费截止" if done.late else "该申报已失效或未通过审核") + "，应办理退费")


@payment.command("refund")
@click.argument("number", callback=lambda _context, _option, value: value.strip().upper())
@click.option("--reference", required=True, help="退款流水号")
@click.option("--reason", required=True, help="退费原因")
@in_application
def payment_refund(number: str, reference: str, reason: str) -> None:
    """退费。"""
    click.echo(f"已登记退费{yuan(paying.refund(number, reference, actor(), reason, now()))}")


@payment.command("account")
@click.argument("rulebook")
@click.option("--holder", required=True, help="户名")
@click.option("--bank", required=True, help="开户行")
@click.option("--number", required=True, help="账号")
@in_application
def payment_account(rulebook: str, holder: str, bank: str, number: str) -> None:
    """设定收款账号（改动会留下记录）。"""
    paying.set_collection_account(rulebook, holder, bank, number, actor(), now())
    click.echo(f"已设定收款账号：{holder}，{bank}，{number}")


staff.add_command(sitting)
staff.add_command(apply)
staff.add_command(withdraw)
staff.add_command(ticket)
staff.add_command(message)


@staff.command("sign-out")
@click.argument("number", callback=lambda _context, _option, value: value.strip().upper())
@click.option("--reason", required=True, help="原因，如本人来电称手机丢失（会留下记录）")
@in_application
def sign_out(number: str, reason: str) -> None:
    """结束一个人在所有手机和浏览器上的登录（按申报号）。"""
    ended = sign_out_by_staff(number, actor(), reason, now())
    click.echo(f"已结束{ended}处登录。微信小程序会自动重新登录：手机丢失的，请本人同时冻结微信账号和手机卡")


@staff.command("phone")
@click.argument("number", callback=lambda _context, _option, value: value.strip().upper())
@click.option("--to", "phone", required=True, help="本人现在的手机号")
@click.option("--reason", required=True, help="原因，如本人持证件到窗口换号（会留下记录）")
@in_application
def phone(number: str, phone: str, reason: str) -> None:
    """本人换号：核对证件后，登记新的手机号（按申报号）。"""
    change_number_by_staff(number, phone, actor(), reason, now())
    click.echo("已登记新手机号。本人用新号码登录后，填写姓名和证件号码即可看到原来的申报")


# --- the telephone list


_SAY = {
    Kind.POSTPONED: "{subject}由{from_days}延期至{days}",
    Kind.WAITING: "{subject}{from_days}不能举行，待次年公告后另行通知",
    Kind.DAY_SET: "{subject}评价日期为{days}（{change}）",
}


@staff.group()
def telephone() -> None:
    """电话通知名单。"""


@telephone.command("list")
@in_application
def telephone_list() -> None:
    """短信未确认送达、须打电话通知的人（查看会留下记录）。"""
    people = telephoning.to_telephone(actor(), now())
    for one in people:
        phone = one.phone or "（原号码已归他人使用，请从申报单位或报名材料另查）"
        click.echo(f"{one.notice_id:>6}  {phone}  {one.name}  {one.registration_number}  最迟{one.tell_by}")
        click.echo(f"        {_SAY[one.kind].format_map(one.facts)}")
    click.echo(f"共{len(people)}人须电话通知")


@telephone.command("called")
@click.argument("notice_id", type=int)
@click.argument("result", type=click.Choice(telephoning.CALL_RESULTS))
@click.option("--note", default="", help="备注")
@in_application
def telephone_called(notice_id: int, result: str, note: str) -> None:
    """登记一次电话的结果。"""
    telephoning.record_call(notice_id, result, actor(), now(), note)
    click.echo("已登记")
