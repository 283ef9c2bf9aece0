"""What a registration was judged on, and what the clerk found wrong: what its owner needs to mend it (补正)."""

from dataclasses import dataclass

from sqlalchemy import select

from server.db import reading
from server.domain.registrations import Action, Status
from server.models import Registration, RegistrationUpload, Review, Upload

_WHY = {Status.RETURNED.value: Action.RETURN.value, Status.REJECTED.value: Action.REJECT.value}


@dataclass(frozen=True)
class JudgedOn:
    """The evidence, and the reasons of the last review where it was returned or rejected."""

    uploads: list[Upload]
    reasons: list[str]


def judged_on(registration: Registration) -> JudgedOn:
    """Of a registration that its owner was found to have."""
    evidence = (
        select(Upload)
        .join(RegistrationUpload, RegistrationUpload.upload_id == Upload.id)
        .where(RegistrationUpload.registration_id == registration.id)
        .order_by(Upload.id)
    )
    reviews = (
        select(Review.reasons)
        .where(Review.registration_id == registration.id, Review.decision == _WHY.get(registration.status))
        .order_by(Review.id.desc())
        .limit(1)
    )
    with reading() as session:
        uploads = list(session.scalars(evidence))
        reasons = session.scalar(reviews) if registration.status in _WHY else None
        return JudgedOn(uploads, reasons or [])
