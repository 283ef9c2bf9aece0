"""The shape of a wording: the carrier's SMS template, and the card's fields."""

from dataclasses import dataclass

from server.domain.pages import Page


@dataclass(frozen=True)
class Wording:
    """One kind's words. `sms` is the carrier's approved template; `sms_facts` fill {1}, {2} … in order.

    `fields` are WeChat's: field name, label on the card, and the fact that fills it.
    """

    version: int
    sms: str
    sms_facts: tuple[str, ...]
    title: str = ""
    fields: tuple[tuple[str, str, str], ...] = ()
    page: str = "pages/registration/index?number={number}"
    #: the constant address that stands in the SMS where its text says {link}: carriers refuse one as a value
    link: Page | None = None


ABOUT = ("thing1", "申报项目", "subject_short")
