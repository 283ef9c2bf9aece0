"""Rulebooks say yuan, everything else is fen, and people read yuan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.fees import OneSum
from server.domain.money import yuan


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (35000, "350元"),
        (17500, "175元"),
        (5, "0.05元"),
        (50, "0.50元"),
        (0, "0元"),
        (-120, "-1.20元"),
        (-5, "-0.05元"),
        (100000000, "1000000元"),
    ],
)
def test_fen_are_written_in_yuan(fen: int, text: str) -> None:
    assert yuan(fen) == text


@given(st.integers(-(10**9), 10**9))
def test_no_fen_is_lost_in_writing(fen: int) -> None:
    whole, _, rest = yuan(fen).removesuffix("元").removeprefix("-").partition(".")
    assert int(whole) * 100 + int(rest or 0) == abs(fen)


def test_a_fee_is_given_in_yuan_and_kept_in_fen() -> None:
    fee = OneSum(source="附件2", yuan=350, retake_yuan_per_subject=175)
    assert (fee.fen, fee.retake_fen_per_subject) == (35000, 17500)
