"""Cleaning of uploaded pictures: a fresh JPEG with nothing left of the file that came, or a refusal with a code.

Only the content says what a file is; names and declared types are not looked at. Sizes are read from the header
and judged before anything is decoded. All that is not pixels is dropped: where it was taken, by which phone,
and whatever else was put behind or inside the picture.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from server.turns import NoTurn, Turns

MIME = "image/jpeg"  # of everything that leaves here

PHOTO_MAX_BYTES_IN = 10_000_000
EVIDENCE_MAX_BYTES_IN = 10_000_000
#: of a JPEG, which can be decoded at a fraction: the cameras of most phones, and of good ones at their usual setting
MAX_PIXELS = 40_000_000
#: of a PNG or WebP, which has to be decoded whole: any phone's screenshot, however long; at worst a quarter of a GB
MAX_PIXELS_WHOLE = 20_000_000

PHOTO_MIN = (300, 400)  # a 2-inch portrait (2寸) is 413 x 579 pixels at 300 dpi; below this a face prints as blocks
PHOTO_MAX = (626, 826)
PHOTO_SHAPES = (35 / 53, 35 / 49)  # width by height: the two things that photographers call 2寸
PHOTO_TOLERANCE = 0.065  # so that 626 x 826, which other sites ask for, is taken too
PHOTO_MAX_BYTES = 200_000

SIGNATURE_MAX_BYTES_IN = 1_000_000
SIGNATURE_MAX_PIXELS = 8_000_000  # a tablet's whole screen
SIGNATURE_MAX = (1200, 600)  # three times as sharp as it is printed
SIGNATURE_MAX_BYTES = 60_000
INK = 128  # a stroke is darker than this; a phone draws it black on white
SIGNATURE_SPAN = 0.15  # of the width or height, at least: a tap is no signature

EVIDENCE_MAX_SIDE = 2400  # an A4 page at 200 dpi: small print stays legible
EVIDENCE_MAX_BYTES = 1_500_000

_QUALITIES = (88, 80, 72, 64, 56, 48)
_SHRINK = 0.8
# Of the sixteen requests that a web process serves at a time two decode a picture and six wait for that; the others are
# left for everything that is no upload.
_TURNS_TO_DECODE = Turns(2, 6, within_seconds=15.0)


class Refusal(StrEnum):
    """Why a picture is not taken. The words for people stand in the API's table of errors."""

    EMPTY = "upload_empty"
    """The file has no bytes: the phone's upload broke off."""
    TOO_BIG = "upload_too_big"
    """More bytes than the limit for its kind."""
    NOT_AN_IMAGE = "upload_not_an_image"
    """Neither of the kinds that are taken, by content; a PDF among others: photograph the page instead."""
    HEIC = "upload_heic"
    """An iPhone's own format: choose JPEG ("most compatible") in the camera's settings, or send a screenshot."""
    BROKEN = "upload_broken"
    """Begins like a picture, but cannot be read to its end."""
    TOO_MANY_PIXELS = "upload_too_many_pixels"
    """More than 40 million pixels, 20 million of a PNG or WebP, 8 million of a signature, whatever the bytes."""
    BUSY = "upload_busy"
    """Too many pictures came at once: the same one is taken a little later."""
    ANIMATED = "upload_animated"
    """More than one picture in turn: no reviewer could say which of them was judged."""
    PHOTO_TOO_SMALL = "photo_too_small"
    """Narrower than 300 or lower than 400 pixels."""
    PHOTO_WRONG_SHAPE = "photo_wrong_shape"
    """Not a 2-inch portrait: width by height is not near 35:49 to 35:53."""
    SIGNATURE_EMPTY = "signature_empty"
    """Nothing is written, or no more than a dot."""


class ImageRefused(Exception):
    """The picture is not taken; `code` says why."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True)
class CleanImage:
    """A JPEG that this program wrote itself; sizes in pixels, `sha256` of `data` in hexadecimal."""

    data: bytes = field(repr=False)
    mime: str
    width: int
    height: int
    sha256: str


def clean_photo(data: bytes) -> CleanImage:
    """A portrait (2寸照片) from a JPEG or PNG of at most 10 MB: upright, at most 626 x 826 pixels and 200 kB.

    Raises `ImageRefused`, and nothing else whatever the bytes are.
    """
    _check_bytes(data, PHOTO_MAX_BYTES_IN)
    with _damage_is_refused(), _TURNS_TO_DECODE.one():
        picture = _open(data, {"jpeg", "png"})
        _check_portrait(*_upright_size(picture))
        return _rewrite(picture, PHOTO_MAX, PHOTO_MAX_BYTES)


def clean_evidence(data: bytes) -> CleanImage:
    """A photographed document from a JPEG, PNG or WebP of at most 10 MB: at most 2400 pixels long and 1.5 MB.

    Raises `ImageRefused`, and nothing else whatever the bytes are.
    """
    _check_bytes(data, EVIDENCE_MAX_BYTES_IN)
    with _damage_is_refused(), _TURNS_TO_DECODE.one():
        picture = _open(data, {"jpeg", "png", "webp"})
        return _rewrite(picture, (EVIDENCE_MAX_SIDE, EVIDENCE_MAX_SIDE), EVIDENCE_MAX_BYTES)


def clean_signature(data: bytes) -> CleanImage:
    """A name written with a finger, black on white or on nothing, from a JPEG or PNG of at most 1 MB.

    Raises `ImageRefused`, and nothing else whatever the bytes are.
    """
    _check_bytes(data, SIGNATURE_MAX_BYTES_IN)
    with _damage_is_refused(), _TURNS_TO_DECODE.one():
        picture = _open(data, {"jpeg", "png"}, SIGNATURE_MAX_PIXELS)
        _check_written(picture)
        return _rewrite(picture, SIGNATURE_MAX, SIGNATURE_MAX_BYTES)


@contextmanager
def _damage_is_refused() -> Iterator[None]:
    """Of a damaged file Pillow's parsers raise whatever they stumble over (OSError, SyntaxError, ValueError,
    struct.error, IndexError ...) and promise no common ancestor, so all of it is taken to mean one thing."""
    try:
        yield
    except ImageRefused:
        raise
    except NoTurn:
        raise ImageRefused(Refusal.BUSY) from None
    except Exception as fault:
        raise ImageRefused(Refusal.BROKEN) from fault


# --- what is it


def _check_bytes(data: bytes, limit: int) -> None:
    if not data:
        raise ImageRefused(Refusal.EMPTY)
    if len(data) > limit:
        raise ImageRefused(Refusal.TOO_BIG)


def _open(data: bytes, taken: set[str], most: int = MAX_PIXELS) -> ImageFile.ImageFile:
    """The picture, its size judged by the header before its pixels are decoded."""
    kind = _kind(data)
    if kind == "heic":
        raise ImageRefused(Refusal.HEIC)
    if kind not in taken:
        raise ImageRefused(Refusal.NOT_AN_IMAGE)
    if kind != "jpeg":
        most = min(most, MAX_PIXELS_WHOLE)
    if kind == "webp":  # its decoder makes room for all pixels on opening, so it is measured before
        _check_pixels(_webp_size(data), most)
    # The plain classes and not Image.open: that makes a many-picture file of an ordinary phone's JPEG.
    picture = _READERS[kind](io.BytesIO(data))
    _check_pixels(picture.size, most)
    if getattr(picture, "n_frames", 1) > 1:
        raise ImageRefused(Refusal.ANIMATED)
    if kind == "png":  # its EXIF may stand behind the pixels: damage on the way there is not "no EXIF"
        picture.load()
    return picture


_READERS: dict[str, type[ImageFile.ImageFile]] = {"jpeg": JpegImageFile, "png": PngImageFile, "webp": WebPImageFile}
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def _kind(data: bytes) -> str:
    """jpeg, png, webp, heic, or "" for all else, by the first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "heic"
    return ""


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height from a WebP header: extended, lossless or lossy, as the container's specification has them."""
    head = data[12:30].ljust(18, b"\0")
    match head[:4]:
        case b"VP8X":
            return 1 + int.from_bytes(head[12:15], "little"), 1 + int.from_bytes(head[15:18], "little")
        case b"VP8L":
            bits = int.from_bytes(head[9:13], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            return int.from_bytes(head[14:16], "little") & 0x3FFF, int.from_bytes(head[16:18], "little") & 0x3FFF
        case _:
            raise ImageRefused(Refusal.BROKEN)


def _check_pixels(size: tuple[int, int], most: int) -> None:
    width, height = size
    if width * height > most:
        raise ImageRefused(Refusal.TOO_MANY_PIXELS)
    if width * height <= 0:
        raise ImageRefused(Refusal.BROKEN)


def _check_portrait(width: int, height: int) -> None:
    if width < PHOTO_MIN[0] or height < PHOTO_MIN[1]:
        raise ImageRefused(Refusal.PHOTO_TOO_SMALL)
    narrow, wide = PHOTO_SHAPES
    if not narrow * (1 - PHOTO_TOLERANCE) <= width / height <= wide * (1 + PHOTO_TOLERANCE):
        raise ImageRefused(Refusal.PHOTO_WRONG_SHAPE)


def _check_written(picture: ImageFile.ImageFile) -> None:
    strokes = _on_white(picture).convert("L").point(lambda grey: 255 if grey < INK else 0).getbbox()
    if strokes is None:
        raise ImageRefused(Refusal.SIGNATURE_EMPTY)
    left, top, right, bottom = strokes
    span = max((right - left) / picture.width, (bottom - top) / picture.height)
    whole = (right - left, bottom - top) == picture.size  # a black picture, or a photo
    if span < SIGNATURE_SPAN or (whole and _mostly_dark(picture)):
        raise ImageRefused(Refusal.SIGNATURE_EMPTY)


def _mostly_dark(picture: ImageFile.ImageFile) -> bool:
    grey = _on_white(picture).convert("L").histogram()
    return sum(grey[:INK]) > sum(grey) / 2


# --- make it ours

_ORIENTATION = 0x0112  # the EXIF tag
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _orientation(picture: ImageFile.ImageFile) -> int:
    """How the phone was held, 1 to 8; 1, as stored, if the file does not say it legibly."""
    try:
        value = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # EXIF in disorder is common and no fault of the pixels: the picture is then as it looks
        return 1
    return value if value in _TURNS else 1


def _lies_on_its_side(picture: ImageFile.ImageFile) -> bool:
    return _orientation(picture) >= 5


def _upright_size(picture: ImageFile.ImageFile) -> tuple[int, int]:
    width, height = picture.size
    return (height, width) if _lies_on_its_side(picture) else (width, height)


def _rewrite(picture: ImageFile.ImageFile, box: tuple[int, int], max_bytes: int) -> CleanImage:
    """The pixels alone, upright, within `box`, as a new JPEG of at most `max_bytes`."""
    orientation = _orientation(picture)
    target = (box[1], box[0]) if _lies_on_its_side(picture) else box
    picture.draft("RGB", target)  # lets a JPEG decode at a half, a quarter or an eighth: far less memory
    pixels = _on_white(picture)
    pixels.thumbnail(target, Image.Resampling.LANCZOS)
    if orientation in _TURNS:
        pixels = pixels.transpose(_TURNS[orientation])
    pixels.info.clear()  # Pillow would write a comment of the old file into the new one
    return _encode(pixels, max_bytes)


def _on_white(picture: Image.Image) -> Image.Image:
    """RGB from whatever mode; what is transparent becomes paper."""
    if picture.mode.startswith("I"):  # 16 bits of grey, which convert() would clip to white
        return picture.point(lambda value: value / 256).convert("L").convert("RGB")
    if not picture.has_transparency_data:
        return picture if picture.mode == "RGB" else picture.convert("RGB")
    layer = picture if picture.mode == "RGBA" else picture.convert("RGBA")  # a copy of 40 megapixels is 160 MB
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer)
    return paper


def _encode(pixels: Image.Image, max_bytes: int) -> CleanImage:
    """The best quality that stays within the bytes; a picture too busy for any of them gets fewer pixels."""
    while True:
        for quality in _QUALITIES:
            out = io.BytesIO()
            pixels.save(out, "JPEG", quality=quality, optimize=True)
            data = out.getvalue()
            if len(data) <= max_bytes:
                return CleanImage(data, MIME, *pixels.size, hashlib.sha256(data).hexdigest())
        smaller = (max(1, int(side * _SHRINK)) for side in pixels.size)
        pixels = pixels.resize((next(smaller), next(smaller)), Image.Resampling.LANCZOS)
