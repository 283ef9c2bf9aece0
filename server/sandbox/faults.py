"""Faults to switch on (故障开关): which operation misbehaves, how, how often and for whom."""

import itertools
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.sandbox.sms_text import national

WECHAT_CALLS = (
    "jscode2session",
    "token",
    "stable_token",
    "getuserphonenumber",
    "subscribe_send",
    "generate_urllink",
)
SMS_CALLS = ("SendSms", "PullSmsSendStatus", "PullSmsSendStatusByPhoneNumber")
ALIYUN_CALLS = ("AliyunSendSms", "AliyunQuerySendDetails")  # the second carrier's
CALLS = WECHAT_CALLS + SMS_CALLS + ALIYUN_CALLS
PUSHES = ("sms_receipt", "aliyun_receipt", "wechat_event")
# error: a vendor code. latency: a slow answer. hang: no answer, then a closed connection. lost: done, but the answer never
# arrives. never: no receipt. fail: a receipt that says no. duplicate: twice. reorder: behind the next one.
CALL_KINDS = ("error", "latency", "hang", "lost")
PUSH_KINDS = ("never", "fail", "duplicate", "reorder")

DEFAULT_HANG_SECONDS = 30.0


class BadFaultError(ValueError):
    """A fault that names no operation, kind or amount that exists; the text says which."""


@dataclass
class Fault:
    """One fault. `remaining` counts the hits left (None: no end); `targets` are phones or openids (empty: everybody).

    `scope` matters for an error of SendSms: "call" answers the whole call with it, "each" the numbers one by one in
    SendStatusSet, as Tencent does for what concerns one number.
    """

    id: int
    operation: str
    kind: str
    code: int | str
    message: str
    seconds: float
    scope: str
    remaining: int | None
    targets: frozenset[str]
    lifted: threading.Event = field(default_factory=threading.Event)

    def concerns(self, targets: Collection[str]) -> bool:
        """Whether the fault is meant for one of these phones or openids."""
        return not self.targets or any(plain(target) in self.targets for target in targets)

    def as_json(self) -> dict[str, object]:
        """The fault as the control interface shows it."""
        return {
            "id": self.id,
            "operation": self.operation,
            "kind": self.kind,
            "code": self.code,
            "message": self.message,
            "seconds": self.seconds,
            "scope": self.scope,
            "remaining": self.remaining,
            "targets": sorted(self.targets),
        }


class Faults:
    """The faults in force."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._faults: dict[int, Fault] = {}
        self._ids = itertools.count(1)

    def add(self, wish: Mapping[str, Any]) -> Fault:
        """Switch a fault on. Raises BadFaultError."""
        with self._lock:
            fault = _fault(next(self._ids), wish)
            self._faults[fault.id] = fault
            return fault

    def lift(self, fault_id: int | None = None) -> int:
        """Switch one fault off, or all of them; whatever they hold up goes on at once. Returns how many there were."""
        with self._lock:
            ids = list(self._faults) if fault_id is None else [fault_id]
            lifted = [fault for known in ids if (fault := self._faults.pop(known, None))]
        for fault in lifted:
            fault.lifted.set()
        return len(lifted)

    def list(self) -> list[Fault]:
        """All faults, spent ones too, oldest first."""
        with self._lock:
            return list(self._faults.values())

    def take(self, operation: str, kind: str, targets: Collection[str] = (), scope: str = "call") -> Fault | None:
        """The first fault that hits here, if any; the hit is counted."""
        with self._lock:
            for fault in self._faults.values():
                fits = (fault.operation, fault.kind, fault.scope) == (operation, kind, scope)
                if fits and fault.remaining != 0 and fault.concerns(targets):
                    if fault.remaining is not None:
                        fault.remaining -= 1
                    return fault
        return None


def plain(target: str) -> str:
    """A phone in its eleven digits, anything else as it is."""
    return national(target) or target


def _fault(fault_id: int, wish: Mapping[str, Any]) -> Fault:
    operation, kind = wish.get("operation"), wish.get("kind")
    kinds = {**dict.fromkeys(CALLS, CALL_KINDS), **dict.fromkeys(PUSHES, PUSH_KINDS)}.get(str(operation))
    if kinds is None:
        raise BadFaultError(f"operation must be one of {', '.join(CALLS + PUSHES)}")
    if kind not in kinds:
        raise BadFaultError(f"kind of {operation} must be one of {', '.join(kinds)}")
    code, times, targets = wish.get("code"), wish.get("times"), wish.get("targets", [])
    if kind == "error" and not isinstance(code, str if operation in SMS_CALLS + ALIYUN_CALLS else int):
        raise BadFaultError("code must be a number for WeChat and a text for SMS")
    if times is not None and (not isinstance(times, int) or times < 1):
        raise BadFaultError("times must be a positive whole number")
    if not isinstance(targets, list) or not all(isinstance(target, str) for target in targets):
        raise BadFaultError("targets must be a list of phones or openids")
    each = operation == "SendSms" and kind == "error" and wish.get("scope", "each" if targets else "call") == "each"
    return Fault(
        id=fault_id,
        operation=str(operation),
        kind=str(kind),
        code=code if isinstance(code, str | int) else 0,
        message=str(wish.get("message", "")),
        seconds=_seconds(wish, str(kind)),
        scope="each" if each else "call",
        remaining=times,
        targets=frozenset(plain(target) for target in targets),
    )


def _seconds(wish: Mapping[str, Any], kind: str) -> float:
    """How long to wait: `ms` for latency, `seconds` for hang."""
    amount = wish.get("ms", 0) if kind == "latency" else wish.get("seconds", DEFAULT_HANG_SECONDS)
    if not isinstance(amount, int | float) or not 0 <= amount <= 3_600_000:
        raise BadFaultError("ms and seconds must be numbers from 0")
    return amount / 1000 if kind == "latency" else float(amount)
