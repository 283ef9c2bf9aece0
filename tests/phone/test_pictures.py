"""Pictures sent from a phone's browser: as heavy as is kept of them, upright, and what cannot be read is told in words."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from server.local import LocalStack
from tests.images.pictures import corners, file, noise
from tests.people import Phone
from tests.phone.looks import Seen, phone_window

ADD = "为工作证明拍照或选择图片"


def lying() -> bytes:
    """A camera's picture of an upright page: more than the server takes, and it says that it is to be turned."""
    picture = noise(1000, 750).resize((4000, 3000), Image.Resampling.NEAREST)
    picture.paste((220, 30, 30), (0, 0, 2000, 1500))  # once turned, it stands at the top right
    exif = Image.Exif()
    exif[0x0112] = 6
    return file(picture, quality=98, exif=exif)


@pytest.fixture
def applicant(house: LocalStack) -> Phone:
    return Phone(house).ready(1)


@pytest.fixture
def seen(browser: Browser, house: LocalStack, applicant: Phone) -> Iterator[Seen]:
    sitting = applicant.sitting("2026-04")["id"]
    with phone_window(browser, house.web, applicant.token) as window:
        window.page.goto(f"{house.web}/m/#/pages/apply/index?id={sitting}&alternative=4.1")
        yield window


def send(seen: Seen, picture: bytes, folder: Path) -> int:
    """Choose it; how many bytes went out."""
    path = folder / "page.jpg"
    path.write_bytes(picture)
    with seen.page.expect_file_chooser() as waiting:
        seen.page.get_by_role("button", name=ADD).click()
    with seen.page.expect_response("**/api/v1/me/evidence") as answer:
        waiting.value.set_files(path)
    return int(answer.value.request.all_headers()["content-length"])


def kept(seen: Seen, applicant: Phone) -> Image.Image:
    """The picture that the server has."""
    expect(seen.page.get_by_role("img", name="工作证明")).to_be_visible()
    number = next(url for url in reversed(seen.asked) if "/me/uploads/" in url).rpartition("/")[2]
    return Image.open(io.BytesIO(applicant.call("GET", f"me/uploads/{number}").content))


def test_what_a_camera_takes_is_sent_light_and_upright(seen: Seen, applicant: Phone, tmp_path: Path) -> None:
    picture = lying()
    assert len(picture) > 10_000_000, "sent as it is, the server would refuse it"
    sent = send(seen, picture, tmp_path)
    assert sent < len(picture) / 3
    stored = kept(seen, applicant)
    assert stored.size == (1800, 2400)
    red, green, blue = stored.convert("RGB").crop((1350, 600, 1351, 601)).tobytes()
    assert red > 180
    assert max(green, blue) < 90


def test_a_light_picture_is_sent_as_it_is(seen: Seen, applicant: Phone, tmp_path: Path) -> None:
    picture = file(corners(1200, 1600))
    assert 0 < send(seen, picture, tmp_path) - len(picture) < 1_000
    assert kept(seen, applicant).size == (1200, 1600)


def test_what_is_no_picture_is_told_in_words_and_the_page_goes_on(
    seen: Seen, applicant: Phone, tmp_path: Path
) -> None:
    send(seen, b"\xff\xd8\xff" + b"\0" * 2_000_000, tmp_path)
    expect(seen.page.get_by_role("alert")).to_contain_text("图片已损坏，无法打开，请重新拍照后上传")
    seen.complaints.clear()  # the browser notes the answer 422
    send(seen, file(corners(1200, 1600)), tmp_path)
    assert kept(seen, applicant).size == (1200, 1600)
    expect(seen.page.get_by_role("alert")).to_have_count(0)
