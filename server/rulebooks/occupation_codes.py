"""Codes of occupations (职业编码): those of the national classification that this program knows, with their names."""

import re
from collections.abc import Iterator
from pathlib import Path

from server.rulebooks.book import Occupation
from server.rulebooks.tables import RulebookRefused, read_table

HERE = Path(__file__).parent
FILE = Path("standards") / "occupation-codes.toml"


def known_codes(folder: Path = HERE) -> dict[str, str]:
    """Each code with the name of its occupation: those that come along, and those that lie beside a folder of rulebooks
    of its own. Raises RulebookRefused where such a file is wrong."""
    return _codes(HERE / FILE) | (_codes(folder / FILE) if (folder / FILE).exists() else {})


def _codes(path: Path) -> dict[str, str]:
    _, data = read_table(path)
    codes = data.get("codes")
    if not isinstance(codes, dict) or not all(isinstance(name, str) for name in codes.values()):
        raise RulebookRefused([f"{path.name}: codes: 须为从编码到职业名称的表"])
    return codes


def code_faults(occupation: Occupation, folder: Path = HERE) -> Iterator[str]:
    """What is wrong with an occupation's code; a notice that prints none leaves it empty."""
    code, codes = occupation.code, known_codes(folder)
    if not code:
        return
    if not re.fullmatch(r"[1-8]-[0-9]{2}-[0-9]{2}-[0-9]{2}", code, re.ASCII):
        yield f"{code} 须如 4-04-05-05"
    elif code not in codes:
        yield f"没有职业编码 {code}，已知的有 {'、'.join(sorted(codes))}；确有此编码的，补入 {FILE.name}"
    elif not occupation.name.startswith(codes[code]):
        yield f"{code} 是{codes[code]}，不是{occupation.name}"
