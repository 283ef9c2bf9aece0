"""Alarms about the carriers (通道): which of them takes nothing at present, asked of the tries that are on record."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import select

from server.db import reading
from server.domain.notices import KIND_NAMES, ChannelName, Kind
from server.models import Attempt, Delivery, Notice, NoticeCause
from server.services.alarm import Alarm

#: so many of the latest tries are looked at, and none that is older than a day: what was refused before has been seen to
LATEST = 2000
WITHIN = timedelta(days=1)
#: stands before the reference of what the second SMS carrier took
SECOND_TOOK = "aliyun:"
_TAKEN = {"accepted", "unknown"}
# WeChat says of these that the words are wrong, so they are for whoever writes them and not for the reader.
_WORDS_REFUSED = ("47003", "45168")
_CHANNELS = {ChannelName.SMS.value: "短信", ChannelName.WECHAT.value: "微信通知"}


@dataclass(frozen=True)
class _Tried:
    """One try that has ended."""

    channel: str
    kind: Kind
    by_second: bool
    outcome: str
    code: str
    at: datetime


def carriers_refuse(now: datetime) -> list[Alarm]:
    """Carriers that refuse what every further message of a kind would meet alike: until one of that kind is taken again."""
    tried = _latest(now)
    by_kind = defaultdict[tuple[str, Kind], list[_Tried]](list)
    for one in tried:
        by_kind[one.channel, one.kind].append(one)
    stopped, passed_over = [], []
    for tries in by_kind.values():
        newest = tries[0]
        if newest.outcome == "stop":
            stopped.append(_while(tries, lambda one: one.outcome == "stop"))
        elif newest.by_second and newest.outcome in _TAKEN:
            passed_over.append(_while(tries, lambda one: one.by_second))
    raised = [_stopped(channel, [one for one in stopped if one[0].channel == channel]) for channel in _CHANNELS]
    found = [*raised, _first_refuses(passed_over), _words_refused(tried)]
    return [one for one in found if one is not None]


def _latest(now: datetime) -> list[_Tried]:
    """The newest first."""
    latest = select(Attempt.id).order_by(Attempt.id.desc()).limit(LATEST)
    rows = (
        select(Delivery.channel, NoticeCause.kind, Delivery.vendor_reference, Attempt)
        .join(Delivery, Delivery.id == Attempt.delivery_id)
        .join(Notice, Notice.id == Delivery.notice_id)
        .join(NoticeCause, NoticeCause.id == Notice.cause_id)
        .where(Attempt.id.in_(latest), Attempt.ended_at > now - WITHIN)
        .order_by(Attempt.id.desc())
    )
    with reading() as session:
        return [
            _Tried(channel, Kind(kind), theirs.startswith(SECOND_TOOK), one.outcome, one.code, one.started_at)
            for channel, kind, theirs, one in session.execute(rows)
        ]


def _while(tries: list[_Tried], alike: Callable[[_Tried], bool]) -> list[_Tried]:
    return list(takewhile(alike, tries))


def _stopped(channel: str, stopped: list[list[_Tried]]) -> Alarm | None:
    if not stopped:
        return None
    kinds = "、".join(KIND_NAMES[tries[0].kind] for tries in stopped)
    todo = "请检查账户余额、密钥、签名和模板；恢复前系统每10分钟再试，须按期得知的请看 jiping staff telephone list"
    text = f"{_CHANNELS[channel]}发不出去（{kinds}）：通道拒绝 {_codes(stopped)}。{todo}"
    return Alarm("channel_stopped", text, _since(stopped))


def _first_refuses(passed_over: list[list[_Tried]]) -> Alarm | None:
    if not passed_over:
        return None
    refused = [[one for one in tries if one.outcome not in _TAKEN] for tries in passed_over]
    codes = _codes([tries for tries in refused if tries])
    why = f"拒绝发送（{codes}）" if codes else "不能发送"
    todo = "请检查它的账户余额、密钥、签名、模板和网络"
    return Alarm("first_carrier_refuses", f"第一家短信通道{why}，短信现由第二家代发。{todo}", _since(passed_over))


def _words_refused(tried: list[_Tried]) -> Alarm | None:
    refused = [
        one for one in tried if one.channel == ChannelName.WECHAT.value and one.code.startswith(_WORDS_REFUSED)
    ]
    if not refused:
        return None
    kinds = "、".join(dict.fromkeys(KIND_NAMES[one.kind] for one in refused))
    todo = "这些人已改用短信（没有短信的未告知），请把代码交给维护人员修改措辞"
    text = f"最近一天有{len(refused)}张微信卡片因内容被拒（{kinds}）：{_codes([refused])}。{todo}"
    return Alarm("card_words_refused", text, _since([refused]))


def _codes(tries: list[list[_Tried]]) -> str:
    return "、".join(dict.fromkeys(one.code for each in tries for one in each if one.code))


def _since(tries: list[list[_Tried]]) -> datetime:
    return min(each[-1].at for each in tries)
