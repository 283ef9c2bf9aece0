"""The same code in three guises: PNG, SVG, terminal."""

import io
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from server.documents.qr import MASK, MAX_TEXT, QUIET_ZONE, Matrix, qr_matrix, qr_png, qr_svg, qr_terminal

LINK = "https://jiping.example.cn/t/Zk3vX9Qw7LrT2mYb8NcPdA"
links = st.text(st.characters(codec="utf-8"), min_size=1, max_size=MAX_TEXT)


def test_a_ticket_link_makes_modules_of_at_least_seven_tenths_of_a_millimetre() -> None:
    assert 35 / len(qr_matrix(LINK)) >= 0.7


@given(links)
def test_four_modules_around_the_code_are_white(text: str) -> None:
    matrix = qr_matrix(text)
    ring = range(QUIET_ZONE)
    for far in (*ring, *(-1 - near for near in ring)):
        assert not any(matrix[far])
        assert not any(row[far] for row in matrix)
    assert matrix[QUIET_ZONE][QUIET_ZONE], "the finder's corner is dark"


@given(links)
def test_level_and_mask_are_those_that_were_asked_for(text: str) -> None:
    # ISO/IEC 18004, 7.9: row 8, columns 0 to 4, hold two bits of level (M is 00) and three of mask, under 10101.
    row = qr_matrix(text)[QUIET_ZONE + 8][QUIET_ZONE : QUIET_ZONE + 5]
    assert int("".join("01"[dark] for dark in row), 2) ^ 0b10101 == MASK


def _of_png(png: bytes, pixels: int) -> Matrix:
    picture = Image.open(io.BytesIO(png)).convert("L")
    side = picture.width // pixels
    middle = pixels // 2
    return tuple(
        tuple(picture.getpixel((x * pixels + middle, y * pixels + middle)) == 0 for x in range(side))
        for y in range(side)
    )


def _of_svg(svg: str) -> Matrix:
    root = ElementTree.fromstring(svg)
    side = int(root.attrib["viewBox"].split()[2])
    dark = set()
    for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1H(\d+)z", root[1].attrib["d"]):
        assert back == x
        dark |= {(int(x) + step, int(y)) for step in range(int(width))}
    return tuple(tuple((x, y) in dark for x in range(side)) for y in range(side))


def _of_terminal(text: str) -> Matrix:
    rows: list[tuple[bool, ...]] = []
    for line in text.splitlines():
        blocks = line.removeprefix("\x1b[30;107m").removesuffix("\x1b[0m")
        rows.append(tuple(block in "▀█" for block in blocks))
        rows.append(tuple(block in "▄█" for block in blocks))
    return tuple(rows[: len(rows[0])])


@given(links)
def test_every_guise_shows_the_same_modules(text: str) -> None:
    matrix = qr_matrix(text)
    assert _of_png(qr_png(text, 3), 3) == matrix
    assert _of_svg(qr_svg(text)) == matrix
    assert _of_terminal(qr_terminal(text)) == matrix


def test_the_svg_refers_to_nothing_outside_and_is_small() -> None:
    svg = qr_svg(LINK)
    assert re.findall(r"https?:[^\"]*", svg) == ["http://www.w3.org/2000/svg"]
    assert len(svg) < 8000


def test_the_same_text_gives_the_same_bytes() -> None:
    assert qr_png(LINK) == qr_png(LINK)
    assert qr_png(LINK) != qr_png(LINK + "x")


@pytest.mark.parametrize("text", ["", "x" * (MAX_TEXT + 1)])
def test_nothing_and_too_much_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="QR code"):
        qr_svg(text)
