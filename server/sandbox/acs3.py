"""Alibaba Cloud's request signature, ACS3-HMAC-SHA256 (签名机制 V3): is this request signed by the holder of the key?"""

import hashlib
import hmac
import re
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

from flask import Request

from server.clock import Clock

TOLERANCE_SECONDS = 900

_AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256 +Credential=(?P<id>[^,\s]+), *SignedHeaders=(?P<headers>[a-z0-9;-]+), *"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)
_MUST_BE_SIGNED = {
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
}


class AliyunError(Exception):
    """A call that Alibaba Cloud refuses: the Code and Message of the body, and the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message
        self.status = status


class Nonces:
    """Every nonce that was used: a request counts once."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def use(self, nonce: str) -> None:
        """Raises AliyunError for one that was used before."""
        if nonce in self._used:
            raise AliyunError("SignatureNonceUsed", "Specified signature nonce was used already.")
        self._used.add(nonce)


def verify(request: Request, key_id: str, key_secret: str, nonces: Nonces) -> None:
    """Accept the request or raise AliyunError. Its age is judged by real time, whatever the sandbox's clock says."""
    match = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    names = match["headers"].split(";") if match else []
    if match is None or names != sorted(names) or not set(names) >= _MUST_BE_SIGNED:
        raise AliyunError("IncompleteSignature", "The request signature does not conform to Aliyun standards.")
    if match["id"] != key_id:
        raise AliyunError("InvalidAccessKeyId.NotFound", "Specified access key is not found.", 404)
    payload = hashlib.sha256(request.get_data()).hexdigest()
    if request.headers.get("x-acs-content-sha256") != payload:
        raise AliyunError("SignatureDoesNotMatch", "The body is not the one that was signed.")
    if not hmac.compare_digest(_signature(request, names, payload, key_secret), match["signature"]):
        raise AliyunError("SignatureDoesNotMatch", "Specified signature does not match our calculation.")
    if abs((Clock().now() - _date(request)).total_seconds()) > TOLERANCE_SECONDS:
        raise AliyunError("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
    nonces.use(request.headers.get("x-acs-signature-nonce", ""))


def _date(request: Request) -> datetime:
    try:
        return datetime.strptime(request.headers.get("x-acs-date", ""), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise AliyunError(
            "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."
        ) from None


def _signature(request: Request, names: list[str], payload: str, key_secret: str) -> str:
    pairs = parse_qsl(
        request.query_string.decode(), keep_blank_values=True, strict_parsing=bool(request.query_string)
    )
    query = "&".join(f"{_escape(name)}={_escape(value)}" for name, value in sorted(pairs))
    headers = "".join(f"{name}:{request.headers.get(name, '').strip()}\n" for name in names)
    canonical = "\n".join([request.method, request.path, query, headers, ";".join(names), payload])
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    return hmac.new(key_secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _escape(text: str) -> str:
    return quote(text, safe="~")
