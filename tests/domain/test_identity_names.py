"""Names as they stand on documents, in every script, and what is no name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.identity import BadIdentity, read_name

# Every sign that a keyboard, a form or another system offers for the dot between syllables.
DOTS = "\u00b7\u0387\u16eb\u2022\u2024\u2027\u2219\u22c5\u25cf\u2e31\u2e33\u30fb\u318d\ufe52\uff0e\uff65\ua78f."
SYLLABLES = "阿卜杜热合曼·麦麦提吐尔逊江·买买提"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("王芳", "王芳"),
        ("欧阳娜娜", "欧阳娜娜"),
        (" 欧阳 娜娜\n", "欧阳娜娜"),
        ("欧阳\u3000娜娜", "欧阳娜娜"),
        ("李䶮", "李䶮"),
        ("䶮䶮", "䶮䶮"),
        ("王㛃", "王㛃"),
        ("𬎆宇", "𬎆宇"),
        ("陈𪻐", "陈𪻐"),
        ("林〇", "林〇"),
        ("张\U0002ebf0", "张\U0002ebf0"),  # an extension that Python 3.11 does not know yet
        ("李\U00031350", "李\U00031350"),
        ("陈\ufa0c", "陈\ufa0c"),  # a compatibility form stays the character that it is
        ("古丽", "古丽"),
        ("Suharto", "Suharto"),
        ("Ng", "Ng"),
        ("Mary  Ann Smith", "Mary Ann Smith"),
        ("Jean-Luc O'Neil", "Jean-Luc O'Neil"),
        ("O’Brien", "O'Brien"),
        ("Jean‑Luc", "Jean-Luc"),
        ("José María Núñez", "José María Núñez"),
        ("ＺＨＡＮＧ　ｓａｎ", "ZHANG san"),
        ("Đặng Thị Hồng", "Đặng Thị Hồng"),
        ("김철수", "김철수"),
        ("山田 太郎", "山田太郎"),
        ("A·B", "A·B"),
        (SYLLABLES, SYLLABLES),
        ("艾力 · 买买提", "艾力·买买提"),
        ("名" * 50, "名" * 50),
    ],
)
def test_a_name_is_read_as_it_stands_on_the_document(typed: str, name: str) -> None:
    assert read_name(typed) == name


@pytest.mark.parametrize("dot", DOTS, ids=[f"U+{ord(dot):04X}" for dot in DOTS])
def test_every_middle_dot_becomes_one_and_the_same(dot: str) -> None:
    assert read_name(SYLLABLES.replace("·", dot)) == SYLLABLES


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "王",  # a surname alone; no document of the five has a name of one character
        "X",
        "名" * 51,
        "王1",
        "王１",
        "王²",
        "王①",
        "王½",
        "王Ⅷ",
        "王٣",
        "王_芳",
        "王芳😀",
        "😀😀",
        "王芳\u2764\ufe0f",
        "王\x00芳",
        "王\x1b芳",
        "王\u200b芳",
        "王\u202e芳",
        "王\ue863",  # a private character: what it means depends on the font
        "王\ud800芳",
        "·麦麦提",
        "麦麦提·",
        "阿卜杜··麦麦提",
        "-Anna",
        "Anna--Maria",
        "Anna -Maria",
        "O'",
        "J. Smith",
        "王芳（女）",
        "<b>王芳</b>",
        "王芳;",
        "e\u0301e",  # a letter with a loose accent
    ],
)
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(BadIdentity, match="name_shape"):
        read_name(typed)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_the_same_twice_or_refused(typed: str) -> None:
    try:
        name = read_name(typed)
    except BadIdentity:
        return
    assert read_name(name) == name
    assert 2 <= len(name) <= 50
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Nd", "No", "So", "Cs"} for char in name)


@given(st.text("王芳欧阳䶮𬎆ABcé·' -’•", min_size=2, max_size=12))
def test_blanks_around_a_name_and_in_the_middle_of_han_mean_nothing(typed: str) -> None:
    def read(text: str) -> str | None:
        try:
            return read_name(text)
        except BadIdentity:
            return None

    assert read(f"  {typed}\n") == read(typed)
