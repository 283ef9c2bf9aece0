"""What every message looks like at its longest, and what a carrier would have against it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from notifications.wording.shape import Wording
from notifications.wording.words import VARIABLE, newest, sms_params, sms_text, wechat_fields
from server.domain.money import yuan
from server.domain.notices import ROUTES, ChannelName, Kind
from server.domain.registrations import GROUP
from server.domain.typed_words import BANNED, HEADING_ROOM, WORDS_ROOM
from server.domain.wording import full_day_text
from server.domain.working_days import DayTable
from server.models import Sitting
from server.rulebooks.book import Rulebook
from server.sandbox.sms_text import CONTENT_LIMIT, has_link, parts, placeholders, signed
from server.sandbox.subscribe_fields import fault_in
from server.services.making_sittings import drafted
from server.services.messaging import BY_SMS
from server.services.noticing import sitting_facts
from server.services.postponing import ASKED, CROWDED, MISSED, REARRANGED, SHORT, Move, move_facts
from server.services.rearranging import DAY_CHANGED, PLACE_CHANGED
from server.services.reminding import day_facts

_OWED_PARTS = 3
_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Sample:
    """One message about one sitting: the SMS with its signature, the card's fields, and what is wrong with them."""

    kind: Kind
    wording: Wording
    sms: str
    params: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]

    @property
    def parts(self) -> int:
        """How many messages the carrier bills."""
        return parts(self.sms)

    def faults(self) -> Iterator[str]:
        """Each thing for which a carrier would refuse it."""
        text, kind = self.wording.sms, self.kind.value
        numbers = placeholders(text)
        if numbers != list(range(1, len(self.wording.sms_facts) + 1)):
            yield f"{kind}: 短信的变量不是逐个各用一次"
        if re.search(r"\}\s*\{", text):
            yield f"{kind}: 短信有两个变量相邻"
        if re.search("[【】]", text):
            yield f"{kind}: 短信正文有【】"
        yield from (f"{kind}: 短信模板有禁用词{word}" for word in BANNED if word in text)
        if ("{link}" in text) is (self.wording.link is None) or has_link(text):
            yield f"{kind}: 短信的网址须写作{{link}}，并写明哪一页"
        # A phone that finds no end takes the words after an address for part of it.
        if re.search(r"\S\{link\}|\{link\}\S", text):
            yield f"{kind}: 短信的网址前后须空格"
        for place, value in self.params:
            if not 1 <= len(value) <= VARIABLE:
                yield f"{kind}: 短信变量{place}有{len(value)}字：{value}"
            if has_link(value) or re.search("[【】]", value):
                yield f"{kind}: 短信变量{place}有网址或【】：{value}"
        if len(self.sms) > CONTENT_LIMIT:
            yield f"{kind}: 短信共{len(self.sms)}字"
        if ChannelName.SMS in ROUTES[self.kind].owed and self.parts > _OWED_PARTS:
            yield f"{kind}: 短信须分{self.parts}条：{self.sms}"
        yield from (f"{kind}: 微信字段 {key} 不合规定：{value}" for key, value in self.fields if fault_in(key, value))


def samples(kind: Kind, books: Iterable[Rulebook], sign: str, public_url: str) -> Iterator[Sample]:
    """The message of a kind about every sitting of these rulebooks, with the day set and without. Needs the application's
    context."""
    for book in books:
        for sitting in _sittings(book):
            yield _sample(kind, sitting, sign, public_url)


def _sittings(book: Rulebook) -> Iterator[Sitting]:
    for occupation, level, planned in book.planned():
        sitting = drafted(book, occupation, level, planned, DayTable(), _BEFORE_ALL)
        yield sitting
        if not sitting.day_fixed:
            set_now = drafted(book, occupation, level, planned, DayTable(), _BEFORE_ALL)
            set_now.day_fixed = True
            yield set_now


def _sample(kind: Kind, sitting: Sitting, sign: str, public_url: str) -> Sample:
    facts, wording = _facts(kind, sitting), newest(kind)
    text = signed(sign, sms_text(wording, facts, public_url))
    return Sample(kind, wording, text, sms_params(wording, facts), wechat_fields(wording, facts))


def _facts(kind: Kind, sitting: Sitting) -> dict[str, str]:
    """What the services would freeze for such a notice, each fact of its own at its longest."""
    why = max((ASKED, MISSED) if kind is Kind.BOOKED_AGAIN else (SHORT, CROWDED, REARRANGED), key=len)
    target = None if kind is Kind.WAITING else sitting
    moved = move_facts(Move(sitting, target, None, why)) if kind in _MOVES else {}
    fee, day = yuan(99_999), day_facts(sitting) if kind is Kind.TOMORROW else {}
    own = {
        "number": "W8HJ4K2M",
        "fee": fee,
        "refunded": fee,
        "reason": "工作年限证明材料看不清，请重新拍照后上传，并由单位在复印件上加盖公章",
        "until": full_day_text(sitting.pay_last),
        "hint": _HINTS.get(kind, "视作自动放弃，费用不予退还"),
        "change": f"{DAY_CHANGED}、{PLACE_CHANGED}",
        "code": "123456",
        "minutes": "5",
        "heading": "考" * HEADING_ROOM,
        "words": "考" * WORDS_ROOM,
    }
    return sitting_facts(sitting, GROUP) | own | day | {key: str(fact) for key, fact in moved.items()}


_MOVES = (Kind.POSTPONED, Kind.WAITING, Kind.BOOKED_AGAIN)
_HINTS = {
    Kind.RECEIVED: "请留意审核结果和缴费通知",
    Kind.REFUNDED: "到账时间以银行为准",
    Kind.BY_HAND: BY_SMS,
    Kind.RESULTS_OUT: "请在小程序查看，或向我们查询",
    Kind.RETAKE_UNTIL: "请在截止日期前申请",
    Kind.CERTIFICATE_READY: "领取方法见小程序，或向我们查询",
}
