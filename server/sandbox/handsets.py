"""What the carrier knows of each phone: how it behaves and which receipts (回执) came back from it."""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

MODES = ("ok", "never", "fail")
CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Receipt:
    """What came of one message on one phone (eleven digits)."""

    phone: str
    serial_no: str
    sent_at: datetime
    received_at: datetime
    arrived: bool
    session_context: str

    @property
    def _status(self) -> tuple[str, str, str]:
        if self.arrived:
            return "SUCCESS", "DELIVRD", "用户短信送达成功"
        return "FAIL", "UNDELIV", "用户短信未送达"

    def pushed(self) -> dict[str, object]:
        """The receipt as Tencent posts it: the time in China, without a zone."""
        status, code, description = self._status
        return {
            "user_receive_time": self.received_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
            "nationcode": "86",
            "mobile": self.phone,
            "report_status": status,
            "errmsg": code,
            "description": description,
            "sid": self.serial_no,
            "ext": self.session_context,
        }

    def pulled(self) -> dict[str, object]:
        """The receipt as PullSmsSendStatus answers it: the time in seconds since 1970."""
        status, code, _description = self._status
        return {
            "UserReceiveTime": int(self.received_at.timestamp()),
            "CountryCode": "86",
            "SubscriberNumber": self.phone,
            "PhoneNumber": f"+86{self.phone}",
            "SerialNo": self.serial_no,
            "ReportStatus": status,
            "Description": code,
            "SessionContext": self.session_context,
        }


class Handsets:
    """Every phone's mode and receipts."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._modes: dict[str, str] = {}
        self._receipts: dict[str, dict[str, Receipt]] = defaultdict(dict)
        self._unpushed: deque[Receipt] = deque()

    def set_mode(self, phone: str, mode: str) -> None:
        """Let a phone confirm ("ok"), stay silent ("never") or report failure ("fail") from now on."""
        with self._lock:
            self._modes[phone] = mode

    def mode(self, phone: str) -> str:
        """How the phone behaves; "ok" unless told otherwise."""
        with self._lock:
            return self._modes.get(phone, "ok")

    def modes(self) -> dict[str, str]:
        """Every phone that was given a mode."""
        with self._lock:
            return dict(self._modes)

    def record(self, receipt: Receipt) -> None:
        """Keep a receipt, once, for enquiries about its phone."""
        with self._lock:
            self._receipts[receipt.phone][receipt.serial_no] = receipt

    def leave_for_pulling(self, receipts: list[Receipt]) -> None:
        """Keep receipts that nobody took when they were pushed."""
        with self._lock:
            self._unpushed.extend(receipts)

    def pull(self, limit: int) -> list[Receipt]:
        """Hand out the oldest unpushed receipts, each of them once."""
        with self._lock:
            return [self._unpushed.popleft() for _ in range(min(limit, len(self._unpushed)))]

    def receipts_of(self, phone: str, begin: float, end: float) -> list[Receipt]:
        """A phone's receipts of messages sent between two instants (seconds since 1970)."""
        with self._lock:
            known = self._receipts.get(phone, {}).values()
            return [receipt for receipt in known if begin <= receipt.sent_at.timestamp() <= end]
