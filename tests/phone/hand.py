"""A person's hand on the phone pages: what it taps, types and photographs, and what their eyes would complain of."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from server.local import LocalStack
from tests.people import Phone as Sms
from tests.people import portrait
from tests.phone.looks import write_name

# Set it to renew the pictures of the documentation.
KEPT = Path(__file__).parents[2] / "docs" / "pictures" / "phone" if "JIPING_PICTURES" in os.environ else None

SMALLEST = """page => Math.min(...[...page.querySelectorAll('*')]
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
    .filter(one => one.getClientRects().length > 0)
    .map(one => parseFloat(getComputedStyle(one).fontSize)))"""
FAINT = """page => {
    const rgb = text => text.match(/[\\d.]+/g).map(Number);
    const light = text => { const [r, g, b] = rgb(text).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b; };
    const ground = one => { for (let up = one; up; up = up.parentElement) { const c = getComputedStyle(up).backgroundColor;
        if (rgb(c).length === 3 || rgb(c)[3] === 1) return c; } return 'rgb(255,255,255)'; };
    return [...page.querySelectorAll('*')]
        .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
        .filter(one => one.getClientRects().length > 0 && !one.closest('[aria-disabled=true], [aria-hidden=true]'))
        .map(one => { const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
            return [(a + .05) / (b + .05), one.textContent.trim().slice(0, 20)]; })
        .filter(([contrast]) => contrast < 4.5).map(([contrast, text]) => `${contrast.toFixed(1)} ${text}`); }"""
# The kit fetches a picture first, and then paints it as a background.
PICTURES = """() => [...document.querySelectorAll('uni-image > div')]
    .filter(one => one.getClientRects().length > 0)
    .every(one => getComputedStyle(one).backgroundImage !== 'none')"""
SMALL_TARGETS = """page => [...page.querySelectorAll('[role=button], [role=tab], [role=checkbox], input')]
    .filter(one => one.getClientRects().length > 0)
    .map(one => [one, (one.closest('.box') ?? one).getBoundingClientRect()])
    .filter(([, box]) => box.height < 44 || box.width < 44)
    .map(([one, box]) => `${one.getAttribute('aria-label') ?? one.textContent} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
NAMELESS = """page => [...page.querySelectorAll('[role=button], [role=tab], [role=checkbox], [role=img], input')]
    .filter(one => one.getClientRects().length > 0)
    .filter(one => !(one.getAttribute('aria-label') ?? '').trim() && !one.textContent.trim())
    .map(one => one.outerHTML.slice(0, 80))"""


@dataclass(frozen=True)
class Look:
    """A phone: its screen, by day or by night, and how much its owner has enlarged the font."""

    width: int = 390
    height: int = 844
    scheme: str = "light"
    font: float = 1.0

    @property
    def name(self) -> str:
        return f"{self.width}x{self.height}-{self.scheme}"


@dataclass
class Hand:
    """One phone in one hand."""

    browser: Browser
    stack: LocalStack
    look: Look
    folder: Path
    number: str = "13900000001"
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.window = self.browser.new_context(
            viewport={"width": self.look.width, "height": self.look.height},
            color_scheme="dark" if self.look.scheme == "dark" else "light",
            locale="zh-CN",
            timezone_id="America/New_York",  # days are Shanghai's wherever the phone thinks that it is
            is_mobile=True,
            has_touch=True,
            accept_downloads=True,
        )
        self.page: Page = self.window.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on("console", lambda message: self._heard(message.text))
        if self.look.font != 1.0:
            self.page.add_init_script(
                f"addEventListener('DOMContentLoaded', () => document.documentElement.style.zoom = {self.look.font})"
            )
        self.paper = self.folder / "portrait.jpg"
        self.paper.write_bytes(portrait(826, 1157))

    def _heard(self, text: str) -> None:
        # A browser notes each refusal and each broken line; the pages tell people of them. The kit doubts each file
        # dialogue, for it looks at the touch and not at the click that follows it.
        if not text.startswith(("Failed to load resource", "文件选择器")):
            self.complaints.append(text)

    def put_down(self) -> None:
        """Nobody else was asked for anything, and no script broke."""
        self.window.close()
        hosts = {urlsplit(url).netloc for url in self.asked if url.startswith("http")}
        assert hosts <= {urlsplit(self.stack.web).netloc}
        assert self.complaints == [], self.complaints

    # --- where

    def open(self, page: str = "") -> None:
        """Open one of the pages as if by a link: pages/name/index?…"""
        address = f"{self.stack.web}/m/" + (f"#/{page}" if page else "")
        self.page.goto("about:blank")
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

    def waits_for_the_picture(self) -> None:
        """Nobody signs what cannot be read yet."""
        self.shown.get_by_role("button", name="确认无误并签名").and_(
            self.page.locator("[aria-disabled=false]")
        ).wait_for()

    def draw(self) -> None:
        """A signature."""
        write_name(self.page, self.shown.locator(".sheet canvas"))

    def says(self, text: str | re.Pattern[str]) -> Locator:
        """Wait until the page says this."""
        found = self.shown.get_by_text(text).first
        found.wait_for()
        return found

    def sign_in(self) -> None:
        """By phone and the code that comes to it."""
        self.fill("手机号", self.number)
        with self.page.expect_response("**/api/v1/sign-in/code"):
            self.tap("获取验证码")
        self.stack.run_jobs()
        code = re.findall(r"\d{6}", Sms(self.stack, phone=self.number).messages()[-1]["text"])[0]
        self.fill("验证码", code)
        self.tap("登录")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    # --- what eyes see

    def see(self, name: str) -> None:
        """The page is fit for a phone; a picture of it is kept where pictures are being renewed."""
        self.shown.locator("[role=main]").wait_for()
        self.page.wait_for_function("() => !document.querySelector('uni-page .waiting')")
        self.page.wait_for_function(PICTURES)
        self.page.locator("uni-toast").wait_for(state="hidden")
        self._picture(name)
        top = self.shown
        wide: Any = self.page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1] + 1, f"{name}: it scrolls sideways"
        assert top.evaluate(SMALLEST) >= 16, name
        assert top.evaluate(FAINT) == [], name
        assert top.evaluate(SMALL_TARGETS) == [], name
        assert top.evaluate(NAMELESS) == [], name
        assert self.page.evaluate("() => document.documentElement.lang") == "zh-CN"

    def _picture(self, name: str) -> None:
        path = self.folder / f"{name}.png"
        self.page.screenshot(path=path, full_page=KEPT is None)
        if KEPT is not None:
            KEPT.mkdir(parents=True, exist_ok=True)
            Image.open(path).convert("RGB").quantize(64).save(KEPT / f"{name}-{self.look.name}.png", optimize=True)
