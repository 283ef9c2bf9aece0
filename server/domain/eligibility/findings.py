"""What comes of an assessment: a verdict, and the reasons for it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    MET = "met"
    NEEDS_REVIEW = "needs_review"
    NOT_MET = "not_met"


BEST_FIRST = (Verdict.MET, Verdict.NEEDS_REVIEW, Verdict.NOT_MET)


@dataclass(frozen=True)
class Reason:
    """One reason, with a stable code and a sentence that says what holds or what would help."""

    code: str
    text: str


@dataclass(frozen=True)
class Finding:
    """What came of one alternative."""

    alternative: str
    text: str
    verdict: Verdict
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Assessment:
    """The whole answer: barred reasons hold whatever the alternatives say."""

    verdict: Verdict
    barred: tuple[Reason, ...]
    findings: tuple[Finding, ...]

    def finding(self, alternative: str) -> Finding | None:
        return next((one for one in self.findings if one.alternative == alternative), None)


#: what came of one part of an alternative
Judged = tuple[Verdict, Reason]


def met(code: str, text: str) -> Judged:
    return Verdict.MET, Reason(code, text)


def to_review(code: str, text: str) -> Judged:
    return Verdict.NEEDS_REVIEW, Reason(code, text)


def not_met(code: str, text: str) -> Judged:
    return Verdict.NOT_MET, Reason(code, text)


def worst(parts: list[Judged]) -> Verdict:
    """All of an alternative's parts must hold, so the worst of them decides."""
    return max((verdict for verdict, _ in parts), key=BEST_FIRST.index)


def best(ways: list[list[Judged]]) -> list[Judged]:
    """Of several ways to the same alternative the best, and of equals the first."""
    return min(ways, key=lambda way: BEST_FIRST.index(worst(way)))
