"""Tickets (准考证): released on their day, voided by a postponement, found again by their link."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from server.db import reading, transaction
from server.documents.ticket import SubjectTime, TicketPage
from server.domain.days import end_of, local_day, start_of
from server.domain.identity import DOCUMENT_NAMES, DocumentType, masked_number
from server.domain.levels import LEVEL_NAMES
from server.domain.notices import Kind
from server.domain.registrations import GROUP, INDIVIDUAL, Status
from server.domain.tickets import ticket_number
from server.domain.turnout import Outcome
from server.domain.wording import full_day_text, weekday_text
from server.errors import Problem
from server.models import Candidate, Registration, Sitting, Ticket, Upload
from server.privacy import new_token, same, token_hash
from server.services.auditing import record
from server.services.decisions import decided
from server.services.limits import forgive, spend
from server.services.noticing import sitting_facts, tell_all
from server.services.one_by_one import one_by_one
from server.services.places import in_sitting
from server.services.sitting_list import book_of, known

BATCH = 500
_TAKING_PART = (Status.PAID, Status.CONCLUDED)
_PER_TICKET = ((5, timedelta(minutes=10)), (20, timedelta(days=1)))


def release_due(now: datetime) -> int:
    """Issue the tickets of every sitting whose day of release has come; the number issued."""
    with reading() as session:
        wanting = exists().where(
            Registration.sitting_id == Sitting.id,
            Registration.waiting_since.is_(None),
            Registration.status == Status.PAID.value,
            _ticketless(),
        )
        rows = session.scalars(select(Sitting).where(decided(Outcome.HELD), wanting).order_by(Sitting.id))
        due = [one.id for one in rows if one.day_fixed and served(one, now)]
    return sum(one_by_one("tickets", due, lambda sitting_id: _release(sitting_id, now)))


def _ticketless() -> ColumnElement[bool]:
    return ~exists().where(Ticket.registration_id == Registration.id, Ticket.voided_at.is_(None))


def served(sitting: Sitting, now: datetime) -> list[str]:
    """The channels of application whose people get their tickets by now: groups may have a day of their own."""
    if now >= end_of(sitting.assessed_last):
        return []
    groups = [GROUP] if start_of(sitting.group_ticket_from) <= now else []
    individuals = list(INDIVIDUAL) if start_of(sitting.ticket_from) <= now else []
    return individuals + groups


def _release(sitting_id: int, now: datetime) -> int:
    issued = 0
    while batch := _release_batch(sitting_id, now):
        issued += batch
    return issued


def _release_batch(sitting_id: int, now: datetime) -> int:
    """Issue up to BATCH tickets of one sitting and tell their holders, in one transaction."""
    with transaction() as session:
        sitting = session.scalars(select(Sitting).where(Sitting.id == sitting_id).with_for_update()).one()
        waiting = select(Registration.id).where(
            in_sitting(sitting_id, Status.PAID), Registration.channel.in_(served(sitting, now)), _ticketless()
        )
        chosen = list(session.scalars(waiting.order_by(Registration.id).limit(BATCH)))
        if not chosen:
            return 0
        last = session.scalar(select(func.max(Ticket.seat)).where(Ticket.sitting_id == sitting_id)) or 0
        for seat, registration_id in enumerate(chosen, start=last + 1):
            code = new_token()
            session.add(
                Ticket(
                    registration_id=registration_id,
                    sitting_id=sitting_id,
                    number=ticket_number(sitting.assessed_first.year, sitting_id, seat),
                    seat=seat,
                    code=code,
                    code_hash=token_hash(code),
                    issued_at=now,
                )
            )
        session.flush()
        useful = end_of(sitting.assessed_last)
        who = Registration.id.in_(chosen)
        # Each batch is a cause of its own: tickets that come out later, or anew, may be for another day than the first.
        key = f"tickets:{sitting_id}:{last + 1}"
        tell_all(session, Kind.TICKET_READY, key, sitting_facts(sitting), who, now, useful)
        return len(chosen)


@dataclass(frozen=True)
class Found:
    """A ticket with all that is printed on it, or that says why it is void."""

    ticket: Ticket
    registration: Registration
    candidate: Candidate
    sitting: Sitting
    #: the sitting that the registration points at now; another one after a postponement
    present: Sitting


def find_by_code(code: str) -> Found:
    """The ticket of a link, valid or void. Raises ticket_unknown."""
    with reading() as session:
        ticket = session.scalar(select(Ticket).where(Ticket.code_hash == token_hash(code)))
        if ticket is None:
            raise Problem("ticket_unknown")
        return _found(session, ticket)


def find_for(registration_id: int) -> Found | None:
    """The valid ticket of a registration, if it has one."""
    with reading() as session:
        valid = select(Ticket).where(Ticket.registration_id == registration_id, Ticket.voided_at.is_(None))
        ticket = session.scalar(valid)
        return None if ticket is None else _found(session, ticket)


def to_print(sitting_id: int, unit: str | None, actor: str, now: datetime) -> list[Found]:
    """The valid tickets of a sitting in the order of units and seats, or those of one unit alone, for the institution to print
    (由协会打印准考证并分发, 申报单位领取). Who took them is on record. Raises sitting_unknown."""
    with transaction() as session:
        known(session, sitting_id)
        rows = (
            select(Ticket)
            .join(Registration, Registration.id == Ticket.registration_id)
            .where(Ticket.sitting_id == sitting_id, Ticket.voided_at.is_(None))
            .where(Registration.status.in_([one.value for one in _TAKING_PART]))
            .order_by(Registration.unit, Ticket.seat)
        )
        chosen = rows if unit is None else rows.where(Registration.unit == unit)
        found = [_found(session, one) for one in session.scalars(chosen)]
        after = {"tickets": len(found), "unit": unit}
        record(session, now, actor, "tickets.printed", f"sitting:{sitting_id}", after=after)
        return found


def _found(session: Session, ticket: Ticket) -> Found:
    registration = session.get_one(Registration, ticket.registration_id)
    candidate = session.get_one(Candidate, registration.candidate_id)
    return Found(
        ticket, registration, candidate, known(session, ticket.sitting_id), known(session, registration.sitting_id)
    )


def open_by_digits(code: str, digits: str, now: datetime) -> Found:
    """A ticket's full content for whoever holds its link and knows the last four characters of the document number.

    Raises ticket_unknown, ticket_void, ticket_digits_wrong, too_many_requests.
    """
    found = find_by_code(code)
    bucket = f"ticket:{found.ticket.id}"
    spend(bucket, _PER_TICKET, now)
    if not same(found.candidate.document_number[-4:], digits.strip().upper()):
        raise Problem("ticket_digits_wrong")
    forgive(bucket, now)
    if not is_valid(found):
        raise Problem("ticket_void")
    return found


def is_valid(found: Found) -> bool:
    """A ticket counts while it is not void and its holder still takes part."""
    return found.ticket.voided_at is None and Status(found.registration.status) in _TAKING_PART


def ticket_page(found: Found, public_url: str) -> TicketPage:
    """What is printed. The photo is read here and nowhere else."""
    with reading() as session:
        photo = session.scalar(select(Upload.content).where(Upload.id == found.registration.photo_id))
    sitting, candidate, book = found.sitting, found.candidate, book_of(found.sitting)
    occupation = book.occupation(sitting.occupation)
    kind = DocumentType(candidate.document_type)
    return TicketPage(
        institution=book.institution.name,
        title=f"{sitting.assessed_first.year}年职业技能评价准考证",
        ticket_number=found.ticket.number,
        name=candidate.name,
        sex=candidate.sex,
        document_type=DOCUMENT_NAMES[kind],
        masked_document=masked_number(candidate.document_number),
        occupation=occupation.name,
        level_name=LEVEL_NAMES[sitting.level],
        subjects=tuple(subject_times(found)),
        place=sitting.place,
        photo=photo,
        link=ticket_link(found.ticket.code, public_url),
        rules=book.conduct.rules,
        phone=book.institution.telephone,
        issued_text=full_day_text(local_day(found.ticket.issued_at)),
        complaint_phone=book.institution.complaints[0],
    )


def subject_times(found: Found) -> list[SubjectTime]:
    """When and where each subject is, as printed."""
    return [
        SubjectTime(
            name=one["subject"],
            date_text=weekday_text(found.sitting.assessed_first + timedelta(days=one["day"] - 1)),
            time_text=f"{one['starts']}–{one['ends']}",
            room=one.get("room", ""),
            seat=f"{found.ticket.seat}号",
        )
        for one in found.sitting.timetable
    ]


def ticket_link(code: str, public_url: str) -> str:
    """The link that the QR code holds."""
    return f"{public_url}/t/{code}"
