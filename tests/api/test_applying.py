"""A form that may not be handed in: too early, too late, twice, untrue, or with what is not one's own."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import requests

from server.domain.registrations import Action
from server.local import LocalStack
from server.services import reviewing
from tests.api.conftest import Newcomer
from tests.api.refusals import Refused, check, nothing_changes, refused
from tests.conftest import at
from tests.people import SAID, Phone, approve, id_card, pay

OPENS = datetime(2026, 2, 22, 16, tzinfo=UTC)  # 2月23日 in Shanghai
CLOSED = datetime(2026, 3, 22, 16, tzinfo=UTC)  # 3月23日 there: the 22nd is the last day
SECOND = timedelta(seconds=1)


def send(phone: Phone, form: dict[str, Any], key: str = "") -> requests.Response:
    return phone.call("POST", "registrations", json=form, headers={"Idempotency-Key": key or uuid4().hex})


def send_back(stack: LocalStack, number: str) -> None:
    """A clerk returns it for correction."""
    with stack.app.app_context():
        reviewing.review(number, Action.RETURN, "staff:chen", stack.clock.now(), reasons=["材料不清楚"])


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (OPENS - SECOND, Refused("not_open_yet")),
        (OPENS, None),
        (CLOSED - SECOND, None),
        (CLOSED, Refused("window_closed")),
        (CLOSED + SECOND, Refused("window_closed")),
        (at(2026, 4, 25), Refused("window_closed")),
        (at(2026, 4, 27), Refused("window_closed")),
    ],
    ids=["a second before", "opening", "the last second", "closed", "a second after", "on the day", "over"],
)
def test_the_window_opens_and_closes_to_the_second(
    house: LocalStack, newcomer: Newcomer, instant: datetime, expected: Refused | None
) -> None:
    phone = newcomer()
    form = phone.form(phone.sitting("2026-04")["id"])
    house.clock.stand_at(instant)
    if instant > CLOSED + SECOND:
        phone.sign_in(phone.openid)  # weeks later the first token is too old
    if expected:
        refused(house.app, expected, lambda: send(phone, form))
    else:
        assert send(phone, form).status_code == 201


WRONG_FORMS: list[tuple[str, dict[str, Any], Refused]] = [
    ("no such alternative", {"alternative": "9.9"}, Refused("alternative_unknown")),
    ("another level's alternative", {"alternative": "3.1"}, Refused("alternative_unknown")),
    ("not declared", {"declared": False}, Refused("declaration_needed")),
    ("declared by a word", {"declared": "true"}, Refused("fields_wrong", fields=("declared",))),
    ("no evidence", {"upload_ids": []}, Refused("evidence_needed")),
    ("evidence that is not there", {"upload_ids": [999_999]}, Refused("upload_unknown")),
    ("an intention that is a word", {"intends": "yes"}, Refused("fields_wrong", fields=("intends",))),
    ("a job of 61 letters", {"work": [{"since": "2010-01-01", "occupation": "x" * 61}]}, Refused("fields_wrong", fields=("work.0.occupation",))),
    ("a school that there is not", {"diplomas": [{"school": "kindergarten", "major": "x"}]}, Refused("fields_wrong", fields=("diplomas.0.school",))),
    ("work from tomorrow", {"work": [{"since": "2026-02-24"}]}, Refused("claims_wrong")),
    ("work that ended before it began", {"work": [{"since": "2015-01-02", "until": "2015-01-01"}]}, Refused("claims_wrong")),
    ("work until tomorrow", {"work": [{"since": "2015-01-02", "until": "2026-02-24"}]}, Refused("claims_wrong")),
    ("work before birth", {"work": [{"since": "1990-05-16"}]}, Refused("claims_wrong")),
    ("a certificate of tomorrow", {"certificates": [{"occupation": "x", "level": 5, "issued_on": "2026-02-24"}]}, Refused("claims_wrong")),
    ("a title of tomorrow", {"titles": [{"grade": "junior", "issued_on": "2026-02-24"}]}, Refused("claims_wrong")),
    ("too few years", {"work": [{"since": "2021-02-24"}]}, Refused("not_eligible", reasons=("years_short",))),
    ("no work at all", {"work": []}, Refused("not_eligible", reasons=("years_short",))),
    ("the other alternative", {"alternative": "4.3"}, Refused("not_eligible", reasons=("diploma_missing",))),
    ("no such sitting", {"sitting_id": 999_999}, Refused("sitting_unknown")),
    ("sitting 0", {"sitting_id": 0}, Refused("fields_wrong", fields=("sitting_id",))),
    ("sitting 10**30", {"sitting_id": 10**30}, Refused("fields_wrong", fields=("sitting_id",))),
    ("31 uploads", {"upload_ids": [1] * 31}, Refused("fields_wrong", fields=("upload_ids",))),
    ("31 jobs", {"work": [{"since": "2010-01-01"}] * 31}, Refused("fields_wrong", fields=("work",))),
    ("no such grade", {"titles": [{"grade": "king", "issued_on": "2020-01-01"}]}, Refused("fields_wrong", fields=("titles.0.grade",))),
    ("level 6", {"certificates": [{"occupation": "x", "level": 6, "issued_on": "2020-01-01"}]}, Refused("fields_wrong", fields=("certificates.0.level",))),
    ("an unknown field", {"status": "paid"}, Refused("fields_wrong", fields=("status",))),
    ("a fee of one's own", {"fee_fen": 1}, Refused("fields_wrong", fields=("fee_fen",))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"), [row[1:] for row in WRONG_FORMS], ids=[row[0] for row in WRONG_FORMS]
)
def test_a_wrong_form_is_refused(
    house: LocalStack, newcomer: Newcomer, changes: dict[str, Any], expected: Refused
) -> None:
    phone = newcomer()
    form = phone.form(phone.sitting("2026-04")["id"]) | changes
    refused(house.app, expected, lambda: send(phone, form))


def test_what_is_missing_is_asked_for_in_turn(house: LocalStack, serial: int) -> None:
    phone = Phone(house)
    phone.sign_in()
    form = {"sitting_id": phone.sitting("2026-04")["id"], "alternative": "4.1", "upload_ids": [1], "declared": True}
    refused(house.app, Refused("profile_needed"), lambda: send(phone, form | SAID))
    refused(
        house.app, Refused("profile_needed"), lambda: phone.call("POST", "sittings/1/eligibility", json={"work": []})
    )
    phone.set_phone(f"138{serial:08d}")
    phone.fill_in("王芳", "E1234567", "passport", born="1990-01-01", sex="女")
    refused(house.app, Refused("photo_needed"), lambda: send(phone, form | SAID))


def test_evidence_of_another_person_is_as_unknown_as_none(house: LocalStack, newcomer: Newcomer) -> None:
    owner, thief = newcomer(), newcomer()
    theirs, mine = owner.send_evidence(), thief.send_evidence()
    sitting = thief.sitting("2026-04")["id"]
    for ids in ([theirs], [mine, theirs]):
        form = thief.form(sitting, upload_ids=ids)
        refused(house.app, Refused("upload_unknown"), lambda form=form: send(thief, form))
    for number in (theirs, 999_999):
        refused(house.app, Refused("upload_unknown"), lambda number=number: thief.call("GET", f"me/uploads/{number}"))
    assert owner.call("GET", f"me/uploads/{theirs}").content.startswith(b"\xff\xd8")


# --- twice


def test_a_second_registration_for_the_same_occupation_and_level_is_refused_for_any_sitting(
    house: LocalStack, newcomer: Newcomer
) -> None:
    phone = newcomer()
    phone.register("2026-04")
    again = phone.form(phone.sitting("2026-04")["id"])
    refused(house.app, Refused("already_registered"), lambda: send(phone, again))
    other_phone = Phone(house)  # the same person's second WeChat
    other_phone.sign_in()
    other_phone.set_phone(phone.phone)
    other_phone.fill_in(phone.ok("GET", "me")["name"], id_card(int(phone.phone[3:])))
    refused(house.app, Refused("already_registered"), lambda: send(other_phone, again))


@pytest.mark.parametrize("key", [None, "", "short", "1234567", "k" * 81])
def test_a_registration_needs_a_key_of_8_to_80_characters(
    house: LocalStack, newcomer: Newcomer, key: str | None
) -> None:
    phone = newcomer()
    form = phone.form(phone.sitting("2026-04")["id"])
    headers = {} if key is None else {"Idempotency-Key": key}
    refused(
        house.app,
        Refused("idempotency_key_needed", fields=("idempotency_key",)),
        lambda: phone.call("POST", "registrations", json=form, headers=headers),
    )


def test_a_key_answers_again_for_the_same_content_and_is_refused_for_other(
    house: LocalStack, newcomer: Newcomer
) -> None:
    phone, key = newcomer(), uuid4().hex
    form = phone.form(phone.sitting("2026-04")["id"])
    first, again = send(phone, form, key), send(phone, form, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["number"] == again.json()["number"]
    other = form | {"paper_certificate": True}
    refused(house.app, Refused("idempotency_key_reused"), lambda: send(phone, other, key))
    stranger = newcomer()
    theirs = stranger.form(stranger.sitting("2026-04")["id"])
    made = send(stranger, theirs, key)  # a key is one's own: another's same key says nothing and takes nothing
    assert made.json()["number"] != first.json()["number"]


# --- another's registration

DOORS = [
    ("GET", "", None),
    ("PUT", "", {"version": 1, "alternative": "4.1", "upload_ids": [1], "declared": True}),
    ("POST", "/withdrawal", None),
    ("GET", "/payment", None),
    ("GET", "/ticket", None),
    ("GET", "/ticket.pdf", None),
    ("GET", "/ticket.png", None),
]


@pytest.mark.parametrize(("method", "door", "body"), DOORS, ids=[f"{one[0]} {one[1]}" for one in DOORS])
def test_another_s_registration_looks_like_one_that_is_not_there(
    house: LocalStack, newcomer: Newcomer, method: str, door: str, body: dict[str, Any] | None
) -> None:
    owner, thief = newcomer(), newcomer()
    theirs = owner.register("2026-04")
    answers = []
    for number in (theirs, "ZZZZZZZZ", theirs.lower(), "A" * 200, "' OR 1=1 --", "%00"):
        with nothing_changes(house.app):
            answers.append(thief.call(method, f"registrations/{number}{door}", json=body))
        check(answers[-1], Refused("not_found" if number == "%00" else "registration_unknown"))
    assert answers[0].text == answers[1].text
    assert set(answers[0].headers) == set(answers[1].headers)
    nobody = Phone(house)  # signed in, and no candidate yet
    nobody.sign_in()
    refused(
        house.app,
        Refused("registration_unknown"),
        lambda: nobody.call(method, f"registrations/{theirs}{door}", json=body),
    )


# --- mending and stepping back


def amendment(phone: Phone, version: int, **changes: Any) -> requests.Response:
    form = phone.form(0, **changes) | {"version": version}
    del form["sitting_id"]
    return phone.call("PUT", f"registrations/{phone.number}", json=form)


def test_only_what_was_returned_can_be_amended_and_only_as_it_was_last_seen(
    house: LocalStack, newcomer: Newcomer
) -> None:
    phone = newcomer()
    phone.register("2026-04")
    evidence = phone.send_evidence()

    def put(version: int) -> requests.Response:
        return amendment(phone, version, upload_ids=[evidence])

    refused(house.app, Refused("move_refused"), lambda: put(1))
    send_back(house, phone.number)
    for version in (1, 3, 2**53 - 1):
        refused(house.app, Refused("stale"), lambda version=version: put(version))
    refused(house.app, Refused("fields_wrong", fields=("version",)), lambda: put(10**30))
    for _, changes, expected in WRONG_FORMS:
        if "sitting_id" not in changes:
            sent = {"upload_ids": [evidence]} | changes
            refused(house.app, expected, lambda sent=sent: amendment(phone, 2, **sent))
    assert put(2).json()["status"] == "submitted"
    refused(house.app, Refused("stale"), lambda: put(2))
    refused(house.app, Refused("move_refused"), lambda: put(3))


def test_it_can_be_amended_until_the_payment_window_closes(house: LocalStack, newcomer: Newcomer) -> None:
    phone, late = newcomer(), newcomer()
    for one in (phone, late):
        one.register("2026-04")
        send_back(house, one.number)
    evidence = {one.number: one.send_evidence() for one in (phone, late)}
    house.clock.stand_at(at(2026, 3, 30, 0) - SECOND)
    for one in (phone, late):
        one.sign_in(one.openid)
    assert amendment(phone, 2, upload_ids=[evidence[phone.number]]).status_code == 200
    house.clock.stand_at(at(2026, 3, 30, 0))
    refused(house.app, Refused("amend_too_late"), lambda: amendment(late, 2, upload_ids=[evidence[late.number]]))


def test_stepping_back_twice_changes_nothing_the_second_time(house: LocalStack, newcomer: Newcomer) -> None:
    phone = newcomer()
    phone.register("2026-04")
    first = phone.ok("POST", f"registrations/{phone.number}/withdrawal")
    with nothing_changes(house.app):
        again = phone.ok("POST", f"registrations/{phone.number}/withdrawal")
    assert first["status"] == again["status"] == "withdrawn"
    assert first["version"] == again["version"]
    refused(house.app, Refused("move_refused"), lambda: amendment(phone, again["version"], upload_ids=[1]))


def test_nobody_steps_back_by_themselves_after_paying(house: LocalStack, newcomer: Newcomer) -> None:
    phone = newcomer()
    phone.register("2026-04")
    approve(house, phone.number)
    house.clock.stand_at(at(2026, 3, 24))
    pay(house, phone.number, house.clock.now().date())
    phone.sign_in(phone.openid)
    refused(
        house.app,
        Refused("paid_cannot_withdraw"),
        lambda: phone.call("POST", f"registrations/{phone.number}/withdrawal"),
    )
    refused(
        house.app,
        Refused("ticket_not_ready"),
        lambda: phone.call("GET", f"registrations/{phone.number}/ticket"),
    )


def test_what_was_rejected_cannot_be_withdrawn(house: LocalStack, newcomer: Newcomer) -> None:
    phone = newcomer()
    phone.register("2026-04")
    with house.app.app_context():
        reviewing.review(phone.number, Action.REJECT, "staff:chen", house.clock.now(), reasons=["不符合条件"])
    refused(
        house.app, Refused("move_refused"), lambda: phone.call("POST", f"registrations/{phone.number}/withdrawal")
    )


def test_a_tap_reported_twice_is_one_credit_and_unknown_templates_are_none(
    house: LocalStack, newcomer: Newcomer
) -> None:
    phone = newcomer()
    template = house.settings.wechat_templates["postponed"]
    body = {"tap": uuid4().hex, "answers": {template: "accept", "not-ours": "accept"}}
    assert phone.ok("POST", "subscriptions/answers", json=body) == {"added": 1}
    assert phone.ok("POST", "subscriptions/answers", json=body) == {"added": 0}
    four = {"tap": uuid4().hex, "answers": {str(n): "accept" for n in range(4)}}
    refused(
        house.app,
        Refused("fields_wrong", fields=("answers",)),
        lambda: phone.call("POST", "subscriptions/answers", json=four),
    )
