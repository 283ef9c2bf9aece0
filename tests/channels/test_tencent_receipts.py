"""Tencent's pushed receipts: the documented shape and no other, times in Beijing, one event for one event."""

import json
import traceback
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.contract import Receipt
from notifications.channels.tencent_receipts import pulled_receipt
from notifications.channels.tencent_sms import parse_receipts

GOOD: dict[str, object] = {
    "user_receive_time": "2026-10-17 08:03:04",
    "nationcode": "86",
    "mobile": "13800138000",
    "report_status": "SUCCESS",
    "errmsg": "DELIVRD",
    "description": "用户短信送达成功",
    "sid": "5000:1045710669157053657849499619",
    "ext": "delivery-1",
}
AT = datetime(2026, 10, 17, 0, 3, 4, tzinfo=UTC)


def body(*rows: object) -> bytes:
    return json.dumps(rows, ensure_ascii=False).encode()


def test_a_delivered_text_in_beijing_time() -> None:
    serial = "5000:1045710669157053657849499619"
    assert parse_receipts(body(GOOD)) == [
        Receipt(f"{serial}:SUCCESS:{int(AT.timestamp())}", True, "DELIVRD", AT, serial, "delivery-1")
    ]


def test_a_text_that_did_not_arrive_may_have_no_time() -> None:
    failed = {**GOOD, "report_status": "FAIL", "errmsg": "MK:0001", "user_receive_time": "", "ext": ""}
    (receipt,) = parse_receipts(body(failed))
    assert (receipt.delivered, receipt.code, receipt.at, receipt.reference) == (False, "MK:0001", None, "")
    assert receipt.event.endswith(":FAIL:-")


def test_push_and_pull_of_one_event_are_one_event() -> None:
    row = {
        "UserReceiveTime": int(AT.timestamp()),
        "CountryCode": "86",
        "SubscriberNumber": "13800138000",
        "PhoneNumber": "+8613800138000",
        "SerialNo": GOOD["sid"],
        "ReportStatus": "SUCCESS",
        "Description": "DELIVRD",
        "SessionContext": "delivery-1",
    }
    assert [pulled_receipt(row)] == parse_receipts(body(GOOD))


def test_a_hundred_receipts_in_a_push_and_no_more() -> None:
    rows = [{**GOOD, "sid": f"serial-{number}"} for number in range(101)]
    assert len(parse_receipts(body(*rows[:100]))) == 100
    with pytest.raises(ValueError, match="at most 100"):
        parse_receipts(body(*rows))


def test_an_empty_push_holds_nothing() -> None:
    assert parse_receipts(b"[]") == []


def test_what_a_carrier_writes_in_free_words_is_not_kept() -> None:
    (receipt,) = parse_receipts(body({**GOOD, "errmsg": "张三 13800138000 拒收"}))
    assert receipt.code == "unreadable"


BAD_ROWS: list[object] = [
    {**GOOD, "report_status": "success"},
    {**GOOD, "report_status": ["SUCCESS"]},
    {**GOOD, "sid": ""},
    {**GOOD, "sid": 5},
    {**GOOD, "sid": "5" * 101},
    {**GOOD, "user_receive_time": ""},
    {**GOOD, "user_receive_time": None},
    {**GOOD, "user_receive_time": 1791766800},
    {**GOOD, "user_receive_time": "2026-02-30 00:00:00"},
    {**GOOD, "user_receive_time": "2026-10-17T08:03:04Z"},
    {name: value for name, value in GOOD.items() if name != "sid"},
    "13800138000",
    None,
    [],
]


def test_a_row_that_is_not_as_documented_is_left_out_and_the_good_ones_count() -> None:
    for row in BAD_ROWS:
        assert len(parse_receipts(body(GOOD, row))) == 1


@pytest.mark.parametrize(
    "bad", [*(body(row) for row in BAD_ROWS), b"", b"{}", b"[", b"13800138000", b"\xff", b"[" * 100_000]
)
def test_any_other_shape_is_refused_without_repeating_a_word(bad: bytes) -> None:
    with pytest.raises(ValueError, match="receipt") as caught:
        parse_receipts(bad)
    told = "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    assert "13800138000" not in told.replace("test_tencent_receipts", "")
    assert type(caught.value) is ValueError


@given(st.binary(max_size=200))
def test_strange_bytes_are_a_value_error_or_nothing(bad: bytes) -> None:
    try:
        assert isinstance(parse_receipts(bad), list)
    except ValueError as fault:
        assert type(fault) is ValueError  # noqa: PT017 -- its kind is the rule, its raising is not


@pytest.mark.parametrize("row", [{}, None, {"SerialNo": "1", "ReportStatus": None}, {"SerialNo": "1"}])
def test_a_fetched_row_without_an_outcome_is_no_receipt(row: object) -> None:
    assert pulled_receipt(row) is None
