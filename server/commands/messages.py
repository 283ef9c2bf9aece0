"""`jiping staff message …`: a message by hand to the people of a sitting, typed by one clerk and confirmed by another."""

from collections.abc import Iterator

import click

from notifications.wording.words import newest, plainer_sms_params, sms_text, wechat_fields
from server.commands.context import actor, application, in_application, now
from server.commands.proof_words import moment
from server.commands.sittings import title
from server.config import Settings
from server.domain.notices import VERSIONS, Kind, template_key
from server.models import HandMessage
from server.sandbox.sms_text import parts, signed
from server.services import messaging
from server.services.messaging import WHOM_NAMES, Preview, Whom


@click.group()
def message() -> None:
    """人工通知：给一个考次的人发短信，一人起草、另一人确认。"""


@message.command("draft")
@click.argument("sitting_id", type=int)
@click.option("--to", "whom", type=click.Choice([one.value for one in Whom]), default=Whom.LIVE.value)
@click.option("--heading", required=True, help="通知事项，最多20字，也显示在微信卡片上")
@click.option("--text", "words", required=True, help="通知内容，最多35字")
@in_application
def message_draft(sitting_id: int, whom: str, heading: str, words: str) -> None:
    """起草一份通知并预览；由另一位工作人员确认后才发送。"""
    made = messaging.draft(sitting_id, Whom(whom), heading, words, actor(), now())
    for line in _lines(_preview(made)):
        click.echo(line)
    click.echo(f"已起草，编号{made}。请另一位工作人员核对：jiping staff message confirm {made}")


@message.command("preview")
@click.argument("message_id", type=int)
@in_application
def message_preview(message_id: int) -> None:
    """短信全文、条数、人数、微信授权数和发送时间。"""
    for line in _lines(_preview(message_id)):
        click.echo(line)


@message.command("confirm")
@click.argument("message_id", type=int)
@click.option("--yes", is_flag=True, help="已核对预览，不再询问")
@in_application
def message_confirm(message_id: int, yes: bool) -> None:
    """核对后确认发送；不能由起草人自己确认。"""
    if not yes:
        for line in _lines(_preview(message_id)):
            click.echo(line)
        click.confirm("以上内容是否确认发送？", abort=True)
    told = messaging.confirm(message_id, actor(), now())
    click.echo("之前已确认，没有变化" if told is None else f"已确认，通知{told}人")


@message.command("drop")
@click.argument("message_id", type=int)
@click.option("--reason", required=True, help="作废的原因")
@in_application
def message_drop(message_id: int, reason: str) -> None:
    """作废一份尚未确认的草稿。"""
    done = messaging.drop(message_id, actor(), reason, now())
    click.echo("已作废" if done else "之前已作废，没有变化")


@message.command("list")
@click.option("--sitting", "sitting_id", type=int, help="只看一个考次")
@in_application
def message_list(sitting_id: int | None) -> None:
    """所有人工通知，最新的在前。"""
    found = messaging.messages(sitting_id)
    for one, sitting in found:
        click.echo(f"{one.id:>4}  {_state(one)}  {title(sitting)}  {WHOM_NAMES[Whom(one.whom)]}  {one.heading}")
    click.echo(f"共{len(found)}份")


def _preview(message_id: int) -> Preview:
    settings: Settings = application().extensions["jiping_settings"]
    card = settings.wechat_templates.get(template_key(Kind.BY_HAND, VERSIONS[Kind.BY_HAND]))
    return messaging.preview(message_id, card, now())


def _lines(found: Preview) -> Iterator[str]:
    settings: Settings = application().extensions["jiping_settings"]
    wording = newest(Kind.BY_HAND)
    text = signed(settings.sms_sign, sms_text(wording, found.facts, settings.public_url))
    one = found.message
    yield f"考次  {title(found.sitting)}    对象  {WHOM_NAMES[Whom(one.whom)]}    {_state(one)}"
    yield f"短信  {text}"
    yield f"      {len(text)}字，每人计{parts(text)}条"
    if plainer := dict(plainer_sms_params(wording, found.facts)):
        yield f"      运营商拦截职业名称时改称“{plainer['1']}”"
    yield f"微信  {wording.title}：" + "，".join(value for _, value in wechat_fields(wording, found.facts))
    if one.people is not None:
        yield f"人数  {one.people}人"
    else:
        yield f"人数  {found.people}人，共计{(found.people - found.without_phone) * parts(text)}条短信"
        if found.without_phone:
            yield f"      其中{found.without_phone}人没有登记手机号，收不到短信"
        yield f"      其中{found.with_credit}人有微信授权，另收到卡片"
        yield f"发送  如现在确认：{moment(found.rings_at)}"
    yield f"摘要  SHA-256 {one.digest}"


def _state(one: HandMessage) -> str:
    author = f"{one.author.removeprefix('staff:')}起草"
    if one.confirmed_by is not None:
        confirmed = one.confirmed_by.removeprefix("staff:")
        return f"{author}，{confirmed}于{moment(one.confirmed_at)}确认，{one.people}人"
    return f"{author}，已作废" if one.dropped_at is not None else f"{author}，待另一人确认"
