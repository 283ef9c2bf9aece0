"""The application form on the phone: looked at, confirmed and signed by its owner, and by nobody else (参评人员须知 一)."""

import io
import re
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from server.db import reading
from server.domain.registrations import Action
from server.errors import Problem
from server.local import LocalStack
from server.models import AuditEntry, FormSignature
from server.privacy import FieldCipher
from server.services import application_forms, reviewing
from server.services.dossier import open_dossier
from tests.api.conftest import Newcomer
from tests.api.refusals import nothing_changes
from tests.documents.sample import signature
from tests.images.pictures import file
from tests.people import Phone, id_card, portrait


@pytest.fixture
def one(newcomer: Newcomer) -> Phone:
    """Somebody who has registered."""
    phone = newcomer()
    phone.register()
    return phone


def form_of(phone: Phone) -> dict[str, Any]:
    shown: dict[str, Any] = phone.ok("GET", f"registrations/{phone.number}/form")
    return shown


def sign(phone: Phone, digest: str, picture: bytes | None = None) -> dict[str, Any]:
    sent: dict[str, Any] = phone.ok(
        "POST",
        f"registrations/{phone.number}/form/signature",
        data={"digest": digest},
        files={"file": ("name.png", picture or signature(), "image/png")},
    )
    return sent


def refusal(phone: Phone, digest: str, picture: bytes) -> tuple[int, str]:
    return phone.refused(
        "POST",
        f"registrations/{phone.number}/form/signature",
        data={"digest": digest},
        files={"file": ("name.png", picture, "image/png")},
    )


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_no_picture_is_looked_at_under_what_cannot_be_signed(one: Phone, newcomer: Newcomer) -> None:
    digest, other = form_of(one)["digest"], newcomer()
    assert refusal(one, "0" * 64, b"no picture") == (409, "form_changed")
    other.number = one.number
    assert refusal(other, digest, b"no picture") == (404, "registration_unknown")
    assert refusal(one, digest, b"no picture") == (422, "upload_not_an_image")


def test_tries_to_sign_are_counted_with_those_to_send_pictures(one: Phone) -> None:
    digest = form_of(one)["digest"]
    for _ in range(88):  # portrait and evidence came before
        assert refusal(one, digest, b"no picture") == (422, "upload_not_an_image")
    assert refusal(one, digest, signature()) == (429, "too_many_requests")


def test_it_says_what_was_filled_in_and_masks_the_numbers(one: Phone) -> None:
    answer = one.call("GET", f"registrations/{one.number}/form.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    me = one.ok("GET", "me")
    for words in (
        me["name"],
        me["document_number"],
        "企业人力资源管理师",
        "四级/中级工",
        one.number,
        "2010年1月1日至今",
        "工作证明1份",
    ):
        assert words in text
    assert not re.search(r"9{6}\d{8}", text), "a phone may lie open on a table"
    assert one.phone not in text
    picture = one.call("GET", f"registrations/{one.number}/form.png")
    assert Image.open(io.BytesIO(picture.content)).size == (1240, 1754)
    assert "no-store" in picture.headers["Cache-Control"]


def test_what_is_read_on_the_phone_is_what_is_printed_word_for_word(one: Phone) -> None:
    """Whoever signs has read the words; the sheet in the files must not say others."""
    told = form_of(one)
    printed = text_of(one.call("GET", f"registrations/{one.number}/form.pdf").content)
    rows = [row for part in told["parts"] for row in part["rows"]]
    read = [words for row in rows for words in (row["name"], *row["values"])] + [
        told["declaration"],
        told["applied_text"],
    ]
    left = printed
    for words in sorted({re.sub(r"\s", "", one) for one in read} - {"机构"}, key=len, reverse=True):
        assert words in printed
        left = left.replace(words, "")
    assert left == "职业技能评价报名表申报日期无无无本人确认与承诺本人签名：年月日第1页，共1页"
    assert [part["name"] for part in told["parts"]] == ["本人", "申报项目", "条件和材料"]
    assert one.call("GET", f"me/uploads/{told['photo_id']}").status_code == 200


def test_signed_it_is_signed_and_the_clerk_sees_it(house: LocalStack, one: Phone) -> None:
    before = form_of(one)
    assert before["signed_at"] is None
    after = sign(one, str(before["digest"]))
    assert (after["digest"], after["signed_at"]) == (before["digest"], form_of(one)["signed_at"])
    assert after["signed_at"] is not None
    assert "2026年2月23日" in text_of(one.call("GET", f"registrations/{one.number}/form.pdf").content)
    with house.app.app_context():
        assert open_dossier(one.number).signed_at == house.clock.now()


def test_what_was_changed_afterwards_is_not_signed(house: LocalStack, one: Phone) -> None:
    signed = sign(one, str(form_of(one)["digest"]))
    with house.app.app_context():
        reviewing.review(one.number, Action.RETURN, "staff:chen", house.clock.now(), reasons=["工作年限看不清"])
    assert form_of(one)["signed_at"] is not None, "that a clerk sent it back changes nothing of what it says"
    form = one.form(0, work=[{"since": "2011-01-01", "until": None}]) | {"version": one.mine()["version"]}
    del form["sitting_id"]
    one.ok("PUT", f"registrations/{one.number}", json=form)
    now = form_of(one)
    assert (now["signed_at"], now["digest"] != signed["digest"]) == (None, True)
    assert refusal(one, str(signed["digest"]), signature()) == (409, "form_changed")
    assert sign(one, str(now["digest"]))["signed_at"] is not None


def test_signed_twice_the_last_one_counts_and_each_is_on_record(house: LocalStack, one: Phone) -> None:
    digest = str(form_of(one)["digest"])
    other = file(Image.open(io.BytesIO(signature())).rotate(180), "PNG")
    sign(one, digest)
    sign(one, digest, other)
    with house.app.app_context(), reading() as session:
        pictures = session.scalars(select(FormSignature.picture_id).where(FormSignature.digest == digest)).all()
        assert len(set(pictures)) == 2
    assert form_of(one)["signed_at"] is not None


def dot() -> bytes:
    picture = Image.new("RGB", (900, 360), "white")
    picture.paste((0, 0, 0), (400, 150, 430, 180))
    return file(picture, "PNG")


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (file(Image.new("RGB", (900, 360), "white"), "PNG"), "signature_empty"),
        (file(Image.new("RGBA", (900, 360), (0, 0, 0, 0)), "PNG"), "signature_empty"),
        (file(Image.new("RGB", (900, 360), "black"), "PNG"), "signature_empty"),
        (dot(), "signature_empty"),
        (b"", "upload_empty"),
        (b"<svg/>", "upload_not_an_image"),
        (signature()[:400], "upload_broken"),
        (b"\xff\xd8\xff" + b"\0" * 1_000_001, "upload_too_big"),
    ],
    ids=["white", "transparent", "black", "a dot", "nothing", "SVG", "half", "too big"],
)
def test_what_is_no_signature_is_refused_and_leaves_nothing(one: Phone, picture: bytes, code: str) -> None:
    digest = str(form_of(one)["digest"])
    with nothing_changes(one.stack.app):
        assert refusal(one, digest, picture)[1] == code


def test_a_strangers_form_looks_as_if_it_were_not_there(one: Phone, newcomer: Newcomer) -> None:
    digest = str(form_of(one)["digest"])
    stranger = newcomer()
    stranger.number = one.number
    for path in ("form", "form.pdf", "form.png"):
        assert stranger.refused("GET", f"registrations/{one.number}/{path}") == (404, "registration_unknown")
    assert refusal(stranger, digest, signature()) == (404, "registration_unknown")
    stranger.token = ""
    stranger.openid = ""
    assert refusal(stranger, digest, signature())[0] == 401


def test_what_has_ended_is_signed_no_more(one: Phone) -> None:
    digest = str(form_of(one)["digest"])
    one.ok("POST", f"registrations/{one.number}/withdrawal")
    assert refusal(one, digest, signature()) == (409, "sign_no_more")


def test_a_signature_is_no_evidence(one: Phone) -> None:
    """It is kept beside the evidence, and must not be handed in as some."""
    sign(one, str(form_of(one)["digest"]))
    with one.stack.app.app_context():
        assert open_dossier(one.number).upload_kinds == ["work"]


def test_the_full_form_is_printed_for_a_reason_that_is_on_record(house: LocalStack, one: Phone) -> None:
    number = id_card(int(one.phone[3:]))
    with house.app.app_context():
        page = application_forms.full_form(one.number, "staff:chen", "存档", house.clock.now())
        assert number in dict(page.person).values()
        assert one.phone in dict(page.person).values()
        with reading() as session:
            entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "form.printed")).all()[-1]
            assert (entry.actor, entry.reason) == ("staff:chen", "存档")
        with pytest.raises(Problem, match="reason_needed"):
            application_forms.full_form(one.number, "staff:chen", " ", house.clock.now())
        with pytest.raises(Problem, match="registration_unknown"):
            application_forms.full_form("NOBODY00", "staff:chen", "存档", house.clock.now())


def test_a_new_portrait_on_the_account_does_not_change_what_was_signed(one: Phone) -> None:
    signed = sign(one, str(form_of(one)["digest"]))
    one.ok("PUT", "me/photo", files={"file": ("photo.jpg", portrait(420, 588), "image/jpeg")})
    assert form_of(one) == signed


def test_what_a_form_s_fingerprint_is_of_cannot_be_tried_out_by_whoever_sees_it(
    house: LocalStack, one: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It speaks of both numbers in full, and the rest of what it speaks of is on the page: without the key it says nothing."""
    before = form_of(one)
    keys = house.app.extensions["jiping_settings"].field_keys
    monkeypatch.setitem(
        house.app.extensions, "jiping_cipher", FieldCipher(keys, b"another key of an index".ljust(32))
    )
    after = form_of(one)
    assert after["digest"] != before["digest"]
    assert after | {"digest": ""} == before | {"digest": ""}
