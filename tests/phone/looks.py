"""What every phone page must be: read without glasses, tapped with a thumb, told by a screen reader, calling nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page

SIZES = [(390, 844), (320, 568)]
LEAST_TEXT = 16
LEAST_CONTRAST = 4.5
LEAST_TARGET = 44

# Every fault that can be seen in the page itself, as a line of text. Text on a picture or hidden from readers is left out.
_FAULTS = """([text, contrast, target]) => {
    const faults = [], seen = one => { const box = one.getBoundingClientRect(), look = getComputedStyle(one);
        return box.width > 0 && box.height > 0 && look.visibility !== 'hidden' && look.display !== 'none'; };
    const say = (what, one) => faults.push(`${what}: ${(one.outerHTML || '').slice(0, 140)}`);
    const parts = text => text.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map(v => v / 255)
        .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * x + .7152 * y + .0722 * z; };
    const ground = one => { for (let up = one; up; up = up.parentElement) {
        const c = parts(getComputedStyle(up).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
    const opacity = one => { let left = 1; for (let up = one; up; up = up.parentElement) left *= getComputedStyle(up).opacity; return left; };
    for (const one of document.querySelectorAll('body *')) {
        if (['STYLE', 'SCRIPT', 'NOSCRIPT'].includes(one.tagName) || !seen(one) || one.closest('uni-toast')) continue;
        const words = [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
        const off = one.closest('[aria-disabled="true"], .uni-tabbar__badge');
        if (words) {
            const look = getComputedStyle(one);
            if (parseFloat(look.fontSize) < text) say(`${look.fontSize} is small`, one);
            const [a, b] = [light(parts(look.color)), light(ground(one))].sort((x, y) => y - x);
            if (!off && opacity(one) === 1 && (a + .05) / (b + .05) < contrast) say(`contrast ${((a + .05) / (b + .05)).toFixed(1)}`, one);
        }
        const role = one.getAttribute('role');
        const tappable = ['button', 'checkbox', 'radio', 'tab', 'link'].includes(role) || ['BUTTON', 'INPUT', 'A', 'TEXTAREA'].includes(one.tagName);
        if (!tappable || one.closest('.uni-page-head') || one.closest('[aria-hidden="true"]')) continue;
        const name = one.getAttribute('aria-label') || one.getAttribute('alt') || one.textContent.trim();
        if (!name) say('no name for a screen reader', one);
        if (one.tagName !== 'INPUT' && one.getBoundingClientRect().height < target) say('too small for a thumb', one);
        if (one.tagName !== 'INPUT' && one.tagName !== 'BUTTON' && one.tagName !== 'A' && one.tabIndex < 0) say('no keyboard reaches it', one);
    }
    for (const one of document.querySelectorAll('[role="img"]')) if (seen(one) && !one.getAttribute('aria-label')) say('a picture without words', one);
    if (!document.querySelector('[role="main"], main')) faults.push('no main part');
    if (document.documentElement.lang !== 'zh-CN') faults.push('the page does not say that it is Chinese');
    if (!document.title) faults.push('no title');
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) faults.push(`it scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
    const ids = [...document.querySelectorAll('[id]')].map(one => one.id).filter(id => id);
    for (const id of new Set(ids)) if (ids.filter(one => one === id).length > 1) faults.push(`the id ${id} is there twice`);
    return faults;
}"""


@dataclass
class Seen:
    """A phone's window on the pages, with what they asked of whom."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        """All that is wrong with what is shown now."""
        found: list[str] = self.page.evaluate(_FAULTS, [LEAST_TEXT, LEAST_CONTRAST, LEAST_TARGET])
        return found

    def is_fit(self, shot: Path) -> None:
        self.page.screenshot(path=shot, full_page=True)
        found = self.faults()
        assert not found, "\n".join(found)
        assert self.complaints == []


@contextmanager
def phone_window(
    browser: Browser, web: str, token: str = "", size: tuple[int, int] = SIZES[0], scheme: str = "light"
) -> Iterator[Seen]:
    """The phone pages on a phone of this size, signed in with this token; nothing but `web` may be asked."""
    window = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="zh-CN",
        is_mobile=True,
        has_touch=True,
        accept_downloads=True,
    )
    if token:
        window.add_init_script(f"localStorage.setItem('sign-in', '{token}')")
    page = window.new_page()
    page.set_default_timeout(15_000)
    seen = Seen(page)
    page.on("request", lambda request: seen.asked.append(request.url))
    page.on("console", lambda said: seen.complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda fault: seen.complaints.append(str(fault)))
    try:
        yield seen
        hosts = {urlsplit(url).netloc for url in seen.asked if urlsplit(url).scheme not in {"blob", "data"}}
        assert hosts == {urlsplit(web).netloc}
    finally:
        window.close()


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
