"""Sending a subscription message (订阅消息): every check the platform makes, then the card on the phone."""

import re
from collections.abc import Mapping
from typing import Any

from server.sandbox.people import Account
from server.sandbox.settings import SubscribeTemplate
from server.sandbox.subscribe_fields import fault_in
from server.sandbox.wechat_push import EventLane
from server.sandbox.world import World

_PAGE = re.compile(r"[A-Za-z0-9_\-]+(?:/[A-Za-z0-9_\-]+)*(?:\?[!-~]*)?")
_STATES = ("developer", "trial", "formal")
_LANGUAGES = ("zh_CN", "en_US", "zh_HK", "zh_TW")


class WeChatError(Exception):
    """A call that WeChat refuses: errcode and errmsg."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {errmsg}")
        self.errcode = errcode
        self.errmsg = errmsg


def send(world: World, events: EventLane, wish: Mapping[str, Any]) -> int:
    """Send one message and return its msgid. Raises WeChatError."""
    account = _account(world, wish.get("touser"))
    template_id, template = _template(world, wish.get("template_id"))
    page = _page(wish.get("page"))
    _options(wish)
    values = _values(template, wish.get("data"))
    with world.lock:
        if not world.people.spend_credit(account, template_id):
            raise WeChatError(43101, "user refuse to accept the msg")
        msgid = world.serial()
        _show(world, account, template_id, values, page, msgid)
    entry = {"TemplateId": template_id, "MsgID": str(msgid), "ErrorCode": "0", "ErrorStatus": "success"}
    events.send(account.openid, "subscribe_msg_sent_event", [entry])
    return msgid


def _account(world: World, openid: object) -> Account:
    account = world.people.account(openid) if isinstance(openid, str) else None
    if account is None:
        raise WeChatError(40003, "invalid openid")
    return account


def _template(world: World, template_id: object) -> tuple[str, SubscribeTemplate]:
    template = world.settings.templates.get(template_id) if isinstance(template_id, str) else None
    if template is None:
        raise WeChatError(40037, "invalid template_id")
    return str(template_id), template


def _page(page: object) -> str:
    """The page the card opens. Raises WeChatError 41030 for "/pages/…", an address, or a query without a page."""
    if page is None or page == "":
        return ""
    if not isinstance(page, str) or not _PAGE.fullmatch(page):
        raise WeChatError(41030, "invalid page")
    return page


def _options(wish: Mapping[str, Any]) -> None:
    if wish.get("miniprogram_state", "formal") not in _STATES:
        raise WeChatError(40097, "invalid args miniprogram_state")
    if wish.get("lang", "zh_CN") not in _LANGUAGES:
        raise WeChatError(40097, "invalid args lang")


def _values(template: SubscribeTemplate, data: object) -> list[dict[str, str]]:
    """The card's rows. Raises WeChatError 47003, which names the first field that breaks a rule."""
    if not isinstance(data, dict):
        raise WeChatError(47003, "argument invalid! data is empty")
    rows: list[dict[str, str]] = []
    for key, label in template.fields:
        holder = data.get(key)
        value = holder.get("value") if isinstance(holder, dict) else None
        if reason := fault_in(key, value):
            raise WeChatError(47003, f"argument invalid! data.{key}.value {reason}")
        rows.append({"key": key, "label": label, "value": str(value)})
    return rows


def _show(
    world: World, account: Account, template_id: str, rows: list[dict[str, str]], page: str, msgid: int
) -> None:
    title = world.settings.templates[template_id].title
    world.mailbox.add(
        channel="wechat",
        to=account.openid,
        text="\n".join([title, *(f"{row['label']}：{row['value']}" for row in rows)]),
        state="delivered",
        phone=account.phone,
        title=title,
        fields=rows,
        template_id=template_id,
        page=page,
        msgid=str(msgid),
    )
