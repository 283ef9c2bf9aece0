"""No fault, log or printed object of the client holds a secret, a token, an address, an openid or a number."""

import logging
import traceback
from collections.abc import Callable

import pytest

from server.wechat import Identity, WeChatFault, WeChatSettings
from tests.channels.recorder import Recorder
from tests.wechat.platform import (
    APPID,
    LOGIN,
    OPENID,
    PHONE,
    SECRET,
    SEND,
    TOKEN,
    UNREADABLE,
    Bench,
    Script,
    fixed,
    refusal,
)

PRIVATE = (SECRET, "TOKEN-ONE", OPENID, "CODE-1", "张三", "13800138000", "127.0.0.1", "access_token=")


@pytest.mark.parametrize(
    "reply",
    [
        *UNREADABLE,
        None,
        refusal(40003, f"invalid openid {OPENID} hint {SECRET} 13800138000"),
        refusal(40001, "invalid credential, access_token is TOKEN-ONE"),
        refusal(45009, "reach max api daily quota limit"),
    ],
)
@pytest.mark.parametrize("path", [LOGIN, PHONE, SEND, TOKEN])
def test_no_fault_and_no_log_holds_anything_private(
    reply: bytes | None, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("urllib3.connectionpool", "urllib3.util.retry", "wechatpy.client.base"):
        caplog.set_level(logging.DEBUG, logger=name)
    with Recorder(Script({path: fixed(reply)})) as recorder:
        client = Bench(recorder, timeout=(0.2, 0.1)).client
        calls: dict[str, Callable[[], object]] = {
            LOGIN: lambda: client.code_to_identity("CODE-1"),
            PHONE: lambda: client.phone_number("CODE-1"),
            SEND: lambda: client.send_subscribe(OPENID, "T", "p", {"thing1": "张三"}, "formal"),
            TOKEN: lambda: client.phone_number("CODE-1"),
        }
        with pytest.raises(WeChatFault) as caught:
            calls[path]()
    fault = caught.value
    assert fault.__context__ is None
    assert fault.__cause__ is None
    told = "".join((str(fault), repr(fault), *traceback.format_exception_only(fault)))
    logged = "".join(record.getMessage() + str(record.exc_text or "") for record in caplog.records)
    logged = logged.replace(f"http://127.0.0.1:{recorder.port}", "").replace("127.0.0.1", "")
    for secret in PRIVATE:
        assert secret not in told
        assert secret not in logged


def test_settings_and_answers_do_not_print_what_is_private() -> None:
    assert SECRET not in repr(WeChatSettings(APPID, SECRET))
    assert OPENID not in repr(Identity(OPENID, "uUNION-1"))
