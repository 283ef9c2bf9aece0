"""Applying (申报): may somebody, and the registration itself; mending it after a return; stepping back."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.db import reading, transaction
from server.domain.days import local_day
from server.domain.eligibility import (
    Assessment,
    Certificate,
    Claims,
    Diploma,
    Title,
    Verdict,
    Work,
    assess,
)
from server.domain.notices import Kind
from server.domain.phases import Phase
from server.domain.registrations import LIVE, Action, Status
from server.errors import Problem
from server.models import (
    Account,
    Candidate,
    IdempotencyKey,
    Postponement,
    Registration,
    RegistrationMove,
    RegistrationUpload,
    Sitting,
    Upload,
)
from server.privacy import spoken_code
from server.services.auditing import record
from server.services.decisions import decision_of
from server.services.limits import spend
from server.services.moving import apply_move
from server.services.noticing import tell_one
from server.services.postponing import lets_step_back
from server.services.profile import needed_candidate
from server.services.sitting_list import book_of, dates_of, known

_PER_ACCOUNT = ((100, timedelta(hours=1)), (200, timedelta(days=1)))


@dataclass(frozen=True)
class Said:
    """What a candidate says of work, certificates, titles and schools."""

    work: tuple[Work, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    titles: tuple[Title, ...] = ()
    diplomas: tuple[Diploma, ...] = ()
    intends: bool = False


@dataclass(frozen=True)
class Application:
    """One filled-in application form (报名表)."""

    sitting_id: int
    alternative: str
    said: Said
    upload_ids: tuple[int, ...]
    paper_certificate: bool
    declared: bool


def judge(account_id: int, sitting_id: int, said: Said, now: datetime) -> Assessment:
    """May this candidate apply for this sitting: every alternative with its reasons. Changes nothing.

    Raises profile_needed, sitting_unknown, claims_wrong.
    """
    with reading() as session:
        candidate = needed_candidate(session, account_id)
        return _assessed(candidate, known(session, sitting_id), said, local_day(now))


def register(account_id: int, form: Application, key: str, request_hash: str, now: datetime) -> str:
    """Register for a sitting; the registration's number. The same key with the same content gives the same answer.

    Raises profile_needed, photo_needed, sitting_unknown, not_open_yet, window_closed, declaration_needed,
    alternative_unknown, not_eligible, too_young, claims_wrong, evidence_needed, upload_unknown, already_registered,
    idempotency_key_reused, too_many_requests.
    """
    spend(f"register:{account_id}", _PER_ACCOUNT, now)
    try:
        with transaction() as session:
            # The account is locked, so that of requests sent twice at once the second finds what the first did.
            session.scalars(select(Account).where(Account.id == account_id).with_for_update()).one()
            before = session.scalar(
                select(IdempotencyKey).where(IdempotencyKey.account_id == account_id, IdempotencyKey.key == key)
            )
            if before is not None:
                return _answered(session, before, request_hash)
            made = _registered(session, account_id, form, now)
            session.add(
                IdempotencyKey(
                    account_id=account_id,
                    key=key,
                    request_hash=request_hash,
                    registration_id=made.id,
                    created_at=now,
                )
            )
            return made.number
    except IntegrityError:
        # Two accounts of one candidate at the same moment: the database lets one through.
        raise Problem("already_registered") from None


def _answered(session: Session, before: IdempotencyKey, request_hash: str) -> str:
    if before.request_hash != request_hash:
        raise Problem("idempotency_key_reused")
    return session.get_one(Registration, before.registration_id).number


def _registered(session: Session, account_id: int, form: Application, now: datetime) -> Registration:
    candidate = needed_candidate(session, account_id)
    sitting = known(session, form.sitting_id)
    _require_open(session, sitting, now)
    if not form.declared:
        raise Problem("declaration_needed")
    if candidate.photo_id is None:
        raise Problem("photo_needed")
    verdict = _required_verdict(candidate, sitting, form, now)
    _require_own(session, candidate, sitting, form)
    _require_no_other(session, candidate, sitting)
    book = book_of(sitting)
    made = Registration(
        number=spoken_code(8),
        candidate_id=candidate.id,
        account_id=account_id,
        sitting_id=sitting.id,
        institution=sitting.institution,
        rulebook=sitting.rulebook,
        edition=sitting.edition,
        occupation=sitting.occupation,
        level=sitting.level,
        status=Status.SUBMITTED.value,
        version=1,
        alternative=form.alternative,
        claims=_json(form.said),
        verdict=asdict(verdict),
        photo_id=candidate.photo_id,
        paper_certificate=form.paper_certificate,
        fee_fen=book.occupation(sitting.occupation).level(sitting.level).fee.fen,
        declared_at=now,
        applied_at=now,
    )
    session.add(made)
    session.flush()
    session.add_all(RegistrationUpload(registration_id=made.id, upload_id=one) for one in set(form.upload_ids))
    session.add(
        RegistrationMove(
            registration_id=made.id,
            at=now,
            actor=f"account:{account_id}",
            action="submit",
            from_status=None,
            to_status=Status.SUBMITTED.value,
        )
    )
    record(session, now, f"account:{account_id}", "registration.submitted", f"registration:{made.id}")
    tell_one(session, Kind.RECEIVED, made, sitting, now, hint="请留意审核结果和缴费通知")
    return made


def _require_open(session: Session, sitting: Sitting, now: datetime) -> None:
    phase = dates_of(sitting).phase(now)
    if phase is Phase.SOON:
        raise Problem("not_open_yet")
    decided = decision_of(session, sitting.id)
    if phase is not Phase.APPLYING or decided is not None:
        raise Problem("window_closed")


def _require_no_other(session: Session, candidate: Candidate, sitting: Sitting) -> None:
    other = select(Registration.id).where(
        Registration.candidate_id == candidate.id,
        Registration.institution == sitting.institution,
        Registration.occupation == sitting.occupation,
        Registration.level == sitting.level,
        Registration.status.in_(LIVE),
    )
    if session.scalar(other) is not None:
        raise Problem("already_registered")


def _require_own(session: Session, candidate: Candidate, sitting: Sitting, form: Application) -> None:
    """Evidence, and one's own. Which kinds it is, a clerk looks at; an intention alone has no papers."""
    chosen = book_of(sitting).eligibility.alternative(sitting.level, form.alternative)
    if chosen.wanted and not form.upload_ids:
        raise Problem("evidence_needed")
    mine = select(Upload.id).where(Upload.id.in_(form.upload_ids), Upload.candidate_id == candidate.id)
    if set(session.scalars(mine)) != set(form.upload_ids):
        raise Problem("upload_unknown")


def _required_verdict(candidate: Candidate, sitting: Sitting, form: Application, now: datetime) -> Assessment:
    verdict = _assessed(candidate, sitting, form.said, local_day(now))
    finding = verdict.finding(form.alternative)
    if finding is None:
        raise Problem("alternative_unknown")
    if verdict.barred:
        raise Problem("too_young", reasons=[asdict(one) for one in verdict.barred])
    if finding.verdict is Verdict.NOT_MET:
        raise Problem("not_eligible", reasons=[asdict(one) for one in finding.reasons])
    return verdict


def _assessed(candidate: Candidate, sitting: Sitting, said: Said, today: date) -> Assessment:
    starts = [one.since for one in said.work] + [one.issued_on for one in said.certificates]
    starts += [one.issued_on for one in said.titles]
    ends = [(one.since, one.until) for one in said.work if one.until]
    ends_later = any(one.until and one.until > today for one in said.work)
    if (
        ends_later
        or any(day > today or day < candidate.born for day in starts)
        or any(until < since for since, until in ends)
    ):
        raise Problem("claims_wrong")
    book = book_of(sitting)
    claims = Claims(candidate.born, said.work, said.certificates, said.titles, said.diplomas, said.intends)
    occupation = book.occupation(sitting.occupation).name
    return assess(book.eligibility, sitting.level, occupation, claims, today)


def _json(said: Said) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    lists = {
        name: [{key: plain(value) for key, value in asdict(one).items()} for one in getattr(said, name)]
        for name in ("work", "certificates", "titles", "diplomas")
    }
    return lists | {"intends": said.intends}


def own(session: Session, account_id: int, number: str, *, lock: bool = False) -> Registration:
    """One's own registration; another's looks as if it were not there. Raises registration_unknown."""
    mine = (
        select(Registration)
        .join(Account, Account.candidate_id == Registration.candidate_id)
        .where(Account.id == account_id, Registration.number == number)
    )
    found = session.scalar(mine.with_for_update(of=Registration) if lock else mine)
    if found is None:
        raise Problem("registration_unknown")
    return found


def amend(account_id: int, number: str, form: Application, version: int, now: datetime) -> None:
    """Hand in again after a return (补正), until the payment window closes.

    Raises registration_unknown, stale, move_refused, amend_too_late, and what `register` raises of the content.
    """
    with transaction() as session:
        registration = own(session, account_id, number, lock=True)
        if registration.version != version:
            raise Problem("stale")
        sitting = known(session, registration.sitting_id)
        candidate = session.get_one(Candidate, registration.candidate_id)
        if dates_of(sitting).pay.is_over(now):
            raise Problem("amend_too_late")
        if registration.status != Status.RETURNED.value:
            raise Problem("move_refused")
        if not form.declared:
            raise Problem("declaration_needed")
        # The age and the years are those on the day of application, but evidence may be from today.
        verdict = _required_verdict(candidate, sitting, form, now)
        _require_own(session, candidate, sitting, form)
        registration.alternative, registration.claims = form.alternative, _json(form.said)
        registration.verdict, registration.paper_certificate = asdict(verdict), form.paper_certificate
        registration.declared_at = now
        registration.photo_id = candidate.photo_id or registration.photo_id
        kept = set(
            session.scalars(
                select(RegistrationUpload.upload_id).where(RegistrationUpload.registration_id == registration.id)
            )
        )
        new = set(form.upload_ids) - kept
        session.add_all(RegistrationUpload(registration_id=registration.id, upload_id=one) for one in new)
        apply_move(session, registration, Action.AMEND, f"account:{account_id}", now)


def withdraw(account_id: int, number: str, now: datetime) -> bool:
    """Step back. Before payment always; after it only where the institution moved the sitting, until the new payment window
    closes.

    False where it was withdrawn already. A fee that was paid is refunded by a clerk. Raises registration_unknown,
    paid_cannot_withdraw, withdraw_too_late, move_refused.
    """
    with transaction() as session:
        registration = own(session, account_id, number, lock=True)
        if registration.status == Status.PAID.value:
            _require_moved(session, registration, now)
        moved = apply_move(session, registration, Action.WITHDRAW, f"account:{account_id}", now, "本人申请退出")
        if moved:
            subject = f"registration:{registration.id}"
            record(session, now, f"account:{account_id}", "registration.withdrawn", subject)
        return moved


def _require_moved(session: Session, registration: Registration, now: datetime) -> None:
    if registration.waiting_since is not None:
        return  # nobody can say yet until when
    moved = select(Postponement.id).where(
        Postponement.registration_id == registration.id,
        Postponement.to_sitting_id == registration.sitting_id,
        lets_step_back(),
    )
    if session.scalar(moved) is None:
        raise Problem("paid_cannot_withdraw")
    if dates_of(known(session, registration.sitting_id)).pay.is_over(now):
        raise Problem("withdraw_too_late")
