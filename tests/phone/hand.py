"""A person's hand on the phone pages: what it taps, types and photographs, and what their eyes would complain of."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator

from server.local import LocalStack
from tests.people import Phone as Sms
from tests.people import portrait
from tests.phone.looks import Look, leave, open_window, write_name

__all__ = ["Hand", "Look"]

# Set it to renew the pictures of the documentation.
KEPT = Path(__file__).parents[2] / "docs" / "pictures" / "phone" if "JIPING_PICTURES" in os.environ else None


@dataclass
class Hand:
    """One phone in one hand."""

    browser: Browser
    stack: LocalStack
    look: Look
    folder: Path
    number: str = "13900000001"
    #: the phone has never been on the pages
    new: bool = False

    def __post_init__(self) -> None:
        self.seen = open_window(self.browser, self.look, new=self.new)
        self.page, self.window = self.seen.page, self.seen.window
        self.asked, self.complaints = self.seen.asked, self.seen.complaints
        self.paper = self.folder / "portrait.jpg"
        self.paper.write_bytes(portrait(826, 1157))

    def put_down(self) -> None:
        """Nobody else was asked for anything, and no script broke."""
        self.seen.put_down(self.stack.web)

    # --- where

    def open(self, page: str = "") -> None:
        """Open one of the pages as if by a link: pages/name/index?…"""
        address = f"{self.stack.web}/m/" + (f"#/{page}" if page else "")
        leave(self.page)
        self.page.goto(address)

    def back(self) -> None:
        self.page.go_back()

    @property
    def shown(self) -> Locator:
        """The page on top; those below are still there."""
        return self.page.locator("uni-page:visible").last

    @property
    def argument(self) -> dict[str, str]:
        """What stands in the address behind the question mark."""
        query = self.page.url.partition("?")[2]
        return dict(part.partition("=")[::2] for part in query.split("&"))

    # --- what a hand does

    def tap(self, text: str | re.Pattern[str], place: int = 0) -> None:
        exact = isinstance(text, str)
        self.shown.get_by_role("button", name=text, exact=exact).nth(place).tap()

    def tick(self, text: str) -> None:
        self.shown.get_by_role("checkbox", name=text).tap()

    def fill(self, label: str, value: str) -> None:
        self.shown.get_by_label(label, exact=True).fill(value)

    def pick(self, label: str) -> None:
        """Open a wheel, and take what it stands at."""
        self.shown.get_by_role("button", name=re.compile(f"^{label}：")).tap()
        self.page.locator(".uni-picker-action-confirm:visible").tap()
        self.page.locator(".uni-picker-container:visible").wait_for(state="hidden")

    def photograph(self, button: str) -> None:
        with self.page.expect_file_chooser() as waiting:
            self.tap(button)
        waiting.value.set_files(self.paper)

    def draw(self) -> None:
        """A signature."""
        write_name(self.page, self.shown.locator(".sheet canvas"))

    def says(self, text: str | re.Pattern[str]) -> Locator:
        """Wait until the page says this."""
        found = self.shown.get_by_text(text).first
        found.wait_for()
        return found

    def sign_in(self, document_end: str = "") -> None:
        """By phone and the code that comes to it; after a long time with the end of the document's number too."""
        self.fill("手机号", self.number)
        with self.page.expect_response("**/api/v1/sign-in/code"):
            self.tap("获取验证码")
        self.fill("验证码", self.code())
        self.tap("登录")
        if document_end:
            self.fill("证件号码后四位", document_end)
            self.tap("登录")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def code(self) -> str:
        """The code of the SMS that came last."""
        self.stack.dispatcher.sweep()
        self.stack.dispatcher.drain()
        found: str = re.findall(r"\d{6}", Sms(self.stack, phone=self.number).messages()[-1]["text"])[0]
        return found

    # --- what eyes see

    def see(self, name: str) -> None:
        """The page is fit for a phone. A picture of it is kept where pictures are being renewed, or something is wrong."""
        found = self.looks(name)
        assert not found, "\n".join([name, *found])

    def looks(self, name: str) -> list[str]:
        """All that is wrong with the page."""
        self.seen.settle()
        if KEPT is not None:
            self.keep(name)
        found = self.seen.faults()
        if found and KEPT is None:
            self.keep(name)
        return found

    def keep(self, name: str) -> None:
        """A picture of what is shown."""
        path = self.folder / f"{name}.png"
        self.page.screenshot(path=path, full_page=KEPT is None)
        if KEPT is not None:
            KEPT.mkdir(parents=True, exist_ok=True)
            Image.open(path).convert("RGB").quantize(64).save(KEPT / f"{name}-{self.look.name}.png", optimize=True)
