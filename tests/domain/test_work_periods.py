"""How long somebody has worked (累计): the same day never twice, nothing lost between two employers; and what more claims do."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.eligibility import (
    Certificate,
    Claims,
    Diploma,
    EligibilityRule,
    Related,
    School,
    Title,
    Verdict,
    Work,
    assess,
    months_worked,
)
from tests.domain.technicians import BOOK

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("work", "months"),
    [
        ([], 0),
        ([Work(date(2021, 3, 1))], 60),
        ([Work(date(2021, 3, 2))], 59),
        ([Work(date(2020, 1, 1), date(2024, 12, 31))], 60),
        ([Work(date(2020, 1, 1), date(2024, 12, 30))], 59),
        ([Work(date(2020, 1, 1), date(2021, 12, 31)), Work(date(2022, 1, 1), date(2024, 12, 31))], 60),
        ([Work(date(2022, 1, 1), date(2024, 12, 31)), Work(date(2020, 1, 1), date(2021, 12, 31))], 60),
        ([Work(date(2020, 1, 1), date(2022, 12, 31)), Work(date(2021, 1, 1), date(2024, 12, 31))], 60),
        ([Work(date(2020, 1, 1), date(2024, 12, 31)), Work(date(2021, 6, 1), date(2021, 6, 30))], 60),
        ([Work(date(2020, 1, 1), date(2024, 12, 31))] * 3, 60),
        ([Work(date(2020, 1, 1), date(2020, 12, 31)), Work(date(2022, 1, 1), date(2022, 12, 31))], 24),
        ([Work(date(2020, 1, 1), date(2020, 1, 20)), Work(date(2020, 3, 1), date(2020, 3, 20))], 1),
        ([Work(date(2027, 1, 1))], 0),
        ([Work(date(2021, 3, 1), date(2030, 1, 1))], 60),
        ([Work(date(2021, 3, 1), TODAY)], 60),
        ([Work(date(2024, 1, 1), date(2023, 1, 1))], 0),
        ([Work(TODAY)], 0),
    ],
    ids=[
        "no work",
        "on the anniversary",
        "a day short",
        "five calendar years",
        "five calendar years less a day",
        "a new employer the next day",
        "the later period first",
        "two employers at once",
        "one within the other",
        "the same thrice",
        "a year between",
        "broken months add up",
        "not begun",
        "an end in the future",
        "today is not worked yet",
        "backwards",
        "first day",
    ],
)
def test_months_worked(work: list[Work], months: int) -> None:
    assert months_worked(tuple(work), date.min, TODAY) == months


@pytest.mark.parametrize(
    ("since", "months"), [(date(2023, 3, 1), 36), (date(2023, 3, 2), 35), (date(1990, 1, 1), 74), (TODAY, 0)]
)
def test_only_work_from_that_day_on_counts(since: date, months: int) -> None:
    assert months_worked((Work(date(2020, 1, 1)),), since, TODAY) == months


days = st.dates(date(1990, 1, 1), date(2027, 1, 1))
jobs = st.sampled_from(["", "企业人力资源管理师", "劳动关系协调员", "文员"])
works = st.builds(Work, days, st.none() | days, jobs)


@given(days, st.integers(1, 4000), st.lists(st.integers(1, 3999), max_size=5))
def test_cutting_a_period_into_pieces_changes_nothing(first: date, length: int, cuts: list[int]) -> None:
    edges = [0, *sorted({cut for cut in cuts if cut < length}), length]
    pieces = tuple(
        Work(first + timedelta(days=begin), first + timedelta(days=end - 1)) for begin, end in pairwise(edges)
    )
    today = first + timedelta(days=length)
    assert months_worked(pieces, date.min, today) == months_worked((Work(first),), date.min, today)


levels = st.integers(1, 5)
trades = st.sampled_from(["企业人力资源管理师", "劳动关系协调员", "中式烹调师"])
schools = st.sampled_from(get_args(School))
majors = st.sampled_from(["人力资源管理", "法学"])
claims = st.builds(
    Claims,
    st.dates(date(1960, 1, 1), date(2012, 1, 1)),
    st.lists(works, max_size=4).map(tuple),
    st.lists(st.builds(Certificate, trades, levels, days), max_size=3).map(tuple),
    st.lists(st.builds(Title, st.sampled_from(["junior", "middle", "senior"]), days), max_size=2).map(tuple),
    st.lists(st.builds(Diploma, schools, majors, st.booleans(), st.booleans()), max_size=2).map(tuple),
    st.booleans(),
)
LISTS = Related(source="附件1", occupations=("劳动关系协调员",), majors=("人力资源管理",))
WITH_LISTS = replace(BOOK.eligibility, related=LISTS)
rules = st.sampled_from([BOOK.eligibility, WITH_LISTS])
ORDER = [Verdict.NOT_MET, Verdict.NEEDS_REVIEW, Verdict.MET]


@given(rules, claims, claims, levels)
def test_saying_more_never_makes_a_verdict_worse(
    rule: EligibilityRule, said: Claims, more: Claims, level: int
) -> None:
    both = replace(
        said,
        work=said.work + more.work,
        certificates=said.certificates + more.certificates,
        titles=said.titles + more.titles,
        diplomas=said.diplomas + more.diplomas,
        intends=said.intends or more.intends,
    )
    before, after = (assess(rule, level, "企业人力资源管理师", one, TODAY) for one in (said, both))
    assert ORDER.index(after.verdict) >= ORDER.index(before.verdict)
    for old, new in zip(before.findings, after.findings, strict=True):
        assert ORDER.index(new.verdict) >= ORDER.index(old.verdict), old.alternative


@given(claims, levels)
def test_a_list_makes_no_verdict_worse_and_opens_nothing_that_was_closed(said: Claims, level: int) -> None:
    plain, listed = (
        assess(rule, level, "企业人力资源管理师", said, TODAY) for rule in (BOOK.eligibility, WITH_LISTS)
    )
    for old, new in zip(plain.findings, listed.findings, strict=True):
        assert ORDER.index(new.verdict) >= ORDER.index(old.verdict), old.alternative
        assert (new.verdict is Verdict.NOT_MET) is (old.verdict is Verdict.NOT_MET)


@given(claims, levels)
def test_every_alternative_says_why_in_words(said: Claims, level: int) -> None:
    answer = assess(BOOK.eligibility, level, "企业人力资源管理师", said, TODAY)
    assert answer.findings
    for finding in answer.findings:
        assert finding.reasons
        assert all(reason.code and reason.text for reason in finding.reasons)
        # The rulebook has no list of related occupations and majors: what rests on work, a title or a major is not met
        # without a clerk. An intention does not, nor a student's certificate of the occupation itself.
        assert finding.verdict is not Verdict.MET or finding.alternative in {"5.1", "2.5"}


@given(st.lists(works, min_size=1, max_size=5), works, st.sampled_from([1, 3, 4, 5, 10]))
def test_another_period_never_takes_full_years_away(work: list[Work], more: Work, years: int) -> None:
    if months_worked(tuple(work), date.min, TODAY) >= years * 12:
        assert months_worked((*work, more), date.min, TODAY) >= years * 12
