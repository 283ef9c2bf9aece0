"""Which rulebook somebody means: a slug (its latest edition), slug@edition, or a file."""

import re
from pathlib import Path

from server.rulebooks.catalogue import Catalogue
from server.rulebooks.loader import LoadedRulebook, RulebookRefused, load_all, load_file


def find(name: str, folder: Path, edition: int | None = None) -> LoadedRulebook:
    """The rulebook that is meant; slugs are those of the folder. Raises RulebookRefused.

    A file is what ends in .toml or has a folder before it. `edition` asks for one edition of a slug, or makes sure that
    the file is that one.
    """
    if name.endswith(".toml") or "/" in name:
        return _of_edition(name, load_file(Path(name)), edition)
    slug, at, number = name.partition("@")
    if at and not re.fullmatch(r"[1-9][0-9]{0,8}", number, re.ASCII):
        raise RulebookRefused([f"{name}: 版次须为整数，如 {slug}@1"])
    asked = {int(one) for one in (number, edition) if one}
    if len(asked) > 1:
        raise RulebookRefused([f"{name}: 版次写了两个，只写一个"])
    return by_slug(slug, folder, *asked)


def by_slug(slug: str, folder: Path, edition: int | None = None) -> LoadedRulebook:
    """An edition of a rulebook of the folder, the latest where none is asked for. Raises RulebookRefused."""
    loaded = load_all(folder)
    editions = {one.book.edition: one for one in loaded if one.book.slug == slug}
    if not editions:
        known = sorted({one.book.slug for one in loaded})
        raise RulebookRefused([f"没有规则“{slug}”，已有的规则：{'、'.join(known)}"])
    if edition is None:
        (newest,) = (one for one in Catalogue(loaded).newest() if one.book.slug == slug)
        return newest
    if edition not in editions:
        there = "、".join(f"第{number}版" for number in sorted(editions))
        raise RulebookRefused([f"规则 {slug} 没有第{edition}版，已有{there}"])
    return editions[edition]


def _of_edition(name: str, loaded: LoadedRulebook, edition: int | None) -> LoadedRulebook:
    if edition not in {None, loaded.book.edition}:
        raise RulebookRefused([f"{Path(name).name}: 是第{loaded.book.edition}版，不是第{edition}版"])
    return loaded
