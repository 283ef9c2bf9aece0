"""Alibaba Cloud SMS's delivery receipts (SmsReport), pushed to us or asked for one by one: two formats, one meaning."""

import re
from collections.abc import Mapping
from datetime import datetime

import structlog

from notifications.channels.contract import Receipt
from notifications.channels.receipt_rows import beijing_time, json_rows, status_word

MOST_IN_A_PUSH = 1000

_BIZ_ID = re.compile(r"[!-~]{1,50}")
_OUT_ID = re.compile(r"[!-~]{0,64}")
# SendStatus: 1 still waits for the network's word.
_OUTCOME = {2: False, 3: True}

log = structlog.get_logger(__name__)


def parse_receipts(body: bytes) -> list[Receipt]:
    """The good receipts of one push. Raises `ValueError`, without a word of the body, where nothing is as documented.

    Answer a good push with `{"code": 0}`; Alibaba repeats an unanswered one after 1, 5 and 10 minutes and then gives up.
    """
    rows = json_rows(body)
    if rows is None or len(rows) > MOST_IN_A_PUSH:
        raise ValueError("not an array of at most 1000 receipts")
    found = [_pushed(row) for row in rows]
    receipts = [receipt for receipt in found if receipt is not None]
    if found and not receipts:
        raise ValueError("no receipt is as documented")
    if len(receipts) != len(found):
        log.error("receipts.not_as_documented", rows=len(found) - len(receipts))
    return receipts


def asked_receipt(row: object, biz_id: str) -> Receipt | None:
    """The receipt in one row of QuerySendDetails, or None: no outcome yet, or not as documented. The row does not repeat
    the BizId that was asked for."""
    if not isinstance(row, Mapping):
        return None
    delivered = _OUTCOME.get(row["SendStatus"]) if isinstance(row.get("SendStatus"), int) else None
    at = beijing_time(row.get("ReceiveDate"))
    if delivered is None or (delivered and at is None):
        return None
    return _receipt(biz_id, row.get("OutId"), delivered, row.get("ErrCode"), at)


def _pushed(row: object) -> Receipt | None:
    if not isinstance(row, Mapping):
        return None
    delivered, biz_id = row.get("success"), row.get("biz_id")
    at = beijing_time(row.get("report_time"))
    if not isinstance(delivered, bool) or not isinstance(biz_id, str) or not _BIZ_ID.fullmatch(biz_id):
        return None
    # Only a message that did not arrive may lack the time of its arrival.
    if at is None and (delivered or row.get("report_time") not in ("", None)):
        return None
    return _receipt(biz_id, row.get("out_id"), delivered, row.get("err_code"), at)


def _receipt(biz_id: str, out_id: object, delivered: bool, word: object, at: datetime | None) -> Receipt:
    ours = out_id if isinstance(out_id, str) and _OUT_ID.fullmatch(out_id) else ""
    # The same for a push and an answer about one event, so that whichever comes second changes nothing: our own id where
    # it came along, because an answer holds no BizId.
    event = f"{ours or biz_id}:{'SUCCESS' if delivered else 'FAIL'}:{int(at.timestamp()) if at else '-'}"
    return Receipt(event, delivered, status_word(word), at, biz_id, ours)
