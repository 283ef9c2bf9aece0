"""A year's holidays as a small CSV (day,kind,note): read whole, or refused whole with every fault at its line."""

import csv
import io
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

from server.csv_files import FileRefused, heading_faults, read_lines, shown
from server.domain.published_year import DayKind, NamedDay, PublishedYear, is_one_line
from server.errors import ERRORS

COLUMNS = ("day", "kind", "note")
KINDS: tuple[DayKind, ...] = ("off", "worked")
# Both as it should be and as a Chinese spreadsheet turns it: 2027-01-01, 2027/1/1.
_DAY = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})")


def read_year(path: Path) -> PublishedYear:
    """The year in a file: the one that most of its days lie in. Raises FileRefused with all faults at once."""
    (heading_line, heading), *rest = read_lines(path, COLUMNS)
    faults = [f"第{heading_line}行: {why}" for why in heading_faults(heading, COLUMNS)]
    if not faults and not rest:
        faults = [f"第{heading_line}行: 只有表头，没有任何日期"]
    if faults:
        raise FileRefused([f"{path.name} {fault}" for fault in faults])
    named: dict[DayKind, list[NamedDay]] = {kind: [] for kind in KINDS}
    lines: dict[date, list[int]] = defaultdict(list)
    for line, cells in rest:
        row = dict(zip(heading, cells, strict=False))
        day, wrong = _day(row.get("day", "")), _row_faults(heading, cells, row)
        faults += [f"第{line}行: {why}" for why in wrong]
        if day is not None and not wrong:
            named["worked" if row["kind"] == "worked" else "off"].append(NamedDay(day, row.get("note", "")))
            lines[day].append(line)
    if lines:
        [(year, _)] = Counter(day.year for day in lines).most_common(1)
        found = PublishedYear(year, tuple(sorted(named["off"])), tuple(sorted(named["worked"])))
        faults += _faults_of(found, lines, whole=not faults)
    if faults:
        raise FileRefused([f"{path.name} {fault}" for fault in faults])
    return found


def written(one: PublishedYear) -> str:
    """The file for a year: what read_year reads."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    rows = [
        (each.day, kind, each.note) for kind, days in zip(KINDS, (one.off, one.worked), strict=True) for each in days
    ]
    table.writerows(sorted(rows))
    return text.getvalue()


def _row_faults(heading: list[str], cells: list[str], row: dict[str, str]) -> list[str]:
    faults = []
    if len(cells) > len(heading):
        faults.append(f"有{len(cells)}格，多于表头的{len(heading)}列")
    if _day(row.get("day", "")) is None:
        faults.append(f"day: “{shown(row.get('day', ''))}”不是日期，须如 2027-01-01")
    if row.get("kind") not in KINDS:
        faults.append(f"kind: “{shown(row.get('kind', ''))}”，只能是 off（放假）或 worked（调休上班）")
    if not is_one_line(row.get("note", "")):
        faults.append(f"note: {ERRORS['calendar_text_wrong'][1]}")
    return faults


def _faults_of(found: PublishedYear, lines: dict[date, list[int]], *, whole: bool) -> list[str]:
    """What is wrong with the year, at its lines; what is missing in it, only where every line could be read."""
    told = []
    for fault in found.faults():
        sentence = f"{ERRORS[fault.code][1]}（{fault.day}）"
        if fault.day in lines:
            told.append(f"第{'、'.join(map(str, lines[fault.day]))}行: {sentence}")
        elif whole:
            told.append(sentence)
    return told


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        return date(int(found[1]), int(found[3]), int(found[4])) if found else None
    except ValueError:
        return None
