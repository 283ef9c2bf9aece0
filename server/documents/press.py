"""The press: a typst template compiled with the fonts in use, fed with data as JSON and never as markup."""

import json
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

import typst

from server.documents.fonts import require_fonts

Output = Literal["pdf", "png"]


class Press:
    """A compiled template with its fonts: costs 0.3 s once, then milliseconds a sheet."""

    def __init__(self, template: Path, font_paths: tuple[Path, ...]) -> None:
        fonts = require_fonts(font_paths)
        self._families = list(fonts.families)
        self._compiler = typst.Compiler(
            template, root=template.parent, font_paths=fonts.book, ignore_system_fonts=True
        )
        self._one_at_a_time = threading.Lock()  # a typst compiler refuses a second thread ("Already borrowed")

    def run(self, data: Mapping[str, object], output: Output, ppi: float) -> list[bytes]:
        """The finished pages: one PDF, or one PNG for each page. The template finds the data as `sys.inputs.data`, with
        the families of the fonts among them. The same data give the same bytes."""
        inputs = {"data": json.dumps({**data, "families": self._families}, ensure_ascii=False)}
        with self._one_at_a_time:
            made = self._compiler.compile(format=output, ppi=ppi, sys_inputs=inputs, timestamp=0)
        if made is None:
            raise RuntimeError("typst gave no document")
        return made if isinstance(made, list) else [made]


@lru_cache(maxsize=8)
def press(template: Path, font_paths: tuple[Path, ...]) -> Press:
    """The press of a template; made once for each set of fonts. Raises FontsMissing."""
    return Press(template, font_paths)
