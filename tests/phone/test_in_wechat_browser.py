"""The phone pages in WeChat's own browser, as whoever scans a poster with WeChat meets them: it keeps no file."""

import pytest

from tests.phone.hand import Hand, Look
from tests.phone.test_without_a_network import with_a_ticket

AGENT = (
    "Mozilla/5.0 (Linux; Android 13; 22081212C) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 "
    "Mobile Safari/537.36 XWEB/1160117 MMWEBSDK/20240301 MicroMessenger/8.0.49.2600(0x28003133) WeChat/arm64 Weixin"
)
SIZES_OF_WECHAT = [Look(agent=AGENT), Look(320, 568, "dark", font=1.4, agent=AGENT)]
in_wechat = pytest.mark.parametrize("look", SIZES_OF_WECHAT, ids=["a phone", "a small phone, enlarged"])


def is_a_picture_to_be_kept(hand: Hand) -> None:
    """One that a long touch gives to WeChat: it takes none that lies at an address of the page's own (blob:)."""
    picture = hand.shown.get_by_role("img", name="图片，长按保存")
    picture.wait_for()
    assert picture.evaluate("one => one.src.slice(0, 15)") == "data:image/png;"
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 500
    assert picture.evaluate("one => getComputedStyle(one).pointerEvents") != "none"
    hand.says("请用手指长按下面的图片，选“保存图片”。没有出现的，请截屏保存。")


def ways_to_keep(hand: Hand) -> list[str]:
    """The buttons below a ticket, in their order."""
    return [text for text in hand.shown.get_by_role("button").all_inner_texts() if text in {"下载PDF", "存为图片"}]


@in_wechat
def test_the_ticket_is_shown_as_a_picture_to_be_pressed_long(hand: Hand) -> None:
    number = with_a_ticket(hand)
    hand.open(f"pages/ticket/index?number={number}")
    hand.says("存为图片")
    assert ways_to_keep(hand) == ["存为图片", "下载PDF"], "first what works here"
    hand.see("50-in-wechat-ticket")
    hand.tap("存为图片")
    is_a_picture_to_be_kept(hand)
    hand.see("50-in-wechat-picture")
    hand.back()
    hand.says("入场时请出示此码和本人证件")


@in_wechat
def test_for_a_pdf_it_says_how_to_open_the_browser(hand: Hand) -> None:
    number = with_a_ticket(hand)
    hand.open(f"pages/ticket/index?number={number}")
    hand.tap("下载PDF")
    told = hand.page.locator("uni-modal:visible")
    told.wait_for()
    assert "在浏览器打开" in told.inner_text()
    assert not [url for url in hand.asked if url.endswith(".pdf")], "nothing is fetched that could not be kept"
    hand.keep("50-in-wechat-pdf")


@in_wechat
def test_the_form_is_a_picture_to_be_kept_too(hand: Hand) -> None:
    number = with_a_ticket(hand)
    hand.open(f"pages/form/index?number={number}")
    hand.tap("看纸质样式，可用手指放大，长按保存")
    is_a_picture_to_be_kept(hand)


def test_in_another_browser_the_ticket_is_a_file(hand: Hand) -> None:
    number = with_a_ticket(hand)
    hand.open(f"pages/ticket/index?number={number}")
    hand.says("存为图片")
    assert ways_to_keep(hand) == ["下载PDF", "存为图片"]
    for button, ending in (("下载PDF", ".pdf"), ("存为图片", ".png")):
        with hand.page.expect_download() as waiting:
            hand.tap(button)
        assert waiting.value.suggested_filename.endswith(ending)
        assert waiting.value.path().stat().st_size > 10_000


def test_a_file_that_is_refused_says_why_in_the_servers_words(hand: Hand) -> None:
    number = with_a_ticket(hand)
    hand.open(f"pages/picture/index?path=%2Fapi%2Fv1%2Fregistrations%2F{number}X%2Fticket.png")
    told = hand.shown.locator(".failed [role=alert]").inner_text()
    assert "没有这个申报，请返回" in told, told
