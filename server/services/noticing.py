"""Write notices: in the transaction that causes them, one cause for all whom it concerns, one row a person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, insert, literal, select, true, update
from sqlalchemy.orm import Session

from server.db import UtcDateTime
from server.domain.days import end_of
from server.domain.money import yuan
from server.domain.notices import VERSIONS, Kind
from server.domain.quiet_hours import daytime, ring_from
from server.domain.registrations import GROUP
from server.domain.wording import full_day_text, subject_short, subject_text
from server.models import Delivery, Notice, NoticeCause, Registration, Sitting
from server.services.sitting_list import book_of, dates_of, when


@dataclass(frozen=True)
class Limit:
    """The last day on which it is in time to know something, and from when clerks telephone those not yet told."""

    tell_by: date
    call_from: date


def limit_of(sitting: Sitting) -> Limit:
    """Whoever is to come to this sitting, or not to come, must know it by then (认定考核前10日前通知)."""
    telling = book_of(sitting).turnout.telling
    tell_by = dates_of(sitting).tell_by(telling.days_before)
    return Limit(tell_by, tell_by - timedelta(days=telling.telephone_days_before_that))


def sitting_facts(sitting: Sitting, channel: str = "") -> dict[str, Any]:
    """What any message about a sitting may say of it, to those who applied by a channel.

    Several institutions may share one signature, so whoever is to be called is named.
    """
    book, ticket_from = book_of(sitting), dates_of(sitting, channel).ticket_from
    occupation = book.occupation(sitting.occupation).name
    return {
        "subject": subject_text(occupation, sitting.level),
        "subject_short": subject_short(occupation, sitting.level),
        "days": when(sitting),
        "place": sitting.place,
        "pay_first": full_day_text(sitting.pay_first),
        "pay_last": full_day_text(sitting.pay_last),
        "ticket_from": f"{full_day_text(ticket_from)}起提供" if sitting.day_fixed else "日期另行通知",
        "telephone": f"{book.institution.name}{book.institution.telephone}",
    }


def registration_facts(registration: Registration, sitting: Sitting) -> dict[str, Any]:
    """What a message about one registration may say of it."""
    return sitting_facts(sitting, registration.channel) | {
        "number": registration.number,
        "fee": yuan(registration.fee_fen),
    }


def tell_one(
    session: Session, kind: Kind, registration: Registration, sitting: Sitting, now: datetime, **facts: Any
) -> None:
    """One registration's own news, of use until the sitting is over, in daytime."""
    tell_one_between(session, kind, registration, sitting, now, daytime(now), end_of(sitting.assessed_last), facts)


def tell_one_between(
    session: Session,
    kind: Kind,
    registration: Registration,
    sitting: Sitting,
    now: datetime,
    due_at: datetime,
    useful_until: datetime,
    facts: dict[str, Any],
    key: str = "",
) -> None:
    """The same, due at an instant of its own and of use until another. Each change of the registration is a cause of its
    own, by its version; what leaves the registration as it is needs a `key`."""
    cause = _cause(
        session,
        kind,
        key or f"registration:{registration.id}:{registration.version}",
        registration_facts(registration, sitting) | facts,
        now,
        useful_until,
    )
    session.add(Notice(cause_id=cause.id, registration_id=registration.id, state="new", due_at=due_at))


def tell_account(
    session: Session, kind: Kind, account_id: int, key: str, facts: dict[str, Any], now: datetime, useful: timedelta
) -> None:
    """Something that is not about a registration, such as a code."""
    cause = _cause(session, kind, key, facts, now, now + useful, account_id=account_id)
    session.add(Notice(cause_id=cause.id, state="new", due_at=now))


def tell_all(
    session: Session,
    kind: Kind,
    key: str,
    facts: dict[str, Any],
    who: ColumnElement[bool],
    now: datetime,
    useful_until: datetime,
    *,
    limit: Limit | None = None,
) -> int:
    """One row for each registration that `who` selects and that this cause has not told yet; the number written.

    It waits for the day, unless that would make it too late. `limit`: until when it must be known. It is one
    INSERT … SELECT, whatever the number of people: nothing is loaded, and memory stays flat.
    """
    cause = session.scalar(select(NoticeCause).where(NoticeCause.kind == kind.value, NoticeCause.key == key))
    if cause is None:
        # Nobody can have been told of what is new, and asking the table row by row while it grows costs the square.
        cause = _cause(session, kind, key, facts, now, useful_until, limit)
        untold: ColumnElement[bool] = true()
    else:
        told = exists().where(Notice.cause_id == cause.id, Notice.registration_id == Registration.id)
        untold = ~told
    rows = select(
        literal(cause.id),
        Registration.id,
        literal("new"),
        literal(ring_from(now, useful_until, limit.tell_by if limit else None), UtcDateTime),
    ).where(who, untold)
    columns = ["cause_id", "registration_id", "state", "due_at"]
    added = insert(Notice).from_select(columns, rows).execution_options(preserve_rowcount=True)
    written: int = session.execute(added).rowcount  # type: ignore[attr-defined] # a cursor's
    return written


def tell_everybody_in(
    session: Session,
    kind: Kind,
    key: str,
    sitting: Sitting,
    who: ColumnElement[bool],
    now: datetime,
    *,
    limit: Limit | None = None,
    **facts: Any,
) -> None:
    """The same about a sitting, to those of its people whom `who` selects. Where individuals and groups get their tickets on
    different days, each hear their own."""
    groups, useful = Registration.channel == GROUP, end_of(sitting.assessed_last)
    causes = [(key, "", who)]
    if sitting.group_ticket_from != sitting.ticket_from:
        causes = [(key, "", and_(who, ~groups)), (f"{key}:{GROUP}", GROUP, and_(who, groups))]
    for name, channel, whom in causes:
        told = sitting_facts(sitting, channel) | facts
        tell_all(session, kind, name, told, whom, now, useful, limit=limit)


def _cause(
    session: Session,
    kind: Kind,
    key: str,
    facts: dict[str, Any],
    now: datetime,
    useful_until: datetime,
    limit: Limit | None = None,
    account_id: int | None = None,
) -> NoticeCause:
    cause = NoticeCause(
        kind=kind.value,
        account_id=account_id,
        key=key,
        facts=facts,
        wording=VERSIONS[kind],
        created_at=now,
        useful_until=useful_until,
        tell_by=limit.tell_by if limit else None,
        call_from=limit.call_from if limit else None,
    )
    session.add(cause)
    session.flush()
    return cause


def cancel_unsent(session: Session, kinds: tuple[Kind, ...], who: ColumnElement[bool]) -> None:
    """What has not been sent yet and is no longer so, is not sent."""
    causes = select(NoticeCause.id).where(NoticeCause.kind.in_([kind.value for kind in kinds]))
    theirs = (Notice.cause_id.in_(causes), Notice.registration_id.in_(select(Registration.id).where(who)))
    waiting = select(Notice.id).where(*theirs)
    queued = (Delivery.notice_id.in_(waiting), Delivery.state == "queued")
    session.execute(update(Delivery).where(*queued).values(state="cancelled", last_code="no_longer_so"))
    session.execute(update(Notice).where(*theirs, Notice.state == "new").values(state="cancelled"))
