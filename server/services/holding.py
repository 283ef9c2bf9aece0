"""Whose a document is, where two say that it is theirs: whoever is registered with it, and before that the last who entered it.

To type a number proves nothing, so somebody who has only typed it keeps nobody else from entering it: they let go of it, keep
what they entered, and take it up again where they register first. Neither sees anything of the other.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.db import field_cipher, one_at_a_time
from server.domain.identity import Document
from server.errors import Problem
from server.models import Candidate, Registration
from server.services.auditing import record


def document_index(document: Document) -> str:
    """The fingerprint by which somebody is found."""
    return _index(document.type.value, document.number)


def index_of(candidate: Candidate) -> str:
    """The same of what a candidate entered, whether or not they hold it."""
    return _index(candidate.document_type, candidate.document_number)


def _index(kind: str, number: str) -> str:
    return field_cipher().index(f"{kind}:{number}", "document")


def has_registrations(session: Session, candidate: Candidate) -> bool:
    """Has anything come to rest on this person, whatever became of it?"""
    return bool(session.scalar(select(func.count()).where(Registration.candidate_id == candidate.id)))


def in_turn(session: Session, index: str) -> None:
    """Whoever wants a document waits for the others who do: its holder's row is no lock for it, for it may change hands."""
    one_at_a_time(session, f"document:{index}")


def let_go(session: Session, candidate: Candidate, actor: str, now: datetime) -> None:
    """Somebody else enters this candidate's document. The candidate's row is locked by the caller. Raises document_taken
    where a registration rests on it."""
    if has_registrations(session, candidate):
        raise Problem("document_taken")
    candidate.document_index = field_cipher().index(str(candidate.id), "document let go")
    session.flush()
    record(session, now, actor, "document.let_go", f"candidate:{candidate.id}")


def hold(session: Session, candidate: Candidate, actor: str, now: datetime) -> None:
    """Before anything rests on this candidate: the document is theirs from now on. Raises document_taken where it is
    another's who has registered."""
    session.refresh(candidate, with_for_update=True)  # or somebody would make them let go at this moment
    index = index_of(candidate)
    if candidate.document_index == index:
        return
    in_turn(session, index)
    other = session.scalar(select(Candidate).where(Candidate.document_index == index).with_for_update())
    if other is not None:
        let_go(session, other, actor, now)
    candidate.document_index = index
    session.flush()
