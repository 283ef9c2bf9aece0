"""Who may apply: every alternative of levels 4 and 3, to the day, with every reason (附件1).

The notice has no list of related occupations, jobs or majors, so what rests on work, a title or a diploma is never met
by itself: it needs a clerk's review.
"""

from datetime import date

import pytest

from server.domain.eligibility import (
    Assessment,
    Certificate,
    Claims,
    Diploma,
    School,
    Title,
    TitleGrade,
    Verdict,
    Work,
    assess,
)
from tests.domain.technicians import BOOK

RULE, HR, COOK = BOOK.eligibility, "企业人力资源管理师", "中式烹调师"
TODAY, BORN = date(2026, 3, 1), date(1980, 1, 1)
REVIEW, NOT_MET = Verdict.NEEDS_REVIEW, Verdict.NOT_MET


def judged(level: int, today: date = TODAY, **claims: object) -> Assessment:
    return assess(RULE, level, HR, Claims(BORN, **claims), today)  # type: ignore[arg-type] # a table of claims


def found(alternative: str, today: date = TODAY, **claims: object) -> tuple[Verdict, list[str]]:
    finding = judged(int(alternative[0]), today, **claims).finding(alternative)
    assert finding is not None
    return finding.verdict, [reason.code for reason in finding.reasons]


def since(day: date) -> tuple[Work, ...]:
    return (Work(day),)


def certificate(level: int, issued_on: date, occupation: str = HR) -> Certificate:
    return Certificate(occupation, level, issued_on)


@pytest.mark.parametrize(("alternative", "years"), [("4.1", 5), ("3.1", 10)])
def test_years_worked_are_full_on_the_anniversary_and_not_a_day_before(alternative: str, years: int) -> None:
    start = date(TODAY.year - years, 3, 1)
    assert found(alternative, work=since(start)) == (REVIEW, ["work_to_review"])
    assert found(alternative, work=since(date(TODAY.year - years, 3, 2))) == (NOT_MET, ["years_short"])
    assert found(alternative, date(2026, 2, 28), work=since(start)) == (NOT_MET, ["years_short"])
    assert found(alternative) == (NOT_MET, ["years_short"])


@pytest.mark.parametrize(("alternative", "level", "years"), [("4.2", 5, 3), ("3.2", 4, 4)])
def test_years_after_a_certificate_begin_with_its_day(alternative: str, level: int, years: int) -> None:
    work, issued = since(date(2000, 1, 1)), date(TODAY.year - years, 3, 1)
    assert found(alternative, work=work, certificates=(certificate(level, issued),)) == (
        REVIEW,
        ["certificate_held", "work_to_review"],
    )
    late = certificate(level, date(TODAY.year - years, 3, 2))
    assert found(alternative, work=work, certificates=(late,)) == (NOT_MET, ["certificate_held", "years_short"])
    assert found(alternative, work=work) == (NOT_MET, ["certificate_missing"])
    assert found(alternative, certificates=(certificate(level, issued),))[0] is NOT_MET


def test_a_certificate_of_another_trade_needs_review() -> None:
    held = (certificate(5, date(2015, 1, 1), COOK),)
    assert found("4.2", work=since(date(2000, 1, 1)), certificates=held) == (
        REVIEW,
        ["certificate_to_review", "work_to_review"],
    )


def test_the_years_are_those_after_the_certificate_that_they_are_shown_with() -> None:
    cook, own = certificate(5, date(2015, 1, 1), COOK), certificate(5, date(2026, 2, 1))
    verdict = found("4.2", work=since(date(2000, 1, 1)), certificates=(own, cook))
    assert verdict == (REVIEW, ["certificate_to_review", "work_to_review"])
    both_long = (cook, certificate(5, date(2020, 1, 1)))
    assert found("4.2", work=since(date(2000, 1, 1)), certificates=both_long)[1][0] == "certificate_held"


@pytest.mark.parametrize(
    ("alternative", "held"),
    [
        ("4.2", certificate(4, date(2010, 1, 1))),
        ("3.2", certificate(5, date(2010, 1, 1))),
        ("3.2", certificate(4, date(2026, 3, 2))),
    ],
    ids=["of level 4", "of level 5", "of tomorrow"],
)
def test_a_certificate_of_another_level_or_of_tomorrow_is_none(alternative: str, held: Certificate) -> None:
    assert found(alternative, work=since(date(2000, 1, 1)), certificates=(held,)) == (
        NOT_MET,
        ["certificate_missing"],
    )


@pytest.mark.parametrize(
    ("grade", "issued_on", "expected"),
    [
        ("junior", date(2025, 3, 1), (REVIEW, ["title_to_review", "work_to_review"])),
        ("junior", date(2025, 3, 2), (NOT_MET, ["title_to_review", "years_short"])),
        ("junior", date(2026, 3, 2), (NOT_MET, ["title_missing"])),
        ("middle", date(2020, 1, 1), (NOT_MET, ["title_missing"])),
    ],
)
def test_a_junior_title_then_one_year(
    grade: TitleGrade, issued_on: date, expected: tuple[Verdict, list[str]]
) -> None:
    assert found("3.3", work=since(date(2000, 1, 1)), titles=(Title(grade, issued_on),)) == expected


SCHOOLS: dict[School, set[str]] = {
    "secondary_vocational": {"4.3"},
    "technical": {"4.3"},
    "technical_senior": {"4.3", "3.4"},
    "technician_college": {"4.3", "3.4"},
    "technician_class": set(),
    "higher_vocational": {"4.3", "3.5", "3.6"},
    "college": {"4.3", "3.5", "3.6"},
}


@pytest.mark.parametrize("final_year", [False, True], ids=["graduate", "final year"])
@pytest.mark.parametrize("school", SCHOOLS)
def test_which_school_serves_which_alternative_also_in_its_final_year(school: School, final_year: bool) -> None:
    diploma = Diploma(school, "人力资源管理", final_year, course_assessed=True)
    held = (certificate(4, date(2026, 1, 1)),)
    for alternative in ("4.3", "3.4", "3.5", "3.6"):
        verdict = REVIEW if alternative in SCHOOLS[school] else NOT_MET
        assert found(alternative, diplomas=(diploma,), certificates=held)[0] is verdict, alternative
    assert found("4.3") == found("3.4") == (NOT_MET, ["diploma_missing"])


def test_level_4_and_a_diploma_are_both_wanted() -> None:
    diploma, held = (Diploma("college", "人力资源管理"),), (certificate(4, date(2026, 3, 1)),)
    assert found("3.5", diplomas=diploma, certificates=held) == (REVIEW, ["certificate_held", "diploma_to_review"])
    assert found("3.5", diplomas=diploma) == (NOT_MET, ["certificate_missing", "diploma_to_review"])
    assert found("3.5", certificates=held) == (NOT_MET, ["certificate_held", "diploma_missing"])
    assert found("3.5") == (NOT_MET, ["certificate_missing", "diploma_missing"])


def test_without_an_assessed_course_3_6_is_not_met() -> None:
    plain, assessed = Diploma("college", "人力资源管理"), Diploma("college", "人力资源管理", course_assessed=True)
    assert found("3.6", diplomas=(plain,)) == (NOT_MET, ["course_not_assessed"])
    assert found("3.6", diplomas=(plain, assessed)) == (REVIEW, ["diploma_to_review"])


@pytest.mark.parametrize(
    ("today", "barred"),
    [(date(2026, 4, 24), ["too_young"]), (date(2026, 4, 25), [])],
)
def test_one_may_apply_from_the_sixteenth_birthday(today: date, barred: list[str]) -> None:
    student = Claims(date(2010, 4, 25), diplomas=(Diploma("technical", "人力资源管理", final_year=True),))
    answer = assess(RULE, 4, HR, student, today)
    assert [one.code for one in answer.barred] == barred
    assert answer.verdict is (NOT_MET if barred else REVIEW)
    finding = answer.finding("4.3")
    assert finding is not None
    assert finding.verdict is REVIEW, "the alternatives are judged all the same"


def test_all_alternatives_are_answered_in_the_order_of_the_notice() -> None:
    assert [one.alternative for one in judged(4).findings] == ["4.1", "4.2", "4.3"]
    assert [one.alternative for one in judged(3).findings] == ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6"]
    assert judged(4).verdict is NOT_MET
    assert judged(4).finding("3.1") is None


def test_one_alternative_is_enough() -> None:
    assert judged(4, diplomas=(Diploma("technical", "人力资源管理"),)).verdict is REVIEW


@pytest.mark.parametrize(
    ("start", "text"),
    [
        (date(2021, 3, 2), "累计工作4年11个月，须满5年，还差1个月"),
        (date(2023, 1, 1), "累计工作3年2个月，须满5年，还差1年10个月"),
        (date(2024, 3, 1), "累计工作2年，须满5年，还差3年"),
        (date(2026, 3, 1), "累计工作0年，须满5年，还差5年"),
        (date(2021, 3, 1), "累计工作5年，已满5年；是否属于本职业或相关职业由审核人员判断"),
    ],
)
def test_the_reason_says_how_much_is_missing(start: date, text: str) -> None:
    finding = judged(4, work=since(start)).finding("4.1")
    assert finding is not None
    assert [reason.text for reason in finding.reasons] == [text]


def test_a_level_without_conditions_is_unknown() -> None:
    with pytest.raises(KeyError):
        assess(RULE, 6, HR, Claims(BORN), TODAY)
