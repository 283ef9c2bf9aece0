"""Which fonts print our Chinese, and which characters of a text they cannot print.

typst prints a character that no font has as a box or a blank, without error and without warning. So texts
are asked here first, against the fonts' own character maps. No font lies in the repository: they come from
the system's usual places, or from the setting `font_paths`.

`python -m server.documents.fonts [PATH...]` prints the fonts in use (exit 0), or what is missing (exit 1).
"""

import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import click
import typst
from fontTools.ttLib import TTFont

PACKAGE = "fonts-noto-cjk"  # on Debian and Ubuntu: enough for every ticket but the rarest names
RARE_PACKAGE = "fonts-hanazono"  # CJK extensions B to F, where some names live

# A font without these leaves out names that are met every week (GB 2312 has none of the last four).
REQUIRED = "准考证号姓名座位须知·（）喆珺䶮㛃"
# Names from planes beyond the first, such as 𬎆 (U+2C386) and 𪻐 (U+2AED0): wanted, but not every system has them.
WANTED = "𬎆𪻐"

# The first that is found prints; the others stand in for what it lacks. Bold faces go by their family's name.
KNOWN_FILES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Regular.ttf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "msyh.ttc",
    "STHeiti Light.ttc",
    "simhei.ttf",
    "HanaMinA.ttf",
    "HanaMinB.ttf",
    "LXGWWenKai-Regular.ttf",
    "simsunb.ttf",
    "SimsunExtG.ttf",
    "NotoSansCJK-Bold.ttc",
    "NotoSansCJKsc-Bold.otf",
    "NotoSansSC-Bold.otf",
    "NotoSansSC-Bold.ttf",
    "SourceHanSansSC-Bold.otf",
    "SourceHanSansCN-Bold.otf",
    "msyhbd.ttc",
)
_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
# Control and format characters (a bidi override turns a name round), halves of pairs, and the private use
# area, where old systems kept rare characters and where each font draws something else.
_NEVER_PRINTED = frozenset({"Cc", "Cf", "Cs", "Co"})


class FontsMissing(Exception):
    """This machine has no font for Chinese names. The message says what was looked for and what to install."""


@dataclass(frozen=True)
class Face:
    """One face of a font file: its place in a collection (0 in a single font) and the name typst knows it by."""

    path: Path
    index: int
    family: str

    @cached_property
    def characters(self) -> frozenset[int]:
        """Code points that the face has glyphs for; read from the file once, about 0.1 s."""
        with TTFont(self.path, fontNumber=self.index, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())


@dataclass(frozen=True)
class FontSet:
    """The faces that print, in the order in which they are asked for a character."""

    faces: tuple[Face, ...]
    book: typst.Fonts  # the same fonts, loaded once for all documents

    @property
    def families(self) -> tuple[str, ...]:
        """Family names in order of preference, each once."""
        return tuple(dict.fromkeys(face.family for face in self.faces))

    def missing(self, text: str) -> str:
        """The characters of `text` that would not print, each once, in the order met; a line feed is layout."""
        return "".join(char for char in dict.fromkeys(text) if char != "\n" and not self._prints(char))

    def _prints(self, char: str) -> bool:
        if unicodedata.category(char) in _NEVER_PRINTED:
            return False
        return any(ord(char) in face.characters for face in self.faces)


def missing_characters(text: str, font_paths: Sequence[Path] = ()) -> str:
    """The characters of `text` that no font in use can print, each once; "" if all print.

    The first call reads the fonts (0.25 s), later ones take microseconds. Raises `FontsMissing`.
    """
    return require_fonts(font_paths).missing(text)


def require_fonts(font_paths: Sequence[Path] = ()) -> FontSet:
    """The fonts in use: those under `font_paths` (files or folders), or else those of the system's usual places.

    Raises `FontsMissing` if a path does not exist, or if ordinary names cannot be printed.
    """
    return _load(tuple(font_paths))


@lru_cache(maxsize=4)
def _load(font_paths: tuple[Path, ...]) -> FontSet:
    files = _named(font_paths) if font_paths else _found()
    if not files:
        raise FontsMissing(_advice("no font with Chinese characters was found"))
    # typst takes folders only, and lists every face in them: keep one face for each file that was chosen.
    folders = dict.fromkeys(str(file.parent) for file in files)
    book = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[Path(folder) for folder in folders]
    )
    fonts = FontSet(tuple(_one_face_each(files, book)), book)
    if lacking := fonts.missing(REQUIRED):
        names = ", ".join(file.name for file in files)
        raise FontsMissing(_advice(f"the fonts found ({names}) cannot print {lacking}"))
    return fonts


def _named(font_paths: tuple[Path, ...]) -> tuple[Path, ...]:
    files: list[Path] = []
    for path in font_paths:
        if not path.exists():
            raise FontsMissing(_advice(f"font_paths names {path}, which does not exist"))
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        files += [file for file in inside if file.suffix.lower() in _SUFFIXES]
    return tuple(files)


def _found() -> tuple[Path, ...]:
    ranks = {name.lower(): rank for rank, name in enumerate(KNOWN_FILES)}
    found: dict[int, Path] = {}
    for place in _usual_places():
        for folder, inner, names in os.walk(place):
            inner.sort()  # the order in which a file system lists is not the same on two machines
            for name in sorted(names):
                if (rank := ranks.get(name.lower())) is not None:
                    found.setdefault(rank, Path(folder, name))
    return tuple(found[rank] for rank in sorted(found))


def _usual_places() -> tuple[Path, ...]:
    home = Path.home()
    windows = Path(os.environ.get("WINDIR", "C:/Windows"))
    return (
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local/share/fonts",
        home / ".fonts",
        Path("/System/Library/Fonts"),
        Path("/Library/Fonts"),
        home / "Library/Fonts",
        windows / "Fonts",
        home / "AppData/Local/Microsoft/Windows/Fonts",
    )


def _one_face_each(files: tuple[Path, ...], book: typst.Fonts) -> Iterator[Face]:
    """One face per file: of a collection the one drawn for the mainland, or else its first."""
    for file in files:
        faces = [Face(file, info.index, info.family) for info in book.fonts() if info.path == str(file)]
        mainland = [face for face in faces if face.family.endswith((" SC", " GB", " CN"))]
        yield from (mainland or faces)[:1]


def _advice(fault: str) -> str:
    return f"{fault}; on Debian or Ubuntu: apt-get install {PACKAGE} {RARE_PACKAGE}"


@click.command()
@click.argument("font_paths", nargs=-1, type=click.Path(path_type=Path))
def main(font_paths: tuple[Path, ...]) -> None:
    """Print the fonts that documents are printed with, or what is missing."""
    try:
        fonts = require_fonts(font_paths)
    except FontsMissing as missing:
        raise click.ClickException(str(missing)) from missing
    for face in fonts.faces:
        click.echo(f"{face.family}: {face.path}")
    if lacking := fonts.missing(WANTED):
        click.echo(f"warning: rare names such as {lacking} will not print; wanted: {RARE_PACKAGE}", err=True)


if __name__ == "__main__":
    main()
