"""What WeChat lets into a field of a subscription message (订阅消息参数值内容限制).

The kind is the field's name without its number: thing1 is a thing. Lengths count characters, as the platform's table does.
Where the platform is said to be laxer than its table, the table is followed: what passes here passes there.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_DAY = r"(\d{4})年(\d{1,2})月(\d{1,2})日"


def _fits(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)  # full-width digits are no digits there
    return lambda value: compiled.fullmatch(value) is not None


def _spans(moment: str) -> Callable[[str], bool]:
    """A checker of one moment, or of two joined by an ASCII "~"; a full-width ～ is refused by the platform too."""
    compiled = re.compile(f"{moment}(?: ?~ ?{moment})?", re.ASCII)

    def fits(value: str) -> bool:
        return compiled.fullmatch(value) is not None and all(_exists(day) for day in re.findall(_DAY, value))

    return fits


def _exists(day: tuple[str, str, str]) -> bool:
    try:
        date(int(day[0]), int(day[1]), int(day[2]))
    except ValueError:
        return False
    return True


def _is_name(value: str) -> bool:
    """Up to 20 Latin letters or signs; with one Chinese character in it, up to 10 characters and no sign (no "·")."""
    if re.fullmatch(r"[ -~]{1,20}", value):
        return not re.search(r"\d", value)
    return re.fullmatch(rf"[A-Za-z{_HAN}]{{1,10}}", value) is not None


def _is_symbol(value: str) -> bool:
    return len(value) <= 5 and all(unicodedata.category(character)[0] in "PS" for character in value)


def _is_anything(value: str) -> bool:
    """An enumeration's list is known to the console alone."""
    return bool(value)


KINDS: dict[str, Callable[[str], bool]] = {
    "thing": lambda value: len(value) <= 20,
    "number": _fits(r"(?=.{1,32}$)-?\d+(?:\.\d+)?"),
    "letter": _fits(r"[A-Za-z]{1,32}"),
    "symbol": _is_symbol,
    "character_string": _fits(r"[ -~]{1,32}"),
    "time": _spans(rf"(?:{_DAY} ?)?{_CLOCK}"),
    "date": _spans(rf"{_DAY}(?: ?{_CLOCK})?"),
    "amount": _fits(r"[¥￥$€£]?\d{1,10}(?:\.\d+)?元?"),
    "phone_number": _fits(r"[0-9+\-()*# ]{1,17}"),
    "car_number": _fits(rf"[{_HAN}A-Za-z0-9][A-Za-z0-9]{{0,6}}[{_HAN}A-Za-z0-9]"),
    "name": _is_name,
    "phrase": _fits(rf"[{_HAN}]{{1,5}}"),
    "enum": _is_anything,
}


def kind_of(key: str) -> str:
    """The kind in a field's key: `character_string2` is a `character_string`."""
    return key.rstrip("0123456789")


def fault_in(key: str, value: object) -> str | None:
    """What WeChat would say of the value, in its own words ("is empty", "invalid"), or None when it may pass."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return "is empty"
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return "invalid"
    text = str(value)
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
        return "invalid"
    return None if KINDS[kind_of(key)](text) else "invalid"
