"""Who may apply for levels 5, 2 and 1: every alternative, to the day, with every reason (附件1, 1, 4 and 5).

Levels 4 and 3 are in test_eligibility.py; what lists of related occupations and majors change, in test_eligibility_lists.py.
"""

from datetime import date
from typing import Any

import pytest

from server.domain.eligibility import Certificate, Claims, Diploma, School, Title, TitleGrade, Verdict, Work, assess
from tests.domain.technicians import BOOK

RULE, HR, COOK = BOOK.eligibility, "企业人力资源管理师", "中式烹调师"
TODAY, BORN = date(2026, 3, 1), date(1980, 1, 1)
MET, REVIEW, NOT_MET = Verdict.MET, Verdict.NEEDS_REVIEW, Verdict.NOT_MET
LONG = (Work(date(2000, 1, 1)),)
MAJOR = "人力资源管理"


def found(alternative: str, today: date = TODAY, **claims: Any) -> tuple[Verdict, list[str]]:
    said = Claims(BORN, **claims)
    finding = assess(RULE, int(alternative[0]), HR, said, today).finding(alternative)
    assert finding is not None
    return finding.verdict, [reason.code for reason in finding.reasons]


def certified(level: int, issued_on: date, occupation: str = HR) -> tuple[Certificate, ...]:
    return (Certificate(occupation, level, issued_on),)


def titled(grade: TitleGrade, issued_on: date) -> tuple[Title, ...]:
    return (Title(grade, issued_on),)


# --- level 5


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({}, (NOT_MET, ["intention_missing"])),
        ({"intends": True}, (MET, ["intention_declared"])),
        ({"work": LONG}, (NOT_MET, ["intention_missing"])),
    ],
    ids=["nothing", "declared", "work is 5.2"],
)
def test_an_intention_is_declared(claims: dict[str, Any], expected: tuple[Verdict, list[str]]) -> None:
    assert found("5.1", **claims) == expected


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        ((), (NOT_MET, ["work_missing"])),
        ((Work(date(2026, 3, 2)),), (NOT_MET, ["work_missing"])),
        ((Work(TODAY),), (REVIEW, ["work_to_review"])),
        ((Work(date(2020, 1, 1), TODAY),), (REVIEW, ["work_to_review"])),
        ((Work(date(2020, 1, 1), date(2026, 2, 28)),), (REVIEW, ["work_ended"])),
        ((Work(date(2020, 1, 1), date(2021, 1, 1)), Work(date(2025, 1, 1))), (REVIEW, ["work_to_review"])),
    ],
    ids=["none", "from tomorrow", "first day", "last day", "ended yesterday", "another job since"],
)
def test_any_work_begun_opens_level_5(work: tuple[Work, ...], expected: tuple[Verdict, list[str]]) -> None:
    assert found("5.2", work=work) == expected
    assert found("5.2", work=work, intends=True) == expected


@pytest.mark.parametrize(("today", "verdict"), [(date(2026, 4, 24), NOT_MET), (date(2026, 4, 25), MET)])
def test_the_intention_of_a_child_opens_nothing(today: date, verdict: Verdict) -> None:
    answer = assess(RULE, 5, HR, Claims(date(2010, 4, 25), intends=True), today)
    assert answer.verdict is verdict
    assert [one.code for one in answer.barred] == (["too_young"] if verdict is NOT_MET else [])


# --- levels 2 and 1: years after a certificate, after a title, after both


@pytest.mark.parametrize(("alternative", "level"), [("2.1", 3), ("1.1", 2)])
def test_five_years_after_the_certificate_below(alternative: str, level: int) -> None:
    full, short = date(2021, 3, 1), date(2021, 3, 2)
    assert found(alternative, work=LONG, certificates=certified(level, full)) == (
        REVIEW,
        ["certificate_held", "work_to_review"],
    )
    assert found(alternative, work=LONG, certificates=certified(level, short)) == (
        NOT_MET,
        ["certificate_held", "years_short"],
    )
    assert found(alternative, work=LONG, certificates=certified(level, full, COOK)) == (
        REVIEW,
        ["certificate_to_review", "work_to_review"],
    )
    for other in {1, 2, 3, 4, 5} - {level}:
        assert found(alternative, work=LONG, certificates=certified(other, full)) == (
            NOT_MET,
            ["certificate_missing"],
        )


@pytest.mark.parametrize(("alternative", "grade"), [("2.3", "middle"), ("1.3", "senior")])
def test_one_year_after_a_title(alternative: str, grade: TitleGrade) -> None:
    assert found(alternative, work=LONG, titles=titled(grade, date(2025, 3, 1))) == (
        REVIEW,
        ["title_to_review", "work_to_review"],
    )
    assert found(alternative, work=LONG, titles=titled(grade, date(2025, 3, 2)))[1] == [
        "title_to_review",
        "years_short",
    ]
    assert found(alternative, work=LONG, titles=titled("junior", date(2010, 1, 1))) == (NOT_MET, ["title_missing"])


BOTH: list[tuple[str, TitleGrade, int]] = [("2.2", "junior", 3), ("1.2", "middle", 2)]
GOOD_TITLE, GOOD_CERTIFICATE = date(2021, 3, 1), date(2025, 3, 1)


@pytest.mark.parametrize(("alternative", "grade", "level"), BOTH)
@pytest.mark.parametrize(
    ("title_on", "certified_on", "expected"),
    [
        (GOOD_TITLE, GOOD_CERTIFICATE, (REVIEW, ["title_to_review", "work_to_review", "certificate_held", "work_to_review"])),
        (date(2021, 3, 2), GOOD_CERTIFICATE, (NOT_MET, ["title_to_review", "years_short", "certificate_held", "work_to_review"])),
        (GOOD_TITLE, date(2025, 3, 2), (NOT_MET, ["title_to_review", "work_to_review", "certificate_held", "years_short"])),
        (GOOD_TITLE, None, (NOT_MET, ["title_to_review", "work_to_review", "certificate_missing"])),
        (None, GOOD_CERTIFICATE, (NOT_MET, ["title_missing", "certificate_held", "work_to_review"])),
        (None, None, (NOT_MET, ["title_missing", "certificate_missing"])),
    ],
    ids=["both full", "title a day short", "certificate a day short", "no certificate", "no title", "neither"],
)  # fmt: skip
def test_five_years_after_the_title_and_one_after_the_certificate(
    alternative: str,
    grade: TitleGrade,
    level: int,
    title_on: date | None,
    certified_on: date | None,
    expected: tuple[Verdict, list[str]],
) -> None:
    titles = titled(grade, title_on) if title_on else ()
    certificates = certified(level, certified_on) if certified_on else ()
    assert found(alternative, work=LONG, titles=titles, certificates=certificates) == expected


@pytest.mark.parametrize(("alternative", "grade", "level"), BOTH)
def test_the_order_of_title_and_certificate_does_not_matter_and_work_does(
    alternative: str, grade: TitleGrade, level: int
) -> None:
    both: dict[str, Any] = {"titles": titled(grade, GOOD_TITLE), "certificates": certified(level, date(2010, 1, 1))}
    assert found(alternative, work=LONG, **both)[0] is REVIEW
    assert found(alternative, work=(Work(date(2021, 3, 2)),), **both)[0] is NOT_MET
    assert found(alternative, **both)[1] == ["title_to_review", "years_short", "certificate_held", "years_short"]


# --- 2.4 and 2.5: graduates and students


@pytest.mark.parametrize(
    ("school", "final_year", "code"),
    [
        ("technical_senior", False, "graduated"),
        ("technician_college", False, "graduated"),
        ("technical_senior", True, "not_graduated"),
        ("technician_college", True, "not_graduated"),
        ("technician_class", False, "not_graduated"),
        ("technical", False, "not_graduated"),
        ("college", False, "not_graduated"),
    ],
)
def test_2_4_is_for_graduates_of_two_kinds_of_school(school: School, final_year: bool, code: str) -> None:
    said: dict[str, Any] = {
        "work": LONG,
        "certificates": certified(3, TODAY),
        "diplomas": (Diploma(school, "法学", final_year),),
    }
    verdict = REVIEW if code == "graduated" else NOT_MET
    assert found("2.4", **said) == (verdict, ["certificate_held", code, "work_to_review"])


def test_2_4_counts_all_years_also_those_before_the_certificate() -> None:
    school = (Diploma("technician_college", MAJOR),)
    for start, codes in ((date(2024, 3, 1), "work_to_review"), (date(2024, 3, 2), "years_short")):
        said: dict[str, Any] = {"work": (Work(start),), "certificates": certified(3, TODAY), "diplomas": school}
        assert found("2.4", **said)[1] == ["certificate_held", "graduated", codes]
    assert found("2.4", work=LONG, diplomas=school) == (
        NOT_MET,
        ["certificate_missing", "graduated", "work_to_review"],
    )
    tomorrow = certified(3, date(2026, 3, 2))
    assert found("2.4", work=LONG, diplomas=school, certificates=tomorrow)[1][0] == "certificate_missing"


@pytest.mark.parametrize(
    ("issued_on", "occupation", "expected"),
    [
        (date(2024, 3, 1), HR, (MET, ["certificate_held", "certificate_years", "student"])),
        (date(2024, 3, 2), HR, (NOT_MET, ["certificate_held", "certificate_too_new", "student"])),
        (date(2024, 3, 1), COOK, (REVIEW, ["certificate_to_review", "certificate_years", "student"])),
        (date(2026, 3, 2), HR, (NOT_MET, ["certificate_missing", "student"])),
    ],
    ids=["two years", "a day short", "another trade", "of tomorrow"],
)
@pytest.mark.parametrize("final_year", [False, True], ids=["some year", "final year"])
def test_2_5_is_for_students_who_have_held_the_certificate_for_two_years(
    issued_on: date, occupation: str, expected: tuple[Verdict, list[str]], final_year: bool
) -> None:
    school = (Diploma("technician_class", MAJOR, final_year),)
    assert found("2.5", certificates=certified(3, issued_on, occupation), diplomas=school) == expected


def test_2_5_takes_the_certificate_that_is_old_enough_and_no_other_school() -> None:
    both = certified(3, date(2025, 1, 1)) + certified(3, date(2010, 1, 1), COOK)
    school = (Diploma("technician_class", MAJOR),)
    assert found("2.5", certificates=both, diplomas=school)[1] == [
        "certificate_to_review",
        "certificate_years",
        "student",
    ]
    others = tuple(Diploma(one, MAJOR, True) for one in ("technician_college", "technical_senior", "college"))
    assert found("2.5", certificates=certified(3, date(2010, 1, 1)), diplomas=others)[1][-1] == "not_student"


def test_a_certificate_of_29_february_is_two_years_old_on_1_march() -> None:
    said: dict[str, Any] = {
        "certificates": certified(3, date(2024, 2, 29)),
        "diplomas": (Diploma("technician_class", MAJOR),),
    }
    assert found("2.5", date(2026, 2, 28), **said)[0] is NOT_MET
    assert found("2.5", date(2026, 3, 1), **said)[0] is MET


def test_all_alternatives_of_the_other_levels_are_answered_in_the_order_of_the_notice() -> None:
    answers = {level: assess(RULE, level, HR, Claims(BORN), TODAY) for level in (5, 2, 1)}
    assert [[one.alternative for one in answer.findings] for answer in answers.values()] == [
        ["5.1", "5.2"],
        ["2.1", "2.2", "2.3", "2.4", "2.5"],
        ["1.1", "1.2", "1.3"],
    ]
    assert {answer.verdict for answer in answers.values()} == {NOT_MET}
