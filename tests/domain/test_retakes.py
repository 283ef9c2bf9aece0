"""How long a passed subject stays valid, and who may sit the others again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.retakes import PassedSubject, RetakeRule, Validity, may_retake, years_later

RULE = RetakeRule(
    source="四",
    validity=(Validity(levels=(5, 4, 3), years=2), Validity(levels=(2, 1), years=3)),
    rules=("部分科目成绩不合格，可按规定申请补考。",),
)
THEORY, PRACTICE = (
    PassedSubject("理论知识", date(2026, 4, 25)),
    PassedSubject("操作技能", date(2026, 8, 22)),
)
COMPETITION = "参加本市职业技能竞赛成绩不合格的，不能补考"
NOTHING_PASSED = "没有合格的科目，须重新申报所有科目"
ANEW = "已重新申报同职业同等级，视为放弃补考，之前的合格科目成绩不再保留"
TOO_LATE = "已超过成绩有效期，须重新申报所有科目"
MAY = "可以在成绩有效期内补考不合格的科目"
LAST, LAST_OF_THREE = date(2028, 4, 25), date(2029, 4, 25)


@pytest.mark.parametrize(("level", "years"), [(5, 2), (4, 2), (3, 2), (2, 3), (1, 3)])
def test_how_long_a_passed_subject_stays_valid_depends_on_the_level(level: int, years: int) -> None:
    assert RULE.years(level) == years


def test_a_level_without_a_validity_is_an_error_and_not_a_guess() -> None:
    only_four = RetakeRule(source="四", validity=(Validity(levels=(4,), years=2),), rules=())
    with pytest.raises(KeyError):
        only_four.years(3)
    with pytest.raises(KeyError):
        may_retake(only_four, 3, (THEORY,), LAST)


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        (date(2026, 4, 25), 2, date(2028, 4, 25)),
        (date(2026, 12, 31), 3, date(2029, 12, 31)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 2, date(2026, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2026, 2, 28), 2, date(2028, 2, 28)),  # not the 29th, though that is the month's last
        (date(2096, 2, 29), 4, date(2100, 2, 28)),  # 2100 is no leap year
        (date(2026, 4, 25), 0, date(2026, 4, 25)),
    ],
)
def test_the_same_day_so_many_years_later(day: date, years: int, later: date) -> None:
    assert years_later(day, years) == later


@pytest.mark.parametrize(
    ("level", "passed", "today", "allowed", "until", "why"),
    [
        (4, (THEORY,), date(2026, 5, 1), True, LAST, MAY),
        (4, (THEORY,), LAST, True, LAST, MAY),
        (4, (THEORY,), LAST + timedelta(days=1), False, LAST, TOO_LATE),
        (2, (THEORY,), LAST + timedelta(days=1), True, LAST_OF_THREE, MAY),
        (1, (THEORY,), LAST_OF_THREE + timedelta(days=1), False, LAST_OF_THREE, TOO_LATE),
        (4, (), date(2026, 5, 1), False, None, NOTHING_PASSED),
        # of two passed subjects the older one ends it, in whichever order they come
        (4, (THEORY, PRACTICE), LAST, True, LAST, MAY),
        (4, (PRACTICE, THEORY), LAST + timedelta(days=1), False, LAST, TOO_LATE),
        (4, (PRACTICE,), LAST + timedelta(days=1), True, date(2028, 8, 22), MAY),
        (4, (PassedSubject("理论知识", date(2024, 2, 29)),), date(2026, 2, 28), True, date(2026, 2, 28), MAY),
        (4, (PassedSubject("理论知识", date(2024, 2, 29)),), date(2026, 3, 1), False, date(2026, 2, 28), TOO_LATE),
    ],
)
def test_who_may_sit_the_failed_subjects_again_until_when_and_why(
    level: int, passed: tuple[PassedSubject, ...], today: date, allowed: bool, until: date | None, why: str
) -> None:
    verdict = may_retake(RULE, level, passed, today)
    assert (verdict.allowed, verdict.until, verdict.why) == (allowed, until, why)


@pytest.mark.parametrize(
    ("passed", "applied_anew", "failed_in_competition", "why"),
    [
        ((THEORY,), True, False, ANEW),
        ((THEORY,), False, True, COMPETITION),
        ((THEORY,), True, True, COMPETITION),
        ((), False, True, COMPETITION),
        ((), True, False, NOTHING_PASSED),
    ],
)
def test_who_applied_anew_or_failed_in_a_competition_may_not(
    passed: tuple[PassedSubject, ...], applied_anew: bool, failed_in_competition: bool, why: str
) -> None:
    verdict = may_retake(
        RULE,
        4,
        passed,
        date(2026, 5, 1),
        applied_anew=applied_anew,
        failed_in_competition=failed_in_competition,
    )
    assert (verdict.allowed, verdict.until, verdict.why) == (False, None, why)


days = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@given(days, st.integers(0, 9))
def test_the_anniversary_is_in_the_same_month_and_on_the_same_day_but_for_29_february(day: date, years: int) -> None:
    later = years_later(day, years)
    assert (later.year, later.month) == (day.year + years, day.month)
    assert later.day == day.day or ((day.month, day.day), later.day) == ((2, 29), 28)


@given(st.lists(days, min_size=1, max_size=4), days, st.sampled_from([5, 4, 3, 2, 1]))
def test_the_verdict_turns_once_and_on_the_day_after_the_last(passed: list[date], today: date, level: int) -> None:
    subjects = tuple(PassedSubject("理论知识", one) for one in passed)
    verdict = may_retake(RULE, level, subjects, today)
    assert verdict.until == years_later(min(passed), RULE.years(level))
    assert verdict.allowed is (today <= verdict.until)
