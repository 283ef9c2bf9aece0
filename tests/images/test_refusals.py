"""What is no usable picture gets a code, and nothing else ever happens."""

import contextlib
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from server import images
from server.images import ImageRefused, Refusal, clean_evidence, clean_photo, clean_signature
from tests.images.pictures import Clean, both, corners, file, noise, png_header, refusal, tagged

# --- what is refused


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 99
WEBP_BOMB = b"RIFF\x80\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xfe\x3f\0\xfe\x3f\0" + b"\0" * 99


@both
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Refusal.EMPTY),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", Refusal.NOT_AN_IMAGE),
        (b"GIF89a" + b"\0" * 50, Refusal.NOT_AN_IMAGE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Refusal.NOT_AN_IMAGE),
        ("这是文字".encode(), Refusal.NOT_AN_IMAGE),
        (b"\0\0\0\x18ftypisom" + b"\0" * 50, Refusal.NOT_AN_IMAGE),
        (HEIC, Refusal.HEIC),
        (b"\xff\xd8\xff", Refusal.BROKEN),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, Refusal.BROKEN),
        (b"\x89PNG\r\n\x1a\n", Refusal.BROKEN),
        (png_header(413, 579), Refusal.BROKEN),
        (png_header(0, 579), Refusal.BROKEN),
        (png_header(4473, 4472), Refusal.TOO_MANY_PIXELS),
        (png_header(60000, 60000), Refusal.TOO_MANY_PIXELS),
        (png_header(2**31 - 1, 2**31 - 1), Refusal.TOO_MANY_PIXELS),
        (b"\xff\xd8\xff\xe0" + b"\0" * 10_000_000, Refusal.TOO_BIG),
    ],
    ids=lambda value: value.name if isinstance(value, Refusal) else "",
)
def test_what_is_no_picture_is_refused_by_name(clean: Clean, data: bytes, code: Refusal) -> None:
    assert refusal(clean, data) == code


@both
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_a_file_cut_off_on_its_way_is_refused(clean: Clean, kind: str, share: float) -> None:
    data = file(noise(413, 579), kind)
    assert refusal(clean, data[: int(len(data) * share)]) == Refusal.BROKEN


@pytest.mark.parametrize("share", [0.001, 0.3, 0.9])
def test_a_webp_cut_off_on_its_way_is_refused(share: float) -> None:
    data = file(noise(413, 579), "WEBP")
    assert refusal(clean_evidence, data[: int(len(data) * share)]) == Refusal.BROKEN


@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("alpha", [True, False])
@pytest.mark.parametrize("size", [(1, 1), (413, 579), (2401, 7), (300, 5000)])
def test_a_webp_header_is_read_as_its_decoder_reads_it(size: tuple[int, int], lossless: bool, alpha: bool) -> None:
    picture = Image.new("RGBA" if alpha else "RGB", size, (1, 2, 3, 99) if alpha else (1, 2, 3))
    assert images._webp_size(file(picture, "WEBP", lossless=lossless)) == size


def test_a_jpeg_may_have_more_pixels_than_what_must_be_decoded_whole() -> None:
    large = Image.new("L", (5000, 4001))
    assert clean_evidence(file(large)).width == 2400
    assert refusal(clean_evidence, file(large, "PNG")) == Refusal.TOO_MANY_PIXELS
    assert clean_evidence(file(large.crop((0, 0, 5000, 4000)), "PNG")).width == 2400


def test_a_signature_is_no_larger_than_a_screen() -> None:
    assert refusal(clean_signature, png_header(4000, 2001)) == Refusal.TOO_MANY_PIXELS
    assert refusal(clean_signature, png_header(4000, 2000)) == Refusal.BROKEN


def test_a_webp_too_large_is_refused_before_its_decoder_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_READERS", {})
    assert refusal(clean_evidence, WEBP_BOMB) == Refusal.TOO_MANY_PIXELS


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(kind: str) -> None:
    moving = file(corners(), kind, save_all=True, append_images=[noise(413, 579)])
    assert refusal(clean_evidence, moving) == Refusal.ANIMATED


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ((299, 420), Refusal.PHOTO_TOO_SMALL),
        ((300, 399), Refusal.PHOTO_TOO_SMALL),
        ((1, 1), Refusal.PHOTO_TOO_SMALL),
        ((600, 600), Refusal.PHOTO_WRONG_SHAPE),
        ((579, 413), Refusal.PHOTO_WRONG_SHAPE),
        ((1080, 1920), Refusal.PHOTO_WRONG_SHAPE),
        ((400, 700), Refusal.PHOTO_WRONG_SHAPE),
    ],
)
def test_a_portrait_is_large_enough_and_of_the_2_inch_shape(size: tuple[int, int], code: Refusal) -> None:
    assert refusal(clean_photo, file(corners(*size))) == code


@pytest.mark.parametrize(("clean", "limit"), [(clean_photo, 10_000_000), (clean_evidence, 10_000_000)])
def test_the_limit_of_bytes_is_inclusive(clean: Clean, limit: int) -> None:
    data = file(corners())
    assert clean(data + b"\0" * (limit - len(data)))
    assert refusal(clean, data + b"\0" * (limit - len(data) + 1)) == Refusal.TOO_BIG


def test_codes_are_stable_words_with_a_meaning_each() -> None:
    assert {code.value for code in Refusal} >= {"photo_too_small", "photo_wrong_shape", "upload_not_an_image"}
    assert all(code.value.isascii() for code in Refusal)
    assert str(ImageRefused(Refusal.HEIC)) == "upload_heic"


# --- whatever comes


MAGIC = (
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\xff\0\0\0WEBPVP8X",
    b"RIFF\xff\0\0\0WEBPVP8 ",
    b"\0\0\0\0ftyp",
)
WHOLE = (
    file(corners(300, 420)),
    file(corners(300, 420), "PNG"),
    file(corners(300, 420).convert("P"), "PNG"),
    file(corners(300, 420), "WEBP"),
    file(corners(300, 420), exif=tagged(corners(), 6), progressive=True),
)


def _only_refuses(data: bytes) -> None:
    for clean in (clean_photo, clean_evidence):
        with contextlib.suppress(ImageRefused):  # anything else goes through and fails the test
            assert clean(data).data.startswith(b"\xff\xd8\xff")


@given(st.sampled_from((b"", *MAGIC)), st.binary(max_size=300))
def test_random_bytes_are_refused_and_never_break(head: bytes, tail: bytes) -> None:
    _only_refuses(head + tail)


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_picture_is_cleaned_or_refused_and_never_breaks(data: st.DataObject) -> None:
    damaged = bytearray(data.draw(st.sampled_from(WHOLE)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, min(len(damaged) - 1, 900)))
        damaged[at] = data.draw(st.integers(0, 255))
    _only_refuses(bytes(damaged))


def test_the_largest_picture_taken_needs_bounded_memory() -> None:
    code = """
import io, pathlib, re, resource
from PIL import Image
from server.images import clean_evidence
out = io.BytesIO()
Image.new("RGBA", (5000, 4000), (10, 20, 30, 128)).save(out, "PNG", compress_level=1)
made = clean_evidence(out.getvalue())
assert (made.width, made.height) == (2400, 1920)
# Linux counts into ru_maxrss what the parent held when it forked; VmHWM begins anew with the program.
status = pathlib.Path("/proc/self/status")
kilobytes = re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1] if status.exists() else None
print(kilobytes or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    pytest.importorskip("resource")  # Windows has no such measure
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    peak = int(done.stdout) / (1024 if sys.platform != "darwin" else 1024**2)
    assert peak < 300, "megabytes"
