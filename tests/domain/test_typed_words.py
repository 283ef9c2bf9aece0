"""What a clerk types into a template is refused here where a carrier would refuse it later."""

import pytest

from server.domain.typed_words import HEADING_ROOM, WORDS_ROOM, WordsRefused, checked

FINE = "请由东门（中山路）进入，8:30前到达"


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("考场入口改动", FINE),
        ("考" * HEADING_ROOM, "考" * WORDS_ROOM),
        ("考务提醒", "带2B铅笔。No.3教室在3.5号楼，p.m.1:30开始"),
        ("考务提醒", "咨询021-62418668，或400-820-1234"),
        ("考务提醒", "实操用机为Windows 11，Office 2019版！"),
        ("职业技能评价", "培训师职业的实操改在A座"),
    ],
)
def test_ordinary_words_pass_as_they_are(heading: str, words: str) -> None:
    assert checked(heading, words) == (heading, words)


def test_blanks_around_the_words_are_not_sent() -> None:
    assert checked(" 考务提醒\u3000", f"\u3000{FINE} ") == ("考务提醒", FINE)


REFUSED = [
    ("", "message_empty"),
    (" \u3000", "message_empty"),
    ("考" * (WORDS_ROOM + 1), "message_too_long"),
    ("请于8:30前到达\n请带证件", "message_characters"),
    ("请于8:30前到达\r", "message_characters"),
    ("请于8:30前\t到达", "message_characters"),
    ("请带\x00证件", "message_characters"),
    ("请带\u200b证件", "message_characters"),
    ("请带\u2028证件", "message_characters"),
    ("请带\u202e证件", "message_characters"),
    ("加油\U0001f600", "message_characters"),
    ("【协会】请带证件", "message_characters"),
    ("请带{1}", "message_characters"),
    ("请带${p1}", "message_characters"),
    ("见https://jnsh.org.cn/a", "message_link"),
    ("见HTTP://jnsh", "message_link"),
    ("见www.jnsh", "message_link"),
    ("见jnsh.org.cn", "message_link"),
    ("见jnsh .org .cn", "message_link"),
    ("见ｊｎｓｈ．ｏｒｇ．ｃｎ", "message_link"),
    ("见jnsh。org。cn", "message_link"),
    ("见192.168.1.1", "message_link"),
    ("请打13800138000", "message_mobile"),
    ("请打138 0013-8000", "message_mobile"),
    ("请打１３８００１３８０００", "message_mobile"),
    ("参加职业培训的请带证件", "message_banned"),
    ("参加职业 培训的请带证件", "message_banned"),
    ("本次招生推广", "message_banned"),
]


@pytest.mark.parametrize(("words", "code"), REFUSED)
def test_what_a_carrier_would_refuse_is_refused(words: str, code: str) -> None:
    with pytest.raises(WordsRefused, match=f"^{code}$"):
        checked("考务提醒", words)


@pytest.mark.parametrize(("heading", "code"), [row for row in REFUSED if len(row[0]) <= HEADING_ROOM])
def test_the_heading_is_held_to_the_same(heading: str, code: str) -> None:
    with pytest.raises(WordsRefused, match=f"^{code}$"):
        checked(heading, FINE)


def test_a_heading_longer_than_a_card_holds_is_refused() -> None:
    with pytest.raises(WordsRefused, match="message_too_long"):
        checked("考" * (HEADING_ROOM + 1), FINE)


@pytest.mark.parametrize("words", ["1380013800", "138001380001", "1238001380"])
def test_a_number_that_is_no_mobile_number_may_stand(words: str) -> None:
    assert checked("考务提醒", words) == ("考务提醒", words)
