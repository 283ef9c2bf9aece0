"""上海市信息安全行业协会, 2026年1月15日, 二（三） and 二（五）: which sittings the year has, what becomes of each, and when tickets are
given out.

The other articles are in test_sisa_2026.py; docs/notices/sisa-2026.md lists all.
"""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from server.domain.days import Window
from server.domain.tickets import released_on
from server.domain.turnout import MoreGroups, Outcome
from server.domain.working_days import Proposal
from server.rulebooks.loader import FOLDER, load_file
from tests.domain.technicians import shanghai
from tests.notices.monthly_year import HOLIDAYS, MonthlyYear

BOOK = load_file(FOLDER / "sisa-2026.toml").book
YEAR = MonthlyYear(BOOK)

# 二（三）, the table, row by row: the first and last day of application and payment, and the last of the assessment.
TABLE = [
    ("2026-01-01", "2026-01-31", "2026-02-28"),  # 1月底前，2月底前
    ("2026-02-01", "2026-02-28", "2026-03-31"),
    ("2026-03-01", "2026-03-31", "2026-04-30"),
    ("2026-04-01", "2026-04-30", "2026-05-31"),
    ("2026-05-01", "2026-05-31", "2026-06-30"),
    ("2026-06-01", "2026-06-30", "2026-07-31"),
    ("2026-07-01", "2026-07-31", "2026-08-31"),
    ("2026-08-01", "2026-08-31", "2026-09-30"),
    ("2026-09-01", "2026-09-30", "2026-10-31"),
    ("2026-10-01", "2026-10-31", "2026-11-30"),
    ("2026-11-01", "2026-11-30", "2026-12-31"),
    ("2026-12-01", "2026-12-31", "2027-01-31"),  # 12月，12月底前或根据次年公告排考
]


@pytest.mark.parametrize(("first", "last", "latest"), TABLE)
def test_who_applies_and_pays_in_a_month_is_assessed_before_the_end_of_the_next(
    first: str, last: str, latest: str
) -> None:
    """二（三）: 受理认定申报及缴费日期，评价日期."""
    one = YEAR.planned[latest[:7]]
    assert one.apply == one.pay == Window(date.fromisoformat(first), date.fromisoformat(last))
    assert one.among == Window(date.fromisoformat(latest).replace(day=1), date.fromisoformat(latest))
    assert one.day is None


def test_only_decembers_applicants_wait_for_next_years_notice() -> None:
    """二（三）: 12月，12月底前或根据次年公告排考."""
    assert len(YEAR.planned) == len(TABLE)
    assert [month for month, one in YEAR.planned.items() if one.by_next_notice] == ["2027-01"]


@pytest.mark.parametrize(("first", "last", "latest"), TABLE)
def test_each_window_opens_with_its_first_day_and_closes_with_its_last(first: str, last: str, latest: str) -> None:
    """二（三）: both days are included, to the second."""
    window, second = YEAR.planned[latest[:7]].pay, timedelta(seconds=1)
    opens, closes = shanghai(f"{first} 00:00:00"), shanghai(f"{last} 23:59:59")
    assert [window.is_open(at) for at in (opens - second, opens, closes, closes + second)] == [
        False,
        True,
        True,
        False,
    ]


def test_each_month_has_a_sitting_of_each_trade_and_level() -> None:
    """一, 二（三）: each is judged on its own."""
    trades = [("netsec", 4), ("netsec", 3), ("infosec", 4), ("infosec", 3)]
    assert [(one.month, trade.key, level) for trade, level, one in BOOK.planned()] == [
        (latest[:7], *trade) for _, _, latest in TABLE for trade in trades
    ]


def test_theory_and_practice_are_on_the_same_day() -> None:
    """二（三）注: 理论知识与操作技能同一天考核. The hours and the place are assumed."""
    assert [(one.subject, one.day) for one in BOOK.timetable.subjects] == [("理论知识", 1), ("操作技能", 1)]
    assert {one.subjects for one in BOOK.occupations} == {("理论知识", "操作技能")}


@pytest.mark.parametrize(
    ("month", "saturday", "sure"),
    [
        ("2026-02", "2026-02-07", True),  # 14 and 28 are worked, 15 to 23 are the Spring Festival
        ("2026-03", "2026-03-28", True),
        ("2026-04", "2026-04-25", True),
        ("2026-05", "2026-05-30", True),
        ("2026-06", "2026-06-27", True),
        ("2026-07", "2026-07-25", True),
        ("2026-08", "2026-08-29", True),
        ("2026-09", "2026-09-19", True),  # 26 and 27 are the Mid-Autumn Festival, 20 is worked
        ("2026-10", "2026-10-31", True),
        ("2026-11", "2026-11-28", True),
        ("2026-12", "2026-12-26", True),
        ("2027-01", "2027-01-30", False),  # the holidays of next year are not published
    ],
)
def test_the_day_is_proposed_on_a_free_weekend(month: str, saturday: str, sure: bool) -> None:
    """二（三）注: 具体认定日期以准考证信息为准; that it is a weekend is assumed, and staff may set any other day."""
    day = date.fromisoformat(saturday)
    assert YEAR.proposed(month) == Proposal(Window(day, day), ideal=True, sure=sure)
    assert HOLIDAYS.is_free_weekend(day)


@pytest.mark.parametrize("month", YEAR.planned)
@pytest.mark.parametrize("counted", [30, 31])
def test_a_sitting_opens_with_30(month: str, counted: int) -> None:
    """二（三）注: 报名人数不满30人，则顺延; 30 are enough."""
    decision = YEAR.settled(month, counted)
    assert (decision.outcome, decision.target, decision.moved) == (Outcome.HELD, None, 0)


@pytest.mark.parametrize("counted", [1, 29])
@pytest.mark.parametrize(("month", "following"), list(pairwise(YEAR.planned)))
def test_too_few_go_on_to_the_next_month(month: str, following: str, counted: int) -> None:
    """二（三）注: 报名人数不满30人，则顺延至下月一起认定考核; who has gone on once goes on again."""
    decision = YEAR.settled(month, counted)
    assert (decision.outcome, decision.target, decision.moved) == (
        Outcome.POSTPONED,
        YEAR.sittings[following],
        counted,
    )
    assert "顺延至下一考次" in decision.reason
    assert decision.source == BOOK.turnout.below.source


def test_too_few_in_next_january_wait_for_next_years_notice() -> None:
    """二（三）: 根据次年公告排考; the month after is not in this year's table."""
    decision = YEAR.settled("2027-01", 29)
    assert (decision.outcome, decision.target, decision.moved, decision.waits) == (Outcome.POSTPONED, None, 29, True)


@pytest.mark.parametrize("month", YEAR.planned)
def test_many_get_more_groups_and_nobody_is_moved_for_want_of_room(month: str) -> None:
    """二（三）注: 根据考试报名人数，每月认定场次可适时调整."""
    assert isinstance(BOOK.turnout.above, MoreGroups)
    decision = YEAR.settled(month, 500)
    assert (decision.outcome, decision.target, decision.moved) == (Outcome.HELD, None, 0)


def test_a_month_without_applicants_needs_no_decision() -> None:
    """二（三）注: there is nobody to move."""
    assert {YEAR.settled(month, 0).outcome for month in YEAR.planned} == {Outcome.NONE}


@pytest.mark.parametrize(
    ("assessed", "decided", "released"),
    [
        ("2026-03-28", "2026-03-02", "2026-03-21"),
        ("2026-10-10", "2026-09-20", "2026-10-03"),  # in the middle of a holiday, for it is mailed
        ("2026-02-07", "2026-02-02", "2026-02-02"),  # not before it is decided
    ],
)
def test_tickets_are_mailed_a_week_before_and_printed_by_those_who_get_them(
    assessed: str, decided: str, released: str
) -> None:
    """二（五）: 在考前一周通过sisa2024@163.com接收准考证信息，并自行打印准考证, groups and individuals alike."""
    first, settled_on = date.fromisoformat(assessed), date.fromisoformat(decided)
    for rule in (BOOK.tickets.group, BOOK.tickets.individual):
        assert released_on(rule, first, None, settled_on, HOLIDAYS) == date.fromisoformat(released)
        assert (rule.given, rule.assumed) == ("mailed", False)
        assert "通过sisa2024@163.com接收准考证信息，并自行打印准考证" in rule.how
    assert BOOK.tickets.group.how.endswith("分发考生")
