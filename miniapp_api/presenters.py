"""Rows as the phone shows them, in plain Chinese."""

from datetime import datetime
from typing import Any

from miniapp_api.schemas import (
    AccountOut,
    EventOut,
    MeOut,
    MovedOut,
    PaymentOut,
    RegistrationOut,
    TicketOut,
    UploadOut,
)
from miniapp_api.sitting_schemas import AlternativeOut, SittingDetailOut, SittingOut, WindowOut
from server.documents.qr import qr_svg
from server.domain.days import Window, local_day
from server.domain.identity import DocumentType, masked_number, masked_phone
from server.domain.levels import LEVEL_NAMES
from server.domain.money import yuan
from server.domain.notices import Kind
from server.domain.phases import PHASE_NAMES, Phase
from server.domain.registrations import MINI_PROGRAM, STATUS_NAMES, Action, Status, possible
from server.domain.wording import full_day_text
from server.models import Account, Candidate, Sitting, TurnoutDecision, Upload
from server.rulebooks.book import Notice
from server.services.history import Event, Mine
from server.services.paying import Due
from server.services.sitting_list import book_of, dates_of, when
from server.services.ticketing import Found, ticket_link
from server.services.ways_to_apply import CHANNEL_NAMES, how_to_apply

_CANDIDATE_MAY = (Action.AMEND, Action.WITHDRAW)


def me(account: Account, candidate: Candidate | None) -> MeOut:
    phone = masked_phone(account.phone) if account.phone else None
    if candidate is None:
        return MeOut(phone=phone)
    return MeOut(
        phone=phone,
        name=candidate.name,
        document_type=DocumentType(candidate.document_type),
        document_number=masked_number(candidate.document_number),
        born=candidate.born,
        sex=candidate.sex,
        has_photo=candidate.photo_id is not None,
        photo_id=candidate.photo_id,
        unprintable=candidate.unprintable,
    )


def _window(window: Window) -> WindowOut:
    return WindowOut(first=window.first, last=window.last)


def _sitting_fields(
    sitting: Sitting, decision: TurnoutDecision | None, now: datetime, channel: str = ""
) -> dict[str, Any]:
    book, dates = book_of(sitting), dates_of(sitting, channel)
    occupation, phase = book.occupation(sitting.occupation), dates.phase(now)
    fee, way = occupation.level(sitting.level).fee.fen, book.application.individual.kind
    return {
        "id": sitting.id,
        "institution_key": sitting.institution,
        "rulebook": sitting.rulebook,
        "institution": book.institution.name,
        "occupation": occupation.name,
        "level": sitting.level,
        "level_name": LEVEL_NAMES[sitting.level],
        "month": sitting.month,
        "apply": _window(dates.apply),
        "pay": _window(dates.pay),
        "ticket_from": dates.ticket_from,
        "assessed": _window(dates.assessed),
        "day_fixed": sitting.day_fixed,
        "when": when(sitting),
        "phase": phase.value,
        "phase_name": PHASE_NAMES[phase],
        "apply_in": way,
        "open": way == MINI_PROGRAM and phase is Phase.APPLYING and decision is None,
        "fee_fen": fee,
        "fee": yuan(fee),
        "subjects": list(occupation.subjects),
        "place": sitting.place,
        "decision": decision.outcome if decision else None,
    }


def sitting(row: Sitting, decision: TurnoutDecision | None, now: datetime, channel: str = "") -> SittingOut:
    """A sitting, as those see it who applied by a channel: groups may have their tickets on another day."""
    return SittingOut(**_sitting_fields(row, decision, now, channel))


def sitting_detail(row: Sitting, decision: TurnoutDecision | None, now: datetime) -> SittingDetailOut:
    book = book_of(row)
    conditions = next(one for one in book.eligibility.levels if one.level == row.level)
    return SittingDetailOut(
        **_sitting_fields(row, decision, now),
        apply_how=how_to_apply(book),
        group_how=book.application.group.how,
        alternatives=[
            AlternativeOut(id=one.id, kind=one.kind, text=one.text, wanted=list(one.wanted))
            for one in conditions.any_of
        ],
        minimum_age=book.eligibility.minimum_age,
        declaration=book.application.declaration,
        conduct=list(book.conduct.rules),
        telephone=book.institution.telephone,
        complaints=list(book.institution.complaints),
        address=book.institution.address,
        hours=book.institution.hours,
        threshold=book.turnout.threshold.people,
        notice=notice_title(book.notice),
        remarks=list(book.notice.remarks),
    )


def notice_title(notice: Notice) -> str:
    """The published notice by its name and number."""
    return f"{notice.title}（{notice.number}）" if notice.number else notice.title


def registration_fields(mine: Mine, now: datetime) -> dict[str, Any]:
    row, sitting_row = mine.registration, mine.sitting
    status = Status(row.status)
    return {
        "number": row.number,
        "status": status.value,
        "status_name": STATUS_NAMES[status],
        "note": _note(status, mine, now),
        "version": row.version,
        "sitting": sitting(sitting_row, mine.decision, now, row.channel),
        "channel": row.channel,
        "channel_name": CHANNEL_NAMES[row.channel],
        "alternative": row.alternative,
        "applied_at": row.applied_at,
        "fee_fen": row.fee_fen,
        "paper_certificate": row.paper_certificate,
        "may": _may(status, mine, now),
        "postponed": _moved(mine),
    }


def registration(mine: Mine, now: datetime) -> RegistrationOut:
    return RegistrationOut(**registration_fields(mine, now))


def _may(status: Status, mine: Mine, now: datetime) -> list[str]:
    """The buttons: from the table of moves, less what the calendar forbids."""
    waits = mine.registration.waiting_since is not None
    over = dates_of(mine.sitting).pay.is_over(now) and not waits
    allowed = [action.value for action in possible(status) if action in _CANDIDATE_MAY]
    if status is Status.PAID and not waits and (not mine.may_step_back or over):
        allowed = []
    return [one for one in allowed if one != Action.AMEND.value or not over]


def _moved(mine: Mine) -> MovedOut | None:
    if mine.registration.waiting_since is not None:
        return MovedOut(
            from_days=when(mine.sitting),
            to_days="待次年公告",
            reason=f"原考次{mine.moved_why}，现行通知没有后续考次；新的日期确定后另行通知，所缴费用继续有效",
            withdraw_until=None,
        )
    if mine.moved_from is None:
        return None
    by_house = f"原考次{mine.moved_why}，按通知另行安排"
    return MovedOut(
        from_days=when(mine.moved_from),
        to_days=when(mine.sitting),
        reason=f"{by_house if mine.may_step_back else mine.moved_why}，所缴费用继续有效",
        withdraw_until=mine.sitting.pay_last if mine.may_step_back else None,
    )


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


def ticket(found: Found, public_url: str) -> TicketOut:
    link = ticket_link(found.ticket.code, public_url)
    here = f"/api/v1/registrations/{found.registration.number}/ticket"
    return TicketOut(
        number=found.ticket.number,
        seat=found.ticket.seat,
        link=link,
        qr_svg=qr_svg(link),
        pdf=f"{here}.pdf",
        png=f"{here}.png",
    )


def payment(due: Due, name: str, now: datetime) -> PaymentOut:
    row, book = due.registration, book_of(due.sitting)
    owed = max(row.fee_fen - due.paid_fen, 0) if row.status == Status.APPROVED.value else 0
    window = dates_of(due.sitting).pay
    # What staff have set goes before what the notice printed.
    account = due.account or book.payment.account
    told = AccountOut(holder=account.holder, bank=account.bank, number=account.number) if account else None
    asking = f"收款账号请致电{book.institution.telephone}核实，请勿向个人转账"
    return PaymentOut(
        amount_fen=owed,
        amount=yuan(owed),
        paid_fen=due.paid_fen,
        first=window.first,
        last=window.last,
        open=owed > 0 and window.is_open(now),
        account=told,
        account_note="请核对户名后转账，请勿向个人转账" if account else asking,
        remark=book.payment.remark.format(name=name, number=row.number),
        counts_when=f"以{book.institution.name}指定银行账户收到的时间为准，请在{window.last.month}月{window.last.day}日前到账",
    )


def upload(kept: Upload) -> UploadOut:
    fields: dict[str, Any] = {name: getattr(kept, name) for name in UploadOut.model_fields}
    return UploadOut(**fields)
