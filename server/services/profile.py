"""A candidate's particulars (个人信息): who they are, and the photo that goes on the ticket."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.db import reading, transaction
from server.documents.fonts import missing_characters
from server.domain.days import local_day
from server.domain.identity import BadIdentity, Document, DocumentType, read_document, read_name
from server.errors import Problem
from server.images import CleanImage, ImageRefused, clean_evidence, clean_photo
from server.models import Account, Candidate, Upload
from server.services.auditing import record
from server.services.holding import document_index, has_registrations, in_turn, index_of, let_go
from server.services.joining import take_over
from server.services.limits import spend

MOST_UPLOADS = 60
#: tries to send a picture, refused ones too: each costs a good part of a second
_PICTURES = ((90, timedelta(hours=1)), (180, timedelta(days=1)))
_PER_ACCOUNT = ((30, timedelta(hours=1)), (60, timedelta(days=1)))


@dataclass(frozen=True)
class Particulars:
    """What a candidate types. `born` and `sex` are wanted only where the document's number does not say them."""

    name: str
    document_type: DocumentType
    document_number: str
    born: date | None = None
    sex: str | None = None

    def __repr__(self) -> str:
        return f"Particulars({self.document_type.value})"


def save_particulars(account_id: int, typed: Particulars, now: datetime) -> Candidate:
    """Enter or correct who the account's candidate is. With another document it is another candidate, who begins without
    portrait and papers, also where it was a slip in one's own number.

    Somebody known already by this document is joined only if name and verified phone are the same. Whoever differs is
    another, and is refused where the known one has registered: who holds a new phone then asks at the window. Raises phone_needed, name_shape, document_shape, id_card_date, id_card_check, born_needed,
    born_wrong, document_taken, document_fixed, too_many_requests.
    """
    spend(f"profile:{account_id}", _PER_ACCOUNT, now)  # or its refusals could be asked who is registered here
    read = read_particulars(typed, local_day(now))
    try:
        return _saved(account_id, *read, now)
    except IntegrityError:
        # Another phone entered the same document at the same moment: now it is there, and is found.
        return _saved(account_id, *read, now)


def _saved(account_id: int, name: str, document: Document, born: date, sex: str, now: datetime) -> Candidate:
    index, actor = document_index(document), f"account:{account_id}"
    unprintable = missing_characters(name)
    with transaction() as session:
        account = session.scalars(select(Account).where(Account.id == account_id).with_for_update()).one()
        if account.phone is None or account.phone_index is None:
            raise Problem("phone_needed")
        before = session.get(Candidate, account.candidate_id) if account.candidate_id else None
        in_turn(session, index)
        known = session.scalar(select(Candidate).where(Candidate.document_index == index).with_for_update())
        same_document = before is not None and index_of(before) == index
        if before is not None and not (same_document and before.name == name) and has_registrations(session, before):
            raise Problem("document_fixed")
        # Another document may be another person's: neither portrait nor papers go along.
        current = before if same_document else None
        if known is not None and known is not current:
            if (known.name, known.phone_index) == (name, account.phone_index):
                current = known
            else:
                let_go(session, known, actor, now)
        # A passport does not say when its holder was born: what was judged by that day stays as it was said.
        said_before = current is not None and current.born is not None and (current.born, current.sex) != (born, sex)
        if said_before and current is not None and has_registrations(session, current):
            raise Problem("document_fixed")
        if current is None:
            current = Candidate(created_at=now)
            session.add(current)
        current.document_index = index
        current.document_type, current.document_number = document.type.value, document.number
        current.name, current.sex, current.born = name, sex, born
        current.phone, current.phone_index = account.phone, account.phone_index
        current.unprintable = unprintable
        session.flush()
        account.candidate_id = current.id
        session.flush()
        was = None if before is None else {"candidate": before.id, "document": index_of(before)}
        told = {"candidate": current.id, "document": index}
        record(session, now, actor, "candidate.saved", f"candidate:{current.id}", before=was, after=told)
        take_over(session, account, now)
        return current


def read_particulars(typed: Particulars, today: date) -> tuple[str, Document, date, str]:
    """Name, document, birth day and sex, made canonical and checked.

    Raises name_shape, document_shape, id_card_date, id_card_check, born_needed, born_wrong.
    """
    try:
        name = read_name(typed.name)
        document = read_document(typed.document_type, typed.document_number, today)
    except BadIdentity as fault:
        raise Problem(fault.code) from None
    born, sex = document.born or typed.born, document.sex or typed.sex
    if born is None or sex is None:
        raise Problem("born_needed")
    if not date(1900, 1, 1) <= born <= today:
        raise Problem("born_wrong")
    return name, document, born, sex


def candidate_of(account_id: int) -> Candidate:
    """Raises profile_needed."""
    with reading() as session:
        return needed_candidate(session, account_id)


def needed_candidate(session: Session, account_id: int) -> Candidate:
    """Raises profile_needed."""
    account = session.get_one(Account, account_id)
    if account.candidate_id is None:
        raise Problem("profile_needed")
    return session.get_one(Candidate, account.candidate_id)


def store_photo(account_id: int, data: bytes, now: datetime) -> Upload:
    """Keep a 2-inch portrait (2寸证件照). Raises profile_needed, too_many_requests, upload_… and photo_…."""
    may_send_picture(account_id, now)
    image = cleaned(data, photo=True)
    with transaction() as session:
        return set_photo(session, needed_candidate(session, account_id), image, f"account:{account_id}", now)


def store_evidence(account_id: int, kind: str, data: bytes, now: datetime) -> Upload:
    """Keep a piece of evidence (佐证材料). Raises profile_needed, too_many_requests and upload_…."""
    may_send_picture(account_id, now)
    image = cleaned(data, photo=False)
    with transaction() as session:
        return keep(session, needed_candidate(session, account_id), kind, image, now)


def may_send_picture(account_id: int, now: datetime) -> None:
    """Count a try to send a picture, before anything is done with it. Raises profile_needed, upload_limit,
    too_many_requests."""
    with reading() as session:
        _require_room(session, needed_candidate(session, account_id))
    spend(f"pictures:{account_id}", _PICTURES, now)


def own_upload(account_id: int, upload_id: int) -> bytes:
    """The content of one's own upload. Raises profile_needed, upload_unknown."""
    with reading() as session:
        candidate = needed_candidate(session, account_id)
        mine = select(Upload.content).where(Upload.id == upload_id, Upload.candidate_id == candidate.id)
        content = session.scalar(mine)
    if content is None:
        raise Problem("upload_unknown")
    return content


def cleaned(data: bytes, *, photo: bool) -> CleanImage:
    """A picture as it is kept. Takes a while, so it is done before the transaction. Raises upload_… and photo_…."""
    if not data:
        raise Problem("upload_empty")
    try:
        return clean_photo(data) if photo else clean_evidence(data)
    except ImageRefused as refused:
        raise Problem(refused.code) from None


def set_photo(session: Session, candidate: Candidate, image: CleanImage, actor: str, now: datetime) -> Upload:
    """Make this the candidate's portrait from now on. Raises upload_limit."""
    kept = keep(session, candidate, "photo", image, now)
    before, candidate.photo_id = candidate.photo_id, kept.id
    subject = f"candidate:{candidate.id}"
    record(session, now, actor, "photo.set", subject, before={"upload": before}, after={"upload": kept.id})
    return kept


def keep(session: Session, candidate: Candidate, kind: str, image: CleanImage, now: datetime) -> Upload:
    """Keep a candidate's picture; the same one again is the one that is there. Raises upload_limit."""
    session.flush()  # or what is new of the candidate would be read over
    session.refresh(candidate, with_for_update=True)  # pictures sent at once are looked at one after another
    digest = bytes.fromhex(image.sha256)
    mine = (Upload.candidate_id == candidate.id, Upload.kind == kind)
    again = session.scalar(select(Upload).where(*mine, Upload.digest == digest))
    if again is not None:
        return again  # the same picture sent twice is one
    _require_room(session, candidate)
    kept = Upload(
        candidate_id=candidate.id,
        kind=kind,
        content=image.data,
        digest=digest,
        size=len(image.data),
        width=image.width,
        height=image.height,
        created_at=now,
    )
    session.add(kept)
    session.flush()
    return kept


def _require_room(session: Session, candidate: Candidate) -> None:
    if (session.scalar(select(func.count()).where(Upload.candidate_id == candidate.id)) or 0) >= MOST_UPLOADS:
        raise Problem("upload_limit")
