"""May somebody apply (申报条件)? Every reason at once, for every alternative of the level.

"Then N years" counts years worked after the date of that certificate or title. Where a rulebook has no list of related
occupations or majors, the program cannot tell whether a job or a diploma is related: it says "needs review", and a clerk
judges the evidence (RULES.md, section 4).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from server.domain.clauses import STRICT, Clause
from server.domain.days import whole_months, whole_years
from server.domain.levels import LEVEL_SHORT

School = Literal["secondary_vocational", "technical", "technical_senior", "higher_vocational", "college"]
TitleGrade = Literal["junior", "middle", "senior"]

TITLE_NAMES: dict[TitleGrade, str] = {"junior": "初级职称", "middle": "中级职称", "senior": "高级职称"}
SCHOOL_NAMES: dict[School, str] = {
    "secondary_vocational": "中等职业学校",
    "technical": "技工院校",
    "technical_senior": "技工院校高级工班及以上",
    "higher_vocational": "高等职业学校",
    "college": "专科及以上普通高等学校",
}


class Verdict(StrEnum):
    MET = "met"
    NEEDS_REVIEW = "needs_review"
    NOT_MET = "not_met"


# What a candidate says of themselves: each claim is backed by evidence that a clerk judges.


@dataclass(frozen=True)
class Work:
    """A period of work in this or a related occupation; `until` is None while it lasts."""

    since: date
    until: date | None = None


@dataclass(frozen=True)
class Certificate:
    """职业资格（职业技能等级）证书."""

    occupation: str
    level: int
    issued_on: date


@dataclass(frozen=True)
class Title:
    """职称（专业技术人员职业资格）."""

    grade: TitleGrade
    issued_on: date


@dataclass(frozen=True)
class Diploma:
    """A diploma, or a final year at school (含在读应届毕业生)."""

    school: School
    major: str
    final_year: bool = False
    course_assessed: bool = False  # 经评估论证


@dataclass(frozen=True)
class Claims:
    born: date
    work: tuple[Work, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    titles: tuple[Title, ...] = ()
    diplomas: tuple[Diploma, ...] = ()


# The closed vocabulary of alternatives.


@dataclass(frozen=True, kw_only=True)
class YearsWorked:
    """累计从事本职业或相关职业工作满 N 年."""

    __pydantic_config__ = STRICT
    kind: Literal["years_worked"]
    id: str
    text: str
    years: int


@dataclass(frozen=True, kw_only=True)
class CertificateThenYears:
    """取得 L 级证书后，累计从事本职业或相关职业工作满 N 年."""

    __pydantic_config__ = STRICT
    kind: Literal["certificate_then_years"]
    id: str
    text: str
    level: int
    years: int


@dataclass(frozen=True, kw_only=True)
class TitleThenYears:
    """取得符合专业对应关系的职称后，累计工作满 N 年."""

    __pydantic_config__ = STRICT
    kind: Literal["title_then_years"]
    id: str
    text: str
    grade: TitleGrade
    years: int


@dataclass(frozen=True, kw_only=True)
class WithDiploma:
    """取得本专业或相关专业的毕业证书（含在读应届毕业生）."""

    __pydantic_config__ = STRICT
    kind: Literal["diploma"]
    id: str
    text: str
    schools: tuple[School, ...]
    course_assessed: bool = False


@dataclass(frozen=True, kw_only=True)
class CertificateAndDiploma:
    """取得 L 级证书，并取得毕业证书（含在读应届毕业生）."""

    __pydantic_config__ = STRICT
    kind: Literal["certificate_and_diploma"]
    id: str
    text: str
    level: int
    schools: tuple[School, ...]


Alternative = YearsWorked | CertificateThenYears | TitleThenYears | WithDiploma | CertificateAndDiploma


@dataclass(frozen=True, kw_only=True)
class LevelConditions:
    """The alternatives of one level: any one will do."""

    __pydantic_config__ = STRICT
    level: int
    any_of: tuple[Alternative, ...]


@dataclass(frozen=True, kw_only=True)
class EligibilityRule(Clause):
    """年满 N 周岁，且具备所报等级的条件之一."""

    minimum_age: int
    levels: tuple[LevelConditions, ...]


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


def assess(rule: EligibilityRule, level: int, occupation: str, claims: Claims, today: date) -> Assessment:
    """Judge the claims for a level of an occupation on the day of application. Raises KeyError for an unknown level."""
    conditions = next((one for one in rule.levels if one.level == level), None)
    if conditions is None:
        raise KeyError(level)
    findings = tuple(_judge(one, occupation, claims, today) for one in conditions.any_of)
    age = whole_years(claims.born, today)
    barred: tuple[Reason, ...] = ()
    if age < rule.minimum_age:
        barred = (Reason("too_young", f"须年满{rule.minimum_age}周岁，您现在{age}周岁"),)
    verdicts = {one.verdict for one in findings}
    if barred or verdicts <= {Verdict.NOT_MET}:
        return Assessment(Verdict.NOT_MET, barred, findings)
    return Assessment(Verdict.MET if Verdict.MET in verdicts else Verdict.NEEDS_REVIEW, barred, findings)


def months_worked(work: tuple[Work, ...], since: date, today: date) -> int:
    """Completed months of work from a day on, until today began; days in two periods count once.

    The last day of a period is worked, so 2020-01-01 to 2024-12-31 are five years. The days are laid end to end from the
    first of them: broken months add up, and a change of employer from one day to the next costs nothing.
    """
    spans = sorted((max(one.since, since), _day_after(one.until, today)) for one in work)
    days, counted_to = 0, date.min
    for first, end in spans:
        days += max((end - max(first, counted_to)).days, 0)
        counted_to = max(counted_to, end)
    begun = [first for first, end in spans if first < end]
    return whole_months(begun[0], begun[0] + timedelta(days=days)) if begun else 0


def _day_after(last: date | None, today: date) -> date:
    """The day on which a period is over; today itself is not worked yet."""
    return today if last is None or last >= today else last + timedelta(days=1)


def _judge(one: Alternative, occupation: str, claims: Claims, today: date) -> Finding:
    match one:
        case YearsWorked():
            reasons = [_worked(claims, date.min, one.years, today)]
        case CertificateThenYears():
            reasons = _after_certificate(one, occupation, claims, today)
        case TitleThenYears():
            reasons = _after_title(one, claims, today)
        case WithDiploma():
            reasons = [_diploma(one.schools, claims, course_assessed=one.course_assessed)]
        case CertificateAndDiploma():
            held = _certificates(claims, one.level, today)
            reasons = [_certificate_reason(held, one.level, occupation), _diploma(one.schools, claims)]
    return Finding(one.id, one.text, _worst(reasons), tuple(reason for _, reason in reasons))


_Judged = tuple[Verdict, Reason]
_BEST_FIRST = (Verdict.MET, Verdict.NEEDS_REVIEW, Verdict.NOT_MET)


def _worst(reasons: list[_Judged]) -> Verdict:
    """All of an alternative's parts must hold, so the worst of them decides."""
    return max((verdict for verdict, _ in reasons), key=_BEST_FIRST.index)


def _worked(claims: Claims, since: date, years: int, today: date) -> _Judged:
    months = months_worked(claims.work, since, today)
    if months < years * 12:
        text = f"累计工作{_span(months)}，须满{years}年，还差{_span(years * 12 - months)}"
        return Verdict.NOT_MET, Reason("years_short", text)
    text = f"累计工作{_span(months)}，已满{years}年；是否属于本职业或相关职业由审核人员判断"
    return Verdict.NEEDS_REVIEW, Reason("work_to_review", text)


def _span(months: int) -> str:
    """4年11个月, 5年, 2个月."""
    years, rest = divmod(months, 12)
    return (f"{years}年" if years or not rest else "") + (f"{rest}个月" if rest else "")


def _certificates(claims: Claims, level: int, today: date) -> list[Certificate]:
    return [one for one in claims.certificates if one.level == level and one.issued_on <= today]


def _certificate_reason(held: list[Certificate], level: int, occupation: str) -> _Judged:
    if not held:
        return Verdict.NOT_MET, Reason("certificate_missing", f"没有填写{LEVEL_SHORT[level]}证书")
    if any(one.occupation == occupation for one in held):
        return Verdict.MET, Reason("certificate_held", f"已有本职业{LEVEL_SHORT[level]}证书")
    text = f"已有{LEVEL_SHORT[level]}证书，是否属于相关职业由审核人员判断"
    return Verdict.NEEDS_REVIEW, Reason("certificate_to_review", text)


def _after_certificate(one: CertificateThenYears, occupation: str, claims: Claims, today: date) -> list[_Judged]:
    """The years are counted from the certificate that they are shown with: a trade of one's own does not lend its
    name to the years after another."""
    own_first = sorted(
        _certificates(claims, one.level, today), key=lambda cert: (cert.occupation != occupation, cert.issued_on)
    )
    ways = [
        [_certificate_reason([cert], one.level, occupation), _worked(claims, cert.issued_on, one.years, today)]
        for cert in own_first
    ]
    return min(
        ways, key=lambda way: _BEST_FIRST.index(_worst(way)), default=[_certificate_reason([], one.level, occupation)]
    )


def _after_title(one: TitleThenYears, claims: Claims, today: date) -> list[_Judged]:
    name = TITLE_NAMES[one.grade]
    held = [title for title in claims.titles if title.grade == one.grade and title.issued_on <= today]
    if not held:
        return [(Verdict.NOT_MET, Reason("title_missing", f"没有填写{name}"))]
    related = Reason("title_to_review", f"已有{name}，专业是否对应由审核人员判断")
    worked = _worked(claims, min(title.issued_on for title in held), one.years, today)
    return [(Verdict.NEEDS_REVIEW, related), worked]


def _diploma(schools: tuple[School, ...], claims: Claims, *, course_assessed: bool = False) -> _Judged:
    fitting = [one for one in claims.diplomas if one.school in schools]
    wanted = "或".join(SCHOOL_NAMES[school] for school in schools)
    if not fitting:
        return Verdict.NOT_MET, Reason("diploma_missing", f"没有填写{wanted}的毕业证书（含在读应届毕业生）")
    if course_assessed and not any(one.course_assessed for one in fitting):
        return Verdict.NOT_MET, Reason("course_not_assessed", "所学专业没有标明经评估论证")
    return Verdict.NEEDS_REVIEW, Reason(
        "diploma_to_review", "已填写毕业证书（或在读应届），专业是否对应由审核人员判断"
    )
