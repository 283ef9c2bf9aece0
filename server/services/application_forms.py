"""The application form (报名表): made from a registration, confirmed and signed by its candidate, printed for the institution.

经系统生成的报名表应由参评人员确认所填信息无误并签字 (参评人员须知 一, in all five notices). On the phone its owner sees it with masked
numbers; a clerk prints it in full, for a reason that is on record.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from server.db import field_cipher, reading, transaction
from server.documents.form import FormPage, FormRow
from server.domain.days import local_day
from server.domain.eligibility import SCHOOL_NAMES, TITLE_NAMES, UPLOAD_NAMES
from server.domain.identity import DOCUMENT_NAMES, DocumentType, masked_number, masked_phone
from server.domain.levels import LEVEL_NAMES
from server.domain.registrations import LIVE
from server.domain.wording import full_day_text
from server.errors import Problem
from server.images import ImageRefused, clean_signature
from server.models import Candidate, FormSignature, Registration, RegistrationUpload, Upload
from server.privacy import same
from server.rulebooks.catalogue import catalogue
from server.services.applying import own
from server.services.auditing import record, require_reason
from server.services.certificates import certificate_of
from server.services.moving import numbered
from server.services.profile import keep, may_send_picture
from server.services.ways_to_apply import CHANNEL_NAMES


@dataclass(frozen=True)
class Signed:
    """What a form says now, without its pictures; its fingerprint; and when its owner signed just that, if ever."""

    page: FormPage
    photo_id: int
    digest: str
    signed_at: datetime | None


def my_form(account_id: int, number: str) -> FormPage:
    """One's own form, with masked numbers. Raises registration_unknown."""
    with reading() as session:
        return _form(session, own(session, account_id, number))


def my_signature(account_id: int, number: str) -> Signed:
    """What one's own form says, and whether that is signed. Raises registration_unknown."""
    with reading() as session:
        registration = own(session, account_id, number)
        page, digest, signed = _said(session, registration)
        return Signed(page, registration.photo_id, digest, None if signed is None else signed.signed_at)


def sign(account_id: int, number: str, data: bytes, digest: str, now: datetime) -> Signed:
    """Confirm and sign the form that says what `digest` names. Signed twice it is signed once more: the last one counts.

    Raises registration_unknown, sign_no_more, form_changed, upload_limit, too_many_requests, signature_empty and upload_….
    """
    with reading() as session:  # before the picture is looked at, and again under the lock
        _require_signable(session, own(session, account_id, number), digest)
    may_send_picture(account_id, now)
    try:
        image = clean_signature(data)
    except ImageRefused as refused:
        raise Problem(refused.code) from None
    with transaction() as session:
        registration = own(session, account_id, number, lock=True)
        page = _require_signable(session, registration, digest)
        candidate = session.get_one(Candidate, registration.candidate_id)
        picture = keep(session, candidate, "signature", image, now)
        session.add(
            FormSignature(registration_id=registration.id, digest=digest, picture_id=picture.id, signed_at=now)
        )
        subject = f"registration:{registration.id}"
        record(session, now, f"account:{account_id}", "form.signed", subject, after={"digest": digest})
        return Signed(page, registration.photo_id, digest, now)


def _require_signable(session: Session, registration: Registration, digest: str) -> FormPage:
    """What is signed. Raises sign_no_more, form_changed."""
    if registration.status not in LIVE:
        raise Problem("sign_no_more")
    page, said, _ = _said(session, registration)
    if not same(said, digest):
        raise Problem("form_changed")
    return page


def signed_on(session: Session, registration: Registration) -> datetime | None:
    """When its owner signed what the form says now; None where nobody did."""
    if session.scalar(_signatures(registration).limit(1)) is None:
        return None  # most pages that ask are of those who have still to sign: what the form says need not be read
    signed = _said(session, registration)[2]
    return None if signed is None else signed.signed_at


def signature_of(registration: Registration) -> datetime | None:
    """The same, of a registration that its owner was found to have."""
    with reading() as session:
        return signed_on(session, registration)


def full_form(number: str, actor: str, reason: str, now: datetime) -> FormPage:
    """The form with its full numbers, to be printed and filed. Who took it, and why, is on record.

    Raises registration_unknown, reason_needed.
    """
    require_reason(reason)
    with transaction() as session:
        registration = numbered(session, number)
        record(session, now, actor, "form.printed", f"registration:{registration.id}", reason=reason)
        candidate = session.get_one(Candidate, registration.candidate_id)
        person = _person(candidate, candidate.document_number, candidate.phone)
        return replace(_form(session, registration), person=person)


def _form(session: Session, registration: Registration) -> FormPage:
    blank, _, signed = _said(session, registration)
    page = replace(blank, photo=_picture(session, registration.photo_id))
    if signed is None:
        return page
    written = _picture(session, signed.picture_id)
    return replace(page, signature=written, signed_text=full_day_text(local_day(signed.signed_at)))


def _said(session: Session, registration: Registration) -> tuple[FormPage, str, FormSignature | None]:
    """The form without its pictures, its fingerprint, and the last signature under just that."""
    candidate = session.get_one(Candidate, registration.candidate_id)
    blank = _blank(session, registration, candidate)
    digest = _digest(blank, registration.photo_id, candidate)
    signatures = _signatures(registration).where(FormSignature.digest == digest)
    return blank, digest, session.scalar(signatures.order_by(FormSignature.id.desc()).limit(1))


def _signatures(registration: Registration) -> Select[FormSignature]:
    return select(FormSignature).where(FormSignature.registration_id == registration.id)


def _digest(page: FormPage, photo_id: int, candidate: Candidate) -> str:
    """Of all that the form says, the numbers in full and the portrait included. Keyed: whoever sees the rest of the form
    could try out the few numbers that fit a plain one."""
    said = [asdict(page), photo_id, candidate.document_number, candidate.phone]
    return field_cipher().index(json.dumps(said, ensure_ascii=False), "form")


def _picture(session: Session, upload_id: int) -> bytes | None:
    return session.scalar(select(Upload.content).where(Upload.id == upload_id))


def _blank(session: Session, registration: Registration, candidate: Candidate) -> FormPage:
    """The form without its pictures: what was said on the day of application, whatever sitting it was moved to since."""
    book = catalogue().book(registration.rulebook, registration.edition)
    occupation = book.occupation(registration.occupation)
    chosen = next(one for one in registration.verdict["findings"] if one["alternative"] == registration.alternative)
    return FormPage(
        institution=book.institution.name,
        title="职业技能评价报名表",
        number=registration.number,
        name=candidate.name,
        person=_person(candidate, masked_number(candidate.document_number), masked_phone(candidate.phone)),
        applied_for=(
            ("职业（工种）", occupation.name),
            ("申报等级", LEVEL_NAMES[registration.level]),
            ("考核科目", "、".join(occupation.subjects)),
            ("申报条件", f"{chosen['alternative']} {chosen['text']}"),
            (
                "申报方式",
                CHANNEL_NAMES[registration.channel] + (f"（{registration.unit}）" if registration.unit else ""),
            ),
            (
                "证书",
                certificate_of(book.certificates, registration.channel, paper=registration.paper_certificate),
            ),
        ),
        rows=(*_claimed(registration.claims), FormRow("佐证材料", tuple(_evidence(session, registration)))),
        declaration=book.application.declaration,
        photo=None,
        signature=None,
        signed_text="",
        applied_text=full_day_text(local_day(registration.applied_at)),
    )


def _person(candidate: Candidate, number: str, phone: str) -> tuple[tuple[str, str], ...]:
    return (
        ("性别", candidate.sex),
        ("出生日期", full_day_text(candidate.born)),
        ("证件类型", DOCUMENT_NAMES[DocumentType(candidate.document_type)]),
        ("证件号码", number),
        ("手机号码", phone),
    )


def _claimed(said: dict[str, Any]) -> Iterator[FormRow]:
    yield FormRow(
        "工作经历",
        tuple(_work(one) for one in said["work"]) + (("拟从事本职业或相关职业工作",) if said["intends"] else ()),
    )
    yield FormRow("职业技能证书", tuple(_certificate(one) for one in said["certificates"]))
    yield FormRow(
        "职称", tuple(f"{TITLE_NAMES[one['grade']]}　{_day(one['issued_on'])}取得" for one in said["titles"])
    )
    yield FormRow("学历", tuple(_school(one) for one in said["diplomas"]))


def _work(one: dict[str, Any]) -> str:
    until = _day(one["until"]) if one["until"] else "今"
    return f"{_day(one['since'])}至{until}" + (f"　{one['occupation']}" if one["occupation"] else "")


def _certificate(one: dict[str, Any]) -> str:
    return f"{one['occupation']}　{LEVEL_NAMES[one['level']]}　{_day(one['issued_on'])}取得"


def _school(one: dict[str, Any]) -> str:
    final = "（应届，在读）" if one["final_year"] else ""
    assessed = "（经评估论证）" if one["course_assessed"] else ""
    return f"{SCHOOL_NAMES[one['school']]}　{one['major']}{final}{assessed}"


def _day(text: str) -> str:
    return full_day_text(date.fromisoformat(text))


def _evidence(session: Session, registration: Registration) -> Iterator[str]:
    kinds = (
        select(Upload.kind)
        .join(RegistrationUpload, RegistrationUpload.upload_id == Upload.id)
        .where(RegistrationUpload.registration_id == registration.id)
        .order_by(Upload.id)
    )
    for kind, many in Counter(session.scalars(kinds)).items():
        yield f"{UPLOAD_NAMES[kind]}　{many}份"
