"""What no notice says stands in the README, clause by clause."""

import re
from pathlib import Path

from server.rulebooks.loader import assumed_clauses, load_all

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_the_readme_lists_exactly_the_assumed_clauses_of_the_rulebooks() -> None:
    assumed = {(one.book.slug, key) for one in load_all() for key, _ in assumed_clauses(one.book)}
    told = set(re.findall(r"^\| ([a-z0-9-]+) \| `([a-z_.\[\]0-9]+)` \|", README, re.M))
    assert told == assumed
