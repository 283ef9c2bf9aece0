"""What Tencent is asked about texts that were sent, and which of its receipts is the one that is meant."""

from datetime import timedelta

import pytest

from tests.channels.recorder import Recorder, answer
from tests.channels.tencent import MESSAGE, NUMBER, REFERENCE, REQUEST_ID, SENT_AT, SERIAL, channel, check_head, error

# The kit signs with a call that Python 3.12 has marked; it is not ours to change.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning")


def row(
    serial: str = SERIAL, session: str = "", minutes: float = 1, outcome: str | None = "SUCCESS"
) -> dict[str, object]:
    return {
        "UserReceiveTime": int((SENT_AT + timedelta(minutes=minutes)).timestamp()),
        "CountryCode": "86",
        "SubscriberNumber": NUMBER,
        "PhoneNumber": f"+86{NUMBER}",
        "SerialNo": serial,
        "ReportStatus": outcome,
        "Description": "DELIVRD",
        "SessionContext": session,
    }


def pulled(*rows: object) -> bytes:
    return answer({"Response": {"PullSmsSendStatusSet": list(rows), "RequestId": REQUEST_ID}})


def test_a_question_about_one_text_is_these_bytes() -> None:
    with Recorder(lambda request: pulled(row())) as recorder:
        receipt = channel(recorder).look_up(MESSAGE, SERIAL, SENT_AT)
    assert receipt is not None
    assert (receipt.vendor_reference, receipt.delivered, receipt.at) == (SERIAL, True, SENT_AT + timedelta(minutes=1))
    (request,) = recorder.requests
    check_head(request, "PullSmsSendStatusByPhoneNumber", recorder.port)
    assert request.body == (
        b'{"BeginTime": 1791766740, "Offset": 0, "Limit": 100, "PhoneNumber": "+8613800138000", '
        b'"SmsSdkAppId": "1400006666"}'
    )


@pytest.mark.parametrize(
    ("serial", "rows", "found"),
    [
        (SERIAL, [row("other"), row()], SERIAL),
        (SERIAL, [row("other")], None),
        (SERIAL, [row(outcome=None)], None),
        ("", [row("a", "another delivery"), row("b", REFERENCE)], "b"),
        ("", [row("a", "another delivery")], None),
        ("", [row("a")], "a"),
        ("", [row("a"), row("b")], None),
        ("", [row("a", minutes=9.9), row("b", minutes=11)], "a"),
        ("", [row("a", minutes=-2)], None),
        ("", [], None),
    ],
)
def test_a_receipt_is_found_by_serial_then_reference_then_time(
    serial: str, rows: list[object], found: str | None
) -> None:
    with Recorder(lambda request: pulled(*rows)) as recorder:
        receipt = channel(recorder).look_up(MESSAGE, serial, SENT_AT)
    assert (receipt.vendor_reference if receipt else None) == found


@pytest.mark.parametrize("reply", [error("InternalError"), None, b"", answer({"Response": {}}), pulled(5, None)])
def test_when_tencent_cannot_say_nothing_is_known(reply: bytes | None) -> None:
    with Recorder(lambda request: reply) as recorder:
        sms = channel(recorder, read=0.2)
        assert sms.look_up(MESSAGE, SERIAL, SENT_AT) is None
        assert sms.pull() == []


def test_pulling_goes_on_until_tencent_has_no_more() -> None:
    pages = iter([[row(f"s{number}") for number in range(100)], [row("last")]])
    with Recorder(lambda request: pulled(*next(pages))) as recorder:
        receipts = channel(recorder).pull()
    assert [receipt.vendor_reference for receipt in receipts] == [*(f"s{number}" for number in range(100)), "last"]
    check_head(recorder.requests[0], "PullSmsSendStatus", recorder.port)
    assert [request.body for request in recorder.requests] == [b'{"Limit": 100, "SmsSdkAppId": "1400006666"}'] * 2


def test_what_was_pulled_is_kept_when_the_next_question_fails() -> None:
    replies = iter([pulled(*(row(f"s{number}") for number in range(100))), error("InternalError")])
    with Recorder(lambda request: next(replies)) as recorder:
        assert len(channel(recorder).pull()) == 100


def test_pulling_ends_although_tencent_never_does() -> None:
    full = pulled(*(row(f"s{number}") for number in range(100)))
    with Recorder(lambda request: full) as recorder:
        assert len(channel(recorder).pull()) == 1000
        assert len(recorder.requests) == 10
