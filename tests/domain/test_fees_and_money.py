"""Rulebooks say yuan, everything else is fen, and people read yuan."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.fees import Forfeit, OneSum, forfeits_after, received_whole_on
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


FIRST, SECOND, THIRD = date(2026, 2, 10), date(2026, 2, 12), date(2026, 3, 1)


@pytest.mark.parametrize(
    ("entries", "whole_on"),
    [
        ([], None),
        ([(FIRST, 49999)], None),
        ([(FIRST, 50000)], FIRST),
        ([(SECOND, 20000), (FIRST, 30000)], SECOND),
        ([(FIRST, 30000), (SECOND, 30000), (THIRD, -10000)], SECOND),
        ([(FIRST, 50000), (SECOND, -50000)], None),
        ([(FIRST, 50000), (SECOND, -50000), (THIRD, 50000)], THIRD),
        ([(FIRST, 50000), (SECOND, -50000), (SECOND, 50000)], FIRST),
    ],
)
def test_the_whole_fee_is_received_with_its_last_part(entries: list[tuple[date, int]], whole_on: date | None) -> None:
    assert received_whole_on(50000, entries) == whole_on


@pytest.mark.parametrize(
    ("received_on", "years", "last"),
    [
        (date(2026, 2, 10), 1, date(2027, 2, 10)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2026, 12, 31), 2, date(2028, 12, 31)),
    ],
)
def test_a_fee_is_good_until_its_anniversary(received_on: date, years: int, last: date) -> None:
    assert forfeits_after(Forfeit(source="附件3注", years=years), received_on) == last
