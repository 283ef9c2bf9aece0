"""Pictures to upload, and what came of them."""

import io
import struct
import zlib
from collections.abc import Callable
from random import Random

import pytest
from PIL import Image

from server.images import CleanImage, ImageRefused, Refusal, clean_evidence, clean_photo

Clean = Callable[[bytes], CleanImage]
both = pytest.mark.parametrize("clean", [clean_photo, clean_evidence])
RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (255, 255, 255)


def corners(width: int = 413, height: int = 579) -> Image.Image:
    """Red, green, blue and white quarters, so that turning it shows."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    picture.paste(WHITE, (width // 2, height // 2, width, height))
    return picture


def file(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture as a file of that kind."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def noise(width: int, height: int) -> Image.Image:
    """The busiest picture there is, and always the same."""
    return Image.frombytes("RGB", (width, height), Random(1).randbytes(width * height * 3))


def chunk(kind: bytes, body: bytes) -> bytes:
    """One piece of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels and brings none."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", b"")
    )


def refusal(clean: Clean, data: bytes) -> Refusal:
    """The code that `data` is refused with."""
    with pytest.raises(ImageRefused) as refused:
        clean(data)
    return refused.value.code


def seen(clean: CleanImage) -> list[tuple[int, ...]]:
    """The colours in the middle of the four quarters, coarsely, as JPEG blurs them."""
    picture = Image.open(io.BytesIO(clean.data))
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (clean.width, clean.height))
    found = []
    for x, y in ((1, 1), (3, 1), (1, 3), (3, 3)):
        pixel = picture.getpixel((picture.width * x // 4, picture.height * y // 4))
        assert isinstance(pixel, tuple)
        found.append(tuple(round(value / 64) for value in pixel))
    return found


COLOURS = [tuple(round(value / 64) for value in colour) for colour in (RED, GREEN, BLUE, WHITE)]


def tagged(picture: Image.Image, orientation: int) -> Image.Exif:
    """EXIF with an orientation, a phone's maker and a place."""
    exif = picture.getexif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 5.0)
    return exif
