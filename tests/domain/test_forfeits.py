"""How long a fee is good for: counted from the day on which the account had received all of it, to its anniversary."""

from datetime import date

import pytest

from server.domain.fees import Forfeit, forfeits_after, received_whole_on

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
