"""Retakes (补考): how long a passed subject stays valid, and who may sit the others again (四)."""

import calendar
from dataclasses import dataclass
from datetime import date

from server.domain.clauses import STRICT, Clause


@dataclass(frozen=True, kw_only=True)
class Validity:
    """How long a passed subject of these levels stays valid (成绩有效期)."""

    __pydantic_config__ = STRICT
    levels: tuple[int, ...]
    years: int


@dataclass(frozen=True, kw_only=True)
class RetakeRule(Clause):
    """补考申报: the validity of passed subjects, and the notice's own words on the rest."""

    validity: tuple[Validity, ...]
    rules: tuple[str, ...]

    def years(self, level: int) -> int:
        """How many years a passed subject of a level stays valid. Raises KeyError."""
        for one in self.validity:
            if level in one.levels:
                return one.years
        raise KeyError(level)


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 2月29日 is followed by 2月28日 in a common year."""
    last = calendar.monthrange(day.year + years, day.month)[1]
    return date(day.year + years, day.month, min(day.day, last))


@dataclass(frozen=True)
class PassedSubject:
    """A subject that was passed, and when its sitting was."""

    subject: str
    assessed_on: date


@dataclass(frozen=True)
class RetakeVerdict:
    """May the failed subjects be sat again: until when, and if not, why (in words for the candidate)."""

    allowed: bool
    until: date | None
    why: str


def may_retake(
    rule: RetakeRule,
    level: int,
    passed: tuple[PassedSubject, ...],
    today: date,
    *,
    applied_anew: bool = False,
    failed_in_competition: bool = False,
) -> RetakeVerdict:
    """May somebody with these passed subjects sit the failed ones again (四（一）, （二）, （四）)?

    applied_anew: has a newer registration for the same occupation and level. failed_in_competition: the failed result is
    that of a city skills competition. The validity runs from the day of the assessment to the same day so many years later,
    that day included; of several passed subjects the oldest ends it. Raises KeyError where the level has no validity.
    """
    if failed_in_competition:
        return RetakeVerdict(False, None, "参加本市职业技能竞赛成绩不合格的，不能补考")
    if not passed:
        return RetakeVerdict(False, None, "没有合格的科目，须重新申报所有科目")
    if applied_anew:
        return RetakeVerdict(False, None, "已重新申报同职业同等级，视为放弃补考，之前的合格科目成绩不再保留")
    until = years_later(min(one.assessed_on for one in passed), rule.years(level))
    if today > until:
        return RetakeVerdict(False, until, "已超过成绩有效期，须重新申报所有科目")
    return RetakeVerdict(True, until, "可以在成绩有效期内补考不合格的科目")
