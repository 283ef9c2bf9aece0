"""WeChat's message push (消息推送): is it WeChat that calls, and what does it tell us about subscription messages?

Only the encrypted (safe) mode is taken: in plain mode the signature covers the time and a nonce but not the body, so that
whoever has seen one call could send another body with it.
"""

import base64
import binascii
import hashlib
import hmac
import json
import logging
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from xml.parsers.expat import ExpatError

import xmltodict  # type: ignore[import-untyped]  # has no types
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatException

from notifications.channels.contract import Receipt

LARGEST_PUSH_BYTES = 64 * 1024
OLDEST = timedelta(minutes=10)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PushSettings:
    """What stands in the console beside the push address. `aes_key` is the EncodingAESKey, 43 characters."""

    appid: str
    token: str = field(repr=False)
    aes_key: str = field(repr=False)

    def __post_init__(self) -> None:
        try:
            length = len(base64.b64decode(self.aes_key + "=", validate=True))
        except binascii.Error:
            length = 0
        if length != 32:
            raise ValueError("EncodingAESKey must be 43 characters of base64")


class GrantAnswer(StrEnum):
    """What the user chose for one template."""

    ACCEPT = "accept"
    REJECT = "reject"


@dataclass(frozen=True)
class SentEvent:
    """What came of a message that WeChat had accepted (subscribe_msg_sent_event)."""

    msgid: str
    delivered: bool
    code: str
    at: datetime

    def receipt(self) -> Receipt:
        """The same in the words of the channels' contract; equal for every repetition of the push."""
        return Receipt(f"wechat:{self.msgid}:{self.code}", self.delivered, self.code, self.at, self.msgid)


@dataclass(frozen=True)
class GrantEvent:
    """One answer to one template (订阅授权), from the dialogue or from the user's message settings.

    `event_key` is equal for every repetition of a push and must be unique among the stored ones: a push that is counted
    twice would give a credit that does not exist. WeChat gives seconds, so two taps within one second count as one.
    """

    openid: str = field(repr=False)
    template_id: str
    answer: GrantAnswer
    event_key: str
    at: datetime


@dataclass(frozen=True)
class PushEvent:
    """A genuine push. `events` is empty when it tells nothing that concerns us; answer it with success all the same."""

    events: tuple[SentEvent | GrantEvent, ...]


def verify_get(token: str, query: Mapping[str, str]) -> str | None:
    """The text to echo when the console checks the push address, or None when it is not WeChat that asks."""
    signed = (query.get("timestamp", ""), query.get("nonce", ""))
    if not _signed(token, query.get("signature", ""), *signed):
        return None
    return query.get("echostr")


def open_push(settings: PushSettings, query: Mapping[str, str], body: bytes, now: datetime) -> PushEvent | None:
    """What a push says, or None when it is not a fresh, encrypted push of WeChat for our mini-program: answer 403.

    `now` is aware; a push whose time differs from it by more than ten minutes is refused.
    """
    if len(body) > LARGEST_PUSH_BYTES or not _fresh(query.get("timestamp", ""), now):
        return None
    encrypted = (_read(body) or {}).get("Encrypt")
    if not isinstance(encrypted, str):
        return None
    signature, timestamp, nonce = (query.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
    if not _signed(settings.token, signature, timestamp, nonce, encrypted):
        return None
    try:
        opened = WeChatCrypto(settings.token, settings.aes_key, settings.appid).decrypt_message(
            {"Encrypt": encrypted}, signature, timestamp, nonce
        )
    except (WeChatException, ValueError, TypeError, IndexError, struct.error):
        # Signed with our token, so the settings are wrong rather than the caller: somebody has to see it.
        _log.warning("a signed WeChat push could not be opened: check EncodingAESKey and appid")
        return None
    return PushEvent(tuple(_events(_read(opened.encode()) or {})))


def _signed(token: str, signature: str, *parts: str) -> bool:
    text = "".join(sorted((token, *parts))).encode(errors="replace")  # a caller may send half a surrogate pair
    expected = hashlib.sha1(text).hexdigest()  # noqa: S324 -- WeChat's own scheme
    return hmac.compare_digest(expected.encode(), signature.encode(errors="replace"))


def _fresh(timestamp: str, now: datetime) -> bool:
    at = _instant(timestamp)
    return at is not None and abs(now - at) <= OLDEST


def _instant(seconds: object) -> datetime | None:
    text = str(seconds)
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        return None
    return datetime.fromtimestamp(int(text), UTC)


def _read(body: bytes) -> dict[str, object] | None:
    """The object in a body of either format that the console offers."""
    try:
        read = xmltodict.parse(body).get("xml") if body.lstrip().startswith(b"<") else json.loads(body)
    except (ValueError, ExpatError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


_BOXES = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}


def _events(push: Mapping[str, object]) -> Iterator[SentEvent | GrantEvent]:
    kind = push.get("Event")
    at = _instant(push.get("CreateTime"))
    if not isinstance(kind, str) or kind not in _BOXES:
        return
    for row in _rows(push, _BOXES[kind]):
        event = None
        if at is not None:
            event = _sent(row, at) if kind == "subscribe_msg_sent_event" else _grant(row, kind, push, at)
        if event is None:
            _log.warning("a row of a WeChat push is not as documented: %s", kind)
        else:
            yield event


def _rows(push: Mapping[str, object], box: str) -> list[Mapping[str, object]]:
    """The rows: XML has them in a box, JSON beside the rest, and both leave the list out when there is one row."""
    boxed = push.get(box)
    found = (boxed if isinstance(boxed, dict) else push).get("List")
    rows = found if isinstance(found, list) else [found]
    return [row for row in rows if isinstance(row, dict)]


def _sent(row: Mapping[str, object], at: datetime) -> SentEvent | None:
    msgid, code = row.get("MsgID"), row.get("ErrorCode")
    if not isinstance(msgid, str | int) or not isinstance(code, str | int):
        return None
    return SentEvent(str(msgid), str(code) == "0", str(code), at)


def _grant(row: Mapping[str, object], kind: str, push: Mapping[str, object], at: datetime) -> GrantEvent | None:
    openid, template = push.get("FromUserName"), row.get("TemplateId")
    answer = _ANSWERS.get(str(row.get("SubscribeStatusString")))
    if not isinstance(openid, str) or not isinstance(template, str) or answer is None:
        return None
    named = "\n".join((kind, openid, str(int(at.timestamp())), template))
    return GrantEvent(openid, template, answer, hashlib.sha256(named.encode()).hexdigest(), at)


_ANSWERS: Mapping[str, GrantAnswer] = {
    "accept": GrantAnswer.ACCEPT,
    "acceptWithAudio": GrantAnswer.ACCEPT,
    "reject": GrantAnswer.REJECT,
}
