"""Tables that stand straight in a terminal, where a Chinese character is two columns wide."""

import unicodedata
from collections.abc import Iterator, Sequence


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Columns as wide as their widest cell; numbers to the right, words to the left, the last as long as it is."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(width, column)) for column in columns]
    right = [all(cell.isdecimal() or cell == "-" for cell in column[1:]) for column in columns]
    for row in rows:
        cells = (_padded(*cell) for cell in zip(row, widths, right, strict=True))
        yield "  ".join(cells).rstrip()


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _padded(text: str, columns: int, right: bool) -> str:
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks
