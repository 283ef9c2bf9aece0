"""Tencent Cloud's request signature, TC3-HMAC-SHA256 (签名方法 v3): is this request signed by the holder of the key?"""

import hashlib
import hmac
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Request

SERVICE = "sms"
TOLERANCE_SECONDS = 300

_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 +Credential=(?P<id>[^/,\s]+)/(?P<day>\d{4}-\d\d-\d\d)/(?P<service>[a-z0-9]+)/tc3_request, *"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), *Signature=(?P<signature>[0-9a-f]{64})"
)


class TencentError(Exception):
    """A call that Tencent Cloud refuses: the Code and Message of the Error body."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


@dataclass(frozen=True)
class _Authorization:
    secret_id: str
    day: str
    service: str
    headers: list[str]
    signature: str


def verify(request: Request, secret_id: str, secret_key: str) -> None:
    """Accept the request or raise TencentError. Its age is judged by real time, whatever the sandbox's clock says."""
    authorization = _parse(request.headers.get("Authorization", ""))
    stamp = _timestamp(request)
    if authorization.secret_id != secret_id:
        raise TencentError("AuthFailure.SecretIdNotFound", "The SecretId is not found, please ensure it is correct.")
    if authorization.service != SERVICE or authorization.day != datetime.fromtimestamp(stamp, UTC).strftime(
        "%Y-%m-%d"
    ):
        raise _mismatch()
    expected = _sign(request, authorization, stamp, secret_key)
    if not hmac.compare_digest(expected, authorization.signature):
        raise _mismatch()
    if abs(time.time() - stamp) > TOLERANCE_SECONDS:
        raise TencentError(
            "AuthFailure.SignatureExpire", "The signature is expired: timestamp differs by over 300 s."
        )


def _mismatch() -> TencentError:
    return TencentError(
        "AuthFailure.SignatureFailure",
        "The provided credentials could not be validated. Please check your signature is correct.",
    )


def _parse(header: str) -> _Authorization:
    match = _AUTHORIZATION.fullmatch(header)
    names = match["headers"].split(";") if match else []
    if match is None or not {"content-type", "host"} <= set(names):
        raise TencentError(
            "AuthFailure.InvalidAuthorization", "The Authorization header does not follow TC3-HMAC-SHA256."
        )
    return _Authorization(match["id"], match["day"], match["service"], names, match["signature"])


def _timestamp(request: Request) -> int:
    value = request.headers.get("X-TC-Timestamp")
    if value is None:
        raise TencentError("MissingParameter", "The request is missing a required parameter `Timestamp`.")
    if not re.fullmatch(r"\d{1,11}", value):
        raise TencentError("InvalidParameterValue", "The value of parameter `Timestamp` is not valid.")
    return int(value)


def _sign(request: Request, authorization: _Authorization, stamp: int, secret_key: str) -> str:
    payload = request.get_data()
    if request.headers.get("X-TC-Content-SHA256") == "UNSIGNED-PAYLOAD":
        payload = b"UNSIGNED-PAYLOAD"
    headers = "".join(f"{name}:{request.headers.get(name, '').strip().lower()}\n" for name in authorization.headers)
    canonical = "\n".join(
        [request.method, "/", "", headers, ";".join(authorization.headers), hashlib.sha256(payload).hexdigest()]
    )
    scope = f"{authorization.day}/{SERVICE}/tc3_request"
    text = "\n".join(["TC3-HMAC-SHA256", str(stamp), scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"TC3{secret_key}".encode()
    for step in (authorization.day, SERVICE, "tc3_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    return hmac.new(key, text.encode(), "sha256").hexdigest()
