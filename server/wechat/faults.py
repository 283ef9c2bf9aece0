"""What can go wrong with WeChat, in our words: one kind for each thing that a caller would do differently."""

import re
from collections.abc import Mapping
from enum import StrEnum


class FaultKind(StrEnum):
    """Only `UNKNOWN` may have had an effect at WeChat; every other kind says that nothing was done."""

    BUSY = "busy"  # not reached, or WeChat asks to try again: seconds
    RATE_LIMITED = "rate_limited"  # a quota of the minute or the day is used up
    CODE_USED_OR_WRONG = "code_used_or_wrong"  # the mini-program must ask for a new code
    BLOCKED_USER = "blocked_user"  # WeChat holds this user to be high-risk
    FOREIGN_NUMBER = "foreign_number"  # the user's number is not a mainland mobile number
    NOT_SUBSCRIBED = "not_subscribed"  # refused, or the credit (订阅授权) is used up
    WRONG_OPENID = "wrong_openid"  # not a user of this mini-program
    WRONG_TEMPLATE = "wrong_template"  # the template, its fields or the page: wrong for everybody
    BAD_FIELD = "bad_field"  # one value breaks a field's rule: wrong for this message
    TEXT_REFUSED = "text_refused"  # a sensitive word
    ABILITY_BANNED = "ability_banned"  # WeChat has switched subscription messages off for us
    TOKEN_TROUBLE = "token_trouble"  # noqa: S105 -- a kind's name; a token just issued is refused: a person must look
    MISCONFIGURED = "misconfigured"  # appid, secret, address allow-list or rights
    REFUSED = "refused"  # an errcode that our table does not know
    UNKNOWN = "unknown"  # sent, and no readable answer: it may have happened


class WeChatFault(Exception):
    """A call that did not succeed.

    `code` is WeChat's errcode (for 47003 with the field's name) or a word of ours for a fault below it: `connect`,
    `read`, `http 502`, `unreadable`. Neither ever holds a secret, token, address, openid or number, and the exception is
    raised without a context, because the library's own exceptions carry the whole URL.
    """

    def __init__(self, kind: FaultKind, code: str) -> None:
        super().__init__(kind, code)
        self.kind = kind
        self.code = code

    def __str__(self) -> str:
        return f"WeChat: {self.kind} ({self.code})"


# The errcodes of jscode2session, getuserphonenumber, stable_token, subscribe/send and generate_urllink, with the general ones.
KIND_OF: Mapping[int, FaultKind] = {
    -1: FaultKind.BUSY,
    40001: FaultKind.TOKEN_TROUBLE,
    40002: FaultKind.MISCONFIGURED,  # no right to make links
    40003: FaultKind.WRONG_OPENID,
    40013: FaultKind.MISCONFIGURED,  # appid
    40014: FaultKind.TOKEN_TROUBLE,
    40029: FaultKind.CODE_USED_OR_WRONG,
    40037: FaultKind.WRONG_TEMPLATE,
    40125: FaultKind.MISCONFIGURED,  # secret
    40163: FaultKind.CODE_USED_OR_WRONG,
    40164: FaultKind.MISCONFIGURED,  # our address is not on the allow-list
    40165: FaultKind.WRONG_TEMPLATE,  # a link's page is not in the released version
    40226: FaultKind.BLOCKED_USER,
    40243: FaultKind.MISCONFIGURED,  # secret frozen
    41001: FaultKind.TOKEN_TROUBLE,  # token missing
    41002: FaultKind.MISCONFIGURED,  # appid missing
    41004: FaultKind.MISCONFIGURED,  # secret missing
    41008: FaultKind.CODE_USED_OR_WRONG,  # code missing
    41030: FaultKind.WRONG_TEMPLATE,  # page not in the released version
    42001: FaultKind.TOKEN_TROUBLE,
    43101: FaultKind.NOT_SUBSCRIBED,
    43107: FaultKind.ABILITY_BANNED,
    43108: FaultKind.BUSY,  # two messages to one user at once
    44990: FaultKind.RATE_LIMITED,  # links made too quickly
    45009: FaultKind.RATE_LIMITED,
    45011: FaultKind.RATE_LIMITED,
    45168: FaultKind.TEXT_REFUSED,
    47001: FaultKind.MISCONFIGURED,  # body not understood
    47003: FaultKind.BAD_FIELD,
    48001: FaultKind.MISCONFIGURED,  # no right to this interface
    50002: FaultKind.MISCONFIGURED,  # account restricted
    50004: FaultKind.MISCONFIGURED,  # no right to a token
    50007: FaultKind.MISCONFIGURED,  # account frozen
    61004: FaultKind.MISCONFIGURED,  # our address is not registered
    85079: FaultKind.MISCONFIGURED,  # the mini-program has no released version
    89503: FaultKind.MISCONFIGURED,  # an administrator has to confirm our address
}

# Codes after which a new token may heal the call; 41001 is our own mistake and is not among them.
TOKEN_REFUSED = frozenset({40001, 40014, 42001})

_FIELD = re.compile(r"data\.([a-z_]{1,32}[0-9]{0,3})\.", re.ASCII)


def fault_of(errcode: int) -> WeChatFault:
    """The fault of an errcode. One that the table does not know still says for certain that nothing was done."""
    return WeChatFault(KIND_OF.get(errcode, FaultKind.REFUSED), str(errcode))


def field_fault(errmsg: str, sent: Mapping[str, str]) -> WeChatFault:
    """The fault of a 47003, whose errmsg names the field (`argument invalid! data.thing2.value invalid`).

    A field that we sent with a value holds a bad value in this message; a field that we never sent belongs to a template
    other than the one we know, and every message would fail alike.
    """
    named = _FIELD.search(errmsg)
    if named is None:
        return WeChatFault(FaultKind.BAD_FIELD, "47003")
    field = named.group(1)
    kind = FaultKind.BAD_FIELD if field in sent else FaultKind.WRONG_TEMPLATE
    return WeChatFault(kind, f"47003 {field}")
