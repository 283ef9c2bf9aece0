"""A file of people whom a clerk registers (TOML): every one in shape, or the file is refused with every fault named.

No value is ever repeated in a fault: a document number stands in the wrong field, or in the name of a picture.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, StrictBool, ValidationError

from miniapp_api.schemas import ProfileIn, RowId, SaidIn, UploadKind
from miniapp_api.schemas import Short as ShortText
from miniapp_api.sittings import said
from miniapp_api.wire import Asked
from server.csv_files import FileRefused
from server.domain.identity import BadIdentity, read_phone
from server.domain.registrations import GROUP
from server.errors import ERRORS, Problem
from server.images import EVIDENCE_MAX_BYTES_IN, PHOTO_MAX_BYTES_IN
from server.services.at_window import WindowForm
from server.services.profile import Particulars, read_particulars

_MOST = 1000
FileName = Annotated[str, Field(min_length=1, max_length=300)]


class EvidenceLine(Asked):
    kind: UploadKind
    file: FileName


class PersonLines(ProfileIn, SaidIn):
    """One [[people]] table. Pictures are named as seen from the file's own folder."""

    phone: str = Field(min_length=1, max_length=30)
    photo: FileName
    evidence: list[EvidenceLine] = Field(default=[], max_length=30)
    alternative: ShortText
    paper_certificate: StrictBool = False
    declared: StrictBool
    new_phone: StrictBool = False
    again: StrictBool = False


class Head(Asked):
    """What stands above the people and holds for all of them."""

    sitting: RowId
    channel: Literal["window", "group"]
    unit: str = Field(default="", max_length=100)


@dataclass(frozen=True, repr=False)
class WindowFile:
    """People for one sitting, by one channel, in the order of the file."""

    head: Head
    people: tuple[PersonLines, ...]
    folder: Path

    def form(self, person: PersonLines) -> WindowForm:
        """One person's form, with the pictures read. Raises OSError."""
        return WindowForm(
            sitting_id=self.head.sitting,
            channel=self.head.channel,
            unit=self.head.unit,
            person=_particulars(person),
            phone=person.phone,
            photo=(self.folder / person.photo).read_bytes(),
            evidence=tuple((one.kind, (self.folder / one.file).read_bytes()) for one in person.evidence),
            alternative=person.alternative,
            said=said(person),
            paper_certificate=person.paper_certificate,
            declared=person.declared,
            new_phone=person.new_phone,
            again=person.again,
        )


def read_window_file(path: Path, today: date) -> WindowFile:
    """The people of a file. Raises FileRefused with all faults at once: file, person, key and reason."""
    data = _tables(path)
    rows = data.pop("people", None)
    head, faults = _shaped(Head, data)
    if head is not None:
        faults += _unit_faults(head)
    if not isinstance(rows, list) or not 1 <= len(rows) <= _MOST:
        rows, faults = [], [*faults, f"people: 须有1至{_MOST}个 [[people]] 表，每人一个"]
    people, seen = list[PersonLines](), dict[tuple[str, str], int]()
    for place, row in enumerate(rows, start=1):
        person, wrong = _shaped(PersonLines, row)
        if person is not None:
            wrong = [*_person_faults(person, path.parent, today), *_repeated(person, place, seen, today)]
            people.append(person)
        faults += [f"第{place}人 {fault}" for fault in wrong]
    if head is None or faults:
        raise FileRefused([f"{path.name} {fault}" for fault in faults])
    return WindowFile(head, tuple(people), path.parent)


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as fault:
        raise FileRefused([f"{path.name}: 无法读取文件（{fault.strerror}）"]) from None
    except UnicodeDecodeError:
        raise FileRefused([f"{path.name}: 不是 UTF-8 编码"]) from None
    except tomllib.TOMLDecodeError as fault:
        line = re.search(r"at line (\d+)", str(fault))
        where = f"第{line[1]}行" if line else "文件末尾"
        raise FileRefused([f"{path.name} {where}: 不是正确的 TOML"]) from None


Shape = TypeVar("Shape", bound=Asked)

_REASONS = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项",
    "literal_error": "只能取 {expected}",
    "enum": "只能取 {expected}",
    "int_type": "须为整数",
    "string_type": "须为文字，写在引号里",
    "bool_type": "须为 true 或 false",
    "list_type": "须为列表",
    "model_type": "须为表",
    "date_type": "须为日期（如 2015-03-01）",
    "date_parsing": "须为日期（如 2015-03-01），且有这一天",
    "date_from_datetime_parsing": "须为日期（如 2015-03-01），且有这一天",
    "string_too_short": "不能为空",
    "string_too_long": "内容太长",
    "too_long": "数量太多",
    "greater_than_equal": "数值太小",
    "less_than_equal": "数值太大",
    "value_error": "不能有控制字符",
}


def _shaped(shape: type[Shape], data: Any) -> tuple[Shape | None, list[str]]:
    """The table in its shape, or what is wrong with it."""
    try:
        # Through JSON, where strictness lets a text be one of a list of choices, and nothing else slip.
        return shape.model_validate_json(json.dumps(data, default=str), strict=True), []
    except ValidationError as fault:
        return None, [_where(one["loc"]) + _why(one) for one in fault.errors(include_input=False)]


def _where(location: tuple[str | int, ...]) -> str:
    parts = [f"第{part + 1}项" if isinstance(part, int) else part for part in location]
    return " ".join(parts) + ": " if parts else ""


def _why(fault: Any) -> str:
    text = _REASONS.get(fault["type"], "填写不正确").format(**fault.get("ctx", {}))
    return text.replace(" or ", "、").replace("', '", "'、'")


def _unit_faults(head: Head) -> list[str]:
    if head.channel == GROUP:
        return [] if head.unit.strip() else [f"unit: {ERRORS['unit_needed'][1]}"]
    return ["unit: 个人在窗口申报，不填申报单位"] if head.unit else []


def _particulars(person: PersonLines) -> Particulars:
    return Particulars(person.name, person.document_type, person.document_number, person.born, person.sex)


_KEYS = {"name_shape": "name", "born_needed": "born、sex", "born_wrong": "born"}


def _person_faults(person: PersonLines, folder: Path, today: date) -> Iterator[str]:
    """What a glance at the desk shows before anything is entered."""
    try:
        read_particulars(_particulars(person), today)
    except Problem as problem:
        yield f"{_KEYS.get(problem.code, 'document_number')}: {problem.text}"
    try:
        read_phone(person.phone)
    except BadIdentity as fault:
        yield f"phone: {ERRORS[fault.code][1]}"
    if not person.declared:
        yield "declared: 须为 true，即本人签字的报名表已收到"
    yield from _picture_faults("photo", folder / person.photo, PHOTO_MAX_BYTES_IN)
    for place, one in enumerate(person.evidence, start=1):
        yield from _picture_faults(f"evidence 第{place}项 file", folder / one.file, EVIDENCE_MAX_BYTES_IN)


def _picture_faults(key: str, path: Path, most: int) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            file.read(1)
        too_big = path.stat().st_size > most
    except OSError:
        yield f"{key}: 没有这个文件，或不能读取"
    else:
        if too_big:
            yield f"{key}: {ERRORS['upload_too_big'][1]}"


def _repeated(person: PersonLines, place: int, seen: dict[tuple[str, str], int], today: date) -> Iterator[str]:
    """The same document twice is a slip of the pen: of whom are the papers?"""
    try:
        _, document, _, _ = read_particulars(_particulars(person), today)
    except Problem:
        return
    first = seen.setdefault((document.type.value, document.number), place)
    if first != place:
        yield f"document_number: 与第{first}人的证件相同"
