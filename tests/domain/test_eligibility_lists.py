"""What lists of related occupations and majors change (相关职业、本专业或相关专业): listed is related, unlisted is left to a clerk."""

from dataclasses import replace
from datetime import date

import pytest

from server.domain.eligibility import (
    Certificate,
    Claims,
    Diploma,
    Finding,
    Related,
    Title,
    Verdict,
    Work,
    assess,
)
from tests.domain.technicians import BOOK

OWN, LISTED, CLERK = "密码技术应用员", "计算机程序设计员", "文员"
RELATED = Related(source="附件1", occupations=(LISTED, "网络安全管理员（信息安全）"), majors=("信息安全", "软件工程"))
RULE = replace(BOOK.eligibility, related=RELATED)
TODAY, BORN = date(2026, 3, 1), date(1980, 1, 1)
MET, REVIEW, NOT_MET = Verdict.MET, Verdict.NEEDS_REVIEW, Verdict.NOT_MET


def found(alternative: str, related: Related | None = RELATED, **claims: object) -> Finding:
    rule = replace(BOOK.eligibility, related=related)
    said = Claims(BORN, **claims)  # type: ignore[arg-type] # a table of claims
    finding = assess(rule, int(alternative[0]), OWN, said, TODAY).finding(alternative)
    assert finding is not None
    return finding


def said(finding: Finding) -> tuple[Verdict, list[str]]:
    return finding.verdict, [one.code for one in finding.reasons]


FULL, SHORT = date(2021, 3, 1), date(2021, 3, 2)


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        ([Work(FULL, None, LISTED)], (MET, ["work_related"])),
        ([Work(FULL, None, OWN)], (MET, ["work_related"])),
        ([Work(FULL, None, f" {LISTED} ")], (MET, ["work_related"])),
        ([Work(FULL, None, "网络安全管理员(信息安全)")], (MET, ["work_related"])),
        ([Work(FULL, None, f"{LISTED}（后端）")], (MET, ["work_related"])),
        ([Work(FULL, None, "网络安全管理员")], (REVIEW, ["work_not_listed"])),
        ([Work(FULL, None, CLERK)], (REVIEW, ["work_not_listed"])),
        ([Work(FULL)], (REVIEW, ["work_not_listed"])),
        ([Work(SHORT, None, LISTED)], (NOT_MET, ["years_short"])),
        ([Work(SHORT, None, LISTED), Work(date(2020, 1, 1), date(2020, 12, 31), CLERK)], (REVIEW, ["work_not_listed"])),
        ([Work(FULL, None, LISTED), Work(date(2000, 1, 1), None, CLERK)], (MET, ["work_related"])),
        ([Work(FULL, date(2023, 2, 28), LISTED), Work(date(2023, 3, 1), None, OWN)], (MET, ["work_related"])),
    ],
    ids=["listed", "own", "spaces", "brackets", "a trade of a listed one", "only one of its trades is listed", "not listed", "not named", "short", "the rest not listed", "enough is listed", "listed and own"],
)  # fmt: skip
def test_years_of_listed_work_are_met_and_others_left_to_a_clerk(
    work: list[Work], expected: tuple[Verdict, list[str]]
) -> None:
    assert said(found("4.1", work=tuple(work))) == expected


def test_the_reason_names_what_is_not_on_the_list() -> None:
    jobs = (Work(FULL, date(2023, 1, 1), CLERK), Work(date(2023, 1, 2)), Work(date(2024, 1, 1), None, LISTED))
    assert found("4.1", work=jobs).reasons[0].text == (
        "累计工作5年，已满5年；其中“文员”、未写明职业的工作不在相关职业名单上，由审核人员判断"
    )
    many = tuple(Work(FULL, None, name) for name in ("会计", "出纳", "会计", "司机", "厨师"))
    assert "其中“会计”、“出纳”、“司机”等不在相关职业名单上" in found("4.1", work=many).reasons[0].text


def test_only_work_after_the_certificate_is_asked_about() -> None:
    held = (Certificate(OWN, 5, date(2021, 3, 1)),)
    jobs = (Work(date(2010, 1, 1), date(2021, 2, 28), "厨师"), Work(FULL, None, CLERK))
    assert "厨师" not in found("4.2", work=jobs, certificates=held).reasons[1].text
    assert said(found("4.2", work=(Work(FULL, None, LISTED),), certificates=held)) == (
        MET,
        ["certificate_held", "work_related"],
    )


@pytest.mark.parametrize(
    ("occupation", "verdict", "code"),
    [
        (OWN, MET, "certificate_held"),
        (LISTED, MET, "certificate_related"),
        (CLERK, REVIEW, "certificate_not_listed"),
    ],
)
def test_a_certificate_of_a_listed_occupation_is_related(occupation: str, verdict: Verdict, code: str) -> None:
    held = (Certificate(occupation, 4, date(2020, 1, 1)),)
    major = (Diploma("college", "信息安全"),)
    assert said(found("3.5", certificates=held, diplomas=major)) == (verdict, [code, "diploma_related"])
    answer = found("3.2", certificates=held, work=(Work(date(2000, 1, 1), None, OWN),))
    assert said(answer) == (verdict, [code, "work_related"])


def test_of_two_certificates_the_one_that_is_related_and_old_enough_is_taken() -> None:
    held = (
        Certificate(CLERK, 4, date(2001, 1, 1)),
        Certificate(LISTED, 4, date(2010, 1, 1)),
        Certificate(OWN, 4, TODAY),
    )
    answer = found("3.2", certificates=held, work=(Work(date(2000, 1, 1), None, OWN),))
    assert said(answer) == (MET, ["certificate_related", "work_related"])
    unrelated_first, major = held[:2], (Diploma("college", "信息安全"),)
    assert said(found("3.5", certificates=unrelated_first, diplomas=major))[1][0] == "certificate_related"


@pytest.mark.parametrize(
    ("majors", "expected"),
    [
        (["信息安全"], (MET, ["diploma_related"])),
        ([" 软件 工程"], (MET, ["diploma_related"])),
        (["法学"], (REVIEW, ["major_not_listed"])),
        ([""], (REVIEW, ["major_not_listed"])),
        (["法学", "信息安全"], (MET, ["diploma_related"])),
        ([], (NOT_MET, ["diploma_missing"])),
    ],
)
def test_a_listed_major_is_related(majors: list[str], expected: tuple[Verdict, list[str]]) -> None:
    for final_year in (False, True):
        schools = tuple(Diploma("college", major, final_year) for major in majors)
        assert said(found("4.3", diplomas=schools)) == expected


def test_the_listed_major_and_the_assessed_course_are_one_and_the_same() -> None:
    apart = (Diploma("college", "信息安全"), Diploma("college", "法学", course_assessed=True))
    assert said(found("3.6", diplomas=apart)) == (REVIEW, ["major_not_listed"])
    together = (Diploma("college", "信息安全", course_assessed=True),)
    assert said(found("3.6", diplomas=together)) == (MET, ["diploma_related"])


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (Work(TODAY, None, LISTED), (MET, ["work_related"])),
        (Work(TODAY, None, CLERK), (REVIEW, ["work_not_listed"])),
        (Work(date(2020, 1, 1), date(2026, 2, 28), LISTED), (REVIEW, ["work_ended"])),
    ],
)
def test_level_5_is_met_by_listed_work_that_goes_on(work: Work, expected: tuple[Verdict, list[str]]) -> None:
    assert said(found("5.2", work=(work,))) == expected


def test_a_title_stays_with_a_clerk_for_no_list_says_which_specialties_correspond() -> None:
    answer = found("2.3", titles=(Title("middle", date(2010, 1, 1)),), work=(Work(date(2000, 1, 1), None, OWN),))
    assert said(answer) == (REVIEW, ["title_to_review", "work_related"])


def test_graduates_with_listed_work_meet_2_4() -> None:
    answer = found(
        "2.4",
        certificates=(Certificate(LISTED, 3, TODAY),),
        diplomas=(Diploma("technician_college", "法学"),),
        work=(Work(date(2024, 3, 1), None, LISTED),),
    )
    assert said(answer) == (MET, ["certificate_related", "graduated", "work_related"])


@pytest.mark.parametrize(
    "related",
    [None, replace(RELATED, occupations=()), replace(RELATED, majors=())],
    ids=["none", "no jobs", "no majors"],
)
def test_without_a_list_of_that_kind_all_is_left_to_a_clerk(related: Related | None) -> None:
    jobs, majors = (Work(FULL, None, LISTED),), (Diploma("college", "信息安全"),)
    without_jobs = related is None or not related.occupations
    without_majors = related is None or not related.majors
    worked, studied = found("4.1", related, work=jobs), found("4.3", related, diplomas=majors)
    assert said(worked) == ((REVIEW, ["work_to_review"]) if without_jobs else (MET, ["work_related"]))
    assert said(studied) == ((REVIEW, ["diploma_to_review"]) if without_majors else (MET, ["diploma_related"]))


def test_without_a_list_the_name_of_the_occupation_itself_does_not_make_work_related() -> None:
    assert said(found("4.1", None, work=(Work(FULL, None, OWN),))) == (REVIEW, ["work_to_review"])
