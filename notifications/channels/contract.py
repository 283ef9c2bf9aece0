"""What every channel promises the dispatcher: one message in, one answer out, and no exception for a vendor's fault."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What came of one try on one channel; vendors' codes are translated into these and nothing else."""

    ACCEPTED = "accepted"  # the carrier took it; a receipt says later what came of it
    RETRY_SOON = "retry_soon"  # certainly not sent; seconds to minutes
    RETRY_LATER = "retry_later"  # certainly not sent; a limit that ends after minutes to a day
    NOT_THIS_WAY = "not_this_way"  # this person cannot be reached by this channel; try another
    STOP = "stop"  # every further message would fail alike (balance, signature, template): stop and alarm
    UNKNOWN = "unknown"  # may have been sent: look it up, never send again


@dataclass(frozen=True)
class Message:
    """One message to one person on one channel, all frozen before it is sent."""

    reference: str  # our delivery id, carried through the vendor and back in its receipt
    to: str  # an openid, or a mainland mobile number of 11 digits
    template: str  # the vendor's template id
    params: tuple[tuple[str, str], ...]  # (field name or position, value), in the template's order
    page: str = ""  # WeChat only: the mini-program page that a tap opens
    kind: str = (
        ""  # SMS only: the kind of notice and, where older, its version, by which another carrier knows its template
    )
    tries: int = 1  # SMS only: the how-manyth try this is
    plainer: tuple[tuple[str, str], ...] = ()  # SMS only: the values for a filter that stops a word in the others


@dataclass(frozen=True)
class Answer:
    """The answer to one try. `code` is the vendor's own, kept for the record; `reference` is the vendor's id."""

    outcome: Outcome
    code: str = ""
    reference: str = ""
    detail: str = ""  # scrubbed: no secret, token, number or name
    # Ours and no part of what was answered: the template used, where it is another carrier's than the message's.
    template: str = field(default="", compare=False)
    refusal: "Answer | None" = (
        None  # what another carrier said, which certainly sent nothing, before this one was asked
    )


@dataclass(frozen=True)
class Receipt:
    """What the carrier says came of a message that it had accepted."""

    event: str  # unique per vendor event, so that a repeated push changes nothing
    delivered: bool
    code: str
    at: datetime | None  # aware; when the handset confirmed, where the carrier says so
    vendor_reference: str = ""  # the carrier's serial number
    reference: str = ""  # our delivery id, where the carrier carries it back


class Channel(Protocol):
    """A way to reach a person. Methods block for a bounded time and never raise for a vendor's fault."""

    name: str

    def send(self, message: Message) -> Answer: ...

    def look_up(self, message: Message, vendor_reference: str, sent_at: datetime) -> Receipt | None:
        """What became of a message whose sending ended in doubt, or None where the carrier cannot say."""
        ...

    def pull(self) -> list[Receipt]:
        """Receipts that the carrier holds for us and could not push."""
        ...
