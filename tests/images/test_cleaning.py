"""What comes in is anything; what goes out is a JPEG of our own."""

import hashlib
import io
import struct

import pytest
from PIL import Image, PngImagePlugin

from server.images import Refusal, clean_evidence, clean_photo
from tests.images.pictures import COLOURS, Clean, both, corners, file, noise, refusal, seen, tagged

# --- what is taken


@both
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_keeps_its_pixels(clean: Clean, kind: str) -> None:
    made = clean(file(corners(), kind))
    assert seen(made) == COLOURS
    assert (made.mime, made.width, made.height) == ("image/jpeg", 413, 579)
    assert made.sha256 == hashlib.sha256(made.data).hexdigest()


def test_evidence_may_be_webp_and_a_portrait_may_not() -> None:
    webp = file(corners(), "WEBP", quality=90)
    assert seen(clean_evidence(webp)) == COLOURS
    assert refusal(clean_photo, webp) == Refusal.NOT_AN_IMAGE


@pytest.mark.parametrize(
    ("came", "left"),
    [((413, 579), (413, 579)), ((413, 626), (413, 626)), ((626, 826), (626, 826)), ((300, 420), (300, 420))],
)
def test_a_portrait_that_fits_keeps_its_size(came: tuple[int, int], left: tuple[int, int]) -> None:
    made = clean_photo(file(corners(*came)))
    assert (made.width, made.height) == left


@pytest.mark.parametrize("came", [(826, 1158), (2000, 2804), (3500, 4900)])
def test_a_large_portrait_becomes_small_and_keeps_its_shape(came: tuple[int, int]) -> None:
    made = clean_photo(file(corners(*came)))
    assert made.width <= 626
    assert made.height <= 826
    assert max(made.width / 626, made.height / 826) > 0.99
    assert made.width / made.height == pytest.approx(came[0] / came[1], rel=0.01)


def test_evidence_is_at_most_2400_pixels_long() -> None:
    assert clean_evidence(file(corners(4000, 3000))).width == 2400
    assert clean_evidence(file(corners(1000, 3600))).height == 2400
    assert clean_evidence(file(corners(640, 480))).width == 640


@pytest.mark.parametrize(
    ("clean", "size", "limit"), [(clean_photo, (626, 826), 200_000), (clean_evidence, (2400, 1350), 1_500_000)]
)
def test_the_busiest_picture_stays_within_its_bytes(clean: Clean, size: tuple[int, int], limit: int) -> None:
    busy = file(noise(*size), quality=95)
    assert len(busy) > limit
    assert limit / 2 < len(clean(busy).data) <= limit


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"], ids=lambda mode: f"mode {mode}")
def test_every_way_to_store_pixels_becomes_rgb(mode: str) -> None:
    level = 255 if mode == "1" else 200
    grey = Image.new("L", (413, 579), level)
    stored = Image.new("I;16", grey.size, level << 8) if mode == "I;16" else grey.convert(mode)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    options = {"transparency": 255} if mode == "P" else {}
    made = Image.open(io.BytesIO(clean_photo(file(stored, kind, **options)).data))
    pixel = made.getpixel((200, 300))
    assert isinstance(pixel, tuple)
    assert pixel == pytest.approx((level, level, level), abs=3)


@both
@pytest.mark.parametrize("alpha", ["RGBA", "palette"])
def test_what_is_transparent_becomes_white_paper(clean: Clean, alpha: str) -> None:
    glass = Image.new("RGBA", (413, 579), (255, 0, 0, 0))
    glass.paste((0, 0, 255, 255), (0, 0, 206, 579))
    data = file(glass, "PNG")
    if alpha == "palette":
        flat = Image.new("P", (413, 579), 0)
        flat.putpalette([255, 0, 0, 0, 0, 255])
        flat.paste(1, (0, 0, 206, 579))
        data = file(flat, "PNG", transparency=0)
    blue, white = (0, 0, 4), (4, 4, 4)
    assert seen(clean(data)) == [blue, white, blue, white]


# --- what does not come through


_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@both
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", _STORED)
def test_however_the_phone_was_held_the_picture_is_upright(clean: Clean, orientation: int, kind: str) -> None:
    turn = _STORED[orientation]
    stored = corners() if turn is None else corners().transpose(turn)
    made = clean(file(stored, kind, exif=tagged(stored, orientation)))
    assert (made.width, made.height) == (413, 579)
    assert seen(made) == COLOURS
    assert not Image.open(io.BytesIO(made.data)).getexif()


def test_place_phone_comment_and_profile_are_gone() -> None:
    picture = corners()
    data = file(
        picture,
        exif=tagged(picture, 1),
        comment=b"SecretComment",
        icc_profile=b"SecretProfile" * 9,
        xmp=b"SecretXmp",
    )
    assert data.count(b"Secret") >= 4
    made = clean_photo(data)
    assert b"Secret" not in made.data
    assert b"Exif" not in made.data
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "SecretName")
    assert b"Secret" not in clean_evidence(file(picture, "PNG", pnginfo=notes)).data


@both
@pytest.mark.parametrize("tail", [b"<html><script>alert(1)</script>", b"PK\x03\x04archive", b"%PDF-1.7", b"\0" * 99])
def test_nothing_behind_the_picture_comes_along(clean: Clean, tail: bytes) -> None:
    plain = file(corners())
    assert clean(plain + tail) == clean(plain)


def test_cleaning_again_is_harmless_and_the_same_picture_gives_the_same_bytes() -> None:
    once = clean_photo(file(corners()))
    again = clean_photo(once.data)
    assert (again.width, again.height) == (once.width, once.height)
    assert clean_photo(file(corners())) == once


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data:UserWarning")  # which is all that Pillow does about it
def test_exif_in_disorder_is_no_reason_to_refuse() -> None:
    plain = file(corners())
    broken = b"Exif\0\0II*\0\xff\xff\xff\xff garbage"
    data = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(broken) + 2) + broken + plain[2:]
    assert seen(clean_photo(data)) == COLOURS


def test_a_phone_s_picture_in_two_layers_counts_as_its_first() -> None:
    two = file(corners(), "MPO", save_all=True, append_images=[corners(100, 100)])
    assert two.startswith(b"\xff\xd8\xff")
    assert seen(clean_photo(two)) == COLOURS
