"""The ticket link as a person sees it: on a small phone and a smaller one, by day and by night."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from server.db import transaction
from server.local import LocalStack
from server.models import Candidate, Registration, Sitting, Ticket
from server.services import ticketing, turnout
from tests.chromium import CHROMIUM
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id

DAY = at(2026, 4, 20, 9)
LONG_NAME = "阿卜杜热合曼·麦麦提吐尔逊江·买买提依明·艾合买提江"
LONG_PLACE = "上海市浦东新区世纪大道某某路一千二百三十四弄五十六号第三教学楼四层东侧计算机考场（由南门进入，请提前三十分钟到达）"
SIZES = [(390, 844), (320, 568)]
SCHEMES = ["light", "dark"]
looks = pytest.mark.parametrize("scheme", SCHEMES)
sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")

pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).exists(), reason="no Chromium on this machine: set JIPING_CHROMIUM"
)


@dataclass
class Seen:
    """A browser's window on one page, with what it asked of whom."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Tickets:
    web: str
    valid: str
    void: str
    moved: str
    digits: str


@pytest.fixture(scope="module")
def tickets(_installation: LocalStack) -> Tickets:
    """One ticket of somebody with a long name for a far-off place, and one whose holder stepped back, and one whose sitting was moved."""
    stack = _installation
    april = sitting_id(stack.app, "2026-04")
    people = seed_paid(stack.app, april, 32)[:3]
    november = sitting_id(stack.app, "2026-11")
    with stack.app.app_context():
        with transaction() as session:
            session.get_one(Sitting, april).place = LONG_PLACE
        turnout.settle_due(DAY)
        ticketing.release_due(DAY)
        with transaction() as session:
            first, second, third = (session.get_one(Registration, number) for number in people)
            second.status = "withdrawn"
            third.sitting_id = november
            ticket = session.scalars(select(Ticket).where(Ticket.registration_id == third.id)).one()
            ticket.voided_at, ticket.void_reason = DAY, "本考次延期至11月7日、8日"
            holder = session.get_one(Candidate, first.candidate_id)
            holder.name = LONG_NAME
            mine = select(Ticket.registration_id, Ticket.code).where(Ticket.registration_id.in_(people))
            codes = [code for _, code in sorted(tuple(row) for row in session.execute(mine))]
            digits = holder.document_number[-4:]
    valid, void, moved = (f"{stack.web}/t/{code}" for code in codes)
    return Tickets(stack.web, valid, void, moved, digits)


@pytest.fixture
def seen(browser: Browser, tickets: Tickets, house: LocalStack, size: tuple[int, int], scheme: str) -> Iterator[Seen]:
    house.clock.stand_at(DAY)
    window = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="zh-CN",
        is_mobile=True,
        has_touch=True,
        accept_downloads=True,
    )
    page = window.new_page()
    told = Seen(page)
    page.on("request", lambda request: told.asked.append(request.url))
    page.on("console", lambda message: told.complaints.append(message.text))
    page.on("pageerror", lambda fault: told.complaints.append(str(fault)))
    yield told
    window.close()
    hosts = {urlsplit(url).netloc for url in told.asked}
    assert hosts == {urlsplit(tickets.web).netloc}


SMALLEST = """() => Math.min(...[...document.querySelectorAll('body *')]
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
    .filter(one => !['STYLE', 'SCRIPT', 'TITLE'].includes(one.tagName))
    .map(one => parseFloat(getComputedStyle(one).fontSize)))"""
FAINTEST = """() => {
    const rgb = text => text.match(/[\\d.]+/g).map(Number);
    const light = text => { const [r, g, b] = rgb(text).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b; };
    const ground = one => { for (let up = one; up; up = up.parentElement) { const c = getComputedStyle(up).backgroundColor;
        if (rgb(c).length === 3 || rgb(c)[3] === 1) return c; } return 'rgb(255,255,255)'; };
    return Math.min(...[...document.querySelectorAll('h1,h2,p,dt,dd,label,button,a,input,strong')].map(one => {
        const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
        return (a + .05) / (b + .05); }));
}"""


def is_fit_for_a_phone(seen: Seen, shot: Path) -> None:
    page = seen.page
    page.screenshot(path=shot, full_page=True)
    wide = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide[0] <= wide[1], "it scrolls sideways"
    assert page.evaluate(SMALLEST) >= 16
    assert page.evaluate(FAINTEST) >= 4.5, "too faint to read"
    for button in page.locator("button, input").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44, "too small for a thumb"
    assert seen.complaints == []
    assert page.evaluate("() => document.documentElement.lang") == "zh-CN"


def guess(page: Page, digits: str) -> None:
    page.get_by_label("证件号码").fill(digits)
    page.get_by_role("button", name="下载 PDF").click()


@looks
@sizes
def test_a_valid_ticket_says_so_first_and_reads_well(seen: Seen, tickets: Tickets, tmp_path: Path) -> None:
    seen.page.goto(tickets.valid)
    assert seen.page.get_by_text("有效", exact=True).is_visible()
    assert seen.page.get_by_text(LONG_PLACE).is_visible()
    assert LONG_NAME not in seen.page.content()
    is_fit_for_a_phone(seen, tmp_path / "valid.png")


@looks
@sizes
def test_a_void_ticket_cannot_be_taken_for_a_valid_one(seen: Seen, tickets: Tickets, tmp_path: Path) -> None:
    seen.page.goto(tickets.void)
    assert seen.page.get_by_text("已作废，请勿使用").is_visible()
    assert seen.page.get_by_role("button").count() == 0
    assert seen.page.get_by_text("有效", exact=True).count() == 0
    seen.complaints.clear()  # the browser notes that the page came with 410
    is_fit_for_a_phone(seen, tmp_path / "void.png")


@looks
@sizes
def test_a_ticket_voided_by_a_postponement_says_where_to_go(seen: Seen, tickets: Tickets, tmp_path: Path) -> None:
    seen.page.goto(tickets.moved)
    assert seen.page.get_by_text("您的评价改在2026年11月7日、8日，无需重新申报和缴费").is_visible()
    assert seen.page.get_by_role("button").count() == 0
    seen.complaints.clear()
    is_fit_for_a_phone(seen, tmp_path / "moved.png")


@looks
@sizes
def test_an_unknown_link_says_what_to_do(seen: Seen, tickets: Tickets, tmp_path: Path) -> None:
    seen.page.goto(f"{tickets.web}/t/nobody-has-this-code")
    assert seen.page.get_by_role("heading", name="打不开这张准考证").is_visible()
    seen.complaints.clear()  # and with 404
    is_fit_for_a_phone(seen, tmp_path / "unknown.png")


@pytest.mark.parametrize("scheme", ["light"])
@sizes
def test_wrong_digits_are_explained_where_they_were_typed(seen: Seen, tickets: Tickets, tmp_path: Path) -> None:
    seen.page.goto(tickets.valid)
    guess(seen.page, "0000")
    alert = seen.page.get_by_role("alert")
    assert "后四位不对" in alert.inner_text()
    field = seen.page.get_by_label("证件号码")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.evaluate("one => document.activeElement === one")
    seen.complaints.clear()  # and with 403
    is_fit_for_a_phone(seen, tmp_path / "wrong.png")


@pytest.mark.parametrize("scheme", ["light"])
@pytest.mark.parametrize("size", [(390, 844)])
def test_the_right_digits_bring_the_pdf(seen: Seen, tickets: Tickets) -> None:
    seen.page.goto(tickets.valid)
    with seen.page.expect_download() as waiting:
        guess(seen.page, tickets.digits.lower())
    got = waiting.value
    assert got.suggested_filename.startswith("ticket-")
    assert Path(got.path()).read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("scheme", ["light"])
@pytest.mark.parametrize("size", [(390, 844)])
def test_the_right_digits_bring_the_picture_into_the_same_window(seen: Seen, tickets: Tickets) -> None:
    seen.page.goto(tickets.valid)
    seen.page.get_by_label("证件号码").fill(tickets.digits)
    with seen.page.expect_response(tickets.valid) as waiting:
        seen.page.get_by_role("button", name="查看图片").click()
    assert waiting.value.headers["content-type"] == "image/png"
