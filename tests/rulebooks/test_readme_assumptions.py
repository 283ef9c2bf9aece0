"""What no notice says stands in the README, clause by clause, with the rulebooks that assume it."""

import re
from pathlib import Path

from server.rulebooks.loader import assumed_clauses, load_all

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
ROW = re.compile(r"^\| `([a-z_.\[\]*]+)` \| [^|]+ \| [^|]+ \| ([a-z0-9, -]+) \|$", re.M)


def test_the_readme_lists_exactly_the_assumed_clauses_of_the_rulebooks() -> None:
    """A clause of each occupation or level stands there once: [*]."""
    assumed = {
        (one.book.slug, re.sub(r"\[[0-9]+\]", "[*]", key))
        for one in load_all()
        for key, _ in assumed_clauses(one.book)
    }
    told = [(slug, key) for key, slugs in ROW.findall(README) for slug in slugs.split(", ")]
    assert sorted(told) == sorted(assumed)
