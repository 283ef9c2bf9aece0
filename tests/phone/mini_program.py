"""The built mini-program (miniapp/dist/build/mp-weixin) opened in a browser, driven by taps on what can be read.

A simulation, not WeChat: its open component framework draws the pages, `wx` is miniapp/sim/page.mjs on real HTTP to a real
server, and the person who answers WeChat's dialogues is here.
"""

import base64
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, Route, expect

from server.local import LocalStack
from tests.people import Phone

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "miniapp"
BUILT = CLIENT / "dist" / "build" / "mp-weixin"
SIMULATION = CLIENT / "sim"
PLACE = "/simulation/"
#: stands for the server until it is known on which port it listens
_SERVER = "http://server.invalid"
_FRAMEWORK = SIMULATION / "node_modules"
_FILES = {
    "page.html": SIMULATION / "page.html",
    "page.mjs": SIMULATION / "page.mjs",
    "glass-easel.js": _FRAMEWORK / "glass-easel" / "dist" / "glass_easel.all.es.js",
    "adapter.js": _FRAMEWORK / "glass-easel-miniprogram-adapter" / "dist" / "glass_easel_miniprogram_adapter.es.js",
}
_TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript"}


def require_built() -> None:
    """Skips the test where there was no Node to build with: `make test` says so."""
    if not (BUILT / "app.json").exists() or not _FRAMEWORK.is_dir():
        pytest.skip("the mini-program is not built: it needs Node.js 18 or later; then make test")


def pack(into: Path) -> Path:
    """The build as one script for the simulation's page."""
    out = into / "packed.js"
    call = ["node", "pack.mjs", str(BUILT), str(out), _SERVER]
    subprocess.run(call, cwd=SIMULATION, check=True, capture_output=True, timeout=60)
    return out


@dataclass
class MiniProgram:
    """The mini-program open on somebody's phone."""

    page: Page
    phone: Phone
    #: what each dialogue about messages asked for
    asked_for: list[list[str]] = field(default_factory=list)
    #: what is tapped in the next ones
    answers: str = "accept"
    #: why WeChat hands out no phone number; "" where it does
    no_phone: str = ""
    #: what the dialogues with two buttons said, and whether the next are confirmed
    dialogues: list[str] = field(default_factory=list)
    confirms: bool = True

    # --- what a person does

    def tap(self, text: str, *, exact: bool = True) -> None:
        self._tappable(text, exact).tap()

    def press(self, text: str) -> None:
        """Tap words that are no button of ours, as those of a library."""
        self.shown.get_by_text(text, exact=True).tap()

    def type(self, label: str, text: str) -> None:
        self.page.locator(f'main:not([hidden]) [aria-label="{label}"]').and_(
            self.page.locator("input, textarea")
        ).fill(text)

    def choose(self, label: str, wish: str) -> None:
        """From a wheel: by its words, or a date as 2010-01-01."""
        field_ = self.page.locator("main:not([hidden]) picker", has=self.page.get_by_label(label, exact=False))
        field_.evaluate("(picker, wish) => window.choose(picker, wish)", wish)

    def picks(self, picture: bytes) -> None:
        """What the next look into the album brings."""
        data = base64.b64encode(picture).decode()
        self.page.evaluate("data => { window.PICTURE = data }", f"data:image/jpeg;base64,{data}")

    def draw(self) -> None:
        """A name, with one finger."""
        sheet = self.shown.locator("canvas:visible").last
        sheet.evaluate("one => one.scrollIntoView({ block: 'center' })")
        box = sheet.bounding_box()
        assert box is not None
        finger = self.page.context.new_cdp_session(self.page)
        for step in range(12):
            x = box["x"] + box["width"] * (0.1 + 0.07 * step)
            y = box["y"] + box["height"] * (0.3 if step % 2 else 0.7)
            kind = "touchMove" if step else "touchStart"
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    @property
    def argument(self) -> dict[str, str]:
        """What stands in the address of the page on top."""
        told: dict[str, str] = self.page.evaluate("() => getCurrentPages().at(-1).options")
        return told

    def go_back(self) -> None:
        self.page.locator("#back").tap()

    def tab(self, text: str) -> None:
        self.page.get_by_role("tab", name=text, exact=True).last.tap()

    def opens(self, path: str) -> None:
        """Opened by a link, as a notice or a poster opens it."""
        self.page.evaluate("url => wx.reLaunch({ url })", path)

    def starts_anew(self) -> None:
        """Closed by the phone, and opened again; what it is made of stays on the phone, whatever the network."""
        self.is_unharmed()
        self.page.reload()
        self.is_ready()

    def loses_the_network(self, lost: bool = True) -> None:
        self.page.context.set_offline(lost)

    # --- what a person sees

    def reads(self, text: str, *, exact: bool = False) -> None:
        expect(self.shown.get_by_text(text, exact=exact).first).to_be_visible(timeout=15_000)

    def pictures(self, label: str) -> None:
        expect(self.shown.get_by_role("img", name=label).first).to_be_visible(timeout=15_000)

    def reads_not(self, text: str) -> None:
        expect(self.shown.get_by_text(text)).to_have_count(0)

    def title(self, text: str) -> None:
        expect(self.page.locator("#title")).to_have_text(text)

    @property
    def shown(self) -> Locator:
        return self.page.locator("main:not([hidden])")

    # --- what happened to the phone

    def calls(self, name: str) -> list[dict[str, Any]]:
        """The calls of `wx.<name>` so far."""
        told: list[dict[str, Any]] = self.page.evaluate(
            "name => window.ASKED.filter(one => one.name === name).map(one => one.options)", name
        )
        return told

    def called(self, name: str) -> list[dict[str, Any]]:
        """The same, once there is one."""
        self.page.wait_for_function("name => window.ASKED.some(one => one.name === name)", arg=name)
        return self.calls(name)

    def is_ready(self) -> None:
        self.page.wait_for_function("() => window.READY || window.FAULTS?.length", timeout=20_000)
        self.is_unharmed()

    def is_unharmed(self) -> None:
        faults: list[str] = self.page.evaluate("() => window.FAULTS")
        assert not faults, "\n".join(faults)

    def _tappable(self, text: str, exact: bool) -> Locator:
        named = self.shown.get_by_role("button", name=text, exact=exact)
        others = self.shown.get_by_role("tab", name=text, exact=exact)
        boxes = self.shown.get_by_role("checkbox", name=text, exact=exact)
        circles = self.shown.get_by_role("radio", name=text, exact=exact)
        return named.or_(others).or_(boxes).or_(circles).first


@dataclass
class _Held:
    """A phone with the simulation on it, and who holds it now: they answer what WeChat asks."""

    window: BrowserContext
    one: MiniProgram


# By browser, server and size: taken up again by the next one, for to make one costs more than most of what is done with it.
_drawers: dict[tuple[Browser, str, tuple[int, int]], list[_Held]] = {}


@contextmanager
def opened(
    browser: Browser, stack: LocalStack, packed: Path, phone: Phone, size: tuple[int, int]
) -> Iterator[MiniProgram]:
    """The mini-program on a phone of this size, in the hands of this person."""
    drawer = _drawers.setdefault((browser, stack.web, size), [])
    held = drawer.pop() if drawer else _made(browser, packed, phone, size)
    page = held.window.pages[0]
    held.one = one = MiniProgram(page, phone)
    try:
        page.goto(f"{stack.web}{PLACE}page.html")
        one.is_ready()
        yield one
        one.is_unharmed()
        page.unroute_all(behavior="ignoreErrors")
        held.window.set_offline(False)
        page.goto(f"{stack.web}/health")
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear() }")
    except BaseException:
        held.window.close()
        raise
    drawer.append(held)


def _made(browser: Browser, packed: Path, phone: Phone, size: tuple[int, int]) -> _Held:
    web = phone.stack.web
    window = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", is_mobile=True, has_touch=True
    )
    page = window.new_page()
    held = _Held(window, MiniProgram(page, phone))
    files = _FILES | {"packed.js": packed}

    def give(route: Route) -> None:
        name = route.request.url.partition(PLACE)[2].partition("?")[0]
        path = files[name]
        body = path.read_bytes().replace(_SERVER.encode(), web.encode())
        route.fulfill(body=body, content_type=_TYPES[path.suffix])

    def login() -> str:
        phone = held.one.phone
        told = phone.sandbox("wechat/login", **({"openid": phone.openid} if phone.openid else {}))
        phone.openid = told["openid"]
        code: str = told["code"]
        return code

    def subscribe(templates: list[str]) -> dict[str, str]:
        one = held.one
        one.asked_for.append(templates)
        for template in templates:
            one.phone.sandbox("wechat/tap", openid=one.phone.openid, template_id=template, answer=one.answers)
        return dict.fromkeys(templates, one.answers)

    def number() -> dict[str, str]:
        if held.one.no_phone:
            return {"refused": held.one.no_phone}
        return {"code": held.one.phone.sandbox("wechat/phone-code", phone=held.one.phone.phone)["code"]}

    def answer(dialogue: Dialog) -> None:
        held.one.dialogues.append(dialogue.message)
        if held.one.confirms:
            dialogue.accept()
        else:
            dialogue.dismiss()

    window.route(f"{web}{PLACE}**", give)
    page.expose_function("wxLogin", login)
    page.expose_function("wxPhone", number)
    page.expose_function("wxSubscribe", subscribe)
    page.on("dialog", answer)
    page.set_default_timeout(15_000)
    return held
