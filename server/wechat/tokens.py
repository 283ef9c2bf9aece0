"""One access token (接口调用凭据) for all processes: who may renew it, and when.

WeChat's stable_token gives the same token until five minutes before it ends, and then a new one while the old one still
works for five minutes. It allows a forced renewal every 30 seconds and 20 times a day; that kills the old token at once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

from server.wechat.faults import FaultKind, WeChatFault

# Inside the platform's five minutes: earlier, a normal fetch would give the same token again, at every call.
RENEW_BEFORE = timedelta(minutes=2)
# A token that is refused although it was forced is not healed by another one, and the 20 forced renewals of a day must
# not be spent in minutes.
PAUSE_BETWEEN_FORCED = timedelta(minutes=5)
WAIT_FOR_OTHER_SECONDS = 3.0
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class StoredToken:
    """A token and the instant (aware) at which WeChat ends it. WeChat asks for room for 512 characters."""

    value: str = field(repr=False)
    expires_at: datetime


class TokenStore(Protocol):
    """Where every process finds the token. Each method is one short transaction of its own.

    `claim_refresh` gives the right to renew to one holder at a time, by a conditional update, and lengthens the claim of who
    has it already; a claim ends by `release` or
    with its lease. `save` must write nothing when the holder's claim has ended: a late answer must not overwrite a newer
    token, and it leaves the claim standing. `release` of a claim that is not held does nothing.
    """

    def read(self) -> StoredToken | None: ...

    def claim_refresh(self, holder: str, lease: timedelta) -> bool: ...

    def save(self, holder: str, value: str, expires_at: datetime) -> None: ...

    def release(self, holder: str) -> None: ...


class TokenKeeper:
    """Gives out the stored token and has it renewed by one caller at a time.

    `fetch(force)` asks WeChat once and raises `WeChatFault`; `lease` must be longer than one such fetch can last.
    """

    def __init__(
        self,
        store: TokenStore,
        fetch: Callable[[bool], StoredToken],
        lease: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._fetch = fetch
        self._lease = lease
        self._now = now

    def current(self) -> str:
        """A token that has not ended. Raises `WeChatFault` (never `UNKNOWN`: without a token nothing was sent)."""
        return self._newer(refused=None) or self._renewed(refused=None)

    def instead_of(self, refused: str) -> str:
        """Another token than the one WeChat has just refused: somebody's newer one, a fetched one, or a forced one."""
        return self._newer(refused) or self._renewed(refused)

    def _renewed(self, refused: str | None) -> str:
        # A holder of its own for each renewal, so that no store can take two renewals of one process for one.
        holder = uuid4().hex
        if not self._store.claim_refresh(holder, self._lease):
            return self._others(refused)
        forcing = False
        try:
            newer = self._newer(refused)
            if newer is not None:
                return newer
            fresh = self._fetch(False)
            if fresh.value != refused:
                self._store.save(holder, fresh.value, fresh.expires_at)
                return fresh.value
            # The claim is lengthened, not given up in between: another would fetch the refused token once more.
            forcing = self._store.claim_refresh(holder, PAUSE_BETWEEN_FORCED)
        finally:
            if not forcing:
                self._store.release(holder)
        return self._forced(holder, refused) if forcing else self._others(refused)

    def _forced(self, holder: str, refused: str | None) -> str:
        try:
            newer = self._newer(refused)
            if newer is not None:
                self._store.release(holder)
                return newer
            fresh = self._fetch(True)
        except BaseException:
            self._store.release(holder)
            raise
        # The claim is left to run out: it is what keeps every process from forcing again.
        self._store.save(holder, fresh.value, fresh.expires_at)
        return fresh.value

    def _newer(self, refused: str | None) -> str | None:
        """The stored token, if it is good and not the refused one: asked before a claim and again once it is held."""
        held = self._store.read()
        if held is not None and held.value != refused and held.expires_at - self._now() > RENEW_BEFORE:
            return held.value
        return None

    def _others(self, refused: str | None) -> str:
        deadline = time.monotonic() + WAIT_FOR_OTHER_SECONDS
        while time.monotonic() < deadline:
            held = self._store.read()
            if held is not None and held.value != refused and held.expires_at > self._now():
                return held.value
            time.sleep(POLL_SECONDS)
        raise WeChatFault(FaultKind.BUSY, "token awaited")
