"""The application form on the phone: looked at, signed with a finger, signed anew when it says something else (须知 一)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server.domain.registrations import Action
from server.local import LocalStack
from server.services import reviewing
from tests.people import Phone
from tests.phone.looks import SIZES, Seen, phone_window, write_name

SIGN = "确认无误并签名"
SHEET = ".sheet canvas"


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    given: tuple[int, int] = request.param
    return given


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    given: str = request.param
    return given


@pytest.fixture
def applicant(house: LocalStack) -> Phone:
    """Somebody who has applied and has not signed."""
    phone = Phone(house).ready(1)
    phone.register()
    return phone


@pytest.fixture
def seen(browser: Browser, house: LocalStack, applicant: Phone, size: tuple[int, int], scheme: str) -> Iterator[Seen]:
    with phone_window(browser, house.web, applicant.token, size, scheme) as window:
        window.at_each_opening("localStorage.setItem('consent:signature', '2026-02-23')")  # asked for before
        window.page.goto(f"{house.web}/m/#/pages/form/index?number={applicant.number}")
        expect(window.page.get_by_role("img", name="报名表上的证件照")).to_be_visible()
        yield window


def strokes(page: Page) -> int:
    """How many pixels of the sheet are black."""
    told: int = page.evaluate(
        """() => { const sheet = document.createElement('canvas'), seen = document.querySelector('.sheet canvas');
        sheet.width = seen.width; sheet.height = seen.height;
        const pen = sheet.getContext('2d', { willReadFrequently: true }); pen.drawImage(seen, 0, 0);
        const { data } = pen.getImageData(0, 0, sheet.width, sheet.height);
        let dark = 0; for (let at = 0; at < data.length; at += 4) if (data[at] < 128) dark += 1; return dark; }"""
    )
    return told


def test_it_is_read_signed_and_says_when(seen: Seen, applicant: Phone, tmp_path: Path) -> None:
    page = seen.page
    seen.is_fit(tmp_path / "unsigned.png")
    write_name(page, page.locator(SHEET))
    seen.is_fit(tmp_path / "written.png")
    page.get_by_role("button", name=SIGN).click()
    expect(page.get_by_text("2026年2月24日 09:00签名确认")).to_be_visible()
    expect(page.get_by_role("button", name=SIGN)).to_have_count(0)
    seen.is_fit(tmp_path / "signed.png")
    assert applicant.ok("GET", f"registrations/{applicant.number}/form")["signed_at"] is not None


one_phone = pytest.mark.parametrize(("size", "scheme"), [((320, 568), "light")], indirect=True)


@one_phone
@pytest.mark.parametrize("slip", [False, True], ids=["nothing written", "a slip of the finger"])
def test_without_a_name_nothing_is_sent_and_the_page_says_what_to_do(seen: Seen, slip: bool) -> None:
    page = seen.page
    button = page.get_by_role("button", name=SIGN)
    button.scroll_into_view_if_needed()
    if slip:
        page.locator(SHEET).click()
    before = len(seen.asked)
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("没有看到签名，请在框内写上姓名")
    assert len(seen.asked) == before
    write_name(page, page.locator(SHEET))
    expect(page.get_by_role("alert")).to_have_count(0)


@one_phone
def test_a_stroke_is_taken_back_and_put_again_and_all_are_cleared(seen: Seen) -> None:
    page = seen.page
    write_name(page, page.locator(SHEET))
    whole = strokes(page)
    page.get_by_role("button", name="撤销一笔").click()
    expect(page.get_by_role("button", name="恢复一笔")).to_have_attribute("aria-disabled", "false")
    assert 0 < strokes(page) < whole
    page.get_by_role("button", name="恢复一笔").click()
    page.wait_for_function("() => true")
    assert strokes(page) == whole
    page.get_by_role("button", name="清空重写").click()
    expect(page.get_by_text("请在这里写上姓名")).to_be_visible()
    assert strokes(page) == 0


@one_phone
def test_a_phone_turned_while_writing_keeps_what_is_written(seen: Seen) -> None:
    page = seen.page
    write_name(page, page.locator(SHEET))
    whole = strokes(page)
    page.set_viewport_size({"width": 568, "height": 320})
    page.wait_for_function("() => document.querySelector('.sheet canvas').clientWidth > 320")
    assert strokes(page) == pytest.approx(whole, rel=0.05)
    box = page.locator(SHEET).bounding_box()
    assert box is not None
    assert box["height"] < 320 - 44, "the sheet is seen whole between the bars"


@one_phone
def test_a_form_that_says_something_else_by_now_is_shown_anew_before_it_is_signed(
    house: LocalStack, seen: Seen, applicant: Phone
) -> None:
    with house.app.app_context():
        reviewing.review(applicant.number, Action.RETURN, "staff:chen", house.clock.now(), reasons=["工作年限看不清"])
    form = applicant.form(0, work=[{"since": "2011-01-01", "until": None}])
    del form["sitting_id"]
    applicant.ok("PUT", f"registrations/{applicant.number}", json=form | {"version": applicant.mine()["version"]})
    page = seen.page
    write_name(page, page.locator(SHEET))
    page.get_by_role("button", name=SIGN).click()
    expect(page.get_by_text("下面是最新的。请重新核对，再签名。")).to_be_visible()
    expect(page.get_by_text("请在这里写上姓名")).to_be_visible()
    write_name(page, page.locator(SHEET))
    page.get_by_role("button", name=SIGN).click()
    expect(page.get_by_text("09:00签名确认")).to_be_visible()


@one_phone
def test_it_is_saved_as_pdf_and_looked_at_in_large(seen: Seen, applicant: Phone) -> None:
    page = seen.page
    with page.expect_download() as waiting:
        page.get_by_role("button", name="保存PDF").click()
    got = waiting.value
    assert got.suggested_filename == f"报名表-{applicant.number}.pdf"
    assert Path(got.path()).read_bytes().startswith(b"%PDF")
    page.get_by_role("button", name="看纸质样式").click()
    sheet = page.locator(".uni-system-preview-image-swiper img, uni-swiper-item img").first
    expect(sheet).to_be_visible()
    assert sheet.evaluate("one => one.naturalWidth") == 1240


@one_phone
def test_it_is_read_in_words_of_a_size_that_eyes_can_read(seen: Seen, applicant: Phone) -> None:
    """The printed sheet is unreadable on a phone, and whoever signs must have read it."""
    for words in (
        "9****************",
        "四级/中级工",
        "4.1 ",
        "2010年1月1日至今",
        "工作证明　1份",
        "本人承诺所填信息",
    ):
        line = seen.page.get_by_text(words).first
        expect(line).to_be_visible()
        assert line.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 17


@one_phone
def test_who_cannot_write_is_told_whom_to_call(seen: Seen) -> None:
    expect(seen.page.get_by_role("img", name="无法手写的，请致电机构咨询")).to_have_count(1)
    expect(seen.page.get_by_role("button", name="拨打咨询电话")).to_be_visible()


@one_phone
def test_slow_or_broken_the_page_says_so_and_keeps_the_strokes(seen: Seen) -> None:
    page = seen.page
    page.route("**/form/signature", lambda route: route.abort())
    write_name(page, page.locator(SHEET))
    whole = strokes(page)
    page.get_by_role("button", name=SIGN).click()
    expect(page.get_by_role("alert")).to_contain_text("网络不通")
    assert strokes(page) == whole
    page.unroute("**/form/signature")
    page.get_by_role("button", name=SIGN).click()
    expect(page.get_by_text("09:00签名确认")).to_be_visible()
