"""The checks of a page (tests/phone/looks.js) themselves: each fault, put into a page that has none, is found."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from server.local import LocalStack
from server.models import Account
from tests.conftest import at
from tests.people import Phone
from tests.phone.looks import Look, Seen, open_window, phone_window
from tests.rows import rows

# Where the faults are put: within the page that is shown, below what it says.
PUT = "html => document.querySelector('uni-page [role=main]').insertAdjacentHTML('beforeend', html)"
TAP = "role=button tabindex=0"
IN_A_PAGE = {
    "12px is small": "<p style='font-size:12px'>字</p>",
    "15px is small": "<uni-text><span style='font-size:15px'>字</span></uni-text>",
    "contrast 1.9": "<p style='color:#bbb;background:#fff'>字</p>",
    "contrast 1.6": "<p style='color:rgba(0,0,0,.2);background:#fff'>字</p>",
    "contrast 4.0": "<p style='color:#000;background:#fff;opacity:.5'>字</p>",
    "contrast 1.0": "<p style='color:#fff;background:#fff' aria-hidden=true>字</p>",
    "200x30 is too small for a thumb": f"<p {TAP} style='width:200px;height:30px'>点</p>",
    "30x60 is too small for a thumb": f"<p {TAP} style='width:30px;height:60px'>点</p>",
    "200x40 is too small for a thumb": "<input aria-label=字 style='box-sizing:border-box;width:200px;height:40px'>",
    "no name for a screen reader": f"<p {TAP} style='width:60px;height:60px'></p>",
    "no keyboard reaches it": "<p role=checkbox style='width:60px;height:60px'>点</p>",
    "a picture without words": "<p role=img style='width:60px;height:60px'></p>",
    "text is cut at the side": "<p style='width:80px;overflow:hidden;white-space:nowrap'>放不下的一行字</p>",
    "text is cut above or below": "<p style='height:20px;overflow:hidden'>第一行<br>第二行</p>",
    "text runs out of its box": "<p style='width:20px;height:20px;line-height:40px;background:#fff'>字</p>",
    "text is off the screen": "<p style='position:relative;left:-100px'>左边</p>",
    "text on top of": "<p style='position:relative'>下面<span style='position:absolute;left:0'>上面</span></p>",
    "it scrolls sideways": "<p style='width:900px;height:1px'></p>",
    "the id twin is there twice": "<p id=twin></p><p id=twin></p>",
}
OF_A_PAGE = {
    "no main part": "() => document.querySelector('[role=main]').removeAttribute('role')",
    "the page does not say that it is Chinese": "() => { document.documentElement.lang = 'en' }",
    "no title": "() => { document.title = '' }",
}
HARMLESS = [
    "<p aria-disabled=true style='color:#bbb;background:#fff'>还不能点</p>",
    "<p style='width:80px;overflow:auto;white-space:nowrap'>可以滑动的一行字</p>",
    "<div style='display:none'><p style='font-size:9px'>看不见</p></div>",
    "<p style='height:40px;line-height:20px;overflow:hidden'>第一行<br>第二行</p>",
]


@pytest.fixture
def seen(browser: Browser, house: LocalStack) -> Iterator[Seen]:
    """A page without a fault."""
    with phone_window(browser, house.web) as window:
        window.page.goto(f"{house.web}/m/#/pages/contact/index")
        window.settle()
        assert window.faults() == []
        yield window


def test_each_fault_is_found_and_told_in_a_line(seen: Seen) -> None:
    missed = {}
    for line, html in IN_A_PAGE.items():
        before = seen.page.evaluate("() => document.querySelector('uni-page [role=main]').childNodes.length")
        seen.page.evaluate(PUT, html)
        found = seen.faults()
        if len(found) != 1 or not found[0].startswith(line):
            missed[line] = found
        seen.page.evaluate(
            "count => { const main = document.querySelector('uni-page [role=main]');"
            "while (main.childNodes.length > count) main.lastChild.remove() }",
            before,
        )
    assert missed == {}
    assert seen.faults() == [], "what was put in is out again"


@pytest.mark.parametrize(("line", "fault"), OF_A_PAGE.items(), ids=OF_A_PAGE)
def test_each_fault_of_the_whole_page_is_found(seen: Seen, line: str, fault: str) -> None:
    seen.page.evaluate(fault)
    assert seen.faults() == [line]


def test_what_is_no_fault_is_not_called_one(seen: Seen) -> None:
    for html in HARMLESS:
        seen.page.evaluate(PUT, html)
        assert seen.faults() == [], html


def test_a_script_that_breaks_and_a_word_on_the_console_are_held_against_the_page(
    browser: Browser, house: LocalStack
) -> None:
    seen = open_window(browser, Look())
    seen.page.goto(f"{house.web}/m/")
    seen.settle()
    seen.page.evaluate("() => console.log('left over')")
    seen.page.evaluate("() => new Promise(done => setTimeout(() => { setTimeout(done); throw new Error('broken') }))")
    with pytest.raises(AssertionError, match=r"left over.*broken"):
        seen.put_down(house.web)


def test_whoever_else_is_asked_for_something_is_found_out(browser: Browser, house: LocalStack) -> None:
    seen = open_window(browser, Look())
    seen.page.route("http://elsewhere.invalid/**", lambda route: route.fulfill(body=""))
    seen.page.goto("http://elsewhere.invalid/picture.png")
    with pytest.raises(AssertionError, match=r"somebody else was asked.*elsewhere"):
        seen.put_down(house.web)


def test_a_browser_that_enlarges_nothing_is_not_believed(seen: Seen) -> None:
    seen.look = Look(font=1.4)
    with pytest.raises(AssertionError, match=r"should be 1\.4 times"):
        seen.faults()


# --- what is used again, by another test

STORED = (
    "() => [Object.keys(localStorage).length, Object.keys(sessionStorage).length, document.cookie, window.left ?? 0]"
)


def test_a_phone_that_was_put_down_has_nothing_of_whoever_held_it(browser: Browser, house: LocalStack) -> None:
    held = open_window(browser, Look(), "a token")
    held.at_each_opening("window.left = 1")
    held.page.route("**/health", lambda route: route.fulfill(body="not the server's"))
    held.page.goto(f"{house.web}/m/")
    held.page.evaluate(
        "() => { localStorage.draft = 'theirs'; sessionStorage.draft = 'theirs'; document.cookie = 'draft=theirs' }"
    )
    held.window.new_page()
    held.window.set_offline(True)
    held.put_down(house.web)
    taken = open_window(browser, Look())
    assert taken.window is held.window
    assert taken.window.pages == [taken.page]
    assert taken.page.evaluate(STORED) == [0, 0, "", 0]
    assert taken.page.goto(f"{house.web}/health").text() == "ok\n"  # type: ignore[union-attr]
    assert taken.page.evaluate(STORED) == [0, 0, "", 0]
    assert held.asked[-1] != taken.asked[-1], "and what is asked now is not told them"
    taken.put_down(house.web)


@pytest.mark.parametrize("nobody", ["the first", "the next"])
def test_what_happened_in_an_installation_has_not_happened_for_the_next_test(house: LocalStack, nobody: str) -> None:
    assert rows(house.app, Account) == 0, nobody
    Phone(house).ready(1)
    house.clock.stand_at(at(2026, 12, 1))
    assert rows(house.app, Account) == 1
