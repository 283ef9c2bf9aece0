"""The plan of a year (计划): how many people apply, are approved and pay for each sitting. Read whole, or refused whole."""

import re
from dataclasses import dataclass
from pathlib import Path

from server.csv_files import FileRefused, heading_faults, read_lines, shown
from server.rulebooks.book import Rulebook

FOLDER = Path(__file__).parent
COUNTS = ("applicants", "approved", "paid", "no_grant", "sms_fails")
COLUMNS = ("sitting", "occupation", "level", *COUNTS)
# Each may not exceed the other: nobody is approved who did not apply.
_WITHIN = (
    ("approved", "applicants", "审核通过的人数多于申报的人数"),
    ("paid", "approved", "缴费的人数多于审核通过的人数"),
    ("no_grant", "paid", "没有订阅授权的人数多于缴费的人数"),
    ("sms_fails", "paid", "短信不能确认的人数多于缴费的人数"),
)
_MOST = 99_999


@dataclass(frozen=True, order=True)
class SittingName:
    """A sitting as people name it: the month of its assessment, the occupation's Chinese name, the level."""

    sitting: str
    occupation: str
    level: int


@dataclass(frozen=True)
class PlanRow:
    """What happens at one sitting, in people. `line` is where it stands in the file."""

    line: int
    name: SittingName
    applicants: int
    approved: int
    paid: int
    no_grant: int
    sms_fails: int


class PlanRefused(FileRefused):
    """A plan that cannot be lived through; every fault names its line and the reason."""


def default_plan(book: Rulebook, rulebooks: Path) -> Path:
    """Where the plan of a rulebook lies that is used when none is named: beside the rulebook, or with this program."""
    beside = rulebooks / f"{book.slug}.csv"
    return beside if beside.exists() else FOLDER / f"{book.slug}.csv"


def read_plan(path: Path, book: Rulebook) -> tuple[PlanRow, ...]:
    """The plan in a file, for the sittings of a rulebook. Raises PlanRefused with all faults at once."""
    try:
        lines = read_lines(path, COLUMNS)
    except FileRefused as refused:
        raise PlanRefused(refused.faults) from None
    heading_line, heading = lines[0]
    faults = [f"第{heading_line}行: {why}" for why in heading_faults(heading, COLUMNS)]
    rows, first_seen = [], dict[SittingName, int]()
    for line, cells in lines[1:]:
        reader = _RowReader(heading, cells, book)
        row = reader.row(line)
        faults += [f"第{line}行: {why}" for why in reader.faults]
        if row is None:
            continue
        if row.name in first_seen:
            faults.append(f"第{line}行: 与第{first_seen[row.name]}行重复，是同一考次、职业和等级")
        first_seen.setdefault(row.name, line)
        rows.append(row)
    if len(lines) == 1 and not faults:
        faults.append(f"第{heading_line}行: 只有表头，没有任何考次")
    if faults:
        raise PlanRefused([f"{path.name} {fault}" for fault in faults])
    return tuple(rows)


class _RowReader:
    """One line of the file; its faults are gathered, so that whoever wrote it mends them all in one go."""

    def __init__(self, heading: list[str], cells: list[str], book: Rulebook) -> None:
        self.faults: list[str] = []
        self._book = book
        if len(cells) > len(heading):
            self.faults.append(f"有{len(cells)}格，多于表头的{len(heading)}列")
        padded = [*cells, *[""] * (len(heading) - len(cells))]
        self._cells = dict(zip(heading, padded, strict=False))

    def row(self, line: int) -> PlanRow | None:
        name, counts = self._name(), {column: self._count(column) for column in COUNTS}
        for small, large, why in _WITHIN:
            less, more = counts[small], counts[large]
            if less is not None and more is not None and less > more:
                self.faults.append(f"{small} 为{less}，{large} 为{more}：{why}")
        known = {column: count for column, count in counts.items() if count is not None}
        if self.faults or name is None or len(known) < len(COUNTS):
            return None
        return PlanRow(line, name, **known)

    def _cell(self, column: str) -> str | None:
        """A cell's text; None where it is empty, which is a fault, or where the whole column is missing."""
        if column not in self._cells:
            return None
        if not self._cells[column]:
            self.faults.append(f"{column}: 没有填写")
        return self._cells[column] or None

    def _count(self, column: str) -> int | None:
        text = self._cell(column)
        if text is None:
            return None
        if not re.fullmatch(r"[+-]?[0-9]+", text):
            self.faults.append(f"{column}: “{shown(text)}”不是整数")
        elif text.startswith("-"):
            self.faults.append(f"{column}: “{shown(text)}”不能是负数")
        elif len(text.lstrip("+0")) > len(str(_MOST)):
            self.faults.append(f"{column}: “{shown(text)}”太大，最多{_MOST}")
        else:
            return int(text)
        return None

    def _name(self) -> SittingName | None:
        month, occupation, level = self._month(), self._occupation(), self._count("level")
        planned = [(one.month, trade.name, number) for trade, number, one in self._book.planned()]
        if month is None or occupation is None or level is None:
            return None
        if (month, occupation, level) in planned:
            return SittingName(month, occupation, level)
        levels = sorted({number for _, trade, number in planned if trade == occupation}, reverse=True)
        if level not in levels:
            known = "、".join(map(str, levels))
            self.faults.append(f"level: {occupation}没有{level}级，只有 {known}")
        else:
            self.faults.append(f"sitting: {month}考次没有{occupation}{level}级")
        return None

    def _month(self) -> str | None:
        months = list(dict.fromkeys(dates.month for _, _, dates in self._book.planned()))
        return self._one_of("sitting", months, "规则中没有这个考次（须为评价所在的年月）")

    def _occupation(self) -> str | None:
        names = [one.name for one in self._book.occupations]
        return self._one_of("occupation", names, "规则中没有这个职业")

    def _one_of(self, column: str, known: list[str], why: str) -> str | None:
        text = self._cell(column)
        if text is None or text in known:
            return text
        self.faults.append(f"{column}: “{shown(text)}”，{why}，只有 {'、'.join(known)}")
        return None
