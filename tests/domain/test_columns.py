"""Tables for a terminal."""

import pytest

from server.domain.columns import aligned, width


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("2026-04", 7), ("考次", 4), ("（四级）", 8), ("麦麦提·江", 9), ("e\u0301", 1), ("𬎆", 2)],
)
def test_a_chinese_character_takes_two_columns(text: str, columns: int) -> None:
    assert width(text) == columns


def test_columns_stand_straight_numbers_to_the_right() -> None:
    table = list(aligned([("考次", "人数"), ("2026-04", "9"), ("十一月", "120")]))
    assert table == ["考次     人数", "2026-04     9", "十一月    120"]
