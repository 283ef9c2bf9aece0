"""Is a job, a certificate or a major related (相关职业、相关专业)? Listed, or not listed, or no list to tell by."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from server.domain.eligibility.alternatives import Related
from server.domain.eligibility.claims import Claims

_SHOWN = 3  # names in one sentence


@dataclass(frozen=True)
class Case:
    """One candidate's claims for one occupation on one day, with the lists to judge them by."""

    occupation: str
    related: Related | None
    claims: Claims
    today: date

    @property
    def occupations_listed(self) -> bool:
        return self.related is not None and bool(self.related.occupations)

    @property
    def majors_listed(self) -> bool:
        return self.related is not None and bool(self.related.majors)

    def is_own(self, occupation: str) -> bool:
        """本职业."""
        return _same(occupation) == _same(self.occupation)

    def is_listed(self, occupation: str) -> bool:
        """The occupation itself, or one on the list; a trade (工种, in brackets) of an occupation on the list is on it."""
        listed = {_same(one) for one in self.related.occupations} if self.related else set()
        return self.is_own(occupation) or not listed.isdisjoint({_same(occupation), _same(occupation).split("(")[0]})

    def is_listed_major(self, major: str) -> bool:
        return self.related is not None and _same(major) in {_same(one) for one in self.related.majors}


def _same(name: str) -> str:
    """A name without what phones and printers do to it: spaces, wide and narrow brackets."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def quoted(names: Iterable[str], unnamed: str) -> str:
    """“文员”、“会计”: each once, the first few; what has no name is called `unnamed`."""
    once = list(dict.fromkeys(f"“{name}”" if name.strip() else unnamed for name in names))
    return "、".join(once[:_SHOWN]) + ("等" if len(once) > _SHOWN else "")
