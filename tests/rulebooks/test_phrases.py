"""Days in words, as the notices write them."""

from datetime import date

import pytest

from server.domain.days import Window
from server.rulebooks import phrases


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 2, 23), date(2026, 3, 22), "2月23日–3月22日"),
        (date(2026, 4, 25), date(2026, 4, 26), "4月25日–26日"),
        (date(2026, 4, 25), date(2026, 4, 25), "4月25日"),
        (date(2025, 12, 20), date(2026, 1, 10), "2025年12月20日–2026年1月10日"),
        (date(2025, 12, 1), date(2025, 12, 31), "2025年12月1日–31日"),
        (date(2026, 12, 16), date(2027, 1, 15), "12月16日–2027年1月15日"),
    ],
)
def test_a_window_names_its_year_only_where_it_is_another(first: date, last: date, told: str) -> None:
    assert phrases.window(Window(first, last), 2026) == told


@pytest.mark.parametrize(
    ("month", "told"), [("2026-04", "4月"), ("2026-12", "12月"), ("2027-01", "次年1月"), ("2025-12", "2025年12月")]
)
def test_a_month_of_the_next_year_says_so(month: str, told: str) -> None:
    assert phrases.month(month, 2026) == told
