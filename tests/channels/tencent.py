"""Tencent's side of a test: its account, its signature worked out anew, and the shapes of its answers."""

import hashlib
import hmac
import time
from datetime import UTC, datetime

from notifications.channels.contract import Channel, Message
from notifications.channels.tencent_sms import TencentSmsChannel, TencentSmsSettings
from tests.channels.recorder import Recorded, Recorder, answer

SECRET_ID = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXA"
SECRET_KEY = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"
NUMBER = "13800138000"
REFERENCE = "delivery-0197f3"
SERIAL = "5000:1045710669157053657849499619"
MESSAGE = Message(REFERENCE, NUMBER, "1110", (("1", "张三"), ("2", "11月14日")))
SENT_AT = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
REQUEST_ID = "a0aabda6-cf91-4f3e-a81f-9198114a2279"


def channel(recorder: Recorder, connect: float = 1.0, read: float = 2.0) -> Channel:
    return TencentSmsChannel(
        TencentSmsSettings(
            SECRET_ID,
            SECRET_KEY,
            "1400006666",
            "上海测试",
            endpoint=f"127.0.0.1:{recorder.port}",
            protocol="http",
            connect_timeout=connect,
            read_timeout=read,
        )
    )


def error(code: str, content_type: str = "application/json") -> bytes:
    fault = {"Code": code, "Message": f"{NUMBER} {SECRET_ID} refused"}
    return answer({"Response": {"Error": fault, "RequestId": REQUEST_ID}}, content_type=content_type)


def tc3_signature(request: Recorded) -> str:
    """The TC3-HMAC-SHA256 signature of a request, by the published recipe."""
    headers = request.headers
    day = datetime.fromtimestamp(int(headers["x-tc-timestamp"]), UTC).strftime("%Y-%m-%d")
    canonical = "\n".join(
        (
            "POST",
            "/",
            "",
            f"content-type:{headers['content-type']}",
            f"host:{headers['host']}",
            "",
            "content-type;host",
            hashlib.sha256(request.body).hexdigest(),
        )
    )
    scope = f"{day}/sms/tc3_request"
    to_sign = "\n".join(
        (
            "TC3-HMAC-SHA256",
            headers["x-tc-timestamp"],
            scope,
            hashlib.sha256(canonical.encode()).hexdigest(),
        )
    )
    key = f"TC3{SECRET_KEY}".encode()
    for part in (day, "sms", "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, to_sign.encode(), "sha256").hex()


def check_head(request: Recorded, action: str, port: int) -> None:
    headers = request.headers
    assert request.line == "POST / HTTP/1.1"
    assert headers["host"] == f"127.0.0.1:{port}"
    assert headers["content-type"] == "application/json"
    assert headers["x-tc-action"] == action
    assert headers["x-tc-version"] == "2021-01-11"
    assert headers["x-tc-region"] == "ap-guangzhou"
    assert abs(int(headers["x-tc-timestamp"]) - time.time()) < 60
    day = datetime.fromtimestamp(int(headers["x-tc-timestamp"]), UTC).strftime("%Y-%m-%d")
    assert headers["authorization"] == (
        f"TC3-HMAC-SHA256 Credential={SECRET_ID}/{day}/sms/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={tc3_signature(request)}"
    )
