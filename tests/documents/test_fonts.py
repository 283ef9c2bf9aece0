"""A name that cannot be printed is found before printing."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
import typst
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from PIL import Image

from server.documents.fonts import REQUIRED, FontsMissing, missing_characters, require_fonts

NOWHERE = "\U000e0fff"  # an unassigned code point: no font has it


@pytest.mark.parametrize(
    "name",
    ["陈䶮", "王㛃", "林𬎆", "赵喆", "李珺", "吴堃", "阿卜杜热合曼·麦麦提吐尔逊江·买买提", "McKay-O'Neil", "龘㼆"],
)
def test_names_outside_the_old_character_set_print(name: str) -> None:
    assert missing_characters(name) == ""


@pytest.mark.parametrize(
    ("char", "what"),
    [
        ("\ue123", "private use: each font draws something else there"),
        ("\U000f0001", "private use of a later plane"),
        ("\u202e", "turns the rest of the name round"),
        ("\u200b", "is invisible"),
        ("\x07", "a control character"),
        ("\t", "not for a name"),
        ("\ud800", "half of a pair"),
        ("𓀀", "in none of the fonts"),
        (NOWHERE, "not a character"),
    ],
)
def test_what_would_print_as_a_box_or_as_something_else_is_missing(char: str, what: str) -> None:
    assert missing_characters(f"陈{char}喆") == char, what


def test_a_glyph_of_its_own_does_not_make_a_private_or_invisible_character_printable(tmp_path: Path) -> None:
    strange = "\ue123\u202e\u200b\U000f0001"
    assert missing_characters(strange, [_font(tmp_path / "proof.ttf", REQUIRED + strange)]) == strange


def test_each_missing_character_is_told_once_in_the_order_met() -> None:
    assert missing_characters("𓀁陈𓀀𓀁\n喆𓀀") == "𓀁𓀀"


def _drawn(char: str) -> bytes:
    fonts = require_fonts()
    compiler = typst.Compiler(font_paths=fonts.book, ignore_system_fonts=True)
    source = "#set page(width: 40pt, height: 40pt)\n#set text(font: json(bytes(sys.inputs.f)))\n#sys.inputs.c"
    families = "[" + ",".join(f'"{family}"' for family in fonts.families) + "]"
    made = compiler.compile(source.encode(), format="png", sys_inputs={"c": char, "f": families})
    assert isinstance(made, bytes)
    return Image.open(io.BytesIO(made)).convert("L").tobytes()


def test_what_is_said_to_print_is_drawn_as_itself() -> None:
    box = _drawn(NOWHERE)
    printed = [char for char in "䶮㛃𬎆喆珺𪻐𡒄𧒭·" if not missing_characters(char)]
    drawn = [_drawn(char) for char in printed]
    assert len({box, *drawn}) == len(printed) + 1, "two characters look alike, or one looks like the box"
    assert _drawn(" ") not in drawn


def _font(path: Path, characters: str, family: str = "Proof SC") -> Path:
    """A font file with one square for each of `characters`."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((0, 500))
    pen.lineTo((500, 500))
    pen.closePath()
    names = [".notdef", *(f"u{ord(char):X}" for char in characters)]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): f"u{ord(char):X}" for char in characters})
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "-")})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return path


def test_fonts_named_in_the_settings_are_the_only_ones_asked(tmp_path: Path) -> None:
    font = _font(tmp_path / "proof.ttf", REQUIRED)
    _font(tmp_path / "other.ttf", "国")
    assert [face.path for face in require_fonts([font]).faces] == [font]
    assert missing_characters("姓名国", [font]) == "国"
    assert missing_characters("姓名国", [tmp_path]) == ""


def test_of_a_collection_the_mainland_s_shapes_are_taken(tmp_path: Path) -> None:
    collection = TTCollection()
    for family, characters in (("Proof JP", REQUIRED + "辻"), ("Proof SC", REQUIRED + "国"), ("Proof TC", REQUIRED)):
        collection.fonts.append(TTFont(_font(tmp_path / "part.bin", characters, family)))
    collection.save(tmp_path / "proof.ttc")
    assert [(face.family, face.index) for face in require_fonts([tmp_path]).faces] == [("Proof SC", 1)]
    assert missing_characters("国辻", [tmp_path]) == "辻"


def test_a_font_without_ordinary_names_is_as_good_as_none(tmp_path: Path) -> None:
    font = _font(tmp_path / "old.ttf", REQUIRED.replace("䶮", "").replace("珺", ""))
    with pytest.raises(FontsMissing, match=r"old\.ttf.*cannot print 珺䶮.*fonts-noto-cjk"):
        require_fonts([font])


@pytest.mark.parametrize("path", ["", "no-such-folder"])
def test_no_fonts_names_the_package_to_install(tmp_path: Path, path: str) -> None:
    with pytest.raises(FontsMissing, match="apt-get install fonts-noto-cjk fonts-hanazono"):
        require_fonts([tmp_path / path])


def _asked(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "server.documents.fonts", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)


def test_the_command_lists_the_fonts_in_use() -> None:
    answer = _asked()
    assert answer.returncode == 0, answer.stderr
    assert str(require_fonts().faces[0].path) in answer.stdout


def test_the_command_fails_and_says_what_to_install(tmp_path: Path) -> None:
    answer = _asked(str(tmp_path))
    assert answer.returncode == 1
    assert "fonts-noto-cjk" in answer.stderr


def test_the_command_only_warns_where_the_rarest_names_do_not_print(tmp_path: Path) -> None:
    answer = _asked(str(_font(tmp_path / "proof.ttf", REQUIRED)))
    assert answer.returncode == 0
    assert "𪻐" in answer.stderr
    assert "fonts-hanazono" in answer.stderr
