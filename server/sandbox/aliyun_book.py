"""What Alibaba Cloud knows of each text that it took, and its receipts (SmsReport), pushed as a JSON array."""

import logging
import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import requests

from server.sandbox.courier import persist
from server.sandbox.handsets import CHINA

if TYPE_CHECKING:
    from server.sandbox.world import World

ANSWER_SECONDS = 5
TIMES = "%Y-%m-%d %H:%M:%S"
WAITING, FAILED, ARRIVED = 1, 2, 3

_log = logging.getLogger(__name__)


@dataclass
class Text:
    """One text to one phone (eleven digits). `status` is SendStatus: 1 until the network said what came of it."""

    biz_id: str
    out_id: str
    phone: str
    template: str
    content: str
    parts: int
    sent_at: datetime
    arrives: bool
    status: int = WAITING

    @property
    def _word(self) -> str:
        return "DELIVERED" if self.arrives else "MK:0001"

    def pushed(self) -> dict[str, object]:
        """The receipt as Alibaba posts it: times in China, without a zone."""
        moment = self.sent_at.astimezone(CHINA).strftime(TIMES)
        return {
            "phone_number": self.phone,
            "send_time": moment,
            "report_time": moment,
            "success": self.arrives,
            "err_code": self._word,
            "err_msg": "用户接收成功" if self.arrives else "用户接收失败",
            "sms_size": str(self.parts),
            "biz_id": self.biz_id,
            "out_id": self.out_id,
        }

    def asked(self) -> dict[str, object]:
        """The text as QuerySendDetails answers it, which does not say the BizId again."""
        moment = self.sent_at.astimezone(CHINA).strftime(TIMES)
        known = {} if self.status == WAITING else {"ErrCode": self._word, "ReceiveDate": moment}
        return known | {
            "TemplateCode": self.template,
            "OutId": self.out_id,
            "SendDate": moment,
            "PhoneNum": self.phone,
            "Content": self.content,
            "SendStatus": self.status,
        }


class AliyunBook:
    """Every text that was taken, by phone, in the order in which they came."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._texts: dict[str, list[Text]] = defaultdict(list)

    def add(self, text: Text) -> None:
        """Take a text; it waits until `settle`."""
        with self._lock:
            self._texts[text.phone].append(text)

    def settle(self, text: Text) -> None:
        """The network has answered."""
        with self._lock:
            text.status = ARRIVED if text.arrives else FAILED

    def find(self, phone: str, day: str, biz_id: str) -> list[Text]:
        """A phone's texts of one day in China (20260421), of one BizId where it is given."""
        with self._lock:
            return [
                text
                for text in self._texts.get(phone, [])
                if text.sent_at.astimezone(CHINA).strftime("%Y%m%d") == day and biz_id in ("", text.biz_id)
            ]


class AliyunLane:
    """Carries up to 100 receipts in one request; some pushes, each to be answered with code 0, and then no more."""

    batch = 100

    def __init__(self, world: "World") -> None:
        self._world = world
        self._session = requests.Session()
        self._session.trust_env = False

    def send(self, text: Text) -> None:
        """Put a receipt on its way, as the faults for aliyun_receipt allow."""
        faults = self._world.faults
        hold = faults.take("aliyun_receipt", "reorder", [text.phone]) is not None
        self._world.courier.put(self, text, hold=hold)
        if faults.take("aliyun_receipt", "duplicate", [text.phone]):
            self._world.courier.put(self, text)

    def deliver(self, items: Sequence[Text]) -> None:
        """Settle the texts, for only now the carrier knows, and push their receipts."""
        url = self._world.settings.aliyun_receipt_url
        for text in items:
            self._world.aliyun.settle(text)
        if url and not persist(lambda: self._post(url, items)):
            _log.warning("sandbox gives up pushing %d receipts of the second carrier", len(items))

    def _post(self, url: str, items: Sequence[Text]) -> bool:
        body = [text.pushed() for text in items]
        try:
            reply = self._session.post(url, json=body, timeout=ANSWER_SECONDS, allow_redirects=False)
            answer = reply.json()
        except requests.RequestException:  # a body that is not JSON is one of these too
            return False
        return reply.status_code == 200 and isinstance(answer, dict) and answer.get("code") == 0
