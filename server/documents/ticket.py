"""The admission ticket (准考证): one page of A4, as PDF for printing and as a picture for phones.

The layout is `ticket.typ`. Data goes in as JSON, never as markup, so nothing that a candidate typed is obeyed.
The same ticket gives the same bytes on machines with the same fonts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from server.documents.fonts import require_fonts
from server.documents.portrait import picture_svg
from server.documents.press import Output, press
from server.documents.qr import qr_svg

TEMPLATE = Path(__file__).with_name("ticket.typ")
# A4 becomes 1240 x 1754 pixels: about three times a phone's width in CSS pixels, so it is sharp when zoomed.
PHONE_PPI = 150.0


class CannotPrint(Exception):
    """No font in use has these characters: a person must see to it, for a ticket with boxes is worthless."""

    def __init__(self, missing: str) -> None:
        super().__init__("no font for " + " ".join(f"U+{ord(char):04X}" for char in missing))
        self.missing = missing


@dataclass(frozen=True)
class SubjectTime:
    """When and where one subject (科目) is assessed, in the words to print; room and seat may be ""."""

    name: str
    date_text: str
    time_text: str
    room: str
    seat: str


@dataclass(frozen=True)
class TicketPage:
    """All that an admission ticket says, in the words to print. The number of the document comes masked."""

    institution: str
    title: str
    ticket_number: str
    name: str
    sex: str  # "" leaves the row out
    document_type: str
    masked_document: str
    occupation: str
    level_name: str
    subjects: tuple[SubjectTime, ...]
    place: str
    photo: bytes | None = field(
        repr=False
    )  # a JPEG as `server.images.clean_photo` makes it; None prints an empty box
    link: str = field(repr=False)  # goes into the QR code only: whoever has it can open the ticket
    rules: tuple[str, ...] = field(repr=False)  # 参评人员须知, one paragraph each, with the numbers of the notice
    phone: str
    complaint_phone: str
    issued_text: str


def ticket_pdf(page: TicketPage, font_paths: Sequence[Path] = ()) -> bytes:
    """The ticket as PDF: one page, and a second if the rules are long.

    Raises `CannotPrint` if a text has a character that no font covers, `FontsMissing` if there are no fonts,
    ValueError if the photo is no JPEG or the link is longer than a QR code here may hold.
    """
    return _print(page, tuple(font_paths), "pdf")[0]


def ticket_png(page: TicketPage, font_paths: Sequence[Path] = ()) -> bytes:
    """The ticket's first page as PNG, for phones whose WeChat opens no PDF. Raises what `ticket_pdf` raises."""
    return _print(page, tuple(font_paths), "png")[0]


def _print(page: TicketPage, font_paths: tuple[Path, ...], output: Output) -> list[bytes]:
    ready = press(TEMPLATE, font_paths)
    if missing := require_fonts(font_paths).missing("".join(_texts(page))):
        raise CannotPrint(missing)
    return ready.run(_data(page), output, PHONE_PPI)


def _texts(page: TicketPage) -> Iterator[str]:
    """Every text that is printed."""
    for value in asdict(replace(page, photo=None, link="")).values():
        if isinstance(value, str):
            yield value
    yield from page.rules
    for subject in page.subjects:
        yield from (getattr(subject, each.name) for each in fields(subject))


def _data(page: TicketPage) -> dict[str, object]:
    values = asdict(page)
    del values["link"]
    values["qr"] = qr_svg(page.link)
    values["photo"] = picture_svg(page.photo) if page.photo is not None else None
    return values
