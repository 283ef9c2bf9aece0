"""Codes of occupations (职业编码): those of the national classification that this program knows, with their names."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from server.rulebooks.book import Occupation

FILE = Path(__file__).parent / "standards" / "occupation-codes.toml"


@cache
def known_codes() -> dict[str, str]:
    """Each code with the name of its occupation."""
    codes: dict[str, str] = tomllib.loads(FILE.read_text("utf-8"))["codes"]
    return codes


def code_faults(occupation: Occupation) -> Iterator[str]:
    """What is wrong with an occupation's code; a notice that prints none leaves it empty."""
    code, codes = occupation.code, known_codes()
    if not code:
        return
    if not re.fullmatch(r"[1-8]-[0-9]{2}-[0-9]{2}-[0-9]{2}", code, re.ASCII):
        yield f"{code} 须如 4-04-05-05"
    elif code not in codes:
        yield f"没有职业编码 {code}，已知的有 {'、'.join(sorted(codes))}；确有此编码的，补入 {FILE.name}"
    elif not occupation.name.startswith(codes[code]):
        yield f"{code} 是{codes[code]}，不是{occupation.name}"
