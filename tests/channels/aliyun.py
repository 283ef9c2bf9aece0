"""Alibaba's side of a test: its account, its signature worked out anew, and the shapes of its answers."""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from notifications.channels.aliyun_sms import AliyunSmsChannel, AliyunSmsSettings
from notifications.channels.contract import Channel, Message
from tests.channels.recorder import Recorded, Recorder, answer

KEY_ID = "LTAI5tEXAMPLEkeyid"
KEY_SECRET = "yourEXAMPLEsecret30chars"
NUMBER = "13800138000"
REFERENCE = "4711"
BIZ_ID = "900619746936498440^0"
MESSAGE = Message(REFERENCE, NUMBER, "1110", (("1", "张三 & 李~四"), ("2", "11月14日")), kind="held", tries=1)
SENT_AT = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
REQUEST_ID = "F655A8D5-B967-440B-8683-DAD6FF8DE990"


def channel(recorder: Recorder, connect: float = 1.0, read: float = 2.0) -> Channel:
    return AliyunSmsChannel(
        AliyunSmsSettings(
            KEY_ID,
            KEY_SECRET,
            "上海测试",
            {"held": "SMS_153055065"},
            endpoint=f"http://127.0.0.1:{recorder.port}",
            connect_timeout=connect,
            read_timeout=read,
        )
    )


def error(code: str, status: str = "200 OK") -> bytes:
    return answer({"Code": code, "Message": f"{NUMBER} {KEY_ID} refused", "RequestId": REQUEST_ID}, status)


def query(request: Recorded) -> dict[str, str]:
    """What the address of a request asks, decoded."""
    _, _, tail = request.line.split(" ")[1].partition("?")
    return {name: values[0] for name, values in parse_qs(tail, strict_parsing=True).items()}


def check_head(request: Recorded, action: str, port: int) -> None:
    """The headers of a call, and its ACS3-HMAC-SHA256 signature, by the published recipe."""
    method, target, _ = request.line.split(" ")
    path, _, tail = target.partition("?")
    headers = request.headers
    assert (method, path, request.body) == ("POST", "/", b"")
    assert headers["host"] == f"127.0.0.1:{port}"
    assert (headers["x-acs-action"], headers["x-acs-version"]) == (action, "2017-05-25")
    assert headers["x-acs-content-sha256"] == hashlib.sha256(request.body).hexdigest()
    assert re.fullmatch("[0-9a-f]{32}", headers["x-acs-signature-nonce"])
    moment = datetime.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
    assert re.fullmatch("[A-Za-z0-9._~%=&-]+", tail), "everything else in the address is escaped"
    assert tail.split("&") == sorted(tail.split("&"))
    names = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
    canonical = f"POST\n/\n{tail}\n"
    for name in names.split(";"):
        canonical += f"{name}:{headers[name]}\n"
    canonical += f"\n{names}\n{headers['x-acs-content-sha256']}"
    to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    signature = hmac.new(KEY_SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    assert headers["authorization"] == (
        f"ACS3-HMAC-SHA256 Credential={KEY_ID},SignedHeaders={names},Signature={signature}"
    )
