"""Every row of the vendors' error tables, and what comes of it for the person: tried again and when, another way, or a doubt
that is looked up. Each vendor answers a whole batch at once, another code for each person."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select

from notifications.channels.aliyun_sms import AliyunSmsChannel, AliyunSmsSettings
from notifications.channels.contract import Channel
from notifications.channels.wechat import WeChatChannel
from notifications.dispatch.dispatcher import Dispatcher
from notifications.dispatch.plan import Templates, told_account
from notifications.dispatch.record import DOUBT, LATER, LOOK_UP_AFTER, SOON, STOPPED
from server.app import create_app
from server.clock import MovedClock
from server.config import Settings, development
from server.db import db, reading, transaction
from server.domain.notices import ChannelName, Kind
from server.domain.turnout import Outcome
from server.models import Account, Delivery, Grant, Notice, NoticeCause, Registration
from server.services import turnout
from server.services.making_sittings import load_sittings
from tests.channels import aliyun, tencent
from tests.channels.recorder import Recorded, Recorder
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id
from tests.wechat.platform import OK, SEND, Bench, refusal, token_answer

TOKEN_REFUSED = {"40001", "40014", "42001"}
DUE = at(2026, 3, 31, 9)
KIND = {Outcome.POSTPONED: Kind.POSTPONED, Outcome.HELD: Kind.HELD}


@dataclass(frozen=True)
class Came:
    """What came of one try: the state of its delivery and in how many seconds that is looked at again; for WeChat, in how
    many the text follows, and whether the credit may be used again."""

    state: str
    again_in: int | None = None
    text_in: int | None = None
    credit: bool = False


_soon, _later, _stopped = int(SOON[0]), int(LATER[0]), int(STOPPED.total_seconds())
_look_up, _doubt = int(LOOK_UP_AFTER.total_seconds()), int(DOUBT.total_seconds())

SOON_AGAIN, LATER_AGAIN, CLOSED = Came("queued", _soon), Came("queued", _later), Came("queued", _stopped)
NOT_THIS_PERSON, IN_DOUBT = Came("failed"), Came("unknown", _look_up)

TENCENT: dict[str, Came] = {
    # retry soon; what may have been sent is looked up first
    "InternalError.Timeout": IN_DOUBT,
    "InternalError.SendAndRecvFail": IN_DOUBT,
    "InternalError.OtherError": SOON_AGAIN,
    "RequestLimitExceeded": SOON_AGAIN,
    "RequestLimitExceeded.IPLimitExceeded": SOON_AGAIN,
    # retry later
    "LimitExceeded.PhoneNumberThirtySecondLimit": LATER_AGAIN,
    "LimitExceeded.PhoneNumberOneHourLimit": LATER_AGAIN,
    "LimitExceeded.PhoneNumberDailyLimit": LATER_AGAIN,
    "LimitExceeded.DeliveryFrequencyLimit": LATER_AGAIN,
    # stop the whole batch
    "FailedOperation.InsufficientBalanceInSmsPackage": CLOSED,
    "FailedOperation.SignatureIncorrectOrUnapproved": CLOSED,
    "FailedOperation.TemplateIncorrectOrUnapproved": CLOSED,
    "UnauthorizedOperation.SmsSdkAppIdVerifyFail": CLOSED,
    "AuthFailure.SignatureExpire": CLOSED,
    "LimitExceeded.AppDailyLimit": CLOSED,
    # this person only
    "InvalidParameterValue.IncorrectPhoneNumber": NOT_THIS_PERSON,
    "FailedOperation.PhoneNumberInBlacklist": NOT_THIS_PERSON,
    "FailedOperation.ContainSensitiveWord": NOT_THIS_PERSON,
    "InvalidParameterValue.ContentLengthLimit": NOT_THIS_PERSON,
}
ALIYUN: dict[str, Came] = {
    "isp.SYSTEM_ERROR": SOON_AGAIN,
    "Throttling.User": SOON_AGAIN,
    "isv.BUSINESS_LIMIT_CONTROL": LATER_AGAIN,
    "isv.OUT_OF_SERVICE": CLOSED,
    "isv.AMOUNT_NOT_ENOUGH": CLOSED,
    "isv.SMS_SIGNATURE_ILLEGAL": CLOSED,
    "isv.SMS_TEMPLATE_ILLEGAL": CLOSED,
    "isv.DAY_LIMIT_CONTROL": CLOSED,
    "isv.DENY_IP_RANGE": CLOSED,
    "isp.RAM_PERMISSION_DENY": CLOSED,
    "isv.MOBILE_NUMBER_ILLEGAL": NOT_THIS_PERSON,
    "isv.BLACK_KEY_CONTROL_LIMIT": NOT_THIS_PERSON,
    "isv.PARAM_LENGTH_LIMIT": NOT_THIS_PERSON,
    "isv.SMS_CONTENT_ILLEGAL": NOT_THIS_PERSON,
}

CARD_TAKEN = Came("accepted")
CARD_SOON = Came("queued", _soon, credit=True)
#: refused for good: the credit is gone, or worth nothing
TEXT_INSTEAD = Came("failed", text_in=0)
#: refused for a reason that has nothing to do with the credit
TEXT_AND_CREDIT = Came("failed", text_in=0, credit=True)
CARD_IN_DOUBT = Came("unknown", _look_up, text_in=_doubt)
WECHAT: dict[str, Came] = {
    "-1": CARD_SOON,
    "http 502": CARD_IN_DOUBT,
    "hung up": CARD_IN_DOUBT,
    # healed by another token; where it is refused for ever, see tests/processes/test_shared_token.py
    "40001": CARD_TAKEN,
    "40014": CARD_TAKEN,
    "42001": CARD_TAKEN,
    "43101": TEXT_INSTEAD,
    "40003": TEXT_INSTEAD,
    "40037": TEXT_AND_CREDIT,
    "41030": TEXT_AND_CREDIT,
    "47003": TEXT_INSTEAD,
    "45009": TEXT_AND_CREDIT,
    "43107": TEXT_AND_CREDIT,
    "43108": CARD_SOON,
    "45168": TEXT_INSTEAD,
}


@pytest.fixture(scope="module")
def folder(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """A folder with a fresh database, as often as it is asked for."""

    def fresh() -> Path:
        made = tmp_path_factory.mktemp("table")
        shutil.copy(sqlite_template, made / "jiping.sqlite")
        return made

    return fresh


@contextmanager
def decided(folder: Path, people: int, outcome: Outcome) -> Iterator[Flask]:
    """So many people who are to be told what was decided."""
    app = create_app(development(folder))
    clock: MovedClock = app.extensions["jiping_clock"]
    clock.stand_at(DUE)
    with app.app_context():
        load_sittings(at(2026, 2, 9))
        april = sitting_id(app, "2026-04")
        seed_paid(app, april, people)
        assert turnout.settle_by_hand(april, outcome, "staff:chen", "场地", DUE) is outcome
        with transaction() as session:
            template = settings_of(app).wechat_templates[KIND[outcome].value]
            given = {"template": template, "given_at": DUE, "confirmed": True}
            accounts = session.scalars(select(Account.id)).all()
            session.execute(insert(Grant), [given | {"account_id": one, "event": f"tap-{one}"} for one in accounts])
    yield app
    with app.app_context():
        db.engine.dispose()


def settings_of(app: Flask) -> Settings:
    settings: Settings = app.extensions["jiping_settings"]
    return settings


def drained(app: Flask, name: ChannelName, channel: Channel) -> None:
    settings = settings_of(app)
    templates: Templates = {ChannelName.SMS: settings.sms_templates, ChannelName.WECHAT: settings.wechat_templates}
    dispatcher = Dispatcher(app, app.extensions["jiping_clock"], {name: channel}, templates, senders=8)
    dispatcher.drain()
    dispatcher.close()


def what_came(app: Flask, name: ChannelName, codes: Sequence[str], order: Sequence[str]) -> dict[str, Came]:
    """By code, in the order of the people to whom they were said."""
    with app.app_context(), reading() as session:
        rows = select(Delivery, Account).join(Notice, Notice.id == Delivery.notice_id)
        rows = rows.join(NoticeCause).outerjoin(Registration, Registration.id == Notice.registration_id)
        rows = rows.join(Account, Account.id == told_account())
        found: dict[str, dict[str, Delivery]] = {}
        ids: dict[str, int] = {}
        for delivery, account in session.execute(rows):
            key = (account.openid if name is ChannelName.WECHAT else account.phone) or ""
            found.setdefault(key, {})[delivery.channel] = delivery
            ids[key] = account.id
        open_to = set(session.scalars(select(Grant.account_id).where(Grant.spent_at.is_(None))))
    return {code: _came(found[key], name, ids[key] in open_to) for code, key in zip(codes, order, strict=True)}


def _came(of: Mapping[str, Delivery], name: ChannelName, credit: bool) -> Came:
    tried = of[name.value]
    text = of.get(ChannelName.SMS.value) if name is ChannelName.WECHAT else None
    return Came(
        tried.state,
        _seconds(tried) if tried.state in {"queued", "unknown"} else None,
        _seconds(text) if text is not None else None,
        credit if name is ChannelName.WECHAT else False,
    )


def _seconds(delivery: Delivery) -> int:
    return int((delivery.next_at - DUE).total_seconds())


def in_turn(codes: Sequence[str]) -> tuple[dict[str, str], Callable[[str], str]]:
    """Gives each person a code of their own, in the order in which they are sent to; and who had which."""
    given: dict[str, str] = {}
    left = iter(codes)

    def code_of(person: str) -> str:
        if person not in given:
            given[person] = next(left)
        return given[person]

    return given, code_of


@pytest.fixture(scope="module")
def tencent_said(folder: Callable[[], Path]) -> dict[str, Came]:
    given, code_of = in_turn(list(TENCENT))

    def reply(request: Recorded) -> bytes:
        [number] = request.json["PhoneNumberSet"]
        return tencent.error(code_of(number.removeprefix("+86")))

    with decided(folder(), len(TENCENT), Outcome.POSTPONED) as app, Recorder(reply) as recorder:
        drained(app, ChannelName.SMS, tencent.channel(recorder))
        assert len(recorder.requests) == len(TENCENT)
        return what_came(app, ChannelName.SMS, list(given.values()), list(given))


@pytest.fixture(scope="module")
def aliyun_said(folder: Callable[[], Path]) -> dict[str, Came]:
    given, code_of = in_turn(list(ALIYUN))

    def reply(request: Recorded) -> bytes:
        return aliyun.error(code_of(aliyun.query(request)["PhoneNumbers"]))

    with decided(folder(), len(ALIYUN), Outcome.POSTPONED) as app, Recorder(reply) as recorder:
        templates = {kind.value: f"SMS_{place}" for place, kind in enumerate(Kind)}
        endpoint = f"http://127.0.0.1:{recorder.port}"
        settings = AliyunSmsSettings(aliyun.KEY_ID, aliyun.KEY_SECRET, "上海测试", templates, endpoint)
        drained(app, ChannelName.SMS, AliyunSmsChannel(settings))
        assert len(recorder.requests) == len(ALIYUN)
        return what_came(app, ChannelName.SMS, list(given.values()), list(given))


@pytest.fixture(scope="module")
def wechat_said(folder: Callable[[], Path]) -> dict[str, Came]:
    given, code_of = in_turn(list(WECHAT))

    def reply(request: Recorded) -> bytes:
        if SEND not in request.line:
            return token_answer("TOKEN-ONE" if not request.json["force_refresh"] else "TOKEN-TWO")
        code = code_of(request.json["touser"])
        if code in TOKEN_REFUSED and "TOKEN-TWO" in request.line:
            return OK
        if code == "hung up":
            return b""
        if code == "http 502":
            return b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
        return refusal(int(code), "argument invalid! data.thing1.value invalid" if code == "47003" else "refused")

    with decided(folder(), len(WECHAT), Outcome.HELD) as app, Recorder(reply) as recorder:
        drained(app, ChannelName.WECHAT, WeChatChannel(Bench(recorder).client, "formal"))
        return what_came(app, ChannelName.WECHAT, list(given.values()), list(given))


@pytest.mark.parametrize(("code", "came"), TENCENT.items(), ids=list(TENCENT))
def test_what_comes_of_each_code_of_the_first_carrier(tencent_said: dict[str, Came], code: str, came: Came) -> None:
    assert tencent_said[code] == came


@pytest.mark.parametrize(("code", "came"), ALIYUN.items(), ids=list(ALIYUN))
def test_what_comes_of_each_code_of_the_second_carrier(aliyun_said: dict[str, Came], code: str, came: Came) -> None:
    assert aliyun_said[code] == came


@pytest.mark.parametrize(("code", "came"), WECHAT.items(), ids=list(WECHAT))
def test_what_comes_of_each_errcode_of_wechat(wechat_said: dict[str, Came], code: str, came: Came) -> None:
    assert wechat_said[code] == came
