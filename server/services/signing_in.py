"""Signing in with WeChat, and the phone number that notices go to."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.db import field_cipher, insert_new, reading, transaction
from server.domain.identity import BadIdentity, masked_phone, read_phone
from server.domain.notices import Kind
from server.errors import Problem
from server.models import Account, Candidate, PhoneCode, SignIn
from server.privacy import new_token, same, token_hash
from server.services.auditing import record
from server.services.limits import spend, spend_together
from server.services.noticing import tell_account
from server.services.signing_out import end_sign_ins, whose
from server.turns import NoTurn, Turns
from server.wechat import FaultKind, WeChat, WeChatFault

SIGN_IN_LASTS = timedelta(days=30)
CODE_LASTS = timedelta(minutes=5)
CODE_TRIES = 5
PER_PHONE = ((1, timedelta(minutes=1)), (5, timedelta(hours=1)), (10, timedelta(days=1)))
#: Of the sixteen requests that a web process serves at a time so many may ask WeChat, and so many more wait for a turn;
#: where WeChat is silent, the others are left for every page that does not need it.
AT_WECHAT, IN_LINE = 8, 4
_TURNS_TO_ASK = Turns(AT_WECHAT, IN_LINE, within_seconds=1.0)
_PER_ACCOUNT = ((5, timedelta(hours=1)), (15, timedelta(days=1)))


@dataclass(frozen=True)
class SignedIn:
    """A new sign-in. The token is shown once; the database keeps its fingerprint."""

    token: str
    expires_at: datetime
    account_id: int


def wechat() -> WeChat:
    client: WeChat = current_app.extensions["jiping_wechat"]
    return client


@contextmanager
def _asking_wechat() -> Iterator[WeChat]:
    """A turn to ask WeChat something. Raises wechat_busy where none comes, and for what WeChat refuses what _problem says."""
    try:
        with _TURNS_TO_ASK.one():
            yield wechat()
    except NoTurn:
        raise Problem("wechat_busy") from None
    except WeChatFault as fault:
        raise _problem(fault) from None


def sign_in(js_code: str, now: datetime) -> SignedIn:
    """Sign in with the code of wx.login. Raises wechat_code_wrong, wechat_blocked, wechat_busy."""
    with _asking_wechat() as client:
        identity = client.code_to_identity(js_code)
    with transaction() as session:
        return signed_in(session, _account(session, identity.openid, now).id, now)


def signed_in(session: Session, account_id: int, now: datetime) -> SignedIn:
    """A new token for an account."""
    token, expires = new_token() + new_token(), now + SIGN_IN_LASTS
    session.add(SignIn(token_hash=token_hash(token), account_id=account_id, created_at=now, expires_at=expires))
    return SignedIn(token, expires, account_id)


def account_of(token: str, now: datetime) -> Account | None:
    """Whose token this is, or None where it is unknown, revoked or too old."""
    good = (SignIn.token_hash == token_hash(token), SignIn.revoked_at.is_(None), SignIn.expires_at > now)
    with reading() as session:
        return session.scalar(select(Account).join(SignIn, SignIn.account_id == Account.id).where(*good))


def _account(session: Session, openid: str, now: datetime) -> Account:
    """The account of an openid, made on its first sign-in; two first sign-ins at once make one."""
    insert_new(session, Account, openid=openid, created_at=now)
    return session.scalars(select(Account).where(Account.openid == openid)).one()


def _problem(fault: WeChatFault) -> Problem:
    if fault.kind is FaultKind.CODE_USED_OR_WRONG:
        return Problem("wechat_code_wrong")
    if fault.kind is FaultKind.FOREIGN_NUMBER:
        return Problem("phone_abroad")
    return Problem("wechat_blocked" if fault.kind is FaultKind.BLOCKED_USER else "wechat_busy")


def set_phone_by_wechat(account_id: int, code: str, now: datetime, token: str = "") -> None:
    """Take the phone that WeChat verified; `token` is the sign-in that asks, which goes on. Raises wechat_code_wrong, wechat_busy, phone_abroad,
    too_many_requests."""
    spend(f"wechat-phone:{account_id}", _PER_ACCOUNT, now)
    with _asking_wechat() as client:
        number = client.phone_number(code)
    try:
        phone = read_phone(number)
    except BadIdentity:
        raise Problem("phone_abroad") from None
    with transaction() as session:
        set_phone(session, account_id, phone, now, token)


def send_phone_code(account_id: int, typed: str, now: datetime) -> None:
    """Send a code to a phone. Raises phone_shape, too_many_requests."""
    phone = typed_phone(typed)
    index = field_cipher().index(phone, "phone")
    spend_together({f"phone-code:{index}": PER_PHONE, f"phone-code-account:{account_id}": _PER_ACCOUNT}, now)
    with transaction() as session:
        new_code(session, account_id, phone, now)


def new_code(session: Session, account_id: int, phone: str, now: datetime) -> None:
    """Make a code for an account and a phone, and have it sent there."""
    index, code = field_cipher().index(phone, "phone"), f"{secrets.randbelow(1_000_000):06d}"
    sent = PhoneCode(
        account_id=account_id,
        phone_index=index,
        code_hash=_code_hash(account_id, index, code),
        created_at=now,
        expires_at=now + CODE_LASTS,
    )
    session.add(sent)
    session.flush()
    facts: dict[str, Any] = {"code": code, "minutes": str(CODE_LASTS.seconds // 60), "to_phone": phone}
    tell_account(session, Kind.SIGN_IN_CODE, account_id, f"phone_code:{sent.id}", facts, now, CODE_LASTS)


def set_phone_by_code(account_id: int, typed: str, code: str, now: datetime, token: str = "") -> None:
    """Take the phone to which a code was sent; `token` is the sign-in that asks, which goes on. Raises phone_shape, phone_code_wrong,
    phone_code_tries."""
    phone = typed_phone(typed)
    with transaction() as session:
        refusal = use_code(session, account_id, phone, code, now)
        if refusal is None:
            set_phone(session, account_id, phone, now, token)
    # Raised after the commit: a wrong try must be counted.
    if refusal is not None:
        raise refusal


def use_code(session: Session, account_id: int, phone: str, code: str, now: datetime) -> Problem | None:
    """Use up the code that was sent last, or count a wrong try: the refusal then, to be raised after the commit."""
    sent = right_code(session, account_id, phone, code, now)
    if isinstance(sent, Problem):
        return sent
    sent.used_at = now
    return None


def right_code(session: Session, account_id: int, phone: str, code: str, now: datetime) -> PhoneCode | Problem:
    """The code that was sent last, where it is this one, to be used up by the caller; or else a wrong try is counted, and
    the refusal is to be raised after the commit."""
    index = field_cipher().index(phone, "phone")
    latest = session.scalars(
        select(PhoneCode)
        .where(PhoneCode.account_id == account_id, PhoneCode.phone_index == index)
        .order_by(PhoneCode.id.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if latest is None:
        return Problem("phone_code_wrong")
    return _refusal(latest, _code_hash(account_id, index, code), now) or latest


def _refusal(sent: PhoneCode, code_hash: str, now: datetime) -> Problem | None:
    if sent.used_at is not None or sent.expires_at <= now:
        return Problem("phone_code_wrong")
    if sent.wrong_tries >= CODE_TRIES:
        return Problem("phone_code_tries")
    if not same(sent.code_hash, code_hash):
        sent.wrong_tries += 1
        return Problem("phone_code_wrong")
    return None


def set_phone(session: Session, account_id: int, phone: str, now: datetime, token: str = "") -> None:
    """Make a verified phone the account's, and its candidate's.

    Where it takes another's place, the sign-ins end but for this token's: the other may have been lost or given away.
    """
    # The account before its candidate, as in save_particulars: the other way round each would wait for the other.
    account = session.get_one(Account, account_id, with_for_update=True)
    before, index = account.phone, field_cipher().index(phone, "phone")
    changed = account.phone_index != index
    account.phone, account.phone_index = phone, index
    account.phone_verified_at = now
    if account.candidate_id is not None:
        candidate = session.get_one(Candidate, account.candidate_id)
        candidate.phone, candidate.phone_index = phone, index
    if changed:
        ended = 0 if before is None else end_sign_ins(session, account, now, but=token)
        told = {"phone": masked_phone(phone), "sign_ins_ended": ended}
        was = None if before is None else {"phone": masked_phone(before)}
        record(session, now, f"account:{account_id}", "phone.changed", whose(account), before=was, after=told)


def typed_phone(typed: str) -> str:
    """A phone number as it is kept. Raises phone_shape."""
    try:
        return read_phone(typed)
    except BadIdentity as fault:
        raise Problem(fault.code) from None


def _code_hash(account_id: int, phone_index: str, code: str) -> str:
    return field_cipher().index(f"{account_id}:{phone_index}:{code}", "phone-code")
