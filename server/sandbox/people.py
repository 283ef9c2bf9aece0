"""WeChat users of the sandbox: their accounts, one-time codes and granted subscriptions (订阅授权)."""

import base64
import secrets
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server.sandbox.settings import Clock

CODE_LIFETIME = timedelta(minutes=5)


@dataclass
class Account:
    """One WeChat user in this mini-program; `phone` only when somebody said whose handset it is."""

    openid: str
    phone: str | None = None
    credits: Counter[str] = field(default_factory=Counter)


class People:
    """All accounts, and the codes that the mini-program would have got from wx.login and the phone button."""

    def __init__(self, lock: threading.RLock, clock: Clock) -> None:
        self._lock = lock
        self._clock = clock
        self._accounts: dict[str, Account] = {}
        self._login_codes: dict[str, tuple[str, datetime]] = {}
        self._phone_codes: dict[str, tuple[str, datetime]] = {}

    def account(self, openid: str) -> Account | None:
        """The account, if there is one."""
        with self._lock:
            return self._accounts.get(openid)

    def create(self, openid: str | None = None, phone: str | None = None) -> Account:
        """The account of this openid, made if need be; without an openid a new one."""
        with self._lock:
            openid = openid or f"o{secrets.token_urlsafe(21)[:27]}"
            account = self._accounts.setdefault(openid, Account(openid))
            account.phone = phone or account.phone
            return account

    def login_code(self, openid: str) -> str:
        """A fresh js_code of wx.login: once, five minutes."""
        with self._lock:
            code = f"0{secrets.token_urlsafe(24)[:31]}"
            self._login_codes[code] = (openid, self._clock.now() + CODE_LIFETIME)
            return code

    def owner_of(self, code: str) -> str | None:
        """Whose js_code it is, without using it up."""
        with self._lock:
            return self._login_codes.get(code, (None,))[0]

    def log_in(self, code: str) -> tuple[str, str] | None:
        """Use a js_code up: openid and a fresh session_key; None for an unknown, used or old code."""
        with self._lock:
            openid = self._spend(self._login_codes, code)
            return (openid, base64.b64encode(secrets.token_bytes(16)).decode()) if openid else None

    def phone_code(self, phone: str) -> str:
        """A fresh code of the phone button: once, five minutes."""
        with self._lock:
            code = secrets.token_hex(32)
            self._phone_codes[code] = (phone, self._clock.now() + CODE_LIFETIME)
            return code

    def phone_of(self, code: str) -> str | None:
        """Use a phone code up; None for an unknown, used or old one."""
        with self._lock:
            return self._spend(self._phone_codes, code)

    def grant(self, account: Account, template_ids: list[str]) -> None:
        """One accepted tap: one more message of each template."""
        with self._lock:
            account.credits.update(template_ids)

    def spend_credit(self, account: Account, template_id: str) -> bool:
        """Take one credit; False when there is none."""
        with self._lock:
            if account.credits[template_id] < 1:
                return False
            account.credits[template_id] -= 1
            return True

    def _spend(self, codes: dict[str, tuple[str, datetime]], code: str) -> str | None:
        whom, until = codes.pop(code, (None, None))
        return whom if until is not None and self._clock.now() < until else None
