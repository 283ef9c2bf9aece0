"""Words that a clerk types into an approved template (人工通知): what a carrier would refuse of them is refused here first.

A carrier approves the fixed words of a template and lets a filter look at the values. Whoever is to be told learns nothing
from a refusal an hour later, so the clerk learns of it while typing.
"""

import re
import unicodedata

#: a WeChat `thing` holds 20 characters, an SMS variable 35 with the strictest carrier
HEADING_ROOM, WORDS_ROOM = 20, 35
#: with these in a text, a carrier takes a notice for an advertisement
BANNED = ("职业培训", "招生推广")

# Control, format and private characters, line and paragraph ends, half a pair, nothing assigned; and pictures (emoji).
_UNSENDABLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "So", "Sk"})
# Brackets of a signature, of a variable; a template's own.
_RESERVED = frozenset("【】{}[]$<>\\")
# Carriers forbid addresses in values, and a phone makes a link of anything that looks like one: an ideographic full stop
# between letters is a dot to a browser too.
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]*://|www[.。]|"
    r"(?<![a-z0-9-])(?:[a-z0-9-]+[.。])+(?:[a-z]{2,})(?![a-z0-9-])|"
    r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}",
    re.ASCII,
)
# The notices of a template name landlines; a mobile number in a message to hundreds is somebody's own.
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)", re.ASCII)


class WordsRefused(Exception):
    """The words cannot be sent; `code` is the stable code of the refusal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def checked(heading: str, words: str) -> tuple[str, str]:
    """Both without blanks around them, as they will be sent. Raises WordsRefused: message_empty, message_too_long,
    message_characters, message_link, message_mobile, message_banned."""
    heading, words = heading.strip(" \u3000"), words.strip(" \u3000")
    if not heading or not words:
        raise WordsRefused("message_empty")
    for one in (heading, words):
        if any(unicodedata.category(each) in _UNSENDABLE or each in _RESERVED for each in one):
            raise WordsRefused("message_characters")
    # A filter sees through wide letters, small letters and gaps, and so does this.
    plain = unicodedata.normalize("NFKC", f"{heading}\n{words}").lower()
    close = re.sub(r"[ \t]", "", plain)
    if _LINK.search(plain) or _LINK.search(close):
        raise WordsRefused("message_link")
    if _MOBILE.search(plain):
        raise WordsRefused("message_mobile")
    if any(word in close for word in BANNED):
        raise WordsRefused("message_banned")
    if len(heading) > HEADING_ROOM or len(words) > WORDS_ROOM:
        raise WordsRefused("message_too_long")
    return heading, words
