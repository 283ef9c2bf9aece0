"""The field rules of subscription messages, row by row of the platform's table."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sandbox.subscribe_fields import KINDS, fault_in

GOOD = {
    "thing": ["字" * 20, "a1！符号", "网络与信息安全管理员", "阿卜杜·热合曼"],
    "number": ["0", "3.14", "9" * 32],
    "letter": ["a", "Z" * 32],
    "symbol": ["!", "……、。"],
    "character_string": ["A-1/2 x", "~" * 32],
    "time": [
        "9:05",
        "15:01",
        "23:59:59",
        "2026年11月1日 15:01",
        "2026年11月1日15:01~2026年11月1日 17:00",
        "09:00 ~ 10:00",
    ],
    "date": ["2026年11月21日", "2026年1月1日 09:00", "2024年2月29日~2024年3月1日"],
    "amount": ["¥280.00", "280元", "￥1234567890", "0.5"],
    "phone_number": ["13800138000", "+86-021-12345678"],
    "car_number": ["沪A8Z888挂", "沪A12345"],
    "name": ["单雄信", "字" * 10, "John O'Neil", "J" * 20, "李John", "䶮𬎆"],
    "phrase": ["通过", "审核未通过"],
    "enum": ["anything"],
}
BAD = {
    "thing": ["字" * 21],
    "number": ["1,000", "一", "9" * 33, "１"],
    "letter": ["a1", "字", "a" * 33],
    "symbol": ["a", "!" * 6, "字"],
    "character_string": ["编号", "a" * 33, "，"],
    "time": ["25:00", "9:60", "2026-11-01 15:01", "2026年2月30日 10:00", "09:00～10:00", "2026年11月1日"],
    "date": ["2026-11-21", "2026年13月1日", "2025年2月29日", "11月21日", "2026年11月21日～2026年11月22日"],
    "amount": ["12345678901", "$$1", "一百元", "1元2"],
    "phone_number": ["1" * 18, "电话"],
    "car_number": ["沪A1234567", "A 1"],
    "name": ["字" * 11, "J" * 21, "阿卜杜·热合曼", "张3"],
    "phrase": ["六个汉字太长", "ok", "通过1", "通 过"],
    "enum": [],
}


def test_every_kind_is_in_both_tables() -> None:
    assert set(GOOD) == set(BAD) == set(KINDS)


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in GOOD.items() for value in values])
def test_what_the_table_allows_passes(kind: str, value: str) -> None:
    assert fault_in(f"{kind}1", value) is None


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in BAD.items() for value in values])
def test_what_the_table_forbids_is_invalid(kind: str, value: str) -> None:
    assert fault_in(f"{kind}12", value) == "invalid"


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_value_is_refused_by_every_kind(kind: str) -> None:
    assert [fault_in(kind, value) for value in (None, "", "  ", "\u3000")] == ["is empty"] * 4


@given(
    kind=st.sampled_from(sorted(KINDS)), value=st.text(min_size=1), control=st.sampled_from("\n\r\t\x00\x7f\u2028")
)
def test_no_kind_takes_a_line_break_or_control_character(kind: str, value: str, control: str) -> None:
    assert fault_in(kind, f"a{value}{control}{value}b") == "invalid"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).filter(str.strip))
def test_a_thing_is_judged_by_its_length_alone(value: str) -> None:
    assert (fault_in("thing1", value) is None) == (len(value) <= 20)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=12))
def test_a_chinese_name_may_have_ten_characters(value: str) -> None:
    assert all(unicodedata.category(character) == "Lo" for character in value)
    assert (fault_in("name1", value) is None) == (len(value) <= 10)


@pytest.mark.parametrize("value", [True, ["a"], {"a": 1}])
def test_a_value_that_is_no_text_or_number_is_invalid(value: object) -> None:
    assert fault_in("thing1", value) == "invalid"


def test_a_bare_number_counts_as_its_text() -> None:
    assert fault_in("number1", 3.5) is None
