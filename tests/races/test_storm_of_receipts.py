"""Receipts and events that come many times, at once and in any order: what stands at the end depends on which came alone."""

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from notifications.channels.contract import Answer, Receipt
from notifications.channels.contract import Outcome as Sent
from notifications.channels.tencent_receipts import pulled_receipt
from notifications.dispatch.claim import claim_due
from notifications.dispatch.plan import plan_due
from notifications.dispatch.record import record_answers
from notifications.receipts import apply_receipts
from server.clock import MovedClock
from server.config import Settings
from server.db import reading, transaction
from server.domain.days import SHANGHAI
from server.domain.notices import ChannelName
from server.domain.turnout import Outcome
from server.local import sandbox_settings
from server.models import Account, Delivery, Grant, VendorEvent
from server.sandbox.wechat_push import encrypt, signature
from server.services import turnout
from tests.conftest import at
from tests.races.crowd import at_once, within
from tests.races.hold_up import held_up_before_writing
from tests.seeding import seed_paid, sitting_id

DUE = at(2026, 3, 31, 9)
EARLY, LATE = DUE + timedelta(minutes=1), DUE + timedelta(minutes=7)
TIMES, ROUNDS, THREADS = 3, 8, 8
Push = Callable[[], int]


@dataclass(frozen=True)
class Said:
    """One thing that a carrier says of a text."""

    delivered: bool
    at: datetime


YES, LATER_YES, NO, LATER_NO = Said(True, EARLY), Said(True, LATE), Said(False, EARLY), Said(False, LATE)
#: what is said of each text, and what therefore stands at the end: its state and when it was confirmed
TRUTHS: list[tuple[tuple[Said, ...], str, datetime | None]] = [
    ((YES,), "delivered", EARLY),
    ((LATER_YES,), "delivered", LATE),
    ((NO,), "failed", None),
    ((YES, LATER_NO), "delivered", EARLY),
    ((NO, LATER_YES), "delivered", LATE),
    ((YES, LATER_YES), "delivered", EARLY),
    ((NO, LATER_NO, LATER_YES), "delivered", LATE),
    ((), "accepted", None),
]


@dataclass(frozen=True)
class Text:
    """A text that one of the carriers took."""

    id: int
    second: bool

    @property
    def reference(self) -> str:
        """As it is recorded."""
        return f"aliyun:{self.id}^0" if self.second else f"2640:{self.id}"


@pytest.fixture
def texts(app: Flask) -> list[Text]:
    """As many texts as there are truths at either carrier, all of them taken."""
    april = sitting_id(app, "2026-04")
    seed_paid(app, april, 2 * len(TRUTHS))
    MovedClock(settings_of(app).data_dir / "clock.json").stand_at(DUE)
    with app.app_context():
        assert turnout.settle_by_hand(april, Outcome.POSTPONED, "staff:chen", "场地", DUE) is Outcome.POSTPONED
        assert plan_due(templates(app), DUE) == 2 * len(TRUTHS)
        with reading() as session:
            ids = session.scalars(select(Delivery.id).order_by(Delivery.id)).all()
    return [Text(one, place >= len(TRUTHS)) for place, one in enumerate(ids)]


def settings_of(app: Flask) -> Settings:
    settings: Settings = app.extensions["jiping_settings"]
    return settings


def templates(app: Flask) -> dict[ChannelName, Any]:
    return {ChannelName.SMS: settings_of(app).sms_templates, ChannelName.WECHAT: {}}


def taken_anew(app: Flask, texts: Sequence[Text]) -> None:
    """All texts taken by their carriers, and nothing said of any."""
    with app.app_context(), transaction() as session:
        session.execute(delete(VendorEvent))
        for one in texts:
            values = {
                "state": "accepted",
                "accepted_at": DUE,
                "confirmed_at": None,
                "vendor_reference": one.reference,
            }
            session.execute(update(Delivery).where(Delivery.id == one.id).values(**values))


def row(text: Text, said: Said, *, with_ours: bool) -> dict[str, Any]:
    """A receipt as its carrier pushes it, with our reference or with the carrier's number alone."""
    ours, local = (str(text.id) if with_ours else ""), f"{said.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    if text.second:
        words = {"success": said.delivered, "err_code": "DELIVERED" if said.delivered else "MK:0001"}
        return words | {"report_time": local, "biz_id": f"{text.id}^0", "out_id": ours}
    words = {"report_status": "SUCCESS" if said.delivered else "FAIL", "errmsg": "DELIVRD" if said.delivered else "X"}
    return words | {"user_receive_time": local, "sid": text.reference, "ext": ours}


ODD: list[Any] = [{}, 7, None, {"sid": ""}, {"report_status": "MAYBE"}, {"biz_id": 7, "success": "yes"}]
STRANGERS = [Text(999_999, False), Text(999_999, True), Text(10**14, False), Text(10**14, True)]


def pushes(app: Flask, texts: Sequence[Text], dice: random.Random) -> list[Push]:
    """Everything that is said, each thing several times, mixed with what concerns nobody and what nobody can read; in
    batches as the carriers make them, and some of the first carrier's as it hands them out."""
    # One event bears one name: whether Alibaba's brings our reference or not is the same for all its repetitions.
    told = [
        row(text, one, with_ours=text.id % 3 != 0)
        for text, (said, _, _) in zip(texts, TRUTHS * 2, strict=True)
        for one in said * TIMES
    ]
    told += [row(one, YES, with_ours=True) for one in STRANGERS]
    dice.shuffle(told)
    made: list[Push] = []
    for second in (False, True):
        mine = [one for one in told if ("biz_id" in one) is second]
        while mine:
            batch: list[Any] = [mine.pop() for _ in range(min(len(mine), dice.randrange(1, 7)))]
            if dice.random() < 0.3:
                batch.insert(dice.randrange(len(batch) + 1), dice.choice(ODD))
            made.append(_pulled(app, batch) if not second and dice.random() < 0.3 else _pushed(app, second, batch))
    made += [_pushed(app, second, [one]) for second in (False, True) for one in ODD]
    dice.shuffle(made)
    return made


def _pushed(app: Flask, second: bool, batch: list[Any]) -> Push:
    settings = settings_of(app)
    path = f"sms-aliyun/{settings.aliyun_sms_receipt_path}" if second else f"sms/{settings.sms_receipt_path}"
    return lambda: app.test_client().post(f"/receipts/{path}", json=batch).status_code


def _pulled(app: Flask, batch: list[Any]) -> Push:
    """The same, as PullSmsSendStatus gives it."""
    rows = [_as_pulled(one) for one in batch if isinstance(one, dict) and "sid" in one and "user_receive_time" in one]
    receipts = [receipt for receipt in map(pulled_receipt, rows) if receipt is not None]

    def work() -> int:
        with app.app_context():
            apply_receipts("sms", receipts, LATE)
        return 200

    return work


def _as_pulled(one: dict[str, Any]) -> dict[str, Any]:
    moment = datetime.strptime(one["user_receive_time"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)
    names = {"SerialNo": "sid", "ReportStatus": "report_status", "Description": "errmsg", "SessionContext": "ext"}
    return {theirs: one[pushed] for theirs, pushed in names.items()} | {"UserReceiveTime": int(moment.timestamp())}


def assert_all_is_as_it_was_said(app: Flask, texts: Sequence[Text], round_: object) -> None:
    with app.app_context(), reading() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        known = [(one.state, one.confirmed_at, one.accepted_at, one.tries) for one in rows]
        events = Counter(session.scalars(select(VendorEvent.delivery_id)))
    assert known == [(state, when, DUE, 0) for _, state, when in TRUTHS * 2], f"round {round_}"
    of = dict(events)
    strangers = of.pop(None)
    assert strangers == len(STRANGERS)
    assert of == {text.id: len(said) for text, (said, _, _) in zip(texts, TRUTHS * 2, strict=True) if said}


def test_a_storm_of_receipts_in_any_order_changes_nothing_twice(app: Flask, texts: list[Text]) -> None:
    for seed in range(ROUNDS):
        taken_anew(app, texts)
        answers = [push() for push in pushes(app, texts, random.Random(seed))]
        assert set(answers) == {200, 400}
        assert_all_is_as_it_was_said(app, texts, seed)


def test_a_storm_of_receipts_at_once_changes_nothing_twice(app: Flask, texts: list[Text]) -> None:
    for seed in range(ROUNDS):
        taken_anew(app, texts)
        storm = pushes(app, texts, random.Random(seed))

        def part(number: int, storm: list[Push] = storm) -> Callable[[], list[int]]:
            return lambda: [push() for push in storm[number::THREADS]]

        answers = [status for told in at_once([part(number) for number in range(THREADS)]) for status in told]
        assert set(answers) == {200, 400}
        assert_all_is_as_it_was_said(app, texts, seed)


def test_two_batches_that_name_the_same_texts_in_different_ways_do_not_wait_for_each_other(
    app: Flask, texts: list[Text]
) -> None:
    taken_anew(app, texts)
    low, high = texts[0], texts[5]
    theirs = Receipt("1", True, "x", EARLY, vendor_reference=high.reference)
    ours = [Receipt(f"ours-{one.id}", True, "x", EARLY, reference=str(one.id)) for one in (low, high)]
    again = Receipt("2", True, "x", LATE, reference=str(low.id))
    with held_up_before_writing(settings_of(app).database_url, "vendor_event") as road:
        begun = [road.begin(within(app, apply_receipts, "sms", batch, LATE)) for batch in ([theirs, again], ours)]
    assert [one.result() for one in begun] == [2, 2]


@pytest.mark.parametrize("said", [YES, NO])
def test_a_receipt_that_is_quicker_than_the_answer_leaves_the_time_of_acceptance(
    app: Flask, texts: list[Text], said: Said
) -> None:
    with app.app_context():
        claimed = claim_due(templates(app), {ChannelName.SMS}, DUE, len(texts))
        assert len(claimed) == len(texts)
        assert _pushed(app, False, [row(texts[0], said, with_ours=True)])() == 200
        record_answers([(one, Answer(Sent.ACCEPTED, "Ok", f"2640:{one.delivery_id}")) for one in claimed], LATE)
        with reading() as session:
            rows = session.scalars(select(Delivery)).all()
    assert {(one.accepted_at, one.leased_until) for one in rows} == {(LATE, None)}
    assert Counter(one.state for one in rows) == {
        "accepted": len(texts) - 1,
        "delivered" if said.delivered else "failed": 1,
    }


# --- WeChat: taps, refusals and what came of messages

TEMPLATE, OTHER = "T-1", "T-2"
OPENIDS = ("o-one", "o-two", "o-nobody")


@dataclass(frozen=True)
class Event:
    """One event of WeChat's; `minute` is when it happened."""

    name: str
    openid: str
    minute: int
    rows: tuple[tuple[tuple[str, str], ...], ...]

    def body(self) -> dict[str, Any]:
        found = [dict(one) for one in self.rows]
        moment = int((DUE + timedelta(minutes=self.minute)).timestamp())
        head = {"ToUserName": "gh_1", "FromUserName": self.openid, "CreateTime": moment, "MsgType": "event"}
        return head | {"Event": self.name, "List": found[0] if len(found) == 1 else found}


def tap(openid: str, minute: int, answer: str = "accept", *templates: str) -> Event:
    rows = tuple((("TemplateId", one), ("SubscribeStatusString", answer)) for one in templates or (TEMPLATE,))
    return Event("subscribe_msg_popup_event", openid, minute, rows)


def refusal(openid: str, minute: int) -> Event:
    rows = ((("TemplateId", TEMPLATE), ("SubscribeStatusString", "reject")),)
    return Event("subscribe_msg_change_event", openid, minute, rows)


def outcome(msgid: str, minute: int, code: str) -> Event:
    return Event("subscribe_msg_sent_event", OPENIDS[0], minute, ((("MsgID", msgid), ("ErrorCode", code)),))


ODD_EVENT = Event("subscribe_msg_popup_event", OPENIDS[0], 3, ((("TemplateId", TEMPLATE),),))
#: the first accepts twice, refuses in the settings, and accepts once more; the second accepts and says no to the next
HAPPENED = [
    tap(OPENIDS[0], 1, "accept", TEMPLATE, OTHER),
    tap(OPENIDS[0], 2),
    refusal(OPENIDS[0], 3),
    tap(OPENIDS[0], 4),
    tap(OPENIDS[1], 1),
    tap(OPENIDS[1], 2, "reject"),
    tap(OPENIDS[2], 1),
    outcome("msg-1", 5, "0"),
    outcome("msg-1", 6, "43101"),
    outcome("msg-2", 5, "43101"),
    outcome("msg-9", 5, "0"),
    ODD_EVENT,
]
OPEN = {(OPENIDS[0], TEMPLATE): 1, (OPENIDS[0], OTHER): 1}
GIVEN = {(OPENIDS[0], TEMPLATE): 3, (OPENIDS[0], OTHER): 1, (OPENIDS[1], TEMPLATE): 1}
# Each row of an event is one of its own; what the third says concerns nobody, and one row is not as documented.
EVENTS = 2 + 1 + 1 + 1 + 1 + 1 + 4


@pytest.fixture
def cards(app: Flask, texts: list[Text]) -> list[Text]:
    """Two accounts that WeChat knows, and two cards that it took."""
    with app.app_context(), transaction() as session:
        for openid, account in zip(OPENIDS, session.scalars(select(Account).order_by(Account.id)), strict=False):
            if openid != OPENIDS[2]:
                account.openid = openid
        for number, one in enumerate(texts[:2], start=1):
            values = {"channel": "wechat", "vendor_reference": f"msg-{number}"}
            session.execute(update(Delivery).where(Delivery.id == one.id).values(**values))
    return texts[:2]


def sealed(app: Flask, event: Event) -> Push:
    """Encrypted and signed, as WeChat sends it in safe mode."""
    settings = settings_of(app)
    cipher = encrypt(sandbox_settings(settings, "http://web"), json.dumps(event.body()))
    stamp = str(int(DUE.timestamp()))
    query = {"timestamp": stamp, "nonce": "n", "signature": signature(settings.wechat_push_token, stamp, "n")}
    query["msg_signature"] = signature(settings.wechat_push_token, stamp, "n", cipher)
    body = {"ToUserName": "gh_1", "Encrypt": cipher}
    return lambda: app.test_client().post("/receipts/wechat", query_string=query, json=body).status_code


def plain(app: Flask, event: Event) -> Push:
    """In the clear, where the signature says nothing of the body: anybody who has seen one call could have written it."""
    stamp = str(int(DUE.timestamp()))
    query = {"timestamp": stamp, "nonce": "n"}
    query["signature"] = signature(settings_of(app).wechat_push_token, stamp, "n")
    return lambda: app.test_client().post("/receipts/wechat", query_string=query, json=event.body()).status_code


@pytest.mark.parametrize("threads", [1, THREADS])
def test_a_storm_of_events_gives_each_credit_once_and_a_refusal_takes_what_was_given_before_it(
    app: Flask, cards: list[Text], threads: int
) -> None:
    for seed in range(ROUNDS):
        with app.app_context(), transaction() as session:
            session.execute(delete(Grant))
            session.execute(delete(VendorEvent))
            mine = Delivery.id.in_([one.id for one in cards])
            session.execute(delete(Delivery).where(~mine))
            session.execute(update(Delivery).where(mine).values(state="accepted", confirmed_at=None))
        storm = [sealed(app, one) for one in HAPPENED * TIMES] + [
            plain(app, tap(OPENIDS[0], 9)),
            plain(app, ODD_EVENT),
        ]
        random.Random(seed).shuffle(storm)

        def part(number: int, storm: list[Push] = storm) -> Callable[[], list[int]]:
            return lambda: [push() for push in storm[number::threads]]

        answers = [status for told in at_once([part(number) for number in range(threads)]) for status in told]
        assert Counter(answers) == {200: len(HAPPENED) * TIMES, 403: 2}
        with app.app_context(), reading() as session:
            per = select(Account.openid, Grant.template, func.count()).join(Grant, Grant.account_id == Account.id)
            per = per.group_by(Account.openid, Grant.template)
            given = {(openid, template): count for openid, template, count in session.execute(per)}
            left = per.where(Grant.spent_at.is_(None))
            unspent = {(openid, template): count for openid, template, count in session.execute(left)}
            states = [one.state for one in session.scalars(select(Delivery).where(mine).order_by(Delivery.id))]
            events = session.scalar(select(func.count()).select_from(VendorEvent))
        assert (given, unspent) == (GIVEN, OPEN), f"round {seed}"
        assert states == ["delivered", "failed"]
        assert events == EVENTS
