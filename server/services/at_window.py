"""At the window (个人业务受理窗口): a clerk registers somebody who stands there, or whom a group has filed, and later mends
or withdraws it for them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.db import field_cipher, transaction
from server.documents.fonts import missing_characters
from server.domain.days import local_day
from server.domain.identity import BadIdentity, Document, read_phone
from server.domain.registrations import GROUP, LIVE, MINI_PROGRAM, STATUS_NAMES, Status
from server.errors import Problem
from server.images import CleanImage
from server.models import Account, Candidate, Registration, Sitting
from server.services.auditing import record
from server.services.holding import document_index, has_registrations, let_go
from server.services.joining import account_for
from server.services.judging import Said
from server.services.moving import locked
from server.services.phone_numbers import change_number
from server.services.profile import Particulars, cleaned, keep, read_particulars, set_photo
from server.services.registering import (
    Application,
    Entered,
    amended,
    evidence_of,
    registered,
    require_amendable,
    require_no_other,
    require_open,
    withdrawn,
)
from server.services.sitting_list import book_of, known
from server.services.ways_to_apply import require_way


@dataclass(frozen=True, repr=False)
class WindowForm:
    """What lies on the clerk's desk: the signed form, the document, a phone, a portrait, the evidence.

    evidence: kind and picture of each piece. unit: who filed a group (申报单位). new_phone: the person says that the phone
    on record is theirs no more. again: they want to apply once more for a sitting for which an application of theirs
    came to nothing.
    """

    sitting_id: int
    channel: Literal["window", "group"]
    person: Particulars
    phone: str
    photo: bytes
    evidence: tuple[tuple[str, bytes], ...]
    alternative: str
    said: Said
    declared: bool
    unit: str = ""
    paper_certificate: bool = False
    new_phone: bool = False
    again: bool = False


@dataclass(frozen=True, repr=False)
class _Read:
    """The same, checked and made canonical, before the transaction."""

    name: str
    document: Document
    born: date
    sex: str
    phone: str
    unprintable: str
    photo: CleanImage
    evidence: tuple[tuple[str, CleanImage], ...]


def register_at_window(form: WindowForm, actor: str, now: datetime) -> str:
    """Register somebody in one transaction: their particulars, portrait, evidence and the registration; its number.

    Whoever has registered with the document must have the same name, birth day and sex, and the same phone unless
    `new_phone`.
    Raises unit_needed, phone_shape, what particulars and pictures are refused for, sitting_unknown,
    apply_in_mini_program, person_differs, phone_differs, already_registered, registered_before, and what `register`
    raises of window, declaration, conditions and evidence.
    """
    if form.channel == GROUP and not form.unit.strip():
        raise Problem("unit_needed")
    read = _read(form, local_day(now))
    try:
        return _in_one_transaction(form, read, actor, now)
    except IntegrityError:
        # Another clerk, or a phone, entered the same person at the same moment: now they are there, and are found.
        return _in_one_transaction(form, read, actor, now)


def _read(form: WindowForm, today: date) -> _Read:
    name, document, born, sex = read_particulars(form.person, today)
    try:
        phone = read_phone(form.phone)
    except BadIdentity as fault:
        raise Problem(fault.code) from None
    photo = cleaned(form.photo, photo=True)
    evidence = tuple((kind, cleaned(data, photo=False)) for kind, data in form.evidence)
    return _Read(name, document, born, sex, phone, missing_characters(name), photo, evidence)


def _in_one_transaction(form: WindowForm, read: _Read, actor: str, now: datetime) -> str:
    with transaction() as session:
        sitting = known(session, form.sitting_id)
        candidate = _candidate(session, read, form.new_phone, actor, now)
        # Asked first, for who enters a list twice wants to hear that they are on it, whatever else may be.
        require_no_other(session, candidate, sitting)
        require_way(book_of(sitting), form.channel)
        require_open(session, sitting, now)
        if not form.again:
            _require_first_time(session, candidate, sitting)
        application = _application(form, _kept(session, candidate, read, actor, now))
        account = account_for(session, candidate, now)
        entered = Entered(account.id, form.channel, actor, _unit(form))
        return registered(session, candidate, sitting, application, entered, now).number


def amend_at_window(number: str, form: WindowForm, version: int | None, actor: str, now: datetime) -> None:
    """Hand in again, for somebody who stands at the window, what was taken in there and returned (补正), in one transaction.

    What the registration rests on stays, what the form brings is added. The form must be of the same person, sitting,
    channel and unit; `version` is the one that the clerk looked at. Raises registration_unknown,
    amend_in_mini_program, another_person, another_application, stale, amend_too_late, move_refused, person_differs,
    phone_differs, and what `register_at_window` raises of the content.
    """
    read = _read(form, local_day(now))
    with transaction() as session:
        candidate = _locked(session, document_index(read.document))
        registration = locked(session, number)
        if registration.channel == MINI_PROGRAM:
            raise Problem("amend_in_mini_program")
        if candidate is None or candidate.id != registration.candidate_id:
            raise Problem("another_person")
        # A unit tells the channel too: every group has one, and nobody else.
        if (form.sitting_id, _unit(form)) != (registration.sitting_id, registration.unit):
            raise Problem("another_application")
        require_amendable(session, registration, version, now)
        _require_same(session, candidate, read, form.new_phone, actor, now)
        brought = _kept(session, candidate, read, actor, now)
        application = _application(form, evidence_of(session, registration) | brought)
        amended(session, registration, application, actor, now)


def withdraw_at_window(number: str, actor: str, reason: str, now: datetime) -> bool:
    """Step back for somebody who stands at the window, under the rules of stepping back on the phone.

    False where it was withdrawn already. What was handed in on a phone is withdrawn here only for a reason: somebody
    has lost theirs. Raises registration_unknown, reason_needed, paid_cannot_withdraw, withdraw_too_late, move_refused.
    """
    with transaction() as session:
        registration = locked(session, number)
        reason = reason.strip()
        if registration.channel == MINI_PROGRAM and not reason:
            raise Problem("reason_needed")
        return withdrawn(session, registration, actor, reason or "在窗口申请退出", now)


def _unit(form: WindowForm) -> str:
    return form.unit.strip() if form.channel == GROUP else ""


def _kept(session: Session, candidate: Candidate, read: _Read, actor: str, now: datetime) -> set[int]:
    """Keep the pictures, the portrait as the candidate's; the uploads that are the evidence."""
    set_photo(session, candidate, read.photo, actor, now)
    return {keep(session, candidate, kind, image, now).id for kind, image in read.evidence}


def _application(form: WindowForm, uploads: set[int]) -> Application:
    return Application(
        sitting_id=form.sitting_id,
        alternative=form.alternative,
        said=form.said,
        upload_ids=tuple(sorted(uploads)),
        paper_certificate=form.paper_certificate,
        declared=form.declared,
    )


def _require_first_time(session: Session, candidate: Candidate, sitting: Sitting) -> None:
    """A list that is entered again brings nobody back who has stepped back or was rejected meanwhile."""
    ended = select(Registration.status).where(
        Registration.candidate_id == candidate.id,
        Registration.sitting_id == sitting.id,
        Registration.status.not_in(LIVE),
    )
    status = session.scalar(ended.order_by(Registration.id.desc()).limit(1))
    if status is not None:
        text = f"本人曾申报过这个考次（{STATUS_NAMES[Status(status)]}）；确需重新申报的，请注明 again = true"
        raise Problem("registered_before", text=text)


def _candidate(session: Session, read: _Read, new_phone: bool, actor: str, now: datetime) -> Candidate:
    """Whoever the document names, found or made."""
    index = document_index(read.document)
    found = _locked(session, index)
    if found is not None and _is_another(found, read, new_phone) and not has_registrations(session, found):
        let_go(session, found, actor, now)  # who stands here has shown the document; who typed its number has not
        found = None
    if found is None:
        made = Candidate(
            document_type=read.document.type.value,
            document_number=read.document.number,
            document_index=index,
            name=read.name,
            sex=read.sex,
            born=read.born,
            phone=read.phone,
            phone_index=_phone_index(read),
            created_at=now,
            unprintable=read.unprintable,
        )
        session.add(made)
        session.flush()
        record(session, now, actor, "candidate.saved", f"candidate:{made.id}")
        return made
    _require_same(session, found, read, new_phone, actor, now)
    return found


def _is_another(found: Candidate, read: _Read, new_phone: bool) -> bool:
    same_phone = new_phone or found.phone_index == _phone_index(read)
    return not same_phone or (found.name, found.born, found.sex) != (read.name, read.born, read.sex)


def _require_same(
    session: Session, found: Candidate, read: _Read, new_phone: bool, actor: str, now: datetime
) -> None:
    """Whoever has this document on record is the one on the form; a new phone takes the old one's place.

    Raises person_differs, phone_differs.
    """
    if (found.name, found.born, found.sex) != (read.name, read.born, read.sex):
        raise Problem("person_differs")
    if found.phone_index != _phone_index(read):
        if not new_phone:
            raise Problem("phone_differs")
        change_number(session, found, read.phone, actor, "", now)


def _phone_index(read: _Read) -> str:
    return field_cipher().index(read.phone, "phone")


def _locked(session: Session, index: str) -> Candidate | None:
    """The candidate and their accounts, locked in the order in which a phone locks them: accounts before candidate, and
    before any registration. The other way round clerk and phone would wait for each other.

    The accounts' keys stay free: who reviews the registration holds it, and writes a notice that points at its account.
    """
    theirs = select(Candidate.id).where(Candidate.document_index == index).scalar_subquery()
    accounts = select(Account).where(Account.candidate_id == theirs).order_by(Account.id)
    session.scalars(accounts.with_for_update(key_share=True)).all()
    return session.scalar(select(Candidate).where(Candidate.document_index == index).with_for_update())
