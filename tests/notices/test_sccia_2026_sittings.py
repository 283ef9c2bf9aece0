"""沪商密协[2026]2号, 二（三） and 二（五）: which sittings the year has, what becomes of each, and when tickets are given out.

The other articles are in test_sccia_2026.py; docs/notices/sccia-2026.md lists all.
"""

from datetime import date, timedelta

import pytest

from server.domain.days import Window
from server.domain.tickets import released_on
from server.domain.turnout import Outcome
from server.domain.working_days import Proposal
from server.rulebooks.loader import FOLDER, load_file
from tests.domain.technicians import shanghai
from tests.notices.monthly_year import HOLIDAYS, MonthlyYear

BOOK = load_file(FOLDER / "sccia-2026.toml").book
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
    """二（三）, 附件2: 申报及缴费日期，评价时间."""
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


def test_each_month_has_one_sitting_of_level_4() -> None:
    """二（三）: 开考等级 密码技术应用员（四级）."""
    assert [(one.month, trade.key, level) for trade, level, one in BOOK.planned()] == [
        (latest[:7], "crypto", 4) for _, _, latest in TABLE
    ]


@pytest.mark.parametrize(
    ("month", "saturday"),
    [
        ("2026-02", "2026-02-07"),  # 14 and 28 are worked, 15 to 23 are the Spring Festival
        ("2026-03", "2026-03-28"),
        ("2026-04", "2026-04-25"),
        ("2026-05", "2026-05-30"),
        ("2026-06", "2026-06-27"),
        ("2026-07", "2026-07-25"),
        ("2026-08", "2026-08-29"),
        ("2026-09", "2026-09-19"),  # 26 and 27 are the Mid-Autumn Festival, 20 is worked
        ("2026-10", "2026-10-31"),
        ("2026-11", "2026-11-28"),
        ("2026-12", "2026-12-26"),
    ],
)
def test_a_sitting_is_on_a_weekend_that_is_no_holiday(month: str, saturday: str) -> None:
    """二（三）: 时间 除节假日的双休日."""
    day = date.fromisoformat(saturday)
    assert YEAR.proposed(month) == Proposal(Window(day, day), ideal=True, sure=True)
    assert HOLIDAYS.is_free_weekend(day)


def test_the_day_in_next_january_is_a_guess_until_its_holidays_are_known() -> None:
    """二（三）: 除节假日的双休日，根据次年公告排考."""
    assert YEAR.proposed("2027-01") == Proposal(Window(date(2027, 1, 30), date(2027, 1, 30)), ideal=True, sure=False)


@pytest.mark.parametrize("month", YEAR.planned)
@pytest.mark.parametrize("counted", [30, 31, 500])
def test_a_sitting_opens_with_30_and_nobody_is_moved_for_want_of_room(month: str, counted: int) -> None:
    """二（三）: 开考条件 满30人; the notice says nothing of the rooms."""
    decision = YEAR.settled(month, counted)
    assert (decision.outcome, decision.target, decision.moved) == (Outcome.HELD, None, 0)
    assert BOOK.turnout.above is None


@pytest.mark.parametrize("counted", [1, 29])
@pytest.mark.parametrize(
    ("month", "target"),
    [
        *((month, "2026-06") for month in ("2026-02", "2026-03", "2026-04", "2026-05")),
        *((month, "2026-12") for month in ("2026-07", "2026-08", "2026-09", "2026-10", "2026-11")),
    ],
)
def test_too_few_are_gathered_in_june_or_december(month: str, target: str, counted: int) -> None:
    """二（三）: 如未达到开考条件（满30人），每年6月、12月将开展一次考核."""
    decision = YEAR.settled(month, counted)
    assert (decision.outcome, decision.target, decision.moved) == (Outcome.POSTPONED, YEAR.sittings[target], counted)
    assert "集中于6月、12月统一安排" in decision.reason
    assert decision.source == BOOK.turnout.below.source


@pytest.mark.parametrize("counted", [1, 29])
@pytest.mark.parametrize("month", ["2026-06", "2026-12"])
def test_june_and_december_are_held_however_few_come(month: str, counted: int) -> None:
    """二（三）: 每年6月、12月将开展一次考核."""
    assert YEAR.settled(month, counted).outcome is Outcome.HELD


def test_too_few_in_next_january_wait_for_next_years_notice() -> None:
    """二（三）: 根据次年公告排考; the June that would take them is not in this year's table."""
    decision = YEAR.settled("2027-01", 29)
    assert (decision.outcome, decision.target, decision.moved, decision.waits) == (Outcome.POSTPONED, None, 29, True)


def test_a_month_without_applicants_needs_no_decision() -> None:
    """二（三）: there is nobody to move."""
    assert {YEAR.settled(month, 0).outcome for month in YEAR.planned} == {Outcome.NONE}


@pytest.mark.parametrize(
    ("assessed", "decided", "released"),
    [
        ("2026-03-28", "2026-03-02", "2026-03-23"),
        ("2026-05-10", "2026-04-20", "2026-04-30"),  # Saturday the 9th is worked, 1 to 5 May are a holiday
        ("2026-10-11", "2026-09-20", "2026-09-29"),  # so is Saturday the 10th, and 1 to 7 October
        ("2026-10-11", "2026-10-02", "2026-10-02"),  # not before it is decided
    ],
)
def test_tickets_are_there_five_working_days_before(assessed: str, decided: str, released: str) -> None:
    """二（五）: 在考试前五个工作日. Said of groups; for individuals no day is printed, and the same is assumed."""
    first, settled_on = date.fromisoformat(assessed), date.fromisoformat(decided)
    for rule, assumed in ((BOOK.tickets.group, False), (BOOK.tickets.individual, True)):
        assert released_on(rule, first, None, settled_on, HOLIDAYS) == date.fromisoformat(released)
        assert rule.assumed is assumed


def test_groups_collect_their_tickets_and_individuals_are_handed_theirs() -> None:
    """二（五）: 团体申报单位……领取准考证并分发；个人申报的……由上海市商用密码行业协会打印准考证并分发."""
    group, individual = BOOK.tickets.group, BOOK.tickets.individual
    assert (group.given, individual.given) == ("collected", "handed_out")
    assert "业务受理点领取准考证并分发给参评人员" in group.how
    assert individual.how == "由上海市商用密码行业协会打印准考证并分发给参评人员"
