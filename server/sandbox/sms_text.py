"""What an SMS says and what it costs: filling a template, counting billing parts (计费条数), spotting links and numbers."""

import re
from collections.abc import Sequence

SINGLE_LIMIT = 70  # characters of one message, signature and its brackets included
PART_LIMIT = 67  # characters of each part of a longer one
CONTENT_LIMIT = 500

_PLACEHOLDER = re.compile(r"\{(\d+)\}")
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)|"
    r"(?<![a-z0-9-])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|gov|edu|io|me|top|xyz|vip|ltd|site|shop|cc|info|link|ink)(?![a-z0-9-])",
    re.IGNORECASE,
)
_MAINLAND = re.compile(r"(?:\+86|0086|86)?(1[3-9][0-9]{9})")


def placeholders(text: str) -> list[int]:
    """The numbers of a template's placeholders in rising order, repetitions included."""
    return sorted(int(number) for number in _PLACEHOLDER.findall(text))


def fill(text: str, values: Sequence[str]) -> str:
    """The template with {1} replaced by the first value and so on; a value's own braces stay as they are."""
    return _PLACEHOLDER.sub(lambda match: values[int(match[1]) - 1], text)


def signed(sign: str, text: str) -> str:
    """The message as a phone shows it, signature first."""
    return f"【{sign}】{text}"


def parts(message: str) -> int:
    """How many messages are billed: 1 up to 70 characters, else one for each 67 begun."""
    return 1 if len(message) <= SINGLE_LIMIT else -(-len(message) // PART_LIMIT)


def has_link(value: str) -> bool:
    """Whether a template value holds something a phone would make a link of."""
    return _LINK.search(value) is not None


def national(number: str) -> str | None:
    """The eleven digits of a mainland mobile in any spelling Tencent takes (+86, 0086, 86 or bare), else None."""
    match = _MAINLAND.fullmatch(number)
    return match[1] if match else None
