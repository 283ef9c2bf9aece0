"""Tencent Cloud SMS's delivery receipts (短信下发状态), pushed to us or fetched by us: two formats, one meaning."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import structlog

from notifications.channels.contract import Receipt
from notifications.channels.receipt_rows import beijing_time, json_rows, status_word

MOST_IN_A_PUSH = 100

_SERIAL = re.compile(r"[!-~]{1,100}")

log = structlog.get_logger(__name__)


def parse_receipts(body: bytes) -> list[Receipt]:
    """The good receipts of one push. Raises `ValueError`, without a word of the body, where nothing is as documented.

    Answer a good push with `{"result": 0, "errmsg": "OK"}`; Tencent repeats an unanswered one twice and then gives up.
    """
    rows = json_rows(body)
    if rows is None or len(rows) > MOST_IN_A_PUSH:
        raise ValueError("not an array of at most 100 receipts")
    found = [_pushed(row) for row in rows]
    receipts = [receipt for receipt in found if receipt is not None]
    if found and not receipts:
        raise ValueError("no receipt is as documented")
    if len(receipts) != len(found):
        # The good ones count: a push is repeated twice only, and then the confirmations beside an odd one would be lost.
        log.error("receipts.not_as_documented", rows=len(found) - len(receipts))
    return receipts


def pulled_receipt(row: object) -> Receipt | None:
    """The receipt in one row of a fetched answer, or None: no outcome yet, or not as documented."""
    if not isinstance(row, Mapping):
        return None
    seconds = row.get("UserReceiveTime")
    at = None
    if isinstance(seconds, int) and 0 < seconds < 10**11:
        at = datetime.fromtimestamp(seconds, UTC)
    return _receipt(row, ("SerialNo", "ReportStatus", "Description", "SessionContext"), at)


def _pushed(row: object) -> Receipt | None:
    if not isinstance(row, Mapping):
        return None
    text = row.get("user_receive_time")
    at = None
    # Only a message that did not arrive may lack the time of its arrival.
    if not (text in ("", None) and row.get("report_status") == "FAIL"):
        at = beijing_time(text)
        if at is None:
            return None
    return _receipt(row, ("sid", "report_status", "errmsg", "ext"), at)


def _receipt(row: Mapping[str, object], names: tuple[str, str, str, str], at: datetime | None) -> Receipt | None:
    serial, status, word, session = (row.get(name) for name in names)
    if not isinstance(serial, str) or not _SERIAL.fullmatch(serial) or status not in ("SUCCESS", "FAIL"):
        return None
    # The same for a push and a pull of one event, so that whichever comes second changes nothing.
    event = f"{serial}:{status}:{int(at.timestamp()) if at else '-'}"
    reference = session if isinstance(session, str) else ""
    return Receipt(event, status == "SUCCESS", status_word(word), at, serial, reference)
