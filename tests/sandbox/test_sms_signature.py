"""The TC3 signature is recomputed from the request: any change of what was signed is noticed."""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sandbox.conftest import Sandbox

BODY = json.dumps({"Limit": 1, "SmsSdkAppId": "1400006666"})


def signed(sandbox: Sandbox, age: float = 0, headers: str = "content-type;host") -> dict[str, str]:
    """Headers of a well-signed PullSmsSendStatus, written from the specification."""
    stamp = int(time.time() - age)
    day = datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d")
    sent = {
        "content-type": "application/json; charset=utf-8",
        "host": sandbox.url.removeprefix("http://"),
        "x-tc-action": "PullSmsSendStatus",
    }
    names = headers.split(";")
    canonical = "".join(f"{name}:{sent[name].lower()}\n" for name in names)
    request = f"POST\n/\n\n{canonical}\n{headers}\n{hashlib.sha256(BODY.encode()).hexdigest()}"
    scope = f"{day}/sms/tc3_request"
    text = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = b"TC3sms-secret"
    for step in (day, "sms", "tc3_request"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return {
        **sent,
        "X-TC-Version": "2021-01-11",
        "X-TC-Timestamp": str(stamp),
        "X-TC-Region": "ap-guangzhou",
        "Authorization": f"TC3-HMAC-SHA256 Credential=AKIDsandbox/{scope}, SignedHeaders={headers}, Signature={signature}",
    }


def call(sandbox: Sandbox, headers: dict[str, str], body: str = BODY) -> Any:
    reply = sandbox.session.post(sandbox.url, data=body.encode(), headers=headers, timeout=10)
    assert reply.status_code == 200
    return reply.json()["Response"]


@pytest.mark.parametrize("headers", ["content-type;host", "content-type;host;x-tc-action"])
def test_a_right_signature_is_accepted(sandbox: Sandbox, headers: str) -> None:
    assert call(sandbox, signed(sandbox, headers=headers))["PullSmsSendStatusSet"] == []


@pytest.mark.parametrize(("age", "accepted"), [(290, True), (-290, True), (310, False), (-310, False)])
def test_a_request_may_be_five_minutes_off_in_real_time(sandbox: Sandbox, age: float, accepted: bool) -> None:
    answer = call(sandbox, signed(sandbox, age=age))
    assert ("Error" not in answer) == accepted
    if not accepted:
        assert answer["Error"]["Code"] == "AuthFailure.SignatureExpire"


def test_a_changed_body_breaks_the_signature(sandbox: Sandbox) -> None:
    assert call(sandbox, signed(sandbox), BODY + " ")["Error"]["Code"] == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("Authorization", "", "AuthFailure.InvalidAuthorization"),
        ("Authorization", "Bearer x", "AuthFailure.InvalidAuthorization"),
        ("content-type", "application/json", "AuthFailure.SignatureFailure"),
        ("X-TC-Timestamp", "1", "AuthFailure.SignatureFailure"),
        ("X-TC-Timestamp", "now", "InvalidParameterValue"),
        ("X-TC-Version", "2019-07-11", "NoSuchVersion"),
        ("X-TC-Version", "", "MissingParameter"),
        ("X-TC-Region", "", "MissingParameter"),
        ("X-TC-Region", "mars", "UnsupportedRegion"),
        ("x-tc-action", "SendEmail", "InvalidAction"),
    ],
)
def test_a_wrong_header_is_refused_with_its_code(sandbox: Sandbox, name: str, value: str, code: str) -> None:
    answer = call(sandbox, {**signed(sandbox), name: value})
    assert answer["Error"]["Code"] == code
    assert answer["RequestId"]


def test_a_signature_that_leaves_out_the_host_is_refused(sandbox: Sandbox) -> None:
    headers = signed(sandbox, headers="content-type")
    assert call(sandbox, headers)["Error"]["Code"] == "AuthFailure.InvalidAuthorization"
