"""Uploads that are too big, or lie about what they are, leave nothing behind."""

import io
import zipfile
from datetime import timedelta

import pytest
import requests
from PIL import Image

from server import images
from server.local import LocalStack
from server.turns import Turns
from tests.api.conftest import Newcomer
from tests.api.refusals import Refused, check, nothing_changes, refused
from tests.images.pictures import corners, file, png_header, tagged
from tests.people import Phone, portrait

MEGA = 1024 * 1024
HTML = b"<!doctype html><script>alert(document.domain)</script>"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.html", HTML)
    return out.getvalue()


def fifty_megapixels() -> bytes:
    return file(Image.new("1", (7100, 7100)), "PNG")


def moving() -> bytes:
    return file(corners(), "PNG", save_all=True, append_images=[corners(413, 580).resize((413, 579))])


LIES: list[tuple[str, bytes, str]] = [
    ("zero bytes", b"", "upload_empty"),
    ("HTML", HTML, "upload_not_an_image"),
    ("PDF", PDF, "upload_not_an_image"),
    ("ZIP", zipped(), "upload_not_an_image"),
    ("SVG", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "upload_not_an_image"),
    ("GIF", file(corners(), "GIF"), "upload_not_an_image"),
    ("HEIC", HEIC, "upload_heic"),
    ("half a JPEG", portrait()[: len(portrait()) // 2], "upload_broken"),
    ("a JPEG's first bytes, then HTML", b"\xff\xd8\xff\xe0" + HTML, "upload_broken"),
    ("a PNG of promises", png_header(413, 579), "upload_broken"),
    ("50 megapixels promised", png_header(7100, 7100), "upload_too_many_pixels"),
    ("50 megapixels", fifty_megapixels(), "upload_too_many_pixels"),
    ("a picture that moves", moving(), "upload_animated"),
]
DOORS = {
    "photo": ("PUT", "me/photo", {}),
    "posted photo": ("POST", "me/photo", {}),
    "evidence": ("POST", "me/evidence", {"kind": "work"}),
}


def send(phone: Phone, door: str, data: bytes, name: str = "photo.jpg") -> requests.Response:
    method, path, form = DOORS[door]
    return phone.call(method, path, data=form, files={"file": (name, data, "image/jpeg")})


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("data", "code"), [row[1:] for row in LIES], ids=[row[0] for row in LIES])
def test_a_file_is_what_its_content_says(
    house: LocalStack, newcomer: Newcomer, door: str, data: bytes, code: str
) -> None:
    phone = newcomer()
    refused(house.app, Refused(code), lambda: send(phone, door, data))


@pytest.mark.parametrize(
    ("picture", "code"),
    [((299, 420), "photo_too_small"), ((413, 413), "photo_wrong_shape"), ((579, 413), "photo_wrong_shape")],
)
def test_a_portrait_has_the_shape_of_one(
    house: LocalStack, newcomer: Newcomer, picture: tuple[int, int], code: str
) -> None:
    phone = newcomer()
    refused(house.app, Refused(code), lambda: send(phone, "photo", portrait(*picture)))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("size", [11 * MEGA + 1, 20 * MEGA])
def test_more_than_six_megabytes_are_turned_away_unread(
    house: LocalStack, newcomer: Newcomer, door: str, size: int
) -> None:
    phone, data = newcomer(), portrait().ljust(size, b"\0")
    refused(house.app, Refused("upload_too_big"), lambda: send(phone, door, data))


def test_a_portrait_has_at_most_five_megabytes(house: LocalStack, newcomer: Newcomer) -> None:
    phone = newcomer()
    refused(house.app, Refused("upload_too_big"), lambda: send(phone, "photo", portrait().ljust(10_000_001, b"\0")))


def test_a_flood_without_a_length_ends_at_the_limit(house: LocalStack) -> None:
    flood = (b" " * MEGA for _ in range(12))  # sent in chunks; what lies within the limit is no JSON
    refused(
        house.app,
        Refused("bad_request"),
        lambda: Phone(house).call("POST", "sign-in", data=flood, headers={"Content-Type": "application/json"}),
    )


def test_a_body_that_is_no_upload_is_too_large_all_the_same(house: LocalStack) -> None:
    refused(
        house.app,
        Refused("too_large"),
        lambda: Phone(house).call("POST", "sign-in", json={"code": "x" * (11 * MEGA)}),
    )


@pytest.mark.parametrize(
    "sent",
    [
        {"files": {"other": ("a.jpg", portrait())}},
        {"files": {"file": (None, "not a file")}},
        {"data": b"", "headers": {"Content-Type": "multipart/form-data"}},
        {"data": b"--x", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
    ],
    ids=["another field", "a text", "no boundary", "cut off"],
)
def test_a_photo_s_form_without_a_file_says_so(
    house: LocalStack, newcomer: Newcomer, sent: dict[str, object]
) -> None:
    phone = newcomer()
    with nothing_changes(house.app):
        answer = phone.call("PUT", "me/photo", **sent)
    assert answer.json()["code"] == "upload_missing", answer.text
    assert "file" in answer.json()["fields"]


def test_evidence_has_a_known_kind(house: LocalStack, newcomer: Newcomer) -> None:
    phone = newcomer()
    for kind in ("../../etc", "photo", ""):
        sent = {"data": {"kind": kind}, "files": {"file": ("a.jpg", portrait())}}
        expected = Refused("fields_wrong", fields=("kind",))
        refused(house.app, expected, lambda sent=sent: phone.call("POST", "me/evidence", **sent))


def test_a_photo_needs_somebody_whose_it_is(house: LocalStack) -> None:
    phone = Phone(house)
    phone.sign_in()
    for door in DOORS:
        refused(house.app, Refused("profile_needed"), lambda door=door: send(phone, door, portrait()))


@pytest.mark.parametrize("door", DOORS)
def test_nothing_but_pixels_is_kept_of_a_picture(house: LocalStack, newcomer: Newcomer, door: str) -> None:
    phone = newcomer()
    told = corners()
    data = file(told, "JPEG", exif=tagged(told, 1).tobytes(), comment=HTML) + zipped()
    kept = send(phone, door, data, "../../../../etc/passwd\r\nX-Evil: 1\0.jpg")
    assert kept.status_code in {200, 201}
    shown = phone.call("GET", f"me/uploads/{kept.json()['id']}")
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.content.startswith(b"\xff\xd8\xff")
    assert [one for one in (b"<script", b"PK\x03\x04", b"Exif", b"SecretPhone") if one in shown.content] == []


def test_the_61st_upload_is_refused_and_the_same_picture_is_one(house: LocalStack, newcomer: Newcomer) -> None:
    phone = newcomer()
    tiny = [file(Image.new("RGB", (8, 8), (turn * 4, 90, 200)), "PNG") for turn in range(60)]
    ids = {send(phone, "evidence", tiny[0]).json()["id"] for _ in range(3)}
    assert len(ids) == 1
    for data in tiny[1:59]:  # the portrait is one of the sixty
        assert send(phone, "evidence", data).status_code == 201
    refused(house.app, Refused("upload_limit"), lambda: send(phone, "evidence", tiny[59]))
    check(send(phone, "photo", portrait(414, 580)), Refused("upload_limit"))


# --- what is asked before a picture is decoded


@pytest.mark.parametrize("door", DOORS)
def test_whoever_said_nothing_of_themselves_has_no_picture_looked_at(house: LocalStack, door: str) -> None:
    stranger = Phone(house)
    stranger.sign_in()
    refused(house.app, Refused("profile_needed"), lambda: send(stranger, door, HTML))


def test_tries_to_send_a_picture_are_counted_whatever_becomes_of_them(house: LocalStack, newcomer: Newcomer) -> None:
    phone = newcomer()  # whose portrait was the first try
    with nothing_changes(house.app):
        for turn in range(89):
            check(send(phone, ("photo", "evidence")[turn % 2], HTML), Refused("upload_not_an_image"))
        for door in DOORS:
            check(send(phone, door, portrait()), Refused("too_many_requests"))
    house.clock.stand_at(house.clock.now() + timedelta(hours=1, seconds=1))
    assert send(phone, "evidence", portrait()).status_code == 201


def test_a_full_line_of_pictures_is_told_to_come_back(
    house: LocalStack, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = newcomer()
    monkeypatch.setattr(images, "_TURNS_TO_DECODE", Turns(1, 0, within_seconds=0))
    with images._TURNS_TO_DECODE.one():
        refused(house.app, Refused("upload_busy"), lambda: send(phone, "evidence", portrait()))
    assert send(phone, "evidence", portrait()).status_code == 201
