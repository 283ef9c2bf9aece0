"""Checks of what people were told: notices against the carriers' own inbox."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from notifications.wording.words import newest
from server.domain.notices import ChannelName, Kind
from server.replay.facts import MOVES, RegistrationFact
from server.replay.lived import Lived
from server.replay.people import Person
from server.replay.phone import AT_PAYMENT, AT_SUBMISSION


def one_notice_each(lived: Lived) -> Iterator[str]:
    """One for each move of each person, and none without a move."""
    written = Counter((one.registration, one.sitting) for one in lived.move_notices)
    for one in lived.facts.registrations:
        for origin, moves in Counter(step.origin for step in one.steps).items():
            count = written.pop((one.id, origin), 0)
            if count != moves:
                yield f"{one.number}：有{count}份延期通知，应有{moves}份"
    for registration, _ in written:
        yield f"第{registration}件申报：没有延期，却有延期通知"


def one_message_each(lived: Lived) -> Iterator[str]:
    """Counted where a carrier counts: by phone and by the words that arrived there."""
    arrived = Counter(
        one["to"]
        for one in lived.facts.inbox
        if _is_sms(one) and any(_words(kind).search(one["text"]) for kind in MOVES)
    )
    for person, registration in lived.registered:
        count = arrived.pop(person.particulars.phone, 0)
        if count != len(registration.steps):
            yield f"{registration.number}：延期{len(registration.steps)}次，收到{count}条延期短信"
    for count in arrived.values():
        yield f"有不相干的手机收到{count}条延期短信"


def silent_phones_are_called(lived: Lived) -> Iterator[str]:
    """On the list stand exactly those of the moved whose phone never confirms; and each of them was reached."""
    silent = {registration.id for person, registration in lived.registered if not person.confirms}
    wanted = {one.id for one in lived.owed_notices if one.registration in silent}
    for one in lived.owed_notices:
        if (one.id in lived.facts.listed) != (one.id in wanted):
            yield f"第{one.id}份{one.kind.value}通知：{'没有' if one.id in wanted else '不应'}列入电话名单"
        if one.id in wanted and one.called_on is None:
            yield f"第{one.id}份{one.kind.value}通知：没有打通电话的记录"
    for notice in sorted(lived.facts.listed - {one.id for one in lived.owed_notices}):
        yield f"第{notice}份通知：不是须按期得知的通知，却在电话名单上"


def everybody_told_in_time(lived: Lived) -> Iterator[str]:
    """Everybody who was moved has been told, provably, by the deadline of the sitting that was left; and whoever was told
    of a day, by the deadline of the sitting that is on it."""
    told = {
        (one.registration, one.sitting) for one in lived.move_notices if one.told_by(lived.by_id[one.sitting].tell_by)
    }
    for one in lived.facts.registrations:
        for origin in one.left:
            if (one.id, origin) not in told:
                yield f"{one.number}：{lived.by_id[origin].tell_by}前没有得知延期"
    for notice in lived.owed_notices:
        if notice.kind is Kind.DAY_SET and not notice.told_by(lived.by_id[notice.sitting].tell_by):
            yield f"第{notice.registration}件申报：{lived.by_id[notice.sitting].tell_by}前没有得知评价日期"


def receipts_agree(lived: Lived) -> Iterator[str]:
    """What we hold for confirmed is what the carrier holds for delivered."""
    delivered = Counter(one["to"] for one in lived.facts.inbox if _is_sms(one) and one["state"] == "delivered")
    confirmed = Counter(one.registration for one in lived.facts.notices if one.sms_confirmed_on is not None)
    for person, registration in lived.registered:
        ours, theirs = confirmed[registration.id], delivered[person.particulars.phone]
        if ours != theirs:
            yield f"{registration.number}：我们确认{ours}条短信，运营商送达{theirs}条"


def cards_only_with_a_grant(lived: Lived) -> Iterator[str]:
    """As many cards as notices that were still true when their hour came, but not more than taps that were accepted; and the
    same number in WeChat."""
    owed = Counter((one.registration, one.kind) for one in lived.facts.notices if not one.overtaken)
    sent = Counter((one.registration, one.kind) for one in lived.facts.notices if one.wechat_accepted)
    cards = Counter(one["to"] for one in lived.facts.inbox if one["channel"] == ChannelName.WECHAT.value)
    for person, registration in lived.registered:
        for kind in Kind:
            wanted = min(owed[registration.id, kind], _credits(lived, person, registration, kind))
            if sent[registration.id, kind] != wanted:
                yield f"{registration.number}：{kind.value} 应有{wanted}张微信卡片，实有{sent[registration.id, kind]}张"
        accepted = sum(sent[registration.id, kind] for kind in Kind)
        if cards[person.openid] != accepted:
            yield f"{registration.number}：微信接受{accepted}张卡片，收件箱有{cards[person.openid]}张"


def _credits(lived: Lived, person: Person, registration: RegistrationFact, kind: Kind) -> int:
    if not person.granted:
        return 0
    return (kind in lived.asked[AT_SUBMISSION]) + (registration.paid and kind in lived.asked[AT_PAYMENT])


def _is_sms(message: dict[str, object]) -> bool:
    return message["channel"] == ChannelName.SMS.value


@cache
def _words(kind: Kind) -> re.Pattern[str]:
    """The carrier's template of a kind as a pattern: its fixed words, and anything where a value or the address stands."""
    return re.compile(".+".join(re.escape(part) for part in re.split(r"\{\w+\}", newest(kind).sms)))
