"""Was somebody told in time (按期告知)? Judged from what can be shown alone: a handset's confirmation, or a call that reached them.

认定考核前10日前 by telephone or SMS (technicians 二（三）注): a message that a carrier took and no handset confirmed tells nobody, and
a WeChat card is an extra that proves nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from server.domain.days import local_day

By = Literal["sms", "call"]


class Verdict(StrEnum):
    BY_SMS = "by_sms"  # in time, by a confirmed SMS
    BY_CALL = "by_call"  # in time, by a call that reached them
    LATE = "late"  # told, after the limit
    NOT_YET = "not_yet"  # not told, and there is still time
    NEVER = "never"  # not told, and the time is over
    LEFT = "left"  # stepped back before the limit: nothing was owed any more


VERDICT_NAMES = {
    Verdict.BY_SMS: "短信按期告知",
    Verdict.BY_CALL: "电话按期告知",
    Verdict.LATE: "逾期告知",
    Verdict.NOT_YET: "尚未告知",
    Verdict.NEVER: "未能告知",
    Verdict.LEFT: "已退出，无须告知",
}


@dataclass(frozen=True)
class Heard:
    """When somebody heard of it, and by what. `of_later`: it was a later notice that they heard, which says what is true
    now and so settles the earlier one as well."""

    at: datetime
    by: By
    of_later: bool = False


@dataclass(frozen=True)
class Judged:
    """The verdict, and what it rests on: the first that was heard, whenever it was."""

    verdict: Verdict
    heard: Heard | None


def judge(tell_by: date, heard: Iterable[Heard], left_at: datetime | None, now: datetime) -> Judged:
    """Told on or before `tell_by` (a Shanghai day, inclusive)? `left_at`: when they stepped back, where they did."""
    first = min(heard, key=lambda one: (one.at, one.of_later), default=None)
    if first is not None and local_day(first.at) <= tell_by:
        return Judged(Verdict.BY_SMS if first.by == "sms" else Verdict.BY_CALL, first)
    if left_at is not None and local_day(left_at) <= tell_by:
        return Judged(Verdict.LEFT, first)
    if first is not None:
        return Judged(Verdict.LATE, first)
    return Judged(Verdict.NOT_YET if local_day(now) <= tell_by else Verdict.NEVER, None)
