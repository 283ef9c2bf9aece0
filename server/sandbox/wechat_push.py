"""WeChat's message push (消息推送) in safe mode and JSON: an event, encrypted, signed and posted."""

import base64
import hashlib
import json
import logging
import secrets
from collections.abc import Sequence
from functools import partial
from typing import Any

import requests
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from server.sandbox.courier import persist
from server.sandbox.faults import Fault
from server.sandbox.settings import SandboxSettings
from server.sandbox.world import World

ANSWER_SECONDS = 5

_log = logging.getLogger(__name__)
Event = dict[str, Any]


def account_name(appid: str) -> str:
    """The account's original id (原始ID), such as gh_0123456789ab; made from the appid, since nobody sets it."""
    return f"gh_{hashlib.sha256(appid.encode()).hexdigest()[:12]}"


def signature(*values: str) -> str:
    """WeChat's signature: SHA-1 of the sorted values put together."""
    return hashlib.sha1("".join(sorted(values)).encode(), usedforsecurity=False).hexdigest()


def encrypt(settings: SandboxSettings, text: str) -> str:
    """The Encrypt field: 16 random bytes, length, text and appid, padded to 32 and encrypted with AES-256-CBC."""
    key = settings.push_key()
    message = text.encode()
    plain = secrets.token_bytes(16) + len(message).to_bytes(4, "big") + message + settings.appid.encode()
    padding = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()


class EventLane:
    """Carries events one by one; up to three tries, each to be answered with 200 and "success" or nothing in 5 s."""

    batch = 1

    def __init__(self, world: World) -> None:
        self._world = world
        self._session = requests.Session()
        self._session.trust_env = False

    def send(self, openid: str, name: str, entries: list[dict[str, str]]) -> None:
        """Put an event about a user on its way, as the faults for wechat_event allow."""
        settings, faults = self._world.settings, self._world.faults
        if not settings.push_url or faults.take("wechat_event", "never", [openid]):
            return
        if fault := faults.take("wechat_event", "fail", [openid]):
            entries = [_failed(entry, fault) for entry in entries]
        event = {
            "ToUserName": account_name(settings.appid),
            "FromUserName": openid,
            "CreateTime": int(self._world.clock.now().timestamp()),
            "MsgType": "event",
            "Event": name,
            # One entry comes bare and several come in a list: the platform's JSON is known for it.
            "List": entries[0] if len(entries) == 1 else entries,
        }
        hold = faults.take("wechat_event", "reorder", [openid]) is not None
        self._world.courier.put(self, event, hold=hold)
        if faults.take("wechat_event", "duplicate", [openid]):
            self._world.courier.put(self, event)

    def deliver(self, items: Sequence[Event]) -> None:
        """Post each event; one that nobody takes is dropped, as the platform drops it."""
        for event in items:
            if not persist(partial(self._post, event)):
                _log.warning("sandbox gave up pushing a WeChat event to %s", self._world.settings.push_url)

    def _post(self, event: Event) -> bool:
        settings = self._world.settings
        cipher = encrypt(settings, json.dumps(event, ensure_ascii=False))
        stamp = str(int(self._world.clock.now().timestamp()))
        nonce = str(secrets.randbelow(10**10))
        query = {
            "signature": signature(settings.push_token, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "openid": str(event["FromUserName"]),
            "encrypt_type": "aes",
            "msg_signature": signature(settings.push_token, stamp, nonce, cipher),
        }
        body = {"ToUserName": event["ToUserName"], "Encrypt": cipher}
        try:
            reply = self._session.post(
                settings.push_url, params=query, json=body, timeout=ANSWER_SECONDS, allow_redirects=False
            )
        except requests.RequestException:
            return False
        return reply.status_code == 200 and reply.text.strip() in ("success", "")


def _failed(entry: dict[str, str], fault: Fault) -> dict[str, str]:
    if "ErrorCode" not in entry:
        return entry
    return {**entry, "ErrorCode": str(fault.code or 1), "ErrorStatus": fault.message or "failed"}
