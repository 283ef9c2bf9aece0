"""A document that is typed belongs to nobody yet: another one is another person, and a stranger's typing keeps no owner out."""

from typing import Any

import pytest
from sqlalchemy import select

from server.db import reading
from server.local import LocalStack
from server.models import AuditEntry
from tests.api.conftest import Newcomer
from tests.api.refusals import Refused, refused
from tests.people import Phone, id_card


def typed(phone: Phone, name: str, number: str) -> dict[str, Any]:
    phone.fill_in(name, number)
    me: dict[str, Any] = phone.ok("GET", "me")
    return me


def verified(house: LocalStack, number: str) -> Phone:
    phone = Phone(house)
    phone.sign_in()
    phone.set_phone(number)
    return phone


# --- another document on the same account


def test_another_document_begins_without_the_portrait_and_the_papers_of_the_first(
    house: LocalStack, newcomer: Newcomer, serial: int
) -> None:
    phone = newcomer()
    paper, portrait_id = phone.send_evidence("identity"), phone.ok("GET", "me")["photo_id"]
    me = typed(phone, "李喆珺", id_card(serial))
    assert (me["has_photo"], me["photo_id"]) == (False, None)
    for upload in (paper, portrait_id):
        refused(house.app, Refused("upload_unknown"), lambda upload=upload: phone.call("GET", f"me/uploads/{upload}"))
    form = phone.form(phone.sitting("2026-04")["id"], upload_ids=[paper])
    headers = {"Idempotency-Key": "another-document"}

    def apply() -> Any:
        return phone.call("POST", "registrations", json=form, headers=headers)

    refused(house.app, Refused("photo_needed"), apply)
    phone.send_photo()
    refused(house.app, Refused("upload_unknown"), apply)


def test_a_slip_in_one_s_own_number_is_mended_and_wants_the_portrait_again(newcomer: Newcomer, serial: int) -> None:
    phone = newcomer()
    name, own = phone.ok("GET", "me")["name"], id_card(int(phone.phone[3:]))
    assert typed(phone, name, id_card(serial))["has_photo"] is False
    phone.send_photo()
    assert phone.register()
    back = Phone(phone.stack)
    back.sign_in()
    back.set_phone(phone.phone)
    assert typed(back, name, own)["has_photo"] is True, "what was sent with the first number is still with it"


def test_another_name_with_the_same_document_keeps_the_portrait(newcomer: Newcomer) -> None:
    phone = newcomer()
    assert typed(phone, "欧阳娜", id_card(int(phone.phone[3:])))["has_photo"] is True


def test_a_change_of_document_is_on_record_by_both_fingerprints(
    house: LocalStack, newcomer: Newcomer, serial: int
) -> None:
    phone = newcomer()
    typed(phone, "李喆珺", id_card(serial))
    with house.app.app_context(), reading() as session:
        saved = select(AuditEntry).where(AuditEntry.action == "candidate.saved").order_by(AuditEntry.id.desc())
        change, first = session.scalars(saved.limit(2)).all()
    assert (first.before, change.before) == (None, first.after)
    assert change.after is not None
    assert change.before is not None
    assert set(change.after) == {"candidate", "document"}
    assert all(change.after[one] != change.before[one] for one in change.after)


# --- one document typed by two


def test_a_stranger_s_typing_does_not_keep_the_owner_out_and_shows_nothing(house: LocalStack, serial: int) -> None:
    stranger, owner = verified(house, "13922220001"), verified(house, "13922220002")
    typed(stranger, "某某", id_card(serial))
    stranger.send_photo()
    paper = stranger.send_evidence()
    me = typed(owner, "王芳", id_card(serial))
    assert (me["name"], me["has_photo"]) == ("王芳", False)
    refused(house.app, Refused("upload_unknown"), lambda: owner.call("GET", f"me/uploads/{paper}"))
    owner.send_photo()
    number = owner.register()
    assert stranger.ok("GET", "registrations") == {"registrations": []}
    assert stranger.ok("GET", "me")["name"] == "某某", "what somebody typed stays theirs"
    refused(house.app, Refused("registration_unknown"), lambda: stranger.call("GET", f"registrations/{number}"))


def test_of_two_who_typed_one_document_whoever_registers_first_has_it(house: LocalStack, serial: int) -> None:
    first, second = verified(house, "13922220003"), verified(house, "13922220004")
    for phone, name in ((first, "王芳"), (second, "某某")):
        typed(phone, name, id_card(serial))
        phone.send_photo()
    form = second.form(second.sitting("2026-04")["id"])
    assert first.register()

    def apply() -> Any:
        return second.call("POST", "registrations", json=form, headers={"Idempotency-Key": "one-too-many"})

    refused(house.app, Refused("document_taken"), apply)
    again = {"name": "某某", "document_type": "id_card", "document_number": id_card(serial)}
    refused(house.app, Refused("document_taken"), lambda: second.call("PUT", "me/profile", json=again))


@pytest.mark.parametrize("times", [1, 3])
def test_whoever_had_to_let_go_takes_it_up_again_by_saving_it(house: LocalStack, serial: int, times: int) -> None:
    first, second = verified(house, "13922220005"), verified(house, "13922220006")
    typed(first, "王芳", id_card(serial))
    first.send_photo()
    for _ in range(times):
        typed(second, "某某", id_card(serial))
        assert typed(first, "王芳", id_card(serial))["has_photo"] is True
    assert first.register()
