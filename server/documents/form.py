"""The application form (报名表): one page of A4 that the candidate confirms and signs, as PDF and as a picture for phones.

The layout is `form.typ`. Data goes in as JSON, never as markup. The same form gives the same bytes on machines with the same
fonts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from server.documents.fonts import require_fonts
from server.documents.portrait import picture_svg
from server.documents.press import Output, press
from server.documents.ticket import PHONE_PPI, CannotPrint

TEMPLATE = Path(__file__).with_name("form.typ")


@dataclass(frozen=True)
class FormRow:
    """One line of the form's table: what it is, and what was filled in, a paragraph each."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class FormPage:
    """All that the form says, in the words to print."""

    institution: str
    title: str
    number: str
    name: str
    #: who it is: sex, birth, document, telephone
    person: tuple[tuple[str, str], ...]
    #: what is applied for
    applied_for: tuple[tuple[str, str], ...]
    #: work, certificates, titles, schools, evidence
    rows: tuple[FormRow, ...]
    declaration: str
    photo: bytes | None = field(repr=False)
    signature: bytes | None = field(repr=False)
    #: "" until it is signed
    signed_text: str
    applied_text: str


def form_pdf(page: FormPage, font_paths: Sequence[Path] = ()) -> bytes:
    """The form as PDF. Raises `CannotPrint`, `FontsMissing`, ValueError if a picture is no JPEG."""
    return _print(page, tuple(font_paths), "pdf")[0]


def form_png(page: FormPage, font_paths: Sequence[Path] = ()) -> bytes:
    """The form's first page as a picture. Raises what `form_pdf` raises."""
    return _print(page, tuple(font_paths), "png")[0]


def _print(page: FormPage, font_paths: tuple[Path, ...], output: Output) -> list[bytes]:
    ready = press(TEMPLATE, font_paths)
    if missing := require_fonts(font_paths).missing(
        "".join(_texts(asdict(replace(page, photo=None, signature=None))))
    ):
        raise CannotPrint(missing)
    values = asdict(page)
    for name in ("photo", "signature"):
        values[name] = picture_svg(values[name]) if values[name] is not None else None
    return ready.run(values, output, PHONE_PPI)


def _texts(value: object) -> Iterator[str]:
    """Every text that is printed."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
