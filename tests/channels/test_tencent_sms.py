"""The SMS channel against recorded traffic: what Tencent is sent, byte for byte, and what its answers become."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from notifications.channels.contract import Answer, Message, Outcome
from notifications.channels.tencent_codes import OUTCOME_OF
from notifications.channels.tencent_sms import TencentSmsChannel, TencentSmsSettings
from tests.channels.recorder import Behaviour, Recorded, Recorder, answer
from tests.channels.tencent import (
    MESSAGE,
    NUMBER,
    REFERENCE,
    REQUEST_ID,
    SECRET_ID,
    SECRET_KEY,
    SENT_AT,
    SERIAL,
    channel,
    check_head,
    error,
)

# The kit signs with a call that Python 3.12 has marked; it is not ours to change.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning")


def status(code: str = "Ok", **changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "SerialNo": SERIAL,
        "PhoneNumber": f"+86{NUMBER}",
        "Fee": 1,
        "SessionContext": REFERENCE,
        "Code": code,
        "Message": f"send to {NUMBER}",
        "IsoCode": "CN",
    }
    return row | changes


def sent(*rows: object) -> bytes:
    return answer({"Response": {"SendStatusSet": list(rows), "RequestId": REQUEST_ID}})


def tried(behaviour: Behaviour, read: float = 2.0) -> Answer:
    with Recorder(behaviour) as recorder:
        return channel(recorder, read=read).send(MESSAGE)


def test_a_text_is_these_bytes() -> None:
    with Recorder(lambda request: sent(status())) as recorder:
        answered = channel(recorder).send(MESSAGE)
    assert answered == Answer(Outcome.ACCEPTED, "Ok", SERIAL, f"RequestId {REQUEST_ID}")
    (request,) = recorder.requests
    check_head(request, "SendSms", recorder.port)
    assert request.body == (
        b'{"PhoneNumberSet": ["+8613800138000"], "SmsSdkAppId": "1400006666", "TemplateId": "1110", '
        b'"SignName": "\\u4e0a\\u6d77\\u6d4b\\u8bd5", '
        b'"TemplateParamSet": ["\\u5f20\\u4e09", "11\\u670814\\u65e5"], "SessionContext": "delivery-0197f3"}'
    )


OUTCOMES = [
    ("RequestLimitExceeded", Outcome.RETRY_SOON),
    ("RequestLimitExceeded.UinLimitExceeded", Outcome.RETRY_SOON),
    ("InternalError.OtherError", Outcome.RETRY_SOON),
    ("InternalError", Outcome.UNKNOWN),
    ("InternalError.Timeout", Outcome.UNKNOWN),
    ("InternalError.SendAndRecvFail", Outcome.UNKNOWN),
    ("InternalError.NeverSeen", Outcome.UNKNOWN),
    ("LimitExceeded.PhoneNumberThirtySecondLimit", Outcome.RETRY_LATER),
    ("LimitExceeded.PhoneNumberOneHourLimit", Outcome.RETRY_LATER),
    ("LimitExceeded.PhoneNumberDailyLimit", Outcome.RETRY_LATER),
    ("LimitExceeded.DeliveryFrequencyLimit", Outcome.RETRY_LATER),
    ("LimitExceeded.AppDailyLimit", Outcome.STOP),
    ("FailedOperation.InsufficientBalanceInSmsPackage", Outcome.STOP),
    ("FailedOperation.SignatureIncorrectOrUnapproved", Outcome.STOP),
    ("FailedOperation.TemplateIncorrectOrUnapproved", Outcome.STOP),
    ("UnauthorizedOperation.SdkAppIdIsDisabled", Outcome.STOP),
    ("UnauthorizedOperation.NeverSeen", Outcome.STOP),
    ("AuthFailure.SignatureExpire", Outcome.STOP),
    ("AuthFailure.SecretIdNotFound", Outcome.STOP),
    ("InvalidParameterValue.SdkAppIdNotExist", Outcome.STOP),
    ("InvalidParameterValue.IncorrectPhoneNumber", Outcome.NOT_THIS_WAY),
    ("InvalidParameterValue.ContentLengthLimit", Outcome.NOT_THIS_WAY),
    ("InvalidParameterValue.ProhibitedUseUrlInTemplateParameter", Outcome.NOT_THIS_WAY),
    ("FailedOperation.PhoneNumberInBlacklist", Outcome.NOT_THIS_WAY),
    ("FailedOperation.ContainSensitiveWord", Outcome.NOT_THIS_WAY),
    ("SomethingNew", Outcome.UNKNOWN),
    ("SomethingNew.Indeed", Outcome.UNKNOWN),
]


@pytest.mark.parametrize(("code", "outcome"), OUTCOMES)
def test_each_code_means_the_same_for_the_call_and_for_the_number(code: str, outcome: Outcome) -> None:
    replies = iter([error(code), error(code, "application/json; charset=utf-8"), sent(status(code, SerialNo=""))])
    with Recorder(lambda request: next(replies)) as recorder:
        sms = channel(recorder)
        answers = [sms.send(MESSAGE) for _ in range(3)]
        assert len(recorder.requests) == 3
    assert answers == [Answer(outcome, code, "", f"RequestId {REQUEST_ID}")] * 3


def test_only_ok_is_accepted() -> None:
    assert [code for code, outcome in OUTCOME_OF.items() if outcome is Outcome.ACCEPTED] == ["Ok"]


@pytest.mark.parametrize(
    "reply",
    [
        sent(),
        sent(status(), status()),
        sent("Ok"),
        sent(status(f"张三{NUMBER}")),
        sent({}),
        answer({"Response": {"RequestId": REQUEST_ID}}),
        answer({"Response": []}),
        answer({"Response": {"Error": "odd", "RequestId": REQUEST_ID}}, content_type="text/json"),
        answer({"Response": {"Error": {"Code": "A"}}}),
        answer({}),
        answer([]),
        answer(b""),
        answer(b"{"),
        answer(b"[" * 50_000),
        answer(b"<html>busy</html>", content_type="text/html"),
        answer(b"oops", "502 Bad Gateway"),
        answer(b"", "500 Internal Server Error"),
        answer(b"", "302 Found\r\nLocation: http://127.0.0.1:9/"),
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"no http\r\n\r\n",
        b"",
        None,
    ],
)
def test_an_unreadable_answer_may_mean_that_the_text_went(reply: bytes | None) -> None:
    with Recorder(lambda request: reply) as recorder:
        answered = channel(recorder, read=0.2).send(MESSAGE)
        assert len(recorder.requests) == 1
    assert answered.outcome is Outcome.UNKNOWN
    assert NUMBER not in repr(answered)


def test_a_silent_tencent_costs_the_time_out_and_no_more() -> None:
    began = time.monotonic()
    answered = tried(lambda request: None, read=0.2)
    assert time.monotonic() - began < 2
    assert (answered.outcome, answered.code) == (Outcome.UNKNOWN, "read")


def test_a_redirect_is_not_followed() -> None:
    with Recorder(lambda request: sent(status())) as elsewhere:
        location = f"307 Temporary Redirect\r\nLocation: http://127.0.0.1:{elsewhere.port}/"
        assert tried(lambda request: answer(b"", location)).outcome is Outcome.UNKNOWN
        assert elsewhere.requests == []


def test_a_refused_connection_certainly_sent_nothing() -> None:
    with Recorder(lambda request: sent(status())) as recorder:
        sms = channel(recorder)
    assert sms.send(MESSAGE) == Answer(Outcome.RETRY_SOON, "connect")


@pytest.mark.parametrize(
    "number", ["", "1380013800", "+8613800138000", "138001380００", "12345678901", "85291234567"]
)
def test_what_is_no_mainland_mobile_number_is_not_sent(number: str) -> None:
    with Recorder(lambda request: sent(status())) as recorder:
        answered = channel(recorder).send(Message(REFERENCE, number, "1110", ()))
        assert recorder.requests == []
    assert answered.outcome is Outcome.NOT_THIS_WAY


@pytest.mark.parametrize(("secret_id", "secret_key"), [("", "key"), ("id ", "key"), ("id", ""), ("id", " key")])
def test_bad_credentials_stop_everything(secret_id: str, secret_key: str) -> None:
    settings = TencentSmsSettings(secret_id, secret_key, "1", "签名", endpoint="127.0.0.1:9")
    assert TencentSmsChannel(settings).send(MESSAGE) == Answer(Outcome.STOP, "InvalidCredential")


def test_one_connection_serves_texts_that_follow_each_other() -> None:
    with Recorder(lambda request: sent(status())) as recorder:
        sms = channel(recorder)
        assert {sms.send(MESSAGE).outcome for _ in range(20)} == {Outcome.ACCEPTED}
    assert (len(recorder.requests), recorder.connections) == (20, 1)


def test_a_hundred_and_twenty_eight_threads_send_each_text_once_on_as_many_connections_at_most() -> None:
    def reply(request: Recorded) -> bytes:
        asked = request.json
        return sent(status(SerialNo=f"serial of {asked['SessionContext']}", PhoneNumber=asked["PhoneNumberSet"][0]))

    together = threading.Barrier(128)
    with Recorder(reply) as recorder:
        sms = channel(recorder, connect=5, read=10)

        def send(number: int) -> list[Answer]:
            together.wait(10)
            messages = [Message(f"d{number}-{turn}", f"1380013{number:04}", "1", ()) for turn in range(3)]
            return [sms.send(message) for message in messages]

        with ThreadPoolExecutor(128) as pool:
            answers = [each for batch in pool.map(send, range(128)) for each in batch]
    wanted = [f"d{number}-{turn}" for number in range(128) for turn in range(3)]
    assert [each.reference for each in answers] == [f"serial of {name}" for name in wanted]
    assert sorted(request.json["SessionContext"] for request in recorder.requests) == sorted(wanted)
    assert recorder.connections <= 128


@pytest.mark.parametrize(
    "reply", [sent(status()), error("AuthFailure.SignatureFailure"), answer(b"no", "502 Bad"), None]
)
def test_no_log_and_no_answer_holds_a_number_a_text_or_a_key(
    reply: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("tencentcloud_sdk_common", "urllib3.connectionpool"):
        caplog.set_level(logging.DEBUG, logger=name)
    with Recorder(lambda request: reply) as recorder:
        sms = channel(recorder, read=0.2)
        told = repr((sms.send(MESSAGE), sms.look_up(MESSAGE, SERIAL, SENT_AT), sms.pull()))
    logged = "".join(record.getMessage() + str(record.exc_text or "") for record in caplog.records)
    for private in (NUMBER, SECRET_ID, SECRET_KEY, "张三", "u5f20", "Signature="):
        assert private not in told
        assert private not in logged


def test_settings_do_not_print_keys() -> None:
    told = repr(TencentSmsSettings(SECRET_ID, SECRET_KEY, "1400006666", "签名"))
    assert SECRET_ID not in told
    assert SECRET_KEY not in told
