"""Registrations as the phone shows them, in plain Chinese: how they stand, what comes next, what happened."""

from datetime import datetime
from typing import Any

from miniapp_api.presenters import sitting
from miniapp_api.schemas import EventOut, MovedOut, RegistrationOut
from server.domain.days import local_day
from server.domain.money import yuan
from server.domain.next_steps import PayAdvice, Stand, money_back, moved_advice, next_step, pay_advice, tone
from server.domain.notices import Kind
from server.domain.registrations import STATUS_NAMES, Action, Status, possible
from server.domain.turnout import Outcome
from server.domain.wording import full_day_text
from server.models import Sitting
from server.services.certificates import certificate_of
from server.services.history import Event, Mine
from server.services.sitting_list import book_of, dates_of, when
from server.services.ways_to_apply import CHANNEL_NAMES

_CANDIDATE_MAY = (Action.AMEND, Action.WITHDRAW)


def registration_fields(mine: Mine, now: datetime) -> dict[str, Any]:
    row, sitting_row = mine.registration, mine.sitting
    stand = _stand(mine, now)
    return {
        "number": row.number,
        "status": stand.status.value,
        "status_name": STATUS_NAMES[stand.status],
        "note": stand.note,
        "next_step": next_step(stand),
        "tone": tone(stand),
        "money_back": money_back(stand),
        "waiting": stand.waiting,
        "has_ticket": stand.has_ticket,
        "pay_open": stand.pay_open,
        "version": row.version,
        "sitting": sitting(sitting_row, mine.decision, now, row.channel),
        "channel": row.channel,
        "channel_name": CHANNEL_NAMES[row.channel],
        "alternative": row.alternative,
        "applied_at": row.applied_at,
        "fee_fen": row.fee_fen,
        "fee": yuan(row.fee_fen),
        "paper_certificate": row.paper_certificate,
        "certificate": certificate_of(book_of(sitting_row).certificates, row.channel, paper=row.paper_certificate),
        "may": sorted(action.value for action in stand.may),
        "postponed": _moved(mine, stand),
    }


def registration(mine: Mine, now: datetime) -> RegistrationOut:
    return RegistrationOut(**registration_fields(mine, now))


def fee_advice(mine: Mine, now: datetime) -> PayAdvice:
    """What somebody who looks at the fee is to do."""
    return pay_advice(_stand(mine, now))


def _stand(mine: Mine, now: datetime) -> Stand:
    row, status = mine.registration, Status(mine.registration.status)
    return Stand(
        status=status,
        now=now,
        dates=dates_of(mine.sitting, row.channel),
        days=_days(mine.sitting, now),
        day_fixed=mine.sitting.day_fixed,
        decision=Outcome(mine.decision.outcome) if mine.decision else None,
        waiting=row.waiting_since is not None,
        moved=mine.moved_from is not None,
        may=_may(status, mine, now),
        has_ticket=mine.has_ticket,
        fee_fen=row.fee_fen,
        received_fen=mine.received_fen,
        kept_fen=mine.kept_fen,
        telephone=book_of(mine.sitting).institution.telephone,
        note=_note(status, mine, now),
    )


def _may(status: Status, mine: Mine, now: datetime) -> frozenset[Action]:
    """The buttons: from the table of moves, less what the calendar forbids."""
    waits = mine.registration.waiting_since is not None
    over = dates_of(mine.sitting).pay.is_over(now) and not waits
    allowed = {action for action in possible(status) if action in _CANDIDATE_MAY}
    if status is Status.PAID and not waits and (not mine.may_step_back or over):
        allowed = set()
    return frozenset(allowed - {Action.AMEND} if over else allowed)


def _moved(mine: Mine, stand: Stand) -> MovedOut | None:
    if stand.waiting:
        return MovedOut(
            from_days=when(mine.sitting),
            to_days="待次年公告",
            reason=f"原考次{mine.moved_why}，现行通知没有后续考次；新的日期确定后另行通知，所缴费用继续有效",
            withdraw_until=None,
            what="延期",
            advice=moved_advice(stand, None),
        )
    if mine.moved_from is None:
        return None
    by_house = f"原考次{mine.moved_why}，按通知另行安排"
    until = mine.sitting.pay_last if mine.may_step_back else None
    return MovedOut(
        from_days=_days(mine.moved_from, stand.now),
        to_days=stand.days,
        reason=f"{by_house if mine.may_step_back else mine.moved_why}，所缴费用继续有效",
        withdraw_until=until,
        what="延期" if mine.may_step_back else "改期",
        advice=moved_advice(stand, until),
    )


def _days(sitting_row: Sitting, now: datetime) -> str:
    """When a sitting is, with its year where that is not this one; a day that is not set is told of later."""
    year = sitting_row.assessed_last.year
    days = when(sitting_row) if year == local_day(now).year else f"{year}年{when(sitting_row)}"
    return days if sitting_row.day_fixed else f"{days}（具体日期另行通知）"


def _note(status: Status, mine: Mine, now: datetime) -> str:
    """What somebody who was absent can still do, and until when."""
    until, telephone = mine.last_day, book_of(mine.sitting).institution.telephone
    if status is Status.FORFEITED and until is not None:
        return f"至{full_day_text(until)}未参加评价，按规定视作自动放弃，费用不予退还。如有疑问请致电{telephone}"
    if status is not Status.ABSENT:
        return ""
    missed = f"您未参加{when(mine.sitting)}的评价，记为缺考。"
    if until is None or local_day(now) > until:
        return f"{missed}如有疑问请致电{telephone}"
    return (
        f"{missed}可致电{telephone}改报{full_day_text(until)}（含）前的考次；逾期未参加的，视作自动放弃，费用不予退还"
    )


_EVENTS = {
    "submit": "提交申报",
    "amend": "补正后重新提交",
    "approve": "资格审核通过",
    "return": "审核退回，需要补正",
    "reject": "资格审核不通过",
    "pay": "缴费完成",
    "withdraw": "退出申报",
    "expire": "申报逾期失效",
    "conclude": "评价结束",
    "mark_absent": "未参加评价，记为缺考",
    "unmark_absent": "缺考记录已更正",
    "book_again": "另行安排考次",
    "forfeit": "未在规定时间内参加评价，视作自动放弃",
    "ticket": "准考证已生成",
}
NOTICE_NAMES = {
    Kind.RECEIVED: "收到申报",
    Kind.RETURNED: "需要补正",
    Kind.APPROVED: "审核通过，请缴费",
    Kind.REJECTED: "审核不通过",
    Kind.PAYMENT_OPEN: "缴费开始",
    Kind.PAYMENT_ARRIVED: "缴费到账",
    Kind.PAYMENT_ENDING: "缴费即将截止",
    Kind.EXPIRED: "申报失效",
    Kind.HELD: "如期开考",
    Kind.POSTPONED: "考试延期",
    Kind.WAITING: "考试延期，待次年公告",
    Kind.DAY_SET: "考试日期和地点",
    Kind.TICKET_READY: "准考证可下载",
    Kind.TOMORROW: "评价前提醒",
    Kind.ABSENT: "缺考",
    Kind.BOOKED_AGAIN: "改至另一考次",
    Kind.FORFEIT_NEAR: "可另行安排的期限将到",
    Kind.FORFEITED: "视作自动放弃",
    Kind.REFUNDED: "已退费",
    Kind.BY_HAND: "机构通知",
    Kind.RESULTS_OUT: "成绩已发布",
    Kind.RETAKE_UNTIL: "可申请补考",
    Kind.CERTIFICATE_READY: "证书已制发",
}


def event(happened: Event) -> EventOut:
    """One line of the timeline, in plain words."""
    facts = happened.facts
    match happened.what:
        case "payment":
            text = f"银行账户收到{yuan(facts['amount_fen'])}"
        case "refund":
            text = f"退费{yuan(-facts['amount_fen'])}"
        case "postponed":
            target = "次年，日期待公告" if facts["to"] is None else when(facts["to"])
            text = f"由{when(facts['from'])}{'改' if facts['by_hand'] else '延期'}至{target}（{facts['why']}）"
        case "notice":
            text = f"通知：{facts['said'] or NOTICE_NAMES[Kind(facts['kind'])]}"
        case _:
            reason = facts.get("reason") or ""
            text = _EVENTS[happened.what] + (f"：{reason}" if reason else "")
    return EventOut(at=happened.at, what=happened.what, text=text)
