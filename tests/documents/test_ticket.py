"""The ticket says everything, legibly, or is not printed."""

import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from itertools import groupby
from random import Random
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject

from server.documents.qr import QUIET_ZONE, qr_matrix
from server.documents.ticket import CannotPrint, SubjectTime, TicketPage, ticket_pdf, ticket_png
from server.images import clean_photo
from tests.documents.sample import RULES, portrait, ticket

LONG_PLACE = "上海市浦东新区张江高科技园区祖冲之路二千二百九十号展想广场一号楼三层计算机考场由南门进入在一层大厅换取入场卡后乘电梯上三楼"
TEXT_FIELDS = [each.name for each in fields(TicketPage) if each.type is str and each.name != "link"]
MM = 150 / 25.4  # pixels of a picture


def _long() -> TicketPage:
    """Everything as long as it gets."""
    return replace(
        ticket(),
        institution="上海市信息安全行业协会",
        ticket_number="SH-SISA-2026-11-0000123",
        name="阿卜杜热合曼·麦麦提吐尔逊江·买买提",
        document_type="港澳居民来往内地通行证",
        occupation="网络与信息安全管理员（网络安全管理员）",
        place=LONG_PLACE,
    )


def _text(pdf: bytes) -> str:
    """All text of all pages, without spaces and line ends, as extraction puts them where lines wrap."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def _said(page: TicketPage) -> Iterator[str]:
    yield from (getattr(page, name) for name in TEXT_FIELDS)
    yield from page.rules
    for subject in page.subjects:
        yield from (getattr(subject, each.name) for each in fields(subject))


@pytest.mark.parametrize("page", [ticket(), _long()], ids=["usual", "long"])
def test_everything_is_said_on_one_sheet(page: TicketPage) -> None:
    pdf = ticket_pdf(page)
    text = _text(pdf)
    assert [words for words in _said(page) if re.sub(r"\s", "", words) not in text] == []
    assert "扫码查看或重新下载" in text
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


@pytest.mark.parametrize("name", ["陈䶮", "王㛃", "林𬎆", "赵喆", "李珺", "阿卜杜热合曼·麦麦提吐尔逊江·买买提"])
def test_a_rare_name_can_be_read_and_copied(name: str) -> None:
    assert name in _text(ticket_pdf(replace(ticket(), name=name)))


def test_every_font_is_inside_the_file() -> None:
    page = PdfReader(io.BytesIO(ticket_pdf(ticket()))).pages[0]
    used = _object(_object(page["/Resources"])["/Font"])
    assert len(used) >= 2  # regular and bold
    for font in used.values():
        descendants = _object(font)["/DescendantFonts"]
        assert isinstance(descendants, ArrayObject)
        for descendant in descendants:
            descriptor = _object(_object(descendant)["/FontDescriptor"])
            assert {"/FontFile2", "/FontFile3"} & set(descriptor), font


def _object(value: PdfObject) -> DictionaryObject:
    found = value.get_object()
    assert isinstance(found, DictionaryObject)
    return found


@pytest.mark.parametrize("place", [*TEXT_FIELDS, "rules", "subjects"])
@pytest.mark.parametrize("printed", [ticket_pdf, ticket_png])
def test_a_character_without_a_glyph_stops_the_print_wherever_it_stands(
    place: str, printed: Callable[[TicketPage], bytes]
) -> None:
    value: Any = "甲\ue123乙𓀀"
    if place == "rules":
        value = (*RULES, value)
    if place == "subjects":
        value = (SubjectTime("理论知识", "4月25日", "9时", "甲\ue123乙", "𓀀"),)
    with pytest.raises(CannotPrint) as refused:
        printed(replace(ticket(), **{place: value}))
    assert refused.value.missing == "\ue123𓀀"
    assert str(refused.value) == "no font for U+E123 U+13000"


def test_markup_in_data_is_printed_and_not_obeyed() -> None:
    name = '#panic("x")*b*$x$[y]\\_z_@preview/a:1.0//'
    assert name in _text(ticket_pdf(replace(ticket(), name=name, place='#read("/etc/passwd")')))


def test_the_same_ticket_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib; from server.documents.ticket import ticket_pdf, ticket_png;"
        "from tests.documents.sample import ticket;"
        "print(hashlib.sha256(ticket_pdf(ticket()) + ticket_png(ticket())).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "1", "TZ": "America/Lima"}
    other = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, timeout=60)
    here = hashlib.sha256(ticket_pdf(ticket()) + ticket_png(ticket())).hexdigest()
    assert other.stdout.decode().strip() == here


def test_threads_get_their_own_tickets() -> None:
    pages = [replace(ticket(), ticket_number=f"2026-{number:04}") for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(ticket_pdf, pages))
    assert together == [ticket_pdf(page) for page in pages]
    assert len(set(together)) == len(pages)


def test_the_file_is_small_even_with_the_largest_photo() -> None:
    noise = Image.frombytes("RGB", (626, 826), Random(1).randbytes(626 * 826 * 3))
    out = io.BytesIO()
    noise.save(out, "PNG")
    photo = clean_photo(out.getvalue()).data
    assert len(photo) > 150_000, "or this proves nothing"
    assert len(ticket_pdf(replace(_long(), photo=photo))) < 300_000


def test_rules_get_smaller_type_before_they_get_a_second_sheet() -> None:
    page = replace(_long(), rules=RULES * 2 + RULES[:6])
    assert sum(map(len, page.rules)) > 1000, "as long as the associations' own"
    assert len(PdfReader(io.BytesIO(ticket_pdf(page))).pages) == 1


def test_the_file_names_itself_and_no_moment() -> None:
    about = PdfReader(io.BytesIO(ticket_pdf(ticket()))).metadata
    assert about is not None
    assert (about.title, about.author) == ("2026年职业技能评价准考证", "上海市技师协会")
    assert about.creation_date is None


def test_long_rules_take_a_second_sheet_that_names_its_first() -> None:
    page = replace(_long(), rules=RULES * 3)
    sheets = PdfReader(io.BytesIO(ticket_pdf(page))).pages
    assert len(sheets) == 2
    for number, sheet in enumerate(sheets, 1):
        words = re.sub(r"\s", "", sheet.extract_text())
        assert page.ticket_number in words
        assert page.name in words
        assert f"第{number}页，共2页" in words


@pytest.mark.parametrize(
    ("change", "gone"),
    [({"sex": ""}, "性别"), ({"complaint_phone": ""}, "监督投诉电话"), ({"rules": ()}, "参评人员须知")],
)
def test_what_is_not_known_leaves_no_empty_label(change: dict[str, Any], gone: str) -> None:
    assert gone in _text(ticket_pdf(ticket()))
    assert gone not in _text(ticket_pdf(replace(ticket(), **change)))


def test_without_a_photo_there_is_a_box_to_glue_one_into() -> None:
    assert "贴照片处" in _text(ticket_pdf(replace(ticket(), photo=None)))
    assert "贴照片处" not in _text(ticket_pdf(ticket()))


@pytest.mark.parametrize("photo", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n", portrait()[:2]])
def test_a_photo_that_is_no_jpeg_is_refused_and_not_left_out(photo: bytes) -> None:
    with pytest.raises(ValueError, match="photo"):
        ticket_pdf(replace(ticket(), photo=photo))


def _picture(page: TicketPage) -> Image.Image:
    return Image.open(io.BytesIO(ticket_png(page))).convert("RGB")


def test_the_picture_is_a_sheet_that_a_phone_can_enlarge() -> None:
    picture = _picture(ticket())
    assert picture.size == (1240, 1754)
    dark = sum(picture.convert("L").histogram()[:128]) / (1240 * 1754)
    assert 0.02 < dark < 0.3, "neither blank nor black"


def test_the_photo_stands_in_its_frame_of_35_by_49_millimetres() -> None:
    with_photo, without = _picture(ticket()), _picture(replace(ticket(), photo=None))
    backdrop = [
        (x, y)
        for x in range(0, with_photo.width, 3)
        for y in range(0, with_photo.height, 3)
        if max(abs(a - b) for a, b in zip(_rgb(with_photo, x, y), _rgb(without, x, y), strict=True)) > 25
    ]
    width = (max(x for x, _ in backdrop) - min(x for x, _ in backdrop)) / MM
    height = (max(y for _, y in backdrop) - min(y for _, y in backdrop)) / MM
    assert width == pytest.approx(35, abs=1)
    assert height == pytest.approx(49, abs=1)


def _rgb(picture: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    pixel = picture.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return (int(pixel[0]), int(pixel[1]), int(pixel[2]))


def test_a_printer_without_colours_loses_nothing() -> None:
    red, green, blue = _picture(replace(ticket(), photo=None)).split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()


@pytest.mark.parametrize("page", [ticket(), _long(), replace(_long(), rules=RULES * 3)], ids=["usual", "long", "two"])
def test_nothing_runs_into_the_margins(page: TicketPage) -> None:
    grey = _picture(page).convert("L")
    margin = int(15.5 * MM)
    for box in (
        (0, 0, margin, grey.height),
        (grey.width - margin, 0, grey.width, grey.height),
        (0, grey.height - int(8 * MM), grey.width, grey.height),
    ):
        assert grey.crop(box).getextrema()[0] == 255, box


def _dark_runs(lines: list[bytes]) -> list[tuple[int, int]]:
    """First and last + 1 of each run of lines that have something dark in them."""
    dark = [min(line) < 128 for line in lines]
    runs = [[at for at, _ in run] for shown, run in groupby(enumerate(dark), key=lambda line: line[1]) if shown]
    return [(run[0], run[-1] + 1) for run in runs]


def _code_on(sheet: Image.Image) -> Image.Image:
    """The code without its quiet zone: in the right-hand column the lower of the two tall things, under the photo."""
    column = sheet.convert("L").crop((int(158 * MM), int(24 * MM), int(195 * MM), int(130 * MM)))
    rows = [column.crop((0, y, column.width, y + 1)).tobytes() for y in range(column.height)]
    _frame, (top, bottom) = (run for run in _dark_runs(rows) if run[1] - run[0] > 20 * MM)
    band = column.crop((0, top, column.width, bottom))
    columns = [band.crop((x, 0, x + 1, band.height)).tobytes() for x in range(band.width)]
    runs = _dark_runs(columns)
    return band.crop((runs[0][0], 0, runs[-1][1], band.height))


def test_the_code_on_the_sheet_is_that_of_the_link() -> None:
    page = replace(ticket(), photo=None)
    code = _code_on(_picture(page))
    modules = [row[QUIET_ZONE:-QUIET_ZONE] for row in qr_matrix(page.link)[QUIET_ZONE:-QUIET_ZONE]]
    size = code.width / len(modules)
    assert code.height == pytest.approx(code.width, abs=1)
    assert code.width >= 25 * MM, "what a phone reads at arm's length"
    middles = [int((at + 0.5) * size) for at in range(len(modules))]
    seen = [tuple(code.crop((x, y, x + 1, y + 1)).tobytes() < b"\x80" for x in middles) for y in middles]
    assert seen == modules


def test_the_link_opens_the_ticket_so_it_is_in_the_code_alone() -> None:
    pdf = ticket_pdf(ticket())
    assert "Zk3vX9Qw7LrT2mYb8NcPdA" not in _text(pdf)
    assert b"Zk3vX9Qw7LrT2mYb8NcPdA" not in pdf
    assert "Zk3vX9Qw7LrT2mYb8NcPdA" not in repr(ticket())
