"""Tencent's SMS receipts (短信下发状态通知): posted as a JSON array, and left for pulling when nobody takes them."""

import logging
from collections.abc import Sequence

import requests

from server.sandbox.courier import persist
from server.sandbox.handsets import Receipt
from server.sandbox.world import World

ANSWER_SECONDS = 5

_log = logging.getLogger(__name__)


class ReceiptLane:
    """Carries up to 100 receipts in one request; one push and two more, each to be answered with result 0."""

    batch = 100

    def __init__(self, world: World) -> None:
        self._world = world
        self._session = requests.Session()
        self._session.trust_env = False

    def send(self, receipt: Receipt) -> None:
        """Put a receipt on its way, as the faults for sms_receipt allow."""
        faults = self._world.faults
        hold = faults.take("sms_receipt", "reorder", [receipt.phone]) is not None
        self._world.courier.put(self, receipt, hold=hold)
        if faults.take("sms_receipt", "duplicate", [receipt.phone]):
            self._world.courier.put(self, receipt)

    def deliver(self, items: Sequence[Receipt]) -> None:
        """Record the receipts, for only now the carrier has them, and push them."""
        url = self._world.settings.sms_receipt_url
        for receipt in items:
            self._world.handsets.record(receipt)
        if not url or not persist(lambda: self._post(url, items)):
            self._world.handsets.leave_for_pulling(list(items))
            if url:
                _log.warning("sandbox leaves %d SMS receipts for pulling", len(items))

    def _post(self, url: str, items: Sequence[Receipt]) -> bool:
        body = [receipt.pushed() for receipt in items]
        try:
            reply = self._session.post(url, json=body, timeout=ANSWER_SECONDS, allow_redirects=False)
            answer = reply.json()
        except requests.RequestException:  # a body that is not JSON is one of these too
            return False
        return reply.status_code == 200 and isinstance(answer, dict) and answer.get("result") == 0
