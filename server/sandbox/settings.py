"""What the sandbox must be told: the accounts, secrets and templates that the product believes the vendors hold."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from server.sandbox.sms_text import placeholders
from server.sandbox.subscribe_fields import KINDS, kind_of


class Clock(Protocol):
    """Whatever can say what time it is."""

    def now(self) -> datetime:
        """The present instant, aware."""
        ...


@dataclass(frozen=True)
class SubscribeTemplate:
    """A subscription message template (订阅消息模板) as the WeChat console would show it.

    `fields` are pairs of key and label in the order of the card, such as ("thing1", "职业等级"). Raises ValueError for a key
    whose kind WeChat does not have.
    """

    title: str
    fields: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        for key, _label in self.fields:
            if kind_of(key) not in KINDS:
                raise ValueError(f"subscribe template {self.title}: WeChat has no field kind for {key!r}")


@dataclass(frozen=True)
class SandboxSettings:
    """The sandbox's side of every secret and template that the product is configured with.

    `push_url` receives WeChat's events and `sms_receipt_url` the SMS receipts (短信回执); an empty one means that nothing is
    pushed there. `push_aes_key` is the 43 characters of EncodingAESKey. `sms_sign` is the signature (签名) without 【】.
    `sms_templates` maps a template id to its Chinese text with {1} {2} … in it. What begins with
    `aliyun` is the second SMS carrier's, whose texts have ${p1} ${p2} … in them; without a key id there is none. Raises ValueError for a key or a template
    that the vendor's console would not take.
    """

    appid: str
    app_secret: str
    push_url: str
    push_token: str
    push_aes_key: str
    sms_secret_id: str
    sms_secret_key: str
    sms_sdk_app_id: str
    sms_sign: str
    sms_receipt_url: str
    templates: Mapping[str, SubscribeTemplate]
    sms_templates: Mapping[str, str]
    aliyun_key_id: str = ""
    aliyun_key_secret: str = ""
    aliyun_sign: str = ""
    aliyun_receipt_url: str = ""
    aliyun_templates: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.push_url:
            self.push_key()
        if not re.fullmatch(r"[0-9A-Za-z\u4e00-\u9fff]{2,12}", self.sms_sign):
            raise ValueError(
                f"sms_sign {self.sms_sign!r}: a signature is 2 to 12 Chinese characters, letters or digits"
            )
        for template_id, text in self.sms_templates.items():
            numbers = placeholders(text)
            if numbers != list(range(1, len(numbers) + 1)):
                raise ValueError(f"sms template {template_id}: placeholders must run {{1}}, {{2}}, … once each")

    def push_key(self) -> bytes:
        """The AES key inside EncodingAESKey: 32 bytes. Raises ValueError when it is not one."""
        try:
            key = base64.b64decode(self.push_aes_key + "=", validate=True)
        except binascii.Error as error:
            raise ValueError("push_aes_key is not base64") from error
        if len(self.push_aes_key) != 43 or len(key) != 32:
            raise ValueError("push_aes_key must be 43 characters of base64")
        return key
