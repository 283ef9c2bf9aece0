"""The SMS channel (短信) through Alibaba Cloud: one text to one mainland mobile number, without Alibaba's kit."""

import json
import re
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests

from notifications.channels.acs3 import PATH, Key, query_string, signed_headers
from notifications.channels.aliyun_codes import outcome_of
from notifications.channels.aliyun_receipts import asked_receipt, parse_receipts
from notifications.channels.contract import Answer, Message, Outcome, Receipt
from notifications.channels.receipt_rows import BEIJING
from notifications.channels.tencent_codes import as_code
from server.clock import Clock
from server.outbound import certainly_not_sent, hide_queries

__all__ = ["AliyunSmsChannel", "AliyunSmsSettings", "parse_receipts"]

VERSION = "2017-05-25"
DETAILS_AT_ONCE = 50  # the most that one question may ask for
PAGES = 4
# A text that was sent just before midnight may stand under the next day.
AROUND_MIDNIGHT = timedelta(minutes=10)

_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)
_BIZ_ID = re.compile(r"[!-~]{1,50}")


@dataclass(frozen=True)
class AliyunSmsSettings:
    """Account and approved signature (签名, without 【】). `templates`: kind of notice to the code of the template, whose
    variables are called p1, p2 … in the order of the words. Time-outs in seconds."""

    key_id: str = field(repr=False)
    key_secret: str = field(repr=False)
    sign_name: str
    templates: Mapping[str, str]
    endpoint: str = "https://dysmsapi.aliyuncs.com"
    connect_timeout: float = 3.0
    read_timeout: float = 6.0


class AliyunSmsChannel:
    """Sends texts and asks what became of them. Safe for many threads: each call has a session to itself.

    The number and the text stand in the address of the call, as Alibaba wants it: no address is ever logged or told.
    """

    name = "sms"

    def __init__(self, settings: AliyunSmsSettings) -> None:
        self._settings = settings
        self._key = Key(settings.key_id, settings.key_secret)
        self._clock = Clock()  # the signature's age is judged by real time, whatever our own clock was set to
        self._idle: deque[requests.Session] = deque()
        hide_queries()

    def send(self, message: Message) -> Answer:
        """One try. The delivery id goes along as OutId and comes back in the receipt."""
        if _MOBILE.fullmatch(message.to) is None:
            return Answer(Outcome.NOT_THIS_WAY, code="not a mainland mobile number")
        template = self._settings.templates.get(message.kind)
        if template is None:
            return Answer(Outcome.STOP, code="no_template")
        answer = self._ask(
            "SendSms",
            {
                "PhoneNumbers": message.to,
                "SignName": self._settings.sign_name,
                "TemplateCode": template,
                "TemplateParam": json.dumps(
                    {f"p{place}": value for place, (_, value) in enumerate(message.params, start=1)},
                    ensure_ascii=False,
                ),
                "OutId": message.reference,
            },
        )
        if isinstance(answer, Answer):
            return replace(answer, template=template)
        biz_id = answer.get("BizId")
        known = isinstance(biz_id, str) and _BIZ_ID.fullmatch(biz_id)
        note = _request_note(answer.get("RequestId"))
        return Answer(Outcome.ACCEPTED, "OK", str(biz_id) if known else "", note, template)

    def look_up(self, message: Message, vendor_reference: str, sent_at: datetime) -> Receipt | None:
        """The receipt of one message, by its number and day, and by its BizId or our reference.

        None when Alibaba has no outcome yet, cannot be asked, or knows no such text. It keeps thirty days.
        """
        first, last = (moment.astimezone(BEIJING).date() for moment in (sent_at, sent_at + AROUND_MIDNIGHT))
        for day in dict.fromkeys((first, last)):
            for page in range(1, PAGES + 1):
                wish = {
                    "PhoneNumber": message.to,
                    "SendDate": f"{day:%Y%m%d}",
                    "PageSize": str(DETAILS_AT_ONCE),
                    "CurrentPage": str(page),
                }
                answer = self._ask(
                    "QuerySendDetails", wish | ({"BizId": vendor_reference} if vendor_reference else {})
                )
                if isinstance(answer, Answer):
                    return None
                rows = _rows(answer)
                found = _which(rows, message.reference, vendor_reference)
                if found is not None:
                    return found
                if len(rows) < DETAILS_AT_ONCE:
                    break
        return None

    def pull(self) -> list[Receipt]:
        """Nothing: Alibaba holds no queue of receipts over HTTP. What was not pushed is looked up one by one."""
        return []

    def _ask(self, action: str, wish: Mapping[str, str]) -> Mapping[str, Any] | Answer:
        """The body of a call that Alibaba took, or the answer that says why it did not."""
        try:
            session = self._borrow()
            try:
                response = self._post(session, action, query_string(wish))
            finally:
                self._idle.append(session)
        except requests.RequestException as fault:
            if certainly_not_sent(fault):
                return Answer(Outcome.RETRY_SOON, code="connect")
            return Answer(Outcome.UNKNOWN, code="read")
        try:
            body = json.loads(response.content)
        except (ValueError, RecursionError):
            return Answer(Outcome.UNKNOWN, code="unreadable")
        if not isinstance(body, Mapping):
            return Answer(Outcome.UNKNOWN, code="unreadable")
        code = as_code(body.get("Code"))
        # Refused calls come as 200 from the carrier and as 4xx from the gate before it: the code in the body counts.
        if code == "OK" and response.status_code == 200:
            return body
        outcome = Outcome.UNKNOWN if code == "OK" else outcome_of(code)
        return Answer(outcome, code=code, detail=_request_note(body.get("RequestId")))

    def _post(self, session: requests.Session, action: str, query: str) -> requests.Response:
        settings = self._settings
        headers = signed_headers(
            self._key,
            host=urlsplit(settings.endpoint).netloc,
            action=action,
            version=VERSION,
            query=query,
            at=self._clock.now(),
            nonce=secrets.token_hex(16),
        )
        return session.post(
            f"{settings.endpoint}{PATH}?{query}",
            headers=headers,
            timeout=(settings.connect_timeout, settings.read_timeout),
            allow_redirects=False,
        )

    def _borrow(self) -> requests.Session:
        try:
            return self._idle.pop()
        except IndexError:
            return requests.Session()


def _request_note(request_id: object) -> str:
    """Alibaba's id of the call, by which its support finds it."""
    known = isinstance(request_id, str) and _REQUEST_ID.fullmatch(request_id)
    return f"RequestId {request_id}" if known else ""


def _rows(answer: Mapping[str, Any]) -> list[object]:
    details = answer.get("SmsSendDetailDTOs")
    rows = details.get("SmsSendDetailDTO") if isinstance(details, Mapping) else None
    return rows if isinstance(rows, list) else []


def _which(rows: list[object], reference: str, biz_id: str) -> Receipt | None:
    """The receipt of the text that is meant: the one with our reference, or the only one that its BizId names."""
    receipts = [receipt for receipt in (asked_receipt(row, biz_id) for row in rows) if receipt is not None]
    ours = next((each for each in receipts if each.reference == reference), None)
    if ours is not None:
        return ours
    return receipts[0] if biz_id and len(rows) == 1 and receipts and not receipts[0].reference else None
