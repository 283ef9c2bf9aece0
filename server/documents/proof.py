"""The proof on paper (告知证明): A4 across, everybody who had to be told, page after page, for an auditor's file.

The layout is `proof.typ`. Data goes in as JSON, never as markup. The same proof gives the same bytes on machines with the same
fonts, but for the day on which it was printed, which stands on it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from server.documents.fonts import FontSet, require_fonts
from server.documents.press import Output, press

TEMPLATE = Path(__file__).with_name("proof.typ")
SCREEN_PPI = 100.0
#: 〓 stands where a font has no such character: a proof of two hundred does not wait for one rare name
GETA = "〓"

Mark = Literal["good", "open", "bad"]


@dataclass(frozen=True)
class MessageLine:
    """One message on one channel, in the words to print; "" where something has not happened."""

    channel: str
    queued: str
    accepted: str
    confirmed: str
    tries: str
    reference: str
    code: str
    #: when it was queued, to which number it went, and by which template
    sent_as: str


@dataclass(frozen=True)
class PersonLine:
    """One person of the table, in the words to print."""

    number: str
    name: str
    phone: str
    messages: tuple[MessageLine, ...]
    calls: tuple[str, ...]
    verdict: str
    detail: str
    mark: Mark


@dataclass(frozen=True)
class MatterPart:
    """One thing that had to be known by a day: what and why, the totals, and everybody whom it concerned."""

    heading: str
    facts: tuple[tuple[str, str], ...]
    totals: tuple[tuple[str, str], ...]
    people: tuple[PersonLine, ...]


@dataclass(frozen=True)
class ProofPage:
    """All that the proof says, in the words to print."""

    institution: str
    title: str
    subject: str
    days: str
    conclusion: str
    mark: Mark
    matters: tuple[MatterPart, ...]
    explanation: str
    digest: str
    printed: str


def proof_pdf(page: ProofPage, font_paths: Sequence[Path] = ()) -> bytes:
    """The proof as PDF, over as many pages as it takes. Raises `FontsMissing`."""
    return _print(page, tuple(font_paths), "pdf")[0]


def proof_png(page: ProofPage, font_paths: Sequence[Path] = ()) -> list[bytes]:
    """Each page as a picture. Raises `FontsMissing`."""
    return _print(page, tuple(font_paths), "png")


def _print(page: ProofPage, font_paths: tuple[Path, ...], output: Output) -> list[bytes]:
    data = _printable(asdict(page), require_fonts(font_paths))
    return press(TEMPLATE, font_paths).run(data, output, SCREEN_PPI)


def _printable(data: dict[str, object], fonts: FontSet) -> dict[str, object]:
    return {key: _with_geta(value, fonts) for key, value in data.items()}


def _with_geta(value: object, fonts: FontSet) -> object:
    if isinstance(value, str):
        return value.translate({ord(char): GETA for char in fonts.missing(value)})
    if isinstance(value, dict):
        return _printable(value, fonts)
    if isinstance(value, list | tuple):
        return [_with_geta(one, fonts) for one in value]
    return value
