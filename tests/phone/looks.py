"""What every phone page must be: read without glasses, tapped with a thumb, told by a screen reader, calling nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, Request

SIZES = [(390, 844), (320, 568)]
LEAST_TEXT = 16
LEAST_CONTRAST = 4.5
LEAST_TARGET = 44

_FAULTS = (Path(__file__).parent / "looks.js").read_text("utf-8")
# The kit fetches a picture first, and then paints it as a background.
_PAINTED = """() => [...document.querySelectorAll('uni-image > div')]
    .filter(one => one.getClientRects().length > 0)
    .every(one => getComputedStyle(one).backgroundImage !== 'none')"""
# As WeChat does it on an iPhone: every text larger, and nothing else. The pages' own 100% gives way.
_FONT = """percent => addEventListener('DOMContentLoaded', () => {
    document.documentElement.style.setProperty('-webkit-text-size-adjust', percent, 'important') })"""
_ZOOM = "zoom => addEventListener('DOMContentLoaded', () => { document.documentElement.style.zoom = zoom })"
_FORGET = "() => { localStorage.clear(); sessionStorage.clear() }"


@dataclass(frozen=True)
class Look:
    """A phone: its screen, by day or by night, and how much its owner has enlarged the font, or everything (zoom)."""

    width: int = 390
    height: int = 844
    scheme: str = "light"
    font: float = 1.0
    zoom: float = 1.0
    #: what the browser says that it is; "" for Chromium's own words
    agent: str = ""

    @property
    def name(self) -> str:
        return f"{self.width}x{self.height}-{self.scheme}"


@dataclass
class Seen:
    """A phone's window on the pages, with what they asked of whom, and what broke."""

    page: Page
    look: Look = field(default_factory=Look)
    asked: list[str] = field(default_factory=list)
    #: scripts that broke, and what was written to the console
    complaints: list[str] = field(default_factory=list)
    #: what the browser notes of each refusal and each broken line: the pages tell people of them
    unanswered: list[str] = field(default_factory=list)
    #: where the phone lies when nobody holds it; None for one that is thrown away
    drawer: list[BrowserContext] | None = None

    def __post_init__(self) -> None:
        self._scripts: list[Any] = []
        self.page.on("request", self._asks)
        self.page.on("pageerror", self._breaks)
        self.page.on("console", self._says)

    @property
    def window(self) -> BrowserContext:
        return self.page.context

    def settle(self) -> None:
        """Until what was to come has come."""
        self.page.locator("uni-page:visible").last.locator("[role=main]").wait_for()
        self.page.wait_for_function("() => !document.querySelector('uni-page .waiting')")
        self.page.wait_for_function(_PAINTED)
        self.page.locator("uni-toast").wait_for(state="hidden")

    def faults(self) -> list[str]:
        """All that is wrong with what is shown now."""
        self.page.wait_for_function(
            "() => !document.querySelector('.pressed')"
        )  # a button is pale while a finger is on it
        self._is_enlarged()
        found: list[str] = self.page.evaluate(_FAULTS, [LEAST_TEXT, LEAST_CONTRAST, LEAST_TARGET])
        return found

    def is_fit(self, shot: Path) -> None:
        """Nothing is wrong with what is shown. Where something is, a picture of it is put there."""
        self.settle()
        found = self.faults()
        if found:
            self.page.screenshot(path=shot, full_page=True)
        assert not found, "\n".join([str(shot), *found])
        assert not self.complaints + self.unanswered, self.complaints + self.unanswered

    def at_each_opening(self, script: str) -> None:
        """Runs before a page's own scripts, until the phone is put down."""
        self._scripts.append(self.page.add_init_script(script))

    def put_down(self, web: str) -> None:
        """Nobody but `web` was asked for anything, and nothing broke."""
        self._put_away(web)
        asked = {urlsplit(url).netloc for url in self.asked if urlsplit(url).scheme not in {"blob", "data"}}
        assert asked <= {urlsplit(web).netloc}, f"somebody else was asked: {sorted(asked)}"
        assert self.complaints == [], self.complaints

    def _put_away(self, web: str) -> None:
        """Nothing of anybody stays on the phone. What a browser keeps of the pages' own files stays, as on any phone that has
        been there before."""
        if self.drawer is None:
            self.window.close()
            return
        for event, heard in (("request", self._asks), ("pageerror", self._breaks), ("console", self._says)):
            self.page.remove_listener(event, heard)
        try:
            for script in self._scripts:
                script.close()
            for other in self.window.pages:
                if other != self.page:
                    other.close()
            self.page.unroute_all(behavior="ignoreErrors")
            self.window.set_offline(False)
            self.window.clear_cookies()
            self.page.set_viewport_size({"width": self.look.width, "height": self.look.height})
            self.page.goto(f"{web}/health")
            self.page.evaluate(_FORGET)
            self.window.new_cdp_session(self.page).send("Page.resetNavigationHistory")
        except Error:
            self.window.close()
        else:
            self.drawer.append(self.window)

    def _asks(self, request: Request) -> None:
        self.asked.append(request.url)

    def _breaks(self, fault: Error) -> None:
        self.complaints.append(str(fault))

    def _says(self, message: ConsoleMessage) -> None:
        text = message.text
        if text.startswith("Failed to load resource"):
            self.unanswered.append(text)
        # The kit doubts each file dialogue, for it looks at the touch and not at the click that follows it.
        elif not text.startswith("文件选择器"):
            self.complaints.append(text)

    def _is_enlarged(self) -> None:
        """A browser that enlarged nothing would find nothing."""
        size = self.page.evaluate(
            "() => parseFloat(getComputedStyle(document.querySelector('uni-page-body')).fontSize)"
        )
        assert round(size / 18, 2) == self.look.font, (
            f"a font of {size} px, which should be {self.look.font} times 18"
        )


# A phone is taken up again by the next one who needs one that looks so: to make one costs as much as many visits.
_drawers: dict[tuple[Browser, Look], list[BrowserContext]] = {}


def open_window(browser: Browser, look: Look, token: str = "", *, new: bool = False) -> Seen:
    """A phone that looks so, signed in with this token; with nothing opened yet. `new`: it has never been on the pages."""
    drawer = _drawers.setdefault((browser, look), [])
    window = drawer.pop() if drawer and not new else _made(browser, look)
    seen = Seen(window.pages[0], look, drawer=None if new else drawer)
    if token:
        seen.at_each_opening(f"localStorage.setItem('sign-in', '{token}')")
    return seen


def _made(browser: Browser, look: Look) -> BrowserContext:
    window = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme="dark" if look.scheme == "dark" else "light",
        locale="zh-CN",
        timezone_id="America/New_York",  # days are Shanghai's wherever the phone thinks that it is
        is_mobile=True,
        has_touch=True,
        accept_downloads=True,
        user_agent=look.agent or None,
    )
    if look.font != 1.0:
        window.add_init_script(f"({_FONT})('{look.font:.0%}')")
    if look.zoom != 1.0:
        window.add_init_script(f"({_ZOOM})({look.zoom})")
    window.new_page().set_default_timeout(15_000)
    return window


@contextmanager
def phone_window(
    browser: Browser, web: str, token: str = "", size: tuple[int, int] = SIZES[0], scheme: str = "light"
) -> Iterator[Seen]:
    """The phone pages on a phone of this size, signed in with this token; nothing but `web` may be asked."""
    seen = open_window(browser, Look(*size, scheme), token)
    try:
        yield seen
    except BaseException:
        seen.window.close()
        raise
    seen.put_down(web)


def leave(page: Page) -> None:
    """From here each address is opened from nothing, one of the same page too: a browser takes that for a step within it."""
    if page.url.startswith("http"):
        page.evaluate("() => history.replaceState(null, '', '/m/away')")


def write_name(page: Page, sheet: Locator) -> None:
    """Three strokes of a finger, or of a mouse, which is the same to the pad."""
    sheet.evaluate("sheet => sheet.scrollIntoView({ block: 'center' })")
    box = sheet.bounding_box()
    assert box is not None
    for left, top, right, bottom in ((0.2, 0.3, 0.7, 0.35), (0.45, 0.1, 0.4, 0.9), (0.25, 0.7, 0.8, 0.65)):
        page.mouse.move(box["x"] + box["width"] * left, box["y"] + box["height"] * top)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * right, box["y"] + box["height"] * bottom, steps=8)
        page.mouse.up()
