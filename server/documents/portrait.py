"""A JPEG inside an SVG, as the templates take pictures: typst takes only text as input, and reading bytes from JSON costs
20 ms more."""

import base64
import io

from PIL.JpegImagePlugin import JpegImageFile


def picture_svg(jpeg: bytes) -> str:
    """The picture for a template.

    A broken picture inside an SVG would be left out without a word, so it is looked at first. Raises ValueError.
    """
    try:
        width, height = JpegImageFile(io.BytesIO(jpeg)).size
    except (SyntaxError, OSError) as fault:
        raise ValueError("the photo or signature is not a JPEG") from fault
    encoded = base64.b64encode(jpeg).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{encoded}"/></svg>'
    )
