"""The SMS channel (短信) through Tencent Cloud: one text to one mainland mobile number."""

import logging
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests

from notifications.channels.contract import Answer, Message, Outcome, Receipt
from notifications.channels.tencent_codes import as_code, outcome_of
from notifications.channels.tencent_receipts import parse_receipts, pulled_receipt
from server.outbound import PlainSession, certainly_not_sent

__all__ = ["TencentSmsChannel", "TencentSmsSettings", "parse_receipts"]

RECEIPTS_AT_ONCE = 100  # the most that one question may ask for
ROUNDS_OF_PULLING = 10
# A receipt without our reference is taken for a message of unknown serial number only if it lies in this window and is
# the only one there: the same person may get two texts within minutes.
BEFORE_SENDING = timedelta(minutes=1)
AFTER_SENDING = timedelta(minutes=10)

_log = logging.getLogger(__name__)
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class TencentSmsSettings:
    """Account, application (SdkAppId) and approved signature (签名内容, without 【】). Time-outs in seconds."""

    secret_id: str = field(repr=False)
    secret_key: str = field(repr=False)
    sdk_app_id: str
    sign_name: str
    region: str = "ap-guangzhou"
    endpoint: str = "sms.tencentcloudapi.com"
    protocol: str = "https"
    connect_timeout: float = 3.0
    read_timeout: float = 6.0


class TencentSmsChannel:
    """Sends texts and asks what became of them. Safe for many threads: each call has a client of the kit to itself.

    The clients are kept and lent again, last one first, so that as many connections stay open as calls overlap.
    """

    name = "sms"

    def __init__(self, settings: TencentSmsSettings) -> None:
        self._settings = settings
        self._idle: deque[Any] = deque()

    def send(self, message: Message) -> Answer:
        """One try. The delivery id goes along as SessionContext and comes back in the receipt."""
        if _MOBILE.fullmatch(message.to) is None:
            return Answer(Outcome.NOT_THIS_WAY, code="not a mainland mobile number")
        answer = self._ask(
            "SendSms",
            {
                "PhoneNumberSet": [f"+86{message.to}"],
                "SmsSdkAppId": self._settings.sdk_app_id,
                "TemplateId": message.template,
                "SignName": self._settings.sign_name,
                "TemplateParamSet": [value for _, value in message.params],
                "SessionContext": message.reference,
            },
        )
        return answer if isinstance(answer, Answer) else _sent(answer)

    def look_up(self, message: Message, vendor_reference: str, sent_at: datetime) -> Receipt | None:
        """The receipt of one message, by its serial number or else by our reference, the number and the time.

        None when Tencent has no outcome yet, cannot be asked, or cannot tell which text is meant. It keeps seven days.
        """
        answer = self._ask(
            "PullSmsSendStatusByPhoneNumber",
            {
                "BeginTime": int((sent_at - BEFORE_SENDING).timestamp()),
                "Offset": 0,
                "Limit": RECEIPTS_AT_ONCE,
                "PhoneNumber": f"+86{message.to}",
                "SmsSdkAppId": self._settings.sdk_app_id,
            },
        )
        if isinstance(answer, Answer):
            return None
        return _which(_receipts(answer), message.reference, vendor_reference, sent_at)

    def pull(self) -> list[Receipt]:
        """The receipts that wait at Tencent. Each is handed out once: store them before asking again."""
        found: list[Receipt] = []
        for _ in range(ROUNDS_OF_PULLING):
            answer = self._ask(
                "PullSmsSendStatus", {"Limit": RECEIPTS_AT_ONCE, "SmsSdkAppId": self._settings.sdk_app_id}
            )
            if isinstance(answer, Answer):
                break
            found += _receipts(answer)
            if len(_rows(answer)) < RECEIPTS_AT_ONCE:
                break
        return found

    def _ask(self, action: str, params: Mapping[str, object]) -> Mapping[str, Any] | Answer:
        """The `Response` object of one call, or the answer that says why there is none."""
        # Imported here: it costs a quarter of a second, which the command line need not pay.
        from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

        try:
            client = self._borrow()
            try:
                # The kit's typed methods lose an error whose content type names a charset; the plain JSON does not.
                response = client.call_json(action, dict(params))["Response"]
            finally:
                self._idle.append(client)
        except TencentCloudSDKException as fault:
            return _failure(fault)
        except requests.RequestException:
            return Answer(Outcome.UNKNOWN, code="read")
        except (ValueError, KeyError, TypeError, RecursionError):
            return Answer(Outcome.UNKNOWN, code="unreadable")
        if not isinstance(response, Mapping):
            return Answer(Outcome.UNKNOWN, code="unreadable")
        error = response.get("Error")
        if error is None:
            return response
        return _refused(error.get("Code") if isinstance(error, Mapping) else None, response.get("RequestId"))

    def _borrow(self) -> Any:
        try:
            return self._idle.pop()
        except IndexError:
            return self._new_client()

    def _new_client(self) -> Any:
        from tencentcloud.common.abstract_client import LOGGER_NAME
        from tencentcloud.common.credential import Credential
        from tencentcloud.common.profile.client_profile import ClientProfile
        from tencentcloud.common.profile.http_profile import HttpProfile
        from tencentcloud.common.retry import NoopRetryer
        from tencentcloud.sms.v20210111.sms_client import SmsClient

        # At debug level the kit writes whole requests: the number, the text and the signature.
        logging.getLogger(LOGGER_NAME).disabled = True
        settings = self._settings
        http = HttpProfile(
            protocol=settings.protocol,
            endpoint=settings.endpoint,
            reqTimeout=(settings.connect_timeout, settings.read_timeout),
            keepAlive=True,
        )
        client = SmsClient(
            Credential(settings.secret_id, settings.secret_key),
            settings.region,
            ClientProfile(httpProfile=http, retryer=NoopRetryer(), disable_region_breaker=True),
        )
        # The kit follows redirects and offers no setting for it: a failure after one would look like one before sending.
        client.request.conn._session = PlainSession()
        return client


def _failure(fault: Any) -> Answer:
    """The answer for what the kit raised: a vendor's code, or its one code for every fault of the network."""
    code = as_code(fault.get_code())
    if code == "ClientNetworkError":
        # The kit keeps only a text; what really happened is the exception that it was handling.
        if certainly_not_sent(fault.__context__):
            return Answer(Outcome.RETRY_SOON, code="connect")
        return Answer(Outcome.UNKNOWN, code="read")
    return _refused(code, fault.get_request_id())


def _refused(code: object, request_id: object) -> Answer:
    word = as_code(code)
    return Answer(outcome_of(word), code=word, detail=_request_note(request_id))


def _sent(response: Mapping[str, Any]) -> Answer:
    """The answer for the one number that was asked for: a good answer may still hold its refusal."""
    rows = response.get("SendStatusSet")
    if not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], Mapping):
        return Answer(
            Outcome.UNKNOWN, code="no status of the number", detail=_request_note(response.get("RequestId"))
        )
    serial = rows[0].get("SerialNo")
    code = as_code(rows[0].get("Code"))
    return Answer(
        outcome_of(code),
        code=code,
        reference=serial if isinstance(serial, str) else "",
        detail=_request_note(response.get("RequestId")),
    )


def _request_note(request_id: object) -> str:
    """Tencent's id of the call, by which its support finds it."""
    known = isinstance(request_id, str) and _REQUEST_ID.fullmatch(request_id)
    return f"RequestId {request_id}" if known else ""


def _rows(response: Mapping[str, Any]) -> list[object]:
    rows = response.get("PullSmsSendStatusSet")
    return rows if isinstance(rows, list) else []


def _receipts(response: Mapping[str, Any]) -> list[Receipt]:
    rows = _rows(response)
    found = [receipt for receipt in map(pulled_receipt, rows) if receipt is not None]
    if len(found) < len(rows):
        _log.info("%d of %d fetched rows hold no outcome", len(rows) - len(found), len(rows))
    return found


def _which(receipts: list[Receipt], reference: str, serial: str, sent_at: datetime) -> Receipt | None:
    if serial:
        return next((each for each in receipts if each.vendor_reference == serial), None)
    ours = next((each for each in receipts if each.reference == reference), None)
    if ours is not None:
        return ours
    first, last = sent_at - BEFORE_SENDING, sent_at + AFTER_SENDING
    near = [each for each in receipts if not each.reference and each.at and first <= each.at <= last]
    return near[0] if len(near) == 1 else None
