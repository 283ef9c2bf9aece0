"""What a clerk looks at to judge a registration: the form, the verdict, the evidence. Opening numbers is on record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.db import reading, transaction
from server.domain.eligibility import EvidenceKind, evidence_missing
from server.models import Candidate, Registration, RegistrationUpload, Sitting, Upload
from server.rulebooks.catalogue import catalogue
from server.services.application_forms import signed_on
from server.services.auditing import record, require_reason
from server.services.moving import numbered


@dataclass(frozen=True)
class Dossier:
    """One registration with its person, its sitting and its evidence: which kinds there are, and which are missing for
    the alternative chosen."""

    registration: Registration
    candidate: Candidate
    sitting: Sitting
    upload_ids: list[int]
    upload_kinds: list[str]
    missing: tuple[EvidenceKind, ...]
    #: when its owner signed the form as it is now, if ever
    signed_at: datetime | None


def open_dossier(number: str) -> Dossier:
    """Raises registration_unknown."""
    with reading() as session:
        registration = numbered(session, number)
        evidence = (
            select(Upload.id, Upload.kind)
            .join(RegistrationUpload, RegistrationUpload.upload_id == Upload.id)
            .where(RegistrationUpload.registration_id == registration.id)
            .order_by(Upload.id)
        )
        uploads = session.execute(evidence).all()
        kinds = [kind for _, kind in uploads]
        # By the edition that the registration was judged by, which after a postponement may not be the sitting's.
        book = catalogue().book(registration.rulebook, registration.edition)
        chosen = book.eligibility.alternative(registration.level, registration.alternative)
        return Dossier(
            registration,
            session.get_one(Candidate, registration.candidate_id),
            session.get_one(Sitting, registration.sitting_id),
            [upload_id for upload_id, _ in uploads],
            kinds,
            evidence_missing(chosen, kinds),
            signed_on(session, registration),
        )


def open_evidence(number: str, actor: str, reason: str, now: datetime) -> list[tuple[str, bytes]]:
    """The photo and the evidence of a registration, as names without a person in them and JPEG bytes.

    Who opened them, and why, is on record before they are given out. Raises registration_unknown, reason_needed.
    """
    found = _reasoned(number, reason)
    with transaction() as session:
        subject = f"registration:{found.registration.id}"
        record(session, now, actor, "evidence.opened", subject, reason=reason)
        wanted = [*found.upload_ids, found.registration.photo_id]
        rows = session.execute(select(Upload.id, Upload.kind, Upload.content).where(Upload.id.in_(wanted)))
        return [(f"{kind}-{upload_id}.jpg", content) for upload_id, kind, content in rows]


def open_full_number(number: str, actor: str, reason: str, now: datetime) -> tuple[str, str]:
    """The full document number and phone of a registration's candidate, for somebody who says why.

    Raises registration_unknown, reason_needed.
    """
    found = _reasoned(number, reason)
    with transaction() as session:
        subject = f"candidate:{found.candidate.id}"
        record(session, now, actor, "number.opened", subject, reason=reason)
    return found.candidate.document_number, found.candidate.phone


def _reasoned(number: str, reason: str) -> Dossier:
    require_reason(reason)
    return open_dossier(number)
