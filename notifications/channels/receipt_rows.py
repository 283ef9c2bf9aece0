"""What the carriers' receipts have in common: JSON rows, short words of status, and times in Beijing without a zone."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))

# What carriers put here is a short word (DELIVRD, UNDELIV, MK:0001); anything else is not kept.
_STATUS_WORD = re.compile(r"[A-Za-z0-9:_.\-]{1,40}", re.ASCII)


def json_rows(body: bytes) -> list[object] | None:
    """The rows of a JSON array, or None where it is not one."""
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return rows if isinstance(rows, list) else None


def beijing_time(text: object) -> datetime | None:
    """The instant, in UTC, that a text such as 2026-04-21 06:30:00 means in Beijing; None where it means none."""
    try:
        return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING).astimezone(UTC)
    except (ValueError, OverflowError):  # the year 1 has no hour before it
        return None


def status_word(word: object) -> str:
    """A carrier's word as it may be stored, or `unreadable`."""
    return word if isinstance(word, str) and _STATUS_WORD.fullmatch(word) else "unreadable"
