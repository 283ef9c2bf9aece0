"""May somebody apply (申报条件)? Every reason at once, for every alternative of the level.

"Then N years" counts years worked after the date of that certificate or title. Where a rulebook has no list of related
occupations or majors, the program cannot tell whether a job or a diploma is related: it says "needs review", and a clerk
judges the evidence (RULES.md, section 4). Where it has one, what is listed is related; the list ends with 等, so what is
not listed is left to a clerk too, with a reason that says so.
"""

from datetime import date

from server.domain.days import whole_years
from server.domain.eligibility import parts
from server.domain.eligibility.alternatives import (
    Alternative,
    CertificateAndDiploma,
    CertificateHeldYears,
    CertificateThenYears,
    EligibilityRule,
    GraduateWithCertificateThenYears,
    TitleAndCertificateThenYears,
    TitleThenYears,
    WithDiploma,
    WorksOrIntends,
    YearsWorked,
)
from server.domain.eligibility.claims import Claims, TitleGrade
from server.domain.eligibility.findings import Assessment, Finding, Judged, Reason, Verdict, best, worst
from server.domain.eligibility.relation import Case


def assess(rule: EligibilityRule, level: int, occupation: str, claims: Claims, today: date) -> Assessment:
    """Judge the claims for a level of an occupation on the day of application. Raises KeyError for an unknown level."""
    conditions = next((one for one in rule.levels if one.level == level), None)
    if conditions is None:
        raise KeyError(level)
    case = Case(occupation, rule.related, claims, today)
    findings = tuple(_found(one, case) for one in conditions.any_of)
    age = whole_years(claims.born, today)
    barred: tuple[Reason, ...] = ()
    if age < rule.minimum_age:
        barred = (Reason("too_young", f"须年满{rule.minimum_age}周岁，您现在{age}周岁"),)
    verdicts = {one.verdict for one in findings}
    if barred or verdicts <= {Verdict.NOT_MET}:
        return Assessment(Verdict.NOT_MET, barred, findings)
    return Assessment(Verdict.MET if Verdict.MET in verdicts else Verdict.NEEDS_REVIEW, barred, findings)


def _found(one: Alternative, case: Case) -> Finding:
    judged = _judged(one, case)
    return Finding(one.id, one.text, worst(judged), tuple(reason for _, reason in judged))


def _judged(one: Alternative, case: Case) -> list[Judged]:
    match one:
        case WorksOrIntends():
            return [parts.intends(case) if one.says == "intends" else parts.works_now(case)]
        case YearsWorked():
            return [parts.worked(case, date.min, one.years)]
        case CertificateThenYears():
            return _after_certificate(case, one.level, one.years)
        case TitleThenYears():
            return _after_title(case, one.grade, one.years)
        case TitleAndCertificateThenYears():
            after_title = _after_title(case, one.grade, one.title_years)
            return after_title + _after_certificate(case, one.level, one.certificate_years)
        case WithDiploma():
            return [parts.diploma(case, one.schools, course_assessed=one.course_assessed)]
        case CertificateAndDiploma():
            return [_certified(case, one.level), parts.diploma(case, one.schools)]
        case GraduateWithCertificateThenYears():
            graduated = parts.graduate(case, one.schools)
            return [_certified(case, one.level), graduated, parts.worked(case, date.min, one.years)]
        case CertificateHeldYears():
            return [*_held_certificate(case, one.level, one.years), parts.student(case, one.schools)]


def _certified(case: Case, level: int) -> Judged:
    return parts.certificate(case, level, next(iter(parts.certificates(case, level)), None))


def _after_certificate(case: Case, level: int, years: int) -> list[Judged]:
    """The years are counted from the certificate that they are shown with: a trade of one's own does not lend its
    name to the years after another."""
    ways = [
        [parts.certificate(case, level, held), parts.worked(case, held.issued_on, years)]
        for held in parts.certificates(case, level)
    ]
    return best(ways or [[parts.certificate(case, level, None)]])


def _held_certificate(case: Case, level: int, years: int) -> list[Judged]:
    ways = [
        [parts.certificate(case, level, held), parts.held_for(case, held, years)]
        for held in parts.certificates(case, level)
    ]
    return best(ways or [[parts.certificate(case, level, None)]])


def _after_title(case: Case, grade: TitleGrade, years: int) -> list[Judged]:
    """The oldest title counts: more years come after it than after any other."""
    held = next(iter(parts.titles(case, grade)), None)
    first = parts.title(grade, held)
    return [first] if held is None else [first, parts.worked(case, held.issued_on, years)]
