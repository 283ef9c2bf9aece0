"""What comes next for a registration, and who has to do it: one sentence for its candidate, on every screen the same.

Pure: the state of things in, words out. A sentence says what to do, or that nothing is to be done and what will be told.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from server.domain.money import yuan
from server.domain.phases import Dates
from server.domain.registrations import LIVE, STATUS_NAMES, Action, Status
from server.domain.turnout import Outcome
from server.domain.wording import weekday_text

Tone = Literal["good", "care", "stop", "quiet"]

_TONES: dict[Status, Tone] = {
    Status.SUBMITTED: "good",
    Status.RETURNED: "care",
    Status.APPROVED: "care",
    Status.PAID: "good",
    Status.REJECTED: "stop",
    Status.ABSENT: "care",
}
_RESULTS = "评价已结束，成绩以机构公布的为准"


@dataclass(frozen=True)
class Stand:
    """How a registration stands now."""

    status: Status
    now: datetime
    dates: Dates
    #: the days of the sitting in words: 11月7日、8日
    days: str
    #: they are set and no longer proposed
    day_fixed: bool
    decision: Outcome | None
    #: moved out of the year's last sitting, until next year's rules are there
    waiting: bool
    #: moved by the institution from another sitting
    moved: bool
    #: what its candidate may do now
    may: frozenset[Action]
    #: a valid ticket is there
    has_ticket: bool
    #: in fen: the fee; what was ever received; what of it has not been given back
    fee_fen: int
    received_fen: int
    kept_fen: int
    telephone: str
    #: of somebody absent: what can still be done, and until when
    note: str = ""

    @property
    def pay_open(self) -> bool:
        """May the fee be paid now?"""
        return self.status is Status.APPROVED and not self.waiting and self.dates.pay.is_open(self.now)


def tone(stand: Stand) -> Tone:
    """How a screen colours it: with good heart, with care, with a stop, or quietly."""
    return _TONES.get(stand.status, "quiet")


def next_step(stand: Stand) -> str:
    """What comes next, in one sentence."""
    match stand.status:
        case Status.SUBMITTED:
            return "等待审核，审核结果会通知您"
        case Status.RETURNED:
            return _mend(stand)
        case Status.APPROVED:
            return _pay(stand)
        case Status.PAID:
            return _take_part(stand)
        case Status.REJECTED:
            return "请看审核意见，条件符合后可以报下一个考次"
        case Status.WITHDRAWN:
            return "申报已退出，需要时可以重新申报"
        case Status.EXPIRED:
            return f"申报因逾期失效，请不要再转账；已经转账的，请致电{stand.telephone}核实"
        case Status.CONCLUDED:
            return _RESULTS
        case Status.ABSENT | Status.FORFEITED:
            return stand.note


def _mend(stand: Stand) -> str:
    if Action.AMEND in stand.may:
        return f"请按审核意见补正，{_until(stand.dates.pay.last)}重新提交"
    return f"补正已截止，请致电{stand.telephone}"


def _pay(stand: Stand) -> str:
    if stand.pay_open:
        return f"请缴费{yuan(stand.fee_fen)}，{_until(stand.dates.pay.last)}到账"
    if not stand.waiting and not stand.dates.pay.is_over(stand.now):
        return f"{weekday_text(stand.dates.pay.first)}起缴费，到时会通知您"
    return f"缴费已截止，请不要再转账；已经转账的，请致电{stand.telephone}核实"


def _take_part(stand: Stand) -> str:
    if stand.waiting:
        return "等待次年公告，新的日期确定后会通知您，所缴费用继续有效"
    if stand.day_fixed and stand.dates.assessed.is_over(stand.now):
        return _RESULTS
    if stand.has_ticket:
        return "请查看准考证，按时参加评价"
    if stand.decision is Outcome.HELD:
        return _ticket_to_come(stand)
    if stand.moved:
        return f"已改到{stand.days}，能参加的不用做什么；开考安排会提前通知您"
    return "已缴费，等待开考安排，会提前通知您"


def _ticket_to_come(stand: Stand) -> str:
    if not stand.day_fixed:
        return "已确定开考，具体日期确定后会通知您"
    if stand.dates.tickets_out(stand.now):
        return f"准考证正在生成，请稍后再看；当天仍没有的，请致电{stand.telephone}"
    return f"已确定开考，{weekday_text(stand.dates.ticket_from)}起可以查看准考证"


def moved_advice(stand: Stand, step_back_until: date | None) -> str:
    """What somebody is to do who was moved to another sitting; "" where nothing more comes of it.

    `step_back_until`: the last day on which one may step back, where there is such a day.
    """
    if stand.status not in LIVE:
        return ""
    paid = "，也不用重新缴费" if stand.status is Status.PAID else ""
    if Action.WITHDRAW not in stand.may:
        then = "新的日期确定后会通知您" if stand.waiting else "届时按新的日期参加即可"
        return f"不用您做什么{paid}，{then}。不能参加的，请致电{stand.telephone}。"
    if stand.waiting:
        return f"愿意等的不用做什么{paid}，日期确定后会通知您。不愿等的，可以在下面退出申报。"
    limit = _until(step_back_until) if step_back_until is not None else ""
    return f"能参加的不用做什么{paid}。不能参加的，{limit}可以在下面退出申报；不退出就视为参加。"


@dataclass(frozen=True)
class PayAdvice:
    """What somebody who looks at the fee is to do; `due`: is there a fee to be looked at at all?"""

    tone: Literal["good", "care", "stop"]
    text: str
    due: bool


def pay_advice(stand: Stand) -> PayAdvice:
    """Nobody pays into the dark: who may not or need not pay is told so before an account is shown."""
    if stand.status is Status.PAID:
        return PayAdvice("good", "费用已到账，不用再缴。", due=True)
    if stand.status in {Status.SUBMITTED, Status.RETURNED}:
        return PayAdvice("care", "资格审核还没有通过，请先不要转账。审核通过后会通知您缴费。", due=False)
    if stand.status is not Status.APPROVED:
        state = STATUS_NAMES[stand.status]
        said = f"这个申报的状态是“{state}”，不用缴费，请不要转账。已经转账的，请致电{stand.telephone}核实。"
        return PayAdvice("care", said, due=False)
    if stand.pay_open:
        return PayAdvice("good", f"现在可以缴费，{_until(stand.dates.pay.last)}到账有效。", due=True)
    if not stand.waiting and not stand.dates.pay.is_over(stand.now):
        return PayAdvice("care", f"还没到缴费时间，{weekday_text(stand.dates.pay.first)}起请再来缴费。", due=True)
    said = f"缴费已截止，请不要再转账。已经转账的，请致电{stand.telephone}核实。"
    return PayAdvice("stop", said, due=True)


def money_back(stand: Stand) -> str:
    """What becomes of money that was received, where nothing more comes of the registration; "" where there was none."""
    if stand.status not in {Status.WITHDRAWN, Status.EXPIRED, Status.REJECTED} or stand.received_fen == 0:
        return ""
    if stand.kept_fen > 0:
        return f"已收到的{yuan(stand.kept_fen)}由工作人员退还，办理后会通知您。"
    return f"已缴费用已办理退还，到账时间以银行为准。没有收到的，请致电{stand.telephone}。"


def _until(last: date) -> str:
    return f"{weekday_text(last)}前（含当日）"
