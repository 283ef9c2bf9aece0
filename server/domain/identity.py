"""Who somebody is: document types, the ID card's own check, names, phones, and how each is shown masked.

Only the ID card (GB 11643-1999) carries a check of its own. The region digits are not checked against a list: districts are
renamed and merged, and people keep the number of a district that is gone.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DocumentType(StrEnum):
    """证件类型, in the order in which a candidate chooses."""

    ID_CARD = "id_card"  # 居民身份证, and residence permits of Hong Kong, Macao and Taiwan residents
    HK_MACAO_PERMIT = "hk_macao_permit"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民来往大陆通行证
    FOREIGN_PERMANENT = "foreign_permanent"  # 外国人永久居留身份证
    PASSPORT = "passport"  # 护照


DOCUMENT_NAMES = {
    DocumentType.ID_CARD: "居民身份证",
    DocumentType.HK_MACAO_PERMIT: "港澳居民来往内地通行证",
    DocumentType.TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    DocumentType.FOREIGN_PERMANENT: "外国人永久居留身份证",
    DocumentType.PASSPORT: "护照",
}

_SHAPES = {
    DocumentType.ID_CARD: re.compile(r"[1-9]\d{16}[\dX]"),
    DocumentType.HK_MACAO_PERMIT: re.compile(r"[HM]\d{8}(\d{2})?"),
    DocumentType.TAIWAN_PERMIT: re.compile(r"\d{8}"),
    DocumentType.FOREIGN_PERMANENT: re.compile(r"9\d{16}[\dX]|[A-Z]{3}\d{12}"),
    DocumentType.PASSPORT: re.compile(r"[A-Z0-9]{5,17}"),
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class BadIdentity(ValueError):
    """Something said of a person that cannot be so; `code` is stable, and the value is never in the text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Document:
    """A document that passed its own check. `born` and `sex` are known only where the number says them."""

    type: DocumentType
    number: str
    born: date | None
    sex: str | None

    def __repr__(self) -> str:
        return f"Document({self.type.value}, {masked_number(self.number)})"


def read_document(kind: DocumentType, typed: str, today: date) -> Document:
    """The document as typed on a phone, made canonical: no blanks, half-width, upper case.

    Raises BadIdentity: document_shape, id_card_date, id_card_check.
    """
    number = _half_width(typed).upper()
    if kind is DocumentType.ID_CARD and re.fullmatch(r"[1-9]\d{14}", number):
        number = _upgraded(number)
    if not number.isascii() or not _SHAPES[kind].fullmatch(number):
        raise BadIdentity("document_shape")
    if kind is DocumentType.ID_CARD or (kind is DocumentType.FOREIGN_PERMANENT and number[0] == "9"):
        return Document(kind, number, _birth_day(number, today), "女" if int(number[16]) % 2 == 0 else "男")
    return Document(kind, number, None, None)


def _half_width(typed: str) -> str:
    """A number without blanks, and without the invisible marks that come along when it is copied out of a message."""
    plain = unicodedata.normalize("NFKC", typed)
    return "".join(char for char in plain if not char.isspace() and unicodedata.category(char) != "Cf")


def check_digit(seventeen: str) -> str:
    """The eighteenth character of an ID card number (ISO 7064, MOD 11-2)."""
    return _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, seventeen, strict=True)) % 11]


def _upgraded(fifteen: str) -> str:
    """The 18-digit twin of a first-generation number: the century and the check digit are added."""
    seventeen = fifteen[:6] + "19" + fifteen[6:]
    return seventeen + check_digit(seventeen)


def _birth_day(number: str, today: date) -> date:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise BadIdentity("id_card_date") from None
    if born > today or born.year < 1900:
        raise BadIdentity("id_card_date")
    if check_digit(number[:17]) != number[17]:
        raise BadIdentity("id_card_check")
    return born


# How keyboards write the dot between syllables, the apostrophe and the hyphen; and full-width Latin letters.
_SPELLINGS = (
    str.maketrans(dict.fromkeys("•‧・∙⋅᛫●．.･․﹒\u0387⸱⸳ꞏㆍ", "·"))
    | str.maketrans(dict.fromkeys("’‘＇ʼ", "'") | dict.fromkeys("‐‑–－", "-"))
    | {ord(wide): chr(ord(wide) - 0xFEE0) for wide in map(chr, (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)))}
)
_HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BLANK_IN_HAN = re.compile(f"(?<=[{_HAN}·]) (?=[{_HAN}·])")
_RARE_HAN = re.compile("[〇\U00020000-\U0003ffff]")
_JOINTS = "·' -"


def read_name(typed: str) -> str:
    """A name as it stands on the document. Dots between syllables become U+00B7; characters are never normalised,
    for compatibility forms are somebody's name. Raises BadIdentity: name_shape."""
    name = re.sub(r"\s+", " ", typed.strip())
    if not name.isascii():
        name = _BLANK_IN_HAN.sub("", name.translate(_SPELLINGS))
    # A joint has a letter on both sides.
    apart = "".join(" " if char in _JOINTS else char for char in name).split(" ")
    if not 2 <= len(name) <= 50 or not all(part and all(map(_is_letter, part)) for part in apart):
        raise BadIdentity("name_shape")
    return name


def _is_letter(char: str) -> bool:
    """A letter of any script. Rare Han are let in by their place: Unicode gives names' characters code points faster than
    Python learns of them (an extension of 2023 was made for names), and 〇 is a number to it."""
    return unicodedata.category(char).startswith("L") or _RARE_HAN.fullmatch(char) is not None


def read_phone(typed: str) -> str:
    """A mainland mobile number, 11 digits. Raises BadIdentity: phone_shape."""
    phone = _half_width(typed).replace("-", "").removeprefix("+86")
    if not re.fullmatch(r"1[3-9][0-9]{9}", phone):
        raise BadIdentity("phone_shape")
    return phone


def typed_end(typed: str) -> str:
    """The last characters of a document number as they are typed, made canonical like the number itself."""
    return _half_width(typed).upper()


def masked_number(number: str) -> str:
    """A document number for lists and papers: its first and its last character. More would give it away: the birth day
    stands beside it, and the last four are what opens a ticket's page."""
    return number[:1] + "*" * (len(number) - 2) + number[-1:]


def masked_phone(phone: str) -> str:
    """138****8000; nothing of no number."""
    return phone and phone[:3] + "****" + phone[-4:]


def masked_name(name: str) -> str:
    """张三 as 张*, 欧阳娜娜 as 欧***: enough for its owner to know it."""
    return name[:1] + "*" * min(len(name) - 1, 3)
