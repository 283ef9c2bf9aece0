"""Many people at once, straight into the tables: for what is about numbers and not about how somebody registers."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from server.config import Settings
from server.db import Base, field_cipher, transaction
from server.domain.identity import check_digit
from server.domain.notices import Kind
from server.domain.registrations import MINI_PROGRAM, Action, Status
from server.models import Account, Candidate, Grant, LedgerEntry, Registration, RegistrationMove, Sitting, Upload
from server.rulebooks.catalogue import catalogue
from tests.people import portrait

_SINCE = datetime(2026, 3, 1, tzinfo=UTC)
_ELDEST = date(1970, 1, 1)
_RECEIVED = date(2026, 3, 24)


def sitting_id(app: Flask, month: str, occupation: str = "hr", level: int = 4) -> int:
    """The sitting of a month (YYYY-MM)."""
    wanted = (Sitting.month == month, Sitting.occupation == occupation, Sitting.level == level)
    with app.app_context(), transaction() as session:
        return session.scalars(select(Sitting.id).where(*wanted)).one()


def seeded_phone(serial: int) -> str:
    """The phone of the seeded person with this number."""
    return f"139{serial:08d}"


def seed_paid(
    app: Flask,
    sitting: int,
    count: int,
    *,
    grants: int = 0,
    openids: Sequence[str] = (),
    status: Status = Status.PAID,
    channel: str = MINI_PROGRAM,
    received: date = _RECEIVED,
) -> list[int]:
    """So many people with a paid registration for a sitting; the registrations' ids, in order.

    The first `grants` of them hold one WeChat credit for the news of a postponement; `openids` names their accounts
    where a carrier must know them. Who applied by another channel than the mini-program has no WeChat. With another
    status than paid there is nothing in the ledger.
    """
    with app.app_context(), transaction() as session:
        first = (session.scalar(select(func.max(Candidate.id))) or 0) + 1
        serials = range(first, first + count)
        candidates = _insert(session, Candidate, [_candidate(serial) for serial in serials])
        on_phones = [*openids, *(f"seeded-{serial}" for serial in serials)][:count]
        names = on_phones if channel == MINI_PROGRAM else [None] * count
        accounts = _insert(session, Account, [_account(*row) for row in zip(names, serials, candidates, strict=True)])
        pairs = zip(serials, candidates, accounts, strict=True)
        photo = _insert(session, Upload, [_photo(candidates[0])])[0]  # one for all: its picture is not the point here
        shared = _shared(session.get_one(Sitting, sitting))
        shared |= {"status": status.value, "photo_id": photo, "channel": channel}
        made = _insert(session, Registration, [shared | _own(*row) for row in pairs])
        if status is Status.PAID:
            session.execute(insert(LedgerEntry), [_payment(one, shared["fee_fen"], received) for one in made])
        if grants:
            settings: Settings = app.extensions["jiping_settings"]
            template = settings.wechat_templates[Kind.POSTPONED.value]
            session.execute(insert(Grant), [_grant(one, template) for one in accounts[:grants]])
        return made


def seed_expired(app: Flask, sitting: int) -> int:
    """Somebody approved whose money nobody had recorded when the payment window was over."""
    [made] = seed_paid(app, sitting, 1, status=Status.EXPIRED)
    steps = {"from_status": Status.APPROVED.value, "to_status": Status.EXPIRED.value, "actor": "scheduler"}
    with app.app_context(), transaction() as session:
        session.add(RegistrationMove(registration_id=made, at=_SINCE, action=Action.EXPIRE.value, reason="", **steps))
    return made


def _insert(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> list[int]:
    key = table.__table__.c.id
    return list(session.scalars(insert(table).returning(key, sort_by_parameter_order=True), rows))


def _candidate(serial: int) -> dict[str, Any]:
    born = _ELDEST + timedelta(days=serial // 1000)
    seventeen = f"999999{born:%Y%m%d}{serial % 1000:03d}"
    number, phone = seventeen + check_digit(seventeen), seeded_phone(serial)
    return {
        "document_type": "id_card",
        "document_number": number,
        "document_index": field_cipher().index(f"id_card:{number}", "document"),
        "name": "王芳",
        "sex": "女" if serial % 1000 % 2 == 0 else "男",
        "born": born,
        "phone": phone,
        "phone_index": field_cipher().index(phone, "phone"),
        "created_at": _SINCE,
        "unprintable": "",
    }


def _account(openid: str | None, serial: int, candidate: int) -> dict[str, Any]:
    phone = seeded_phone(serial)
    return {
        "openid": openid,
        "candidate_id": candidate,
        "phone": phone,
        "phone_index": field_cipher().index(phone, "phone"),
        "phone_verified_at": _SINCE,
        "created_at": _SINCE,
    }


def _photo(candidate: int) -> dict[str, Any]:
    return {
        "candidate_id": candidate,
        "kind": "photo",
        "content": portrait(),
        "digest": b"0" * 32,
        "size": len(portrait()),
        "width": 413,
        "height": 579,
        "created_at": _SINCE,
    }


def _shared(sitting: Sitting) -> dict[str, Any]:
    level = catalogue().book(sitting.rulebook, sitting.edition).occupation(sitting.occupation).level(sitting.level)
    return {
        "sitting_id": sitting.id,
        "institution": sitting.institution,
        "unit": "",
        "rulebook": sitting.rulebook,
        "edition": sitting.edition,
        "occupation": sitting.occupation,
        "level": sitting.level,
        "version": 1,
        "alternative": "4.1",
        "claims": {"work": [{"since": "2010-01-01", "until": None}]},
        "verdict": {},
        "paper_certificate": False,
        "fee_fen": level.fee.fen,
        "declared_at": _SINCE,
        "applied_at": _SINCE,
    }


def _own(serial: int, candidate: int, account: int) -> dict[str, Any]:
    return {"number": f"S{serial:07d}", "candidate_id": candidate, "account_id": account}


def _payment(registration: int, fen: int, received: date) -> dict[str, Any]:
    return {
        "registration_id": registration,
        "kind": "payment",
        "amount_fen": fen,
        "value_date": received,
        "bank_reference": f"seeded-{registration}",
        "actor": "staff:lin",
        "at": _SINCE,
        "note": "",
    }


def _grant(account: int, template: str) -> dict[str, Any]:
    return {
        "account_id": account,
        "template": template,
        "event": f"seeded-{account}",
        "given_at": _SINCE,
        "confirmed": True,
    }
