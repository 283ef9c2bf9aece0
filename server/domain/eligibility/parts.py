"""The parts that alternatives are made of: work, certificates, titles, schools; each judged with its reason."""

from datetime import date

from server.domain.days import whole_years
from server.domain.eligibility.claims import (
    SCHOOL_NAMES,
    TITLE_NAMES,
    Certificate,
    Diploma,
    School,
    Title,
    TitleGrade,
    Work,
)
from server.domain.eligibility.findings import Judged, met, not_met, to_review
from server.domain.eligibility.periods import months_worked, span
from server.domain.eligibility.relation import Case, quoted
from server.domain.levels import LEVEL_SHORT

# --- work


def worked(case: Case, since: date, years: int) -> Judged:
    """累计从事本职业或相关职业工作满 N 年, counted from a day on."""
    listed, other = _by_list(case, case.claims.work)
    related = months_worked(listed, since, case.today)
    if related >= years * 12:
        return met("work_related", f"从事本职业或名单所列相关职业累计{span(related)}，已满{years}年")
    months = months_worked(case.claims.work, since, case.today)
    if months < years * 12:
        text = f"累计工作{span(months)}，须满{years}年，还差{span(years * 12 - months)}"
        return not_met("years_short", text)
    counted = tuple(one for one in other if one.until is None or one.until >= since)
    return _unclear_work(case, f"累计工作{span(months)}，已满{years}年", "其中", counted)


def works_now(case: Case) -> Judged:
    """从事本职业或相关职业工作. Work that is over is left to a clerk."""
    begun = [one for one in case.claims.work if one.since <= case.today]
    if not begun:
        return not_met("work_missing", "没有填写从事本职业或相关职业的工作")
    going_on = tuple(one for one in begun if one.until is None or one.until >= case.today)
    if not going_on:
        return to_review("work_ended", "所填工作已经结束，是否从事本职业或相关职业工作由审核人员判断")
    listed, other = _by_list(case, going_on)
    if listed:
        return met("work_related", "正在从事本职业或名单所列相关职业工作")
    return _unclear_work(case, "正在工作", "所填", other)


def intends(case: Case) -> Judged:
    """拟从事本职业或相关职业工作: a declaration, which nobody can judge."""
    if case.claims.intends:
        return met("intention_declared", "已声明拟从事本职业或相关职业工作")
    return not_met("intention_missing", "没有声明拟从事本职业或相关职业工作")


def _by_list(case: Case, work: tuple[Work, ...]) -> tuple[tuple[Work, ...], tuple[Work, ...]]:
    """What is related by the list, and the rest. Without a list nothing is: the program cannot tell."""
    if not case.occupations_listed:
        return (), work
    listed = tuple(one for one in work if case.is_listed(one.occupation))
    return listed, tuple(one for one in work if one not in listed)


def _unclear_work(case: Case, holds: str, which: str, other: tuple[Work, ...]) -> Judged:
    if not case.occupations_listed:
        return to_review("work_to_review", f"{holds}；是否属于本职业或相关职业由审核人员判断")
    names = quoted((one.occupation for one in other), "未写明职业的工作")
    return to_review("work_not_listed", f"{holds}；{which}{names}不在相关职业名单上，由审核人员判断")


# --- certificates and titles


def certificates(case: Case, level: int) -> list[Certificate]:
    """Those of a level that are issued, of the occupation itself first, then the listed ones, the oldest first."""
    held = [one for one in case.claims.certificates if one.level == level and one.issued_on <= case.today]
    return sorted(
        held, key=lambda one: (not case.is_own(one.occupation), not case.is_listed(one.occupation), one.issued_on)
    )


def certificate(case: Case, level: int, held: Certificate | None) -> Judged:
    """取得本职业或相关职业 L 级证书."""
    name = LEVEL_SHORT[level]
    if held is None:
        return not_met("certificate_missing", f"没有填写{name}证书")
    if case.is_own(held.occupation):
        return met("certificate_held", f"已有本职业{name}证书")
    if case.is_listed(held.occupation):
        return met("certificate_related", f"已有名单所列相关职业“{held.occupation}”的{name}证书")
    if not case.occupations_listed:
        return to_review("certificate_to_review", f"已有{name}证书，是否属于相关职业由审核人员判断")
    which = quoted([held.occupation], "未写明职业的证书")
    return to_review("certificate_not_listed", f"已有{name}证书；{which}不在相关职业名单上，由审核人员判断")


def held_for(case: Case, held: Certificate, years: int) -> Judged:
    """取得证书满 N 年."""
    had = whole_years(held.issued_on, case.today)
    if had < years:
        return not_met("certificate_too_new", f"取得证书须满{years}年，{held.issued_on}取得的证书还不满")
    return met("certificate_years", f"取得证书已满{years}年")


def titles(case: Case, grade: TitleGrade) -> list[Title]:
    """Those of a grade that are issued, the oldest first."""
    held = [one for one in case.claims.titles if one.grade == grade and one.issued_on <= case.today]
    return sorted(held, key=lambda one: one.issued_on)


def title(grade: TitleGrade, held: Title | None) -> Judged:
    """取得符合专业对应关系的职称: no list says which specialties correspond."""
    name = TITLE_NAMES[grade]
    if held is None:
        return not_met("title_missing", f"没有填写{name}")
    return to_review("title_to_review", f"已有{name}，专业是否对应由审核人员判断")


# --- schools


def diploma(case: Case, schools: tuple[School, ...], *, course_assessed: bool = False) -> Judged:
    """取得本专业或相关专业的毕业证书（含在读应届毕业生）."""
    fitting = _of(case, schools)
    if not fitting:
        return not_met("diploma_missing", f"没有填写{_names(schools)}的毕业证书（含在读应届毕业生）")
    if course_assessed:
        fitting = [one for one in fitting if one.course_assessed]
    if not fitting:
        return not_met("course_not_assessed", "所学专业没有标明经评估论证")
    listed = [one.major for one in fitting if case.is_listed_major(one.major)]
    if listed:
        return met("diploma_related", f"所学“{listed[0]}”在本专业或相关专业名单上")
    if not case.majors_listed:
        return to_review("diploma_to_review", "已填写毕业证书（或在读应届），专业是否对应由审核人员判断")
    majors = quoted((one.major for one in fitting), "未写明的专业")
    return to_review("major_not_listed", f"所学{majors}不在本专业或相关专业名单上，由审核人员判断")


def graduate(case: Case, schools: tuple[School, ...]) -> Judged:
    """毕业生, of any major; a final year is not enough."""
    if any(not one.final_year for one in _of(case, schools)):
        return met("graduated", f"已是{_names(schools)}毕业生")
    return not_met("not_graduated", f"没有填写{_names(schools)}的毕业证书（不含在读应届）")


def student(case: Case, schools: tuple[School, ...]) -> Judged:
    """在读学生, in whatever year and of any major."""
    if _of(case, schools):
        return met("student", f"是{_names(schools)}学生")
    return not_met("not_student", f"没有填写在{_names(schools)}就读")


def _of(case: Case, schools: tuple[School, ...]) -> list[Diploma]:
    return [one for one in case.claims.diplomas if one.school in schools]


def _names(schools: tuple[School, ...]) -> str:
    return "或".join(SCHOOL_NAMES[school] for school in schools)
