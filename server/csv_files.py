"""CSV files as a spreadsheet saves them (CSV UTF-8): their lines with numbers, or a refusal that names every fault; and made so
that it shows them as they are."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

# A cell that holds more than this is no number, no day and no name: it is shown cut short.
_SHOWN = 20


class FileRefused(Exception):
    """A file that cannot be taken over; every fault names its line and the reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_lines(path: Path, columns: Sequence[str]) -> list[tuple[int, list[str]]]:
    """The lines that hold anything, the heading first, with their numbers; each cell without blanks around it.

    Raises FileRefused where the file cannot be read, is no CSV, or holds nothing; `columns` says what its heading should be.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise FileRefused([f"{path.name}: 无法读取文件（{fault.strerror}）"]) from None
    except UnicodeDecodeError:
        raise FileRefused([f"{path.name}: 不是 UTF-8 编码；在 Excel 中请另存为“CSV UTF-8”"]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        # A spreadsheet leaves lines of mere commas behind.
        lines = [(reader.line_num, cells) for raw in reader if any(cells := [cell.strip() for cell in raw])]
    except csv.Error as fault:
        raise FileRefused([f"{path.name} 第{reader.line_num}行: 不是正确的 CSV（{fault}）"]) from None
    if not lines:
        raise FileRefused([f"{path.name}: 空文件，首行须为 {','.join(columns)}"])
    return lines


def heading_faults(heading: Sequence[str], columns: Sequence[str]) -> Iterator[str]:
    """What is wrong with a heading: every column is there once, in any order, and no other."""
    known = "、".join(columns)
    for column in dict.fromkeys(heading):
        if column not in columns:
            yield f"不认识的列“{shown(column)}”，只能有 {known}"
        elif heading.count(column) > 1:
            yield f"列 {column} 出现了不止一次"
    for column in columns:
        if column not in heading:
            yield f"缺少列 {column}"


def shown(text: str) -> str:
    """A cell's text as a message repeats it."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


# What begins so is a formula to a spreadsheet; the wide forms are to one with Chinese settings.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A spreadsheet keeps fifteen digits of a number; eleven are as many as it shows without an exponent.
_DIGITS_KEPT = 11


def text_cell(text: str) -> str:
    """A cell that stays the text that it is: where a spreadsheet would reckon with it, or take long digits or 12E5 for a
    number, an apostrophe stands before it."""
    return f"'{text}" if text.startswith(_FORMULA) or _looks_like_a_long_number(text) else text


def _looks_like_a_long_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return len(text) > _DIGITS_KEPT or not text.isdecimal() or (text.startswith("0") and text != "0")


def csv_bytes(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file that spreadsheets open as it is meant (CSV UTF-8, with its mark): every cell text, lines as they like them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heading)
    writer.writerows([text_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
