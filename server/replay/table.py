"""The report for people, as tables for a terminal."""

from collections.abc import Iterator
from datetime import date

from server.domain.columns import aligned
from server.domain.levels import LEVEL_SHORT
from server.domain.notices import Kind
from server.domain.turnout import OUTCOME_NAMES, Outcome
from server.replay.report import NoticeRow, Report, SittingRow

_KINDS = {
    Kind.RECEIVED: "收到申报",
    Kind.RETURNED: "退回补正",
    Kind.APPROVED: "审核通过",
    Kind.REJECTED: "审核不通过",
    Kind.PAYMENT_OPEN: "缴费开始",
    Kind.PAYMENT_ARRIVED: "缴费到账",
    Kind.PAYMENT_ENDING: "缴费将截止",
    Kind.EXPIRED: "逾期失效",
    Kind.HELD: "如期开考",
    Kind.POSTPONED: "延期",
    Kind.WAITING: "延期待次年",
    Kind.DAY_SET: "评价日期",
    Kind.TICKET_READY: "准考证可下载",
    Kind.TOMORROW: "前一日提醒",
    Kind.ABSENT: "缺考",
    Kind.BOOKED_AGAIN: "改至另一考次",
    Kind.FORFEIT_NEAR: "费用将到期",
    Kind.FORFEITED: "视作放弃",
    Kind.REFUNDED: "已退费",
    Kind.BY_HAND: "人工通知",
    Kind.RESULTS_OUT: "成绩发布",
    Kind.RETAKE_UNTIL: "可补考",
    Kind.CERTIFICATE_READY: "证书制发",
}
# Somebody may have applied and nobody paid: there was nobody to decide about all the same.
_DECISIONS = OUTCOME_NAMES | {Outcome.NONE: "无有效申报"}
_SITTING_HEADS = (
    "考次",
    "职业等级",
    "申报",
    "通过",
    "缴费",
    "转入",
    "计入",
    "条件",
    "决定",
    "决定日",
    "转往",
    "转出",
    "准考证",
    "作废",
)
_NOTICE_HEADS = (
    "通知",
    "考次",
    "职业等级",
    "应通知",
    "微信",
    "短信送达",
    "须电话",
    "最早",
    "最晚",
    "截止",
    "按期得知",
)


def lines(report: Report) -> Iterator[str]:
    """The whole report, line by line."""
    yield f"{report.rulebook} 第{report.edition}版"
    yield ""
    yield from aligned([_SITTING_HEADS, *(_sitting(one) for one in report.sittings)])
    yield ""
    yield from aligned([_NOTICE_HEADS, *(_notice(one) for one in report.notices)])
    yield ""
    yield from aligned([("是" if one.ok else "否", one.name, one.detail) for one in report.checks])
    failed = sum(not one.ok for one in report.checks)
    yield ""
    outcome = f"{failed}项不符" if failed else "全部相符"
    yield f"检查{len(report.checks)}项，{outcome}；用时{report.seconds:.1f}秒"


def _sitting(row: SittingRow) -> tuple[str, ...]:
    return (
        row.sitting,
        f"{row.occupation}{LEVEL_SHORT[row.level]}",
        str(row.applicants),
        str(row.approved),
        str(row.paid),
        str(row.moved_in),
        str(row.counted),
        str(row.threshold),
        _DECISIONS[Outcome(row.decision)],
        _day(row.decided_on),
        row.target or ("次年" if row.moved_out else "-"),
        str(row.moved_out),
        str(row.tickets_valid),
        str(row.tickets_void),
    )


def _notice(row: NoticeRow) -> tuple[str, ...]:
    return (
        _KINDS[Kind(row.kind)],
        row.sitting,
        f"{row.occupation}{LEVEL_SHORT[row.level]}",
        str(row.owed),
        str(row.wechat_accepted),
        str(row.sms_delivered),
        str(row.to_telephone),
        _day(row.first_on),
        _day(row.last_on),
        _day(row.deadline),
        "-" if row.told_in_time is None else str(row.told_in_time),
    )


def _day(day: date | None) -> str:
    return "-" if day is None else day.isoformat()
