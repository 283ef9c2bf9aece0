"""A carrier's word filter may take the name of a trade for advertising: the text then goes once more, without the name."""

from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from notifications.channels.contract import Answer, Channel, Message, Receipt

# What either carrier says of a text that its filter stopped; it was certainly not sent.
STOPPED_BY_FILTER = frozenset(
    {"FailedOperation.ContainSensitiveWord", "InvalidParameter.DirtyWordFound", "isv.SMS_CONTENT_ILLEGAL"}
)

log = structlog.get_logger(__name__)


@dataclass
class PlainWords:
    """A channel whose texts are tried in their plainer words where a filter stopped the first ones; then no more."""

    channel: Channel
    name: str = "sms"

    def send(self, message: Message) -> Answer:
        """One try, or two where the first was stopped for its words."""
        answer = self.channel.send(message)
        if answer.code not in STOPPED_BY_FILTER or not message.plainer:
            return answer
        log.warning("sms.stopped_by_filter", code=answer.code, delivery=message.reference)
        return self.channel.send(replace(message, params=message.plainer, plainer=()))

    def look_up(self, message: Message, vendor_reference: str, sent_at: datetime) -> Receipt | None:
        """As the channel says."""
        return self.channel.look_up(message, vendor_reference, sent_at)

    def pull(self) -> list[Receipt]:
        """As the channel has them."""
        return self.channel.pull()
