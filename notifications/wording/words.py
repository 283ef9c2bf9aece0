"""Facts put in the words of one version, each within what its carrier takes."""

from collections.abc import Mapping

from notifications.wording.newest import NEWEST
from notifications.wording.older import OLDER
from notifications.wording.shape import Wording
from server.domain.levels import LEVEL_SHORT
from server.domain.notices import VERSIONS, Kind
from server.domain.pages import address

# A WeChat `thing` holds 20 characters, an SMS variable 35 with the strictest carrier; what is longer is shortened here on
# purpose, or the carrier would refuse it.
THING, VARIABLE = 20, 35

WORDINGS: dict[tuple[Kind, int], Wording] = {
    (kind, one.version): one for kind, newest in NEWEST.items() for one in (newest, *OLDER.get(kind, ()))
}


def newest(kind: Kind) -> Wording:
    """What a notice that is written now says."""
    return WORDINGS[kind, VERSIONS[kind]]


def sms_params(wording: Wording, facts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The values of {1}, {2} … in order, each within its limit and never empty."""
    values = (_cut(facts[name], VARIABLE) for name in wording.sms_facts)
    return tuple((str(place), value) for place, value in enumerate(values, start=1))


def plainer_sms_params(wording: Wording, facts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The same without the name of the trade, which a carrier's filter may not like; empty where no trade is named."""
    if "subject" not in wording.sms_facts:
        return ()
    level = next((word for word in LEVEL_SHORT.values() if facts["subject"].endswith(word)), "")
    return sms_params(wording, {**facts, "subject": f"职业技能评价{level}"})


def sms_template(wording: Wording, public_url: str) -> str:
    """The template as the carrier approves it: {1}, {2} …, and the constant address, which is no variable."""
    return wording.sms if wording.link is None else wording.sms.replace("{link}", address(public_url, wording.link))


def sms_text(wording: Wording, facts: Mapping[str, str], public_url: str) -> str:
    """The message as its reader sees it, without the signature."""
    text = sms_template(wording, public_url)
    for place, value in sms_params(wording, facts):
        text = text.replace(f"{{{place}}}", value)
    return text


def wechat_fields(wording: Wording, facts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The card's fields, each within its limit and never empty."""
    return tuple((field, fitted(field, facts[name])) for field, _, name in wording.fields)


def wechat_page(wording: Wording, facts: Mapping[str, str]) -> str:
    """The page that a tap on the card opens."""
    return wording.page.format(number=facts.get("number", ""))


def fitted(field: str, value: str) -> str:
    """A value as its field can hold it."""
    return _cut(value, THING if field.startswith("thing") else len(value))


def _cut(value: str, room: int) -> str:
    """One line, shortened with an ellipsis, never empty."""
    line = " ".join(value.split())
    return (line if len(line) <= room else f"{line[: room - 1]}…") or "无"
