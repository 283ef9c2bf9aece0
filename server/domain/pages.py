"""Where a message leads (跳转页面): a few constant addresses that an SMS template may hold, and the pages behind them.

An address stands in a template that a carrier has approved, so it holds nothing of anybody: whoever opens it signs in and sees
their own. Addresses never change; the pages behind them may, and this table is the one place where.
"""

from enum import StrEnum


class Page(StrEnum):
    """The last part of the address /go/<page>."""

    MINE = "mine"  # 我的申报
    PAY = "pay"  # 缴费
    TICKET = "ticket"  # 准考证
    NOTICES = "notices"  # 我的通知


#: The same path in the mini-program and in the phone pages. Payment and ticket belong to one registration, which an address
#: without a number cannot name: they lead to the list, from which it is one tap.
PATHS: dict[Page, str] = {
    Page.MINE: "pages/registrations/index",
    Page.PAY: "pages/registrations/index",
    Page.TICKET: "pages/registrations/index",
    Page.NOTICES: "pages/notices/index",
}
_PHONE_PAGES = "/m/"


def address(public_url: str, page: Page) -> str:
    """https://…/go/mine: what an SMS template holds."""
    return f"{public_url.rstrip('/')}/go/{page.value}"


def phone_page(page: Page | None) -> str:
    """The page for a browser; of an address that is none of ours any more, where the phone pages begin."""
    return _PHONE_PAGES if page is None else f"{_PHONE_PAGES}#/{PATHS[page]}"
