"""Messages by hand (人工通知): a clerk types a text for the people of one sitting, and another clerk confirms it."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, distinct, exists, func, select
from sqlalchemy.orm import Session

from server.db import reading, transaction
from server.domain.days import end_of
from server.domain.notices import Kind
from server.domain.quiet_hours import ring_from
from server.domain.registrations import LIVE, Status
from server.domain.typed_words import WordsRefused, checked
from server.errors import Problem
from server.models import Account, Grant, HandMessage, NoticeCause, Registration, Sitting
from server.services.auditing import record, require_reason
from server.services.noticing import sitting_facts, tell_all
from server.services.places import in_sitting
from server.services.sitting_list import known, locked_sitting

#: what the card says instead of the words, for which it has no room
BY_SMS = "详情见短信或致电咨询"


class Whom(StrEnum):
    """Which of a sitting's people."""

    LIVE = "live"  # 有效申报
    PAID = "paid"  # 已缴费
    UNPAID = "unpaid"  # 有效申报中尚未缴费的


WHOM_NAMES = {Whom.LIVE: "全部有效申报", Whom.PAID: "已缴费", Whom.UNPAID: "尚未缴费"}
_STATUSES = {
    Whom.LIVE: tuple(sorted(LIVE)),
    Whom.PAID: (Status.PAID,),
    Whom.UNPAID: tuple(sorted(LIVE - {Status.PAID})),
}


@dataclass(frozen=True)
class Preview:
    """A draft with what would come of it if it were confirmed now.

    facts: what its wording is filled with. without_phone: people who can be told by a card at most. with_credit: accounts
    that hold a WeChat credit for it. rings_at: when it is sent, the quiet hours heeded.
    """

    message: HandMessage
    sitting: Sitting
    facts: dict[str, Any]
    people: int
    without_phone: int
    with_credit: int
    rings_at: datetime


def draft(sitting_id: int, whom: Whom, heading: str, words: str, author: str, now: datetime) -> int:
    """Keep what a clerk typed, checked against what carriers refuse; its number. Nothing is sent yet.

    Raises sitting_unknown, message_sitting_over, and the codes of `typed_words.checked`.
    """
    try:
        heading, words = checked(heading, words)
    except WordsRefused as refused:
        raise Problem(refused.code) from None
    with transaction() as session:
        _require_open(known(session, sitting_id), now)
        made = HandMessage(
            sitting_id=sitting_id,
            whom=whom.value,
            heading=heading,
            words=words,
            digest=hashlib.sha256(f"{heading}\n{words}".encode()).hexdigest(),
            author=author,
            drafted_at=now,
        )
        session.add(made)
        session.flush()
        _write_down(session, made, "message.drafted", author, now)
        return made.id


def preview(message_id: int, template: str | None, now: datetime) -> Preview:
    """What a draft would say, to how many, and when. `template`: the card's, by which credits are counted.

    Raises message_unknown.
    """
    with reading() as session:
        found = _known(session, message_id)
        sitting, who = known(session, found.sitting_id), _who(found)
        mine = select(func.count()).select_from(Registration).where(who)
        phone = exists().where(Account.id == Registration.account_id, Account.phone_index.is_not(None))
        credit = (
            select(func.count(distinct(Registration.account_id)))
            .join(Grant, Grant.account_id == Registration.account_id)
            .where(who, Grant.template == (template or ""), Grant.spent_at.is_(None))
        )
        return Preview(
            found,
            sitting,
            _facts(found, sitting),
            session.scalar(mine) or 0,
            session.scalar(mine.where(~phone)) or 0,
            session.scalar(credit) or 0,
            ring_from(now, end_of(_last_day(sitting)), None),
        )


def confirm(message_id: int, actor: str, now: datetime) -> int | None:
    """Send a draft: one cause, and a notice for each whom it concerns at this moment; how many.

    None where it was confirmed before: nothing changes. Never by its author. Raises message_unknown, message_author,
    message_dropped, message_sitting_over, message_nobody.
    """
    with transaction() as session:
        found, sitting = _locked(session, message_id)
        if _same_person(found.author, actor):
            raise Problem("message_author")
        if found.dropped_at is not None:
            raise Problem("message_dropped")
        if found.confirmed_at is not None:
            return None
        _require_open(sitting, now)
        key, useful = f"message:{found.id}", end_of(_last_day(sitting))
        people = tell_all(session, Kind.BY_HAND, key, _facts(found, sitting), _who(found), now, useful)
        if people == 0:
            raise Problem("message_nobody")
        written = (NoticeCause.kind == Kind.BY_HAND.value, NoticeCause.key == key)
        found.cause_id = session.scalars(select(NoticeCause.id).where(*written)).one()
        found.confirmed_by, found.confirmed_at, found.people = actor, now, people
        _write_down(session, found, "message.confirmed", actor, now)
        return people


def drop(message_id: int, actor: str, reason: str, now: datetime) -> bool:
    """Give a draft up, whoever wrote it; False where that was done before.

    Raises message_unknown, message_confirmed, reason_needed.
    """
    require_reason(reason)
    with transaction() as session:
        found, _ = _locked(session, message_id)
        if found.confirmed_at is not None:
            raise Problem("message_confirmed")
        if found.dropped_at is not None:
            return False
        found.dropped_by, found.dropped_at = actor, now
        _write_down(session, found, "message.dropped", actor, now, reason)
        return True


def messages(sitting_id: int | None = None) -> list[tuple[HandMessage, Sitting]]:
    """Every message by hand with its sitting, the newest first; of one sitting where one is named."""
    rows = select(HandMessage, Sitting).join(Sitting, Sitting.id == HandMessage.sitting_id)
    if sitting_id is not None:
        rows = rows.where(HandMessage.sitting_id == sitting_id)
    with reading() as session:
        return [(one, sitting) for one, sitting in session.execute(rows.order_by(HandMessage.id.desc()))]


def _known(session: Session, message_id: int) -> HandMessage:
    found = session.get(HandMessage, message_id)
    if found is None:
        raise Problem("message_unknown")
    return found


def _locked(session: Session, message_id: int) -> tuple[HandMessage, Sitting]:
    """The sitting first, as whoever moves its people does: those who are told are those who are in it now."""
    sitting = locked_sitting(session, _known(session, message_id).sitting_id)
    row = select(HandMessage).where(HandMessage.id == message_id).with_for_update()
    return session.scalars(row.execution_options(populate_existing=True)).one(), sitting


def _same_person(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _last_day(sitting: Sitting) -> date:
    """A day that is only proposed is over with the last one on which it may be set."""
    return sitting.assessed_last if sitting.day_fixed else max(sitting.assessed_last, sitting.among_last)


def _require_open(sitting: Sitting, now: datetime) -> None:
    if now >= end_of(_last_day(sitting)):
        raise Problem("message_sitting_over")


def _who(message: HandMessage) -> ColumnElement[bool]:
    return in_sitting(message.sitting_id, *_STATUSES[Whom(message.whom)])


def _facts(message: HandMessage, sitting: Sitting) -> dict[str, Any]:
    return sitting_facts(sitting) | {
        "heading": message.heading,
        "words": message.words,
        "hint": BY_SMS,
        "number": "",
    }


def _write_down(
    session: Session, message: HandMessage, action: str, actor: str, now: datetime, reason: str = ""
) -> None:
    """The words stand in the message; here their digest, so that nobody can say later that they were others."""
    told = {"message": message.id, "whom": message.whom, "author": message.author, "digest": message.digest}
    told |= {"people": message.people} if message.people is not None else {}
    record(session, now, actor, action, f"sitting:{message.sitting_id}", after=told, reason=reason)
