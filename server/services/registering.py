"""The registration itself (申报), by whichever way it comes in: made, mended after a return, withdrawn. What all ways check,
and the rows that it makes. The locks are the callers'."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.notices import Kind
from server.domain.phases import Phase
from server.domain.registrations import LIVE, Action, Status
from server.errors import Problem
from server.models import (
    Candidate,
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
from server.services.judging import Said, required_verdict
from server.services.moving import apply_move
from server.services.noticing import tell_one
from server.services.postponing import lets_step_back
from server.services.sitting_list import book_of, dates_of, known


@dataclass(frozen=True)
class Application:
    """One filled-in application form (报名表)."""

    sitting_id: int
    alternative: str
    said: Said
    upload_ids: tuple[int, ...]
    paper_certificate: bool
    declared: bool


@dataclass(frozen=True)
class Entered:
    """Who entered a registration, by which channel, and on whose account it hangs; `unit` is who filed a group."""

    account_id: int
    channel: str
    actor: str
    unit: str = ""


def require_open(session: Session, sitting: Sitting, now: datetime) -> None:
    """The application window is open and nothing is decided yet. Raises not_open_yet, window_closed."""
    phase = dates_of(sitting).phase(now)
    if phase is Phase.SOON:
        raise Problem("not_open_yet")
    decided = decision_of(session, sitting.id)
    if phase is not Phase.APPLYING or decided is not None:
        raise Problem("window_closed")


def require_no_other(session: Session, candidate: Candidate, sitting: Sitting) -> None:
    """Nobody stands twice for one occupation and level. Raises already_registered, with the other's number."""
    other = select(Registration.number).where(
        Registration.candidate_id == candidate.id,
        Registration.institution == sitting.institution,
        Registration.occupation == sitting.occupation,
        Registration.level == sitting.level,
        Registration.status.in_(LIVE),
    )
    number = session.scalar(other)
    if number is not None:
        raise Problem("already_registered", number=number)


def require_own_evidence(session: Session, candidate: Candidate, sitting: Sitting, form: Application) -> None:
    """Evidence, and one's own. Which kinds it is, a clerk looks at; an intention alone has no papers.

    Raises evidence_needed, upload_unknown.
    """
    chosen = book_of(sitting).eligibility.alternative(sitting.level, form.alternative)
    if chosen.wanted and not form.upload_ids:
        raise Problem("evidence_needed")
    mine = select(Upload.id).where(Upload.id.in_(form.upload_ids), Upload.candidate_id == candidate.id)
    if set(session.scalars(mine)) != set(form.upload_ids):
        raise Problem("upload_unknown")


def registered(
    session: Session, candidate: Candidate, sitting: Sitting, form: Application, entered: Entered, now: datetime
) -> Registration:
    """Make the registration with its history, and tell its owner. The window and the way were looked at before.

    Raises declaration_needed, photo_needed, already_registered, and what `required_verdict` and `require_own_evidence`
    raise.
    """
    if not form.declared:
        raise Problem("declaration_needed")
    if candidate.photo_id is None:
        raise Problem("photo_needed")
    verdict = required_verdict(candidate.born, sitting, form.alternative, form.said, now)
    require_own_evidence(session, candidate, sitting, form)
    require_no_other(session, candidate, sitting)
    book = book_of(sitting)
    made = Registration(
        number=spoken_code(8),
        candidate_id=candidate.id,
        account_id=entered.account_id,
        sitting_id=sitting.id,
        channel=entered.channel,
        unit=entered.unit,
        institution=sitting.institution,
        rulebook=sitting.rulebook,
        edition=sitting.edition,
        occupation=sitting.occupation,
        level=sitting.level,
        status=Status.SUBMITTED.value,
        version=1,
        alternative=form.alternative,
        claims=form.said.as_json(),
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
            actor=entered.actor,
            action="submit",
            from_status=None,
            to_status=Status.SUBMITTED.value,
        )
    )
    way = {"channel": entered.channel} | ({"unit": entered.unit} if entered.unit else {})
    record(session, now, entered.actor, "registration.submitted", f"registration:{made.id}", after=way)
    tell_one(session, Kind.RECEIVED, made, sitting, now, hint="请留意审核结果和缴费通知")
    return made


def require_amendable(session: Session, registration: Registration, version: int | None, now: datetime) -> None:
    """It was returned, nobody has changed it since it was looked at, and its payment window has not closed.

    Raises stale, amend_too_late, move_refused.
    """
    if version is not None and registration.version != version:
        raise Problem("stale")
    if dates_of(known(session, registration.sitting_id)).pay.is_over(now):
        raise Problem("amend_too_late")
    if registration.status != Status.RETURNED.value:
        raise Problem("move_refused")


def evidence_of(session: Session, registration: Registration) -> set[int]:
    """The uploads that a registration rests on."""
    rows = select(RegistrationUpload.upload_id).where(RegistrationUpload.registration_id == registration.id)
    return set(session.scalars(rows))


def amended(session: Session, registration: Registration, form: Application, actor: str, now: datetime) -> None:
    """Put the new form in the place of the old, judge it anew, and hand it in for review. Evidence is only ever added.

    What `require_amendable` asks was asked before. Raises declaration_needed, and what `required_verdict` and
    `require_own_evidence` raise.
    """
    if not form.declared:
        raise Problem("declaration_needed")
    sitting = known(session, registration.sitting_id)
    candidate = session.get_one(Candidate, registration.candidate_id)
    # The age and the years are those on the day of application, but evidence may be from today.
    verdict = required_verdict(candidate.born, sitting, form.alternative, form.said, now)
    require_own_evidence(session, candidate, sitting, form)
    registration.alternative, registration.claims = form.alternative, form.said.as_json()
    registration.verdict, registration.paper_certificate = asdict(verdict), form.paper_certificate
    registration.declared_at = now
    registration.photo_id = candidate.photo_id or registration.photo_id
    new = set(form.upload_ids) - evidence_of(session, registration)
    session.add_all(RegistrationUpload(registration_id=registration.id, upload_id=one) for one in new)
    apply_move(session, registration, Action.AMEND, actor, now)
    after = {"version": registration.version}
    record(session, now, actor, "registration.amended", f"registration:{registration.id}", after=after)


def withdrawn(session: Session, registration: Registration, actor: str, reason: str, now: datetime) -> bool:
    """Step back. Before payment always; after it only where the sitting was moved, until the new payment window closes.

    False where it was withdrawn already. Raises paid_cannot_withdraw, withdraw_too_late, move_refused.
    """
    if registration.status == Status.PAID.value:
        _require_moved(session, registration, now)
    moved = apply_move(session, registration, Action.WITHDRAW, actor, now, reason)
    if moved:
        record(session, now, actor, "registration.withdrawn", f"registration:{registration.id}", reason=reason)
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
