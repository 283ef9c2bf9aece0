"""The days of one sitting as they stand now, and the phase that it is in: derived from dates, never stored."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from server.domain.days import Window, end_of, local_day, start_of


class Phase(StrEnum):
    """What a sitting is at, derived from its dates and never stored."""

    SOON = "soon"  # 即将开始
    APPLYING = "applying"  # 受理申报中
    BETWEEN = "between"  # 申报已截止, 缴费未开始
    PAYING = "paying"  # 缴费中
    PREPARING = "preparing"  # 缴费已截止
    TICKETS = "tickets"  # 准考证可下载
    ASSESSING = "assessing"  # 评价日
    OVER = "over"  # 已结束


PHASE_NAMES = {
    Phase.SOON: "尚未开始申报",
    Phase.APPLYING: "正在受理申报",
    Phase.BETWEEN: "申报已截止，等待缴费",
    Phase.PAYING: "正在缴费",
    Phase.PREPARING: "缴费已截止，准备开考",
    Phase.TICKETS: "可下载准考证",
    Phase.ASSESSING: "正在评价",
    Phase.OVER: "已结束",
}


@dataclass(frozen=True)
class Dates:
    """The days of one sitting, as they stand now."""

    apply: Window
    pay: Window
    ticket_from: date
    assessed: Window

    def phase(self, instant: datetime) -> Phase:
        """The phase at an instant. Where windows leave a gap, the phase before the gap's end is named."""
        ends = (
            (start_of(self.apply.first), Phase.SOON),
            (self.apply.closes, Phase.APPLYING),
            (start_of(self.pay.first), Phase.BETWEEN),
            (self.pay.closes, Phase.PAYING),
            (start_of(self.ticket_from), Phase.PREPARING),
            (start_of(self.assessed.first), Phase.TICKETS),
            (self.assessed.closes, Phase.ASSESSING),
        )
        return next((phase for end, phase in ends if instant < end), Phase.OVER)

    def tickets_out(self, instant: datetime) -> bool:
        """Has the day come from which tickets are to be had?"""
        return instant >= start_of(self.ticket_from)

    def tell_by(self, days_before: int) -> date:
        """The last day on which people can be told of a change in time (在认定考核前10日前通知)."""
        return self.assessed.first - timedelta(days=days_before)

    def decide_from(self, recording_days: int) -> datetime:
        """When turnout may be counted: the payment window is over and the bank's last day has been recorded."""
        return decided_from(self.pay.last, recording_days)


def decided_from(pay_last: date, recording_days: int) -> datetime:
    """The first instant at which turnout may be counted, `recording_days` after the last day of payment."""
    return end_of(pay_last + timedelta(days=recording_days))


def days_left(last: date, instant: datetime) -> int:
    """Whole days until a last day, 0 on the day itself, negative after it."""
    return (last - local_day(instant)).days
