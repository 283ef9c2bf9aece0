"""The WeChat channel: one subscription message (订阅消息) to one openid."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from notifications.channels.contract import Answer, Message, Outcome, Receipt
from server.wechat import FaultKind, WeChatFault

OUTCOME_OF: Mapping[FaultKind, Outcome] = {
    FaultKind.BUSY: Outcome.RETRY_SOON,
    FaultKind.RATE_LIMITED: Outcome.RETRY_LATER,
    FaultKind.CODE_USED_OR_WRONG: Outcome.NOT_THIS_WAY,
    FaultKind.BLOCKED_USER: Outcome.NOT_THIS_WAY,
    FaultKind.FOREIGN_NUMBER: Outcome.NOT_THIS_WAY,
    FaultKind.NOT_SUBSCRIBED: Outcome.NOT_THIS_WAY,
    FaultKind.WRONG_OPENID: Outcome.NOT_THIS_WAY,
    FaultKind.BAD_FIELD: Outcome.NOT_THIS_WAY,
    FaultKind.TEXT_REFUSED: Outcome.NOT_THIS_WAY,
    FaultKind.REFUSED: Outcome.NOT_THIS_WAY,
    FaultKind.WRONG_TEMPLATE: Outcome.STOP,
    FaultKind.ABILITY_BANNED: Outcome.STOP,
    FaultKind.TOKEN_TROUBLE: Outcome.STOP,
    FaultKind.MISCONFIGURED: Outcome.STOP,
    FaultKind.UNKNOWN: Outcome.UNKNOWN,
}


class SubscribeSender(Protocol):
    """What the channel needs of the WeChat client."""

    def send_subscribe(
        self, openid: str, template_id: str, page: str, data: Mapping[str, str], state: str
    ) -> str: ...


class WeChatChannel:
    """Sends subscription messages. `state` is the version that a tap opens: formal, trial or developer."""

    name = "wechat"

    def __init__(self, client: SubscribeSender, state: str) -> None:
        self._client = client
        self._state = state

    def send(self, message: Message) -> Answer:
        """One try. An accepted message's outcome comes as a push event that carries the same msgid."""
        try:
            msgid = self._client.send_subscribe(
                message.to, message.template, message.page, dict(message.params), self._state
            )
        except WeChatFault as fault:
            return Answer(OUTCOME_OF[fault.kind], code=fault.code, detail=fault.kind.value)
        return Answer(Outcome.ACCEPTED, code="0", reference=msgid)

    def look_up(self, message: Message, vendor_reference: str, sent_at: datetime) -> Receipt | None:
        """None: WeChat offers no question about a message that was sent."""
        return None

    def pull(self) -> list[Receipt]:
        """Nothing: WeChat only pushes."""
        return []
