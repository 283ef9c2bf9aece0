"""Where a rule comes from: the notice's article, or an assumption that says so."""

from dataclasses import dataclass

# Read by the rulebook loader: an unknown key in a rulebook is an error, not a shrug.
STRICT = {"extra": "forbid", "strict": True}


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One rule with its source. `assumed` marks what no notice says (RULES.md, section 7)."""

    __pydantic_config__ = STRICT

    source: str
    assumed: bool = False
