"""Rows as the phone shows them, in plain Chinese."""

from datetime import datetime
from typing import Any

from miniapp_api.schemas import AccountOut, MeOut, PaymentOut, ProofOut, SubjectTimeOut, TicketOut, UploadOut
from miniapp_api.sitting_schemas import AlternativeOut, SittingDetailOut, SittingOut, WebsiteOut, WindowOut
from server.documents.qr import qr_svg
from server.domain.days import Window
from server.domain.identity import DocumentType, masked_number, masked_phone
from server.domain.levels import LEVEL_NAMES
from server.domain.money import yuan
from server.domain.next_steps import PayAdvice
from server.domain.phases import PHASE_NAMES, Phase
from server.domain.registrations import MINI_PROGRAM, Status
from server.domain.turnout_expected import expected
from server.models import Account, Candidate, Sitting, TurnoutDecision, Upload
from server.rulebooks.book import Notice, Payment, Rulebook
from server.rulebooks.phrases import results, ticket_from
from server.services.certificates import certificates_given
from server.services.paying import Due
from server.services.sitting_list import book_of, dates_of, when
from server.services.ticketing import Found, subject_times, ticket_link
from server.services.ways_to_apply import how_to_apply


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
        turnout=expected(book.turnout, int(row.month[-2:])),
        paper_certificate=book.certificates.paper,
        **told_of(book),
        notice=notice_title(book.notice),
        remarks=list(book.notice.remarks),
    )


def told_of(book: Rulebook) -> dict[str, Any]:
    """What an institution's notice says of tickets, results and certificates to whoever applies alone, and its websites."""
    ticket = book.tickets.individual
    return {
        "tickets": f"{ticket_from(ticket)}。{ticket.how}。",
        "results": f"{results(book.results)}公布。{book.results.where}。",
        "certificates": certificates_given(book.certificates),
        "websites": [WebsiteOut(name=one.name, url=one.url) for one in book.institution.websites],
    }


def notice_title(notice: Notice) -> str:
    """The published notice by its name and number."""
    return f"{notice.title}（{notice.number}）" if notice.number else notice.title


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
        subjects=[
            SubjectTimeOut(name=one.name, date=one.date_text, time=one.time_text, room=one.room)
            for one in subject_times(found)
        ],
        telephone=book_of(found.sitting).institution.telephone,
    )


def payment(due: Due, name: str, advice: PayAdvice, now: datetime) -> PaymentOut:
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
        counts_when=f"以{book.institution.name}指定银行账户收到的时间为准，请在{window.last.month}月{window.last.day}日前（含当日）到账",
        proof=_proof(book.payment),
        advice=advice.text,
        tone=advice.tone,
        due=advice.due,
    )


def _proof(rule: Payment) -> ProofOut | None:
    if rule.proof is None:
        return None
    tax = rule.account.tax_id if rule.account else ""
    return ProofOut(to=rule.proof.to, subject=rule.proof.subject, payee_tax_id=tax)


def upload(kept: Upload) -> UploadOut:
    fields: dict[str, Any] = {name: getattr(kept, name) for name in UploadOut.model_fields}
    return UploadOut(**fields)
