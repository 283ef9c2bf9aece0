"""What a candidate is told to do next: for every state one sentence, never one that another fact contradicts."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.days import Window
from server.domain.next_steps import Stand, money_back, moved_advice, next_step, pay_advice, tone
from server.domain.phases import Dates
from server.domain.registrations import LIVE, Action, Status, possible
from server.domain.turnout import Outcome
from tests.conftest import at

#: application and payment at once, as where one registers at the window
TOGETHER = Dates(
    Window(date(2026, 2, 1), date(2026, 2, 28)),
    Window(date(2026, 2, 1), date(2026, 2, 28)),
    date(2026, 3, 16),
    Window(date(2026, 3, 21), date(2026, 3, 22)),
)
#: payment after application
AFTER = replace(TOGETHER, pay=Window(date(2026, 3, 2), date(2026, 3, 8)))
STAND = Stand(
    status=Status.PAID,
    now=at(2026, 3, 10),
    dates=AFTER,
    days="3月21日、22日",
    day_fixed=True,
    decision=None,
    waiting=False,
    moved=False,
    may=frozenset(),
    has_ticket=False,
    fee_fen=35000,
    received_fen=35000,
    kept_fen=35000,
    telephone="021-62418668",
    note="您未参加3月21日、22日的评价，记为缺考。",
)
LEAVE = frozenset({Action.WITHDRAW})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": Status.SUBMITTED}, "等待审核"),
        ({"status": Status.RETURNED, "may": frozenset({Action.AMEND})}, "2026年3月8日（周日）前（含当日）重新提交"),
        ({"status": Status.RETURNED}, "补正已截止，请致电021-62418668"),
        ({"status": Status.APPROVED, "now": at(2026, 2, 10)}, "2026年3月2日（周一）起缴费"),
        ({"status": Status.APPROVED, "now": at(2026, 3, 2, 0)}, "请缴费350元，2026年3月8日（周日）前（含当日）到账"),
        ({"status": Status.APPROVED, "now": at(2026, 2, 10), "dates": TOGETHER}, "请缴费350元，2026年2月28日"),
        ({"status": Status.APPROVED, "now": at(2026, 3, 9, 0)}, "缴费已截止，请不要再转账"),
        ({}, "等待开考安排"),
        ({"moved": True}, "已改到3月21日、22日"),
        ({"waiting": True, "decision": Outcome.HELD, "has_ticket": True, "now": at(2026, 3, 17)}, "等待次年公告"),
        ({"decision": Outcome.HELD}, "2026年3月16日（周一）起可以查看准考证"),
        ({"decision": Outcome.HELD, "day_fixed": False}, "具体日期确定后会通知您"),
        ({"decision": Outcome.HELD, "now": at(2026, 3, 16, 0)}, "准考证正在生成"),
        ({"decision": Outcome.HELD, "now": at(2026, 3, 16), "has_ticket": True}, "请查看准考证"),
        ({"decision": Outcome.HELD, "now": at(2026, 3, 23), "has_ticket": True}, "评价已结束"),
        ({"status": Status.REJECTED}, "请看审核意见"),
        ({"status": Status.WITHDRAWN}, "申报已退出"),
        ({"status": Status.EXPIRED}, "已经转账的，请致电021-62418668核实"),
        ({"status": Status.CONCLUDED}, "成绩以机构公布的为准"),
        ({"status": Status.ABSENT}, "记为缺考"),
    ],
)
def test_the_sentence_says_what_is_to_be_done(changes: dict[str, object], words: str) -> None:
    assert words in next_step(replace(STAND, **changes))  # type: ignore[arg-type] # a table of any field


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"may": LEAVE},
            "能参加的不用做什么，也不用重新缴费。不能参加的，2026年3月8日（周日）前（含当日）可以在下面退出申报；不退出就视为参加。",
        ),
        ({"may": LEAVE, "status": Status.APPROVED}, "能参加的不用做什么。不能参加的，"),
        ({}, "不用您做什么，也不用重新缴费，届时按新的日期参加即可。不能参加的，请致电021-62418668。"),
        (
            {"may": LEAVE, "waiting": True},
            "愿意等的不用做什么，也不用重新缴费，日期确定后会通知您。不愿等的，可以在下面退出申报。",
        ),
        *(({"status": status}, "") for status in Status if status not in LIVE),
    ],
)
def test_who_was_moved_is_told_what_silence_means_while_it_means_something(
    changes: dict[str, object], words: str
) -> None:
    stand = replace(STAND, moved=True, **changes)  # type: ignore[arg-type] # a table of any field
    said = moved_advice(stand, None if stand.waiting else date(2026, 3, 8))
    assert said.startswith(words)
    assert (said == "") == (words == "")


@pytest.mark.parametrize(
    ("changes", "words", "due"),
    [
        ({}, "费用已到账，不用再缴", True),
        ({"status": Status.SUBMITTED}, "请先不要转账", False),
        ({"status": Status.RETURNED}, "请先不要转账", False),
        ({"status": Status.WITHDRAWN}, "状态是“已退出”，不用缴费", False),
        ({"status": Status.CONCLUDED}, "不用缴费", False),
        (
            {"status": Status.APPROVED, "now": at(2026, 3, 2, 0)},
            "现在可以缴费，2026年3月8日（周日）前（含当日）",
            True,
        ),
        ({"status": Status.APPROVED, "now": at(2026, 2, 10), "dates": TOGETHER}, "现在可以缴费", True),
        ({"status": Status.APPROVED, "now": at(2026, 3, 1)}, "还没到缴费时间，2026年3月2日（周一）起", True),
        ({"status": Status.APPROVED, "now": at(2026, 3, 9, 0)}, "缴费已截止，请不要再转账", True),
    ],
)
def test_nobody_pays_into_the_dark(changes: dict[str, object], words: str, due: bool) -> None:
    advice = pay_advice(replace(STAND, **changes))  # type: ignore[arg-type] # a table of any field
    assert words in advice.text
    assert advice.due == due


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(("received", "kept"), [(0, 0), (35000, 35000), (35000, 20000), (35000, 0)])
def test_who_has_left_is_told_of_the_money_and_nobody_else(status: Status, received: int, kept: int) -> None:
    said = money_back(replace(STAND, status=status, received_fen=received, kept_fen=kept))
    if received == 0 or status not in {Status.WITHDRAWN, Status.EXPIRED, Status.REJECTED}:
        assert said == ""
    elif kept:
        assert f"{kept // 100}元由工作人员退还" in said
    else:
        assert "已办理退还" in said


@given(
    status=st.sampled_from(Status),
    days=st.integers(-60, 90),
    together=st.booleans(),
    fixed=st.booleans(),
    decision=st.sampled_from([None, *Outcome]),
    waiting=st.booleans(),
    moved=st.booleans(),
    ticket=st.booleans(),
    leave=st.booleans(),
)
def test_whatever_comes_no_sentence_contradicts_the_facts(
    status: Status,
    days: int,
    together: bool,
    fixed: bool,
    decision: Outcome | None,
    waiting: bool,
    moved: bool,
    ticket: bool,
    leave: bool,
) -> None:
    now: datetime = at(2026, 2, 10) + timedelta(days=days)
    stand = replace(
        STAND,
        status=status,
        now=now,
        dates=TOGETHER if together else AFTER,
        day_fixed=fixed,
        decision=decision,
        waiting=waiting,
        moved=moved,
        has_ticket=ticket,
        may=LEAVE & frozenset(possible(status)) if leave else frozenset(),
    )
    said, advice = next_step(stand), moved_advice(stand, stand.dates.pay.last)
    assert said
    assert tone(stand) in {"good", "care", "stop", "quiet"}
    assert ("请缴费" in said) == stand.pay_open
    assert "截止" not in said or not stand.dates.pay.is_open(now) or waiting or status is Status.RETURNED
    assert "查看准考证，按时" not in said or (ticket and not waiting and status is Status.PAID)
    assert "视为参加" not in advice or not waiting
    assert "在下面退出" not in advice or leave
