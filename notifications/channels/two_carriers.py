"""Two SMS carriers as one channel: the second is for what the first plainly did not send and cannot send now.

Which of them took a message stands before its vendor reference, so that receipts and questions go to the right one. What
may have been sent stays with the carrier that may have sent it: nobody gets a second text because of a silence.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from notifications.channels.contract import Answer, Channel, Message, Outcome, Receipt

FIRST = "tencent"
SECOND = "aliyun"
# Tencent's references stand bare, as they did before there was a second carrier; only one without a serial bears its name.
SECOND_MARK = f"{SECOND}:"
_MARKS = {FIRST: f"{FIRST}:", SECOND: SECOND_MARK}
# A fault that may pass any moment is waited for this often at the first carrier (less than a minute in all).
PATIENCE = 3
# How long the first carrier is passed over once it was plainly closed; then one message asks again. What cannot be reached
# is waited for by every message for seconds, and is back as soon as a line is; an account is opened by somebody.
UNREACHABLE_FOR = timedelta(minutes=1)
CLOSED_FOR = timedelta(minutes=5)
_NO_CONNECTION = "connect"
_EVERYTHING = ""

log = structlog.get_logger(__name__)


def carrier_of(reference: str) -> str:
    """The carrier that a recorded reference belongs to; empty while none is known to have taken the message."""
    if not reference:
        return ""
    return SECOND if reference.startswith(SECOND_MARK) else FIRST


def marked(carrier: str, receipt: Receipt) -> Receipt:
    """A receipt as it is kept: with its carrier's name, so that it can never be taken for one of the other's."""
    if carrier == FIRST:
        return receipt
    mark = _MARKS[carrier]
    # Where the carrier did not say its own number ours stands in: a bare mark is what every message in doubt bears.
    theirs = receipt.vendor_reference or receipt.reference
    return replace(receipt, event=mark + receipt.event, vendor_reference=mark + theirs)


class Closures:
    """What a carrier is known to be closed for, a template or everything, and until when. One that is not reached is closed
    for everything, one that refuses for the template alone: a wrong template shuts no other out, and a closed account
    shuts one after another. Safe for many threads; forgotten with the process."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._until: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def shut(self, template: str) -> bool:
        """Is it to be passed over now? Of many who come when the time is over one is let through, to ask."""
        with self._lock:
            known = [scope for scope in (_EVERYTHING, template) if scope in self._until]
            if not known:  # as nearly always; with a moved clock the time is read from a file
                return False
            now = self._now()
            if any(self._until[scope] > now for scope in known):
                return True
            for scope in known:
                self._until[scope] = now + UNREACHABLE_FOR
            return False

    def learn(self, template: str, answer: Answer) -> None:
        """Take in what came of asking. A doubt, or what concerns one person, says neither that it is closed nor open."""
        with self._lock:
            if _not_reached(answer):
                self._until[_EVERYTHING] = self._now() + UNREACHABLE_FOR
            elif answer.outcome not in {Outcome.UNKNOWN, Outcome.NOT_THIS_WAY}:
                self._until.pop(_EVERYTHING, None)
                if answer.outcome is Outcome.STOP:
                    self._until[template] = self._now() + CLOSED_FOR
                else:
                    self._until.pop(template, None)


class TwoCarriers:
    """Sends through the first carrier, and through the second where the first says that nothing was sent and that it
    cannot: a closed account, a refused signature or template, no connection, or a fault that will not pass. A first one
    that is closed is remembered, and not asked by every message anew."""

    name = "sms"

    def __init__(self, first: Channel, second: Channel, now: Callable[[], datetime]) -> None:
        self._carriers = {FIRST: first, SECOND: second}
        self._closures = Closures(now)

    def send(self, message: Message) -> Answer:
        """One try, at one carrier or, after a plain refusal, at both."""
        if not self._closures.shut(message.template):
            return self._first_then_second(message)
        other = _with_mark(SECOND, self._carriers[SECOND].send(message))
        # The second cannot either: then the first is asked after all, for it may have opened meanwhile.
        return self._ask_first(message) if _cannot_now(other, message) else other

    def _first_then_second(self, message: Message) -> Answer:
        answer = self._ask_first(message)
        if not _cannot_now(answer, message):
            return answer
        log.error("sms.first_carrier_refuses", code=answer.code, delivery=message.reference)
        other = _with_mark(SECOND, self._carriers[SECOND].send(message))
        if other.outcome is not Outcome.STOP:
            return replace(other, refusal=answer)
        # Closed for everything, as the first may be no longer in a moment: how long to wait is the first one's to say.
        log.error("sms.second_carrier_refuses", code=other.code, delivery=message.reference)
        return answer

    def _ask_first(self, message: Message) -> Answer:
        answer = _with_mark(FIRST, self._carriers[FIRST].send(message))
        self._closures.learn(message.template, answer)
        return answer

    def look_up(self, message: Message, vendor_reference: str, sent_at: datetime) -> Receipt | None:
        """Asks the carrier that has the message; both where the sender died before it could say which."""
        known = carrier_of(vendor_reference)
        for carrier in [known] if known else [FIRST, SECOND]:
            theirs = vendor_reference.removeprefix(_MARKS[carrier])
            receipt = self._carriers[carrier].look_up(message, theirs, sent_at)
            if receipt is not None:
                return marked(carrier, receipt)
        return None

    def pull(self) -> list[Receipt]:
        """What either carrier holds for us."""
        return [marked(carrier, receipt) for carrier, channel in self._carriers.items() for receipt in channel.pull()]


def _cannot_now(answer: Answer, message: Message) -> bool:
    """Nothing was sent, for a reason that has nothing to do with this person. A limit of one number is no such reason: it
    ends, and the other carrier has one too."""
    if answer.outcome is Outcome.RETRY_SOON:
        return _not_reached(answer) or message.tries >= PATIENCE
    return answer.outcome is Outcome.STOP


def _not_reached(answer: Answer) -> bool:
    return answer.outcome is Outcome.RETRY_SOON and answer.code == _NO_CONNECTION


def _with_mark(carrier: str, answer: Answer) -> Answer:
    """The answer with the carrier's name, where the carrier has the message or may have it."""
    if answer.outcome not in {Outcome.ACCEPTED, Outcome.UNKNOWN} or (carrier == FIRST and answer.reference):
        return answer
    return replace(answer, reference=_MARKS[carrier] + answer.reference)
