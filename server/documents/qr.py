"""QR codes (二维码) for links: as PNG, as SVG inside a page, and as text for a terminal."""

import io

from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET_ZONE = 4  # modules of white on each side, as ISO/IEC 18004 asks
MAX_TEXT = 200  # characters; more would make modules too small for a print 25 mm wide
# Trying all eight masks takes most of the time and gains nothing at this size. A fixed one also makes the
# picture a function of the text alone, whatever a new version of the library thinks best.
MASK = 2

Matrix = tuple[tuple[bool, ...], ...]  # row by row, quiet zone included; True is dark


def qr_matrix(text: str) -> Matrix:
    """The modules of the code for `text`, at error level M. Raises ValueError for "" or over 200 characters."""
    if not text:
        raise ValueError("a QR code needs a text")
    if len(text) > MAX_TEXT:
        raise ValueError(f"a QR code holds at most {MAX_TEXT} characters here, not {len(text)}")
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, mask_pattern=MASK)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())


def qr_png(text: str, module_pixels: int = 8) -> bytes:
    """A black and white PNG with `module_pixels` pixels a module. Raises ValueError as `qr_matrix` does."""
    matrix = qr_matrix(text)
    picture = Image.new("1", (len(matrix), len(matrix)))
    picture.putdata([0 if dark else 255 for row in matrix for dark in row])
    side = len(matrix) * module_pixels
    out = io.BytesIO()
    picture.resize((side, side), Image.Resampling.NEAREST).save(out, "PNG", optimize=True)
    return out.getvalue()


def qr_svg(text: str) -> str:
    """An `<svg>` element for inside an HTML page: scales to its box, refers to nothing outside.

    It is white behind the code, so that it reads on a dark page too. Raises ValueError as `qr_matrix` does.
    """
    matrix = qr_matrix(text)
    side = len(matrix)
    runs = "".join(_runs(y, row) for y, row in enumerate(matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="二维码"'
        f' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{runs}"/></svg>'
    )


def _runs(y: int, row: tuple[bool, ...]) -> str:
    """One SVG sub-path for each run of dark modules in a row: a third of the size of one for each module."""
    edges = [x for x in range(1, len(row)) if row[x] != row[x - 1]]  # the quiet zone makes them pairs
    return "".join(f"M{start} {y}h{end - start}v1H{start}z" for start, end in zip(*[iter(edges)] * 2, strict=True))


def qr_terminal(text: str) -> str:
    """The code in half blocks, two rows of modules a line, black on white whatever the terminal's colours are.

    Raises ValueError as `qr_matrix` does.
    """
    matrix = qr_matrix(text)
    below = (*matrix[1:], (False,) * len(matrix))
    lines = (
        "".join(" ▄▀█"[2 * upper + lower] for upper, lower in zip(top, bottom, strict=True))
        for top, bottom in zip(matrix[::2], below[::2], strict=True)
    )
    return "\n".join(f"\x1b[30;107m{line}\x1b[0m" for line in lines)
