"""Days and trades in the words that people read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.days import Window
from server.domain.levels import LEVEL_NAMES, LEVEL_SHORT
from server.domain.wording import day_text, days_text, full_day_text, subject_short, subject_text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 4, 25), date(2026, 4, 26), "4月25日、26日"),
        (date(2026, 4, 25), date(2026, 4, 25), "4月25日"),
        (date(2026, 4, 25), date(2026, 4, 27), "4月25日至4月27日"),
        (date(2026, 4, 30), date(2026, 5, 1), "4月30日至5月1日"),
        (date(2026, 12, 31), date(2027, 1, 1), "12月31日至1月1日"),
    ],
)
def test_the_days_of_a_sitting(first: date, last: date, text: str) -> None:
    assert days_text(Window(first, last)) == text


def test_one_day_with_and_without_its_year() -> None:
    assert (day_text(date(2026, 4, 5)), full_day_text(date(2026, 4, 5))) == ("4月5日", "2026年4月5日")


@pytest.mark.parametrize(
    ("occupation", "level", "short"),
    [
        ("企业人力资源管理师", 4, "企业人力资源管理师四级"),
        ("职业培训师", 3, "职业培训师三级"),
        ("网络与信息安全管理员（网络安全管理员）", 4, "网络安全管理员四级"),
        ("网络与信息安全管理员（信息安全管理员）", 3, "信息安全管理员三级"),
        ("很" * 18, 4, "很" * 18 + "四级"),
        ("很" * 19, 4, "很" * 17 + "…四级"),
        ("短名（" + "长" * 30 + "）", 3, "长" * 17 + "…三级"),
    ],
)
def test_a_trade_fits_a_field_of_20(occupation: str, level: int, short: str) -> None:
    assert subject_short(occupation, level) == short


@given(st.text("网络与信息（）安全管理员A ", min_size=1, max_size=60), st.integers(1, 5))
def test_whatever_the_trade_the_field_holds_it_and_the_level_is_seen(occupation: str, level: int) -> None:
    short = subject_short(occupation, level)
    assert len(short) <= 20
    assert short.endswith(LEVEL_SHORT[level])


def test_each_level_has_its_names() -> None:
    assert set(LEVEL_NAMES) == set(LEVEL_SHORT) == {1, 2, 3, 4, 5}
    assert all(LEVEL_NAMES[level].startswith(LEVEL_SHORT[level]) for level in LEVEL_NAMES)
    assert subject_text("企业人力资源管理师", 4) == "企业人力资源管理师四级"
