"""Two SMS carriers as one channel: the second is for what the first plainly did not send and cannot send now.

Which of them took a message stands before its vendor reference, so that receipts and questions go to the right one. What
may have been sent stays with the carrier that may have sent it: nobody gets a second text because of a silence.
"""

from dataclasses import replace
from datetime import datetime

import structlog

from notifications.channels.contract import Answer, Channel, Message, Outcome, Receipt

FIRST = "tencent"
SECOND = "aliyun"
# Tencent's references stand bare, as they did before there was a second carrier; only one without a serial bears its name.
SECOND_MARK = f"{SECOND}:"
_MARKS = {FIRST: f"{FIRST}:", SECOND: SECOND_MARK}
# A fault that may pass any moment is waited for this often at the first carrier (less than a minute in all).
PATIENCE = 3

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


class TwoCarriers:
    """Sends through the first carrier, and through the second where the first says that nothing was sent and that it
    cannot: a closed account, a refused signature or template, no connection, or a fault that will not pass."""

    name = "sms"

    def __init__(self, first: Channel, second: Channel) -> None:
        self._carriers = {FIRST: first, SECOND: second}

    def send(self, message: Message) -> Answer:
        """One try, at one carrier or, after a plain refusal, at both."""
        answer = _with_mark(FIRST, self._carriers[FIRST].send(message))
        if not _cannot_now(answer, message):
            return answer
        log.error("sms.first_carrier_refuses", code=answer.code, delivery=message.reference)
        other = _with_mark(SECOND, self._carriers[SECOND].send(message))
        if other.outcome is not Outcome.STOP:
            return other
        # Closed for everything, as the first may be no longer in a moment: how long to wait is the first one's to say.
        log.error("sms.second_carrier_refuses", code=other.code, delivery=message.reference)
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
        return answer.code == "connect" or message.tries >= PATIENCE
    return answer.outcome is Outcome.STOP


def _with_mark(carrier: str, answer: Answer) -> Answer:
    """The answer with the carrier's name, where the carrier has the message or may have it."""
    if answer.outcome not in {Outcome.ACCEPTED, Outcome.UNKNOWN} or (carrier == FIRST and answer.reference):
        return answer
    return replace(answer, reference=_MARKS[carrier] + answer.reference)
