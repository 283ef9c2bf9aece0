"""Logs: one JSON line an event, Chinese as it is, and nothing in them that identifies a person."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# A document number, a phone, or a long token that slipped into a text in spite of everything.
_IDENTIFIES = re.compile(r"(?<![\dA-Za-z])(?:[1-9]\d{16}[\dXx]|1[3-9]\d{9})(?![\dA-Za-z])")


def set_up(*, json_lines: bool) -> None:
    """Send the program's and the libraries' logs to standard error, masked."""
    final: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json_lines
        # Plain tracebacks: the rich ones show local variables, and those are people.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *([structlog.processors.format_exc_info] if json_lines else []),
            masked,
            final,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line a request, with its query, is not ours to keep
    for handler in logging.getLogger().handlers:
        handler.addFilter(_Masking())


def masked(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blot out what identifies somebody, wherever it stands."""
    return {key: blotted(value) if isinstance(value, str) else value for key, value in entry.items()}


def blotted(text: str) -> str:
    return _IDENTIFIES.sub("***", text)


class _Masking(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = blotted(record.getMessage()), ()
        return True
