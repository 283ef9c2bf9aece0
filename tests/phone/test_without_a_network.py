"""The phone pages opened from nothing where there is no network: the ticket is there, and nothing that it should not be."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page

from miniapp_api.phone_pages import BUILT
from server.local import LocalStack, local_stack
from tests.books import technicians
from tests.conftest import at
from tests.people import Phone, approve, id_card, pay
from tests.phone.as_it_was import copy_database, lived
from tests.phone.conftest import MORNING
from tests.phone.hand import Hand, Look

QR = "准考证二维码，入场时出示"
NAME = "欧阳娜娜"
TICKETS_OUT = at(2026, 11, 2, 9)
ACTIVE = "(await navigator.serviceWorker.getRegistration())?.active?.state === 'activated'"
WAITING = "(await navigator.serviceWorker.getRegistration()).waiting !== null"
RENEWED = (
    "(await navigator.serviceWorker.getRegistration('/m/')).waiting === null && (await caches.keys()).length === 1"
)
KEPT = """async () => {
    const found = {};
    for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys())
            found[request.url] = await (await (await caches.open(name)).match(request)).text();
    return found; }"""


@pytest.fixture(scope="module")
def _own(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """An installation of this file's own, for here the server stops answering, and its pages change."""
    folder = tmp_path_factory.mktemp("own")
    shutil.copy(sqlite_template, folder / "jiping.sqlite")
    database = f"sqlite:///{folder / 'jiping.sqlite'}"
    pages = str(folder / "pages")
    shutil.copytree(BUILT, pages)
    with local_stack(folder, migrated=True, database_url=database, books=technicians(), phone_pages=pages) as running:
        copy_database(folder / "jiping.sqlite", folder / "as-new.sqlite")
        yield running


@pytest.fixture
def pages(_own: LocalStack) -> Path:
    """The built pages in a folder of their own, where another release can be put in their place."""
    folder = Path(_own.settings.data_dir) / "pages"
    shutil.copytree(BUILT, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture
def house(_own: LocalStack, pages: Path) -> Iterator[LocalStack]:
    """That installation as new, with the pages that were built; and it answers."""
    folder, answers = pages.parent, _own.app.wsgi_app
    copy_database(folder / "as-new.sqlite", folder / "jiping.sqlite")
    _own.clock.stand_at(MORNING)
    yield _own
    _own.app.wsgi_app = answers  # type: ignore[method-assign]


@pytest.fixture
def new() -> bool:
    """A phone that has never been on the pages."""
    return True


def with_a_ticket(hand: Hand) -> str:
    """Somebody whose ticket is out, signed in on the pages; the number of the registration."""
    stack = hand.stack
    number, token = lived(stack, "with-a-ticket", lambda: _to_the_ticket(stack, hand.number))
    stack.clock.stand_at(TICKETS_OUT)
    hand.open()
    hand.page.evaluate("token => localStorage.setItem('sign-in', token)", token)
    return number


def _to_the_ticket(stack: LocalStack, phone: str) -> tuple[str, str]:
    person = Phone(stack)
    person.sign_in()
    person.set_phone(phone)
    person.fill_in(NAME, id_card(1))
    person.send_photo()
    number = person.register()
    approve(stack, number)
    stack.clock.stand_at(at(2026, 3, 24))
    pay(stack, number, date(2026, 3, 24))
    for day in (at(2026, 3, 31, 9), at(2026, 10, 14, 9), TICKETS_OUT):
        stack.clock.stand_at(day)
        stack.run_jobs()
    person.sign_in(person.openid)
    return number, person.token


def sees_the_ticket(hand: Hand, number: str) -> None:
    hand.open(f"pages/ticket/index?number={number}")
    hand.shown.get_by_role("img", name=QR).wait_for()


def waits_until(hand: Hand, happened: str) -> None:
    """What a page has to wait for itself, `wait_for_function` takes for true."""
    looks = f"for (let left = 200; left > 0 && !({happened}); left--) await new Promise(next => setTimeout(next, 50))"
    assert hand.page.evaluate(f"async () => {{ {looks}; return {happened} }}"), happened


def waits_for_the_worker(hand: Hand) -> None:
    waits_until(hand, ACTIVE)


def comes_back(hand: Hand) -> None:
    """The page is closed, and later there is another."""
    old = hand.page
    hand.page = hand.seen.page = hand.window.new_page()
    old.close()
    hand.page.set_default_timeout(10_000)
    hand.page.on("request", lambda request: hand.asked.append(request.url))
    hand.page.on("pageerror", lambda fault: hand.complaints.append(str(fault)))


def no_network(hand: Hand) -> list[str]:
    hand.window.set_offline(True)
    return _answers(hand.stack, "599 Must Not Be Asked")


def server_that_is_down(hand: Hand) -> list[str]:
    """Behind a proxy that is up."""
    _answers(hand.stack, "502 Bad Gateway")
    return []


def _answers(stack: LocalStack, status: str) -> list[str]:
    """From now on the server answers so to all; what it was asked for."""
    asked: list[str] = []

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        start(status, [("Content-Type", "text/html")])
        return [b""]

    stack.app.wsgi_app = answer  # type: ignore[method-assign, assignment] # as middleware is put in
    return asked


@pytest.mark.parametrize("trouble", [no_network, server_that_is_down], ids=lambda one: one.__name__)
def test_a_ticket_once_seen_opens_from_nothing(hand: Hand, trouble: Callable[[Hand], list[str]]) -> None:
    number = with_a_ticket(hand)
    sees_the_ticket(hand, number)
    waits_for_the_worker(hand)
    comes_back(hand)
    asked = trouble(hand)
    sees_the_ticket(hand, number)
    hand.says(re.compile("现在没有网络，这是2026年.*保存在手机上的准考证"))
    hand.says(NAME)
    hand.see("40-ticket-without-a-network")
    # A browser looks for a newer worker past what the test forbids the network.
    assert set(asked) <= {"/m/sw.js"}


@pytest.mark.parametrize("look", [Look(), Look(320, 568, "dark", font=1.4)], ids=lambda look: look.name)
def test_the_way_to_the_ticket_is_there_without_a_network(hand: Hand) -> None:
    number = with_a_ticket(hand)
    sees_the_ticket(hand, number)
    waits_for_the_worker(hand)
    comes_back(hand)
    no_network(hand)
    hand.open("pages/registrations/index")
    hand.says(re.compile("网络不通，请检查手机网络后重试"))
    hand.says("保存在手机上的准考证")
    hand.see("41-registrations-without-a-network")
    hand.tap(re.compile("^企业人力资源管理师 四级.*2026年11月"))
    hand.shown.get_by_role("img", name=QR).wait_for()
    hand.open(f"pages/registration/index?number={number}")
    hand.tap("查看保存在手机上的准考证")
    hand.shown.get_by_role("img", name=QR).wait_for()


def test_the_first_page_opens_from_nothing_and_says_that_there_is_no_network(hand: Hand) -> None:
    hand.open()
    waits_for_the_worker(hand)
    comes_back(hand)
    no_network(hand)
    hand.open()
    hand.says(re.compile("网络不通，请检查手机网络后重试"))
    assert hand.shown.get_by_role("button", name="重新载入").is_visible()


def test_whoever_signed_out_leaves_no_ticket_behind(hand: Hand) -> None:
    number = with_a_ticket(hand)
    sees_the_ticket(hand, number)
    waits_for_the_worker(hand)
    hand.open("pages/me/index")
    hand.tap("退出登录")
    hand.page.locator(".uni-modal__btn_primary").tap()
    hand.says("还没有登录")
    comes_back(hand)
    no_network(hand)
    hand.open("pages/registrations/index")
    hand.says("还没有登录")
    hand.open(f"pages/ticket/index?number={number}")
    hand.page.wait_for_url(re.compile("sign-in"))
    assert NAME not in hand.page.content()


def test_a_ticket_of_somebody_else_goes_when_the_phone_has_another_owner(hand: Hand) -> None:
    number = with_a_ticket(hand)
    sees_the_ticket(hand, number)
    other = Phone(hand.stack).ready(2)
    hand.page.evaluate("token => localStorage.setItem('sign-in', token)", other.token)
    hand.open("pages/registrations/index")
    hand.says(re.compile("还没有申报"))
    assert hand.page.evaluate("name => localStorage.getItem(name)", f"ticket:{number}") is None


def test_the_worker_keeps_the_pages_files_and_nothing_of_anybody(hand: Hand) -> None:
    number = with_a_ticket(hand)
    sees_the_ticket(hand, number)
    waits_for_the_worker(hand)
    comes_back(hand)
    for page in ("registrations", "me", "notices", "details"):
        hand.open(f"pages/{page}/index")
        hand.shown.locator("[role=main]").wait_for()
    kept: dict[str, str] = hand.page.evaluate(KEPT)
    inside = f"{hand.stack.web}/m/"
    assert inside in kept
    strange = [url for url in kept if url != inside and not re.fullmatch(re.escape(inside) + r"assets/[\w.-]+", url)]
    assert strange == []
    everything = json.dumps(kept, ensure_ascii=False)
    for secret in (NAME, number, hand.number, id_card(1), hand.page.evaluate("localStorage.getItem('sign-in')")):
        assert secret not in everything


def test_what_is_asked_of_the_server_does_not_pass_through_the_worker(hand: Hand) -> None:
    hand.open()
    waits_for_the_worker(hand)
    comes_back(hand)
    with hand.page.expect_response("**/api/v1/sittings") as waiting:
        index = hand.page.goto(f"{hand.stack.web}/m/")
    assert index is not None
    assert index.from_service_worker
    assert not waiting.value.from_service_worker
    for elsewhere in ("/t/NOBODY", "/m/nothing.html"):
        answer = hand.page.goto(f"{hand.stack.web}{elsewhere}")
        assert answer is not None
        assert answer.url.endswith(elsewhere)
        assert not answer.from_service_worker, elsewhere


# --- another release


def release(pages: Path, name: str) -> None:
    """Put another build in the place of this one."""
    index, worker = pages / "index.html", pages / "sw.js"
    index.write_text(
        index.read_text("utf-8").replace("<head>", f'<head><meta name="release" content="{name}">'), "utf-8"
    )
    worker.write_text(
        re.sub(r"jiping-pages-[0-9a-f]{16}", f"jiping-pages-{name}", worker.read_text("utf-8")), "utf-8"
    )


def shown_release(page: Page) -> str | None:
    found: str | None = page.evaluate("() => document.querySelector('meta[name=release]')?.content ?? null")
    return found


def test_a_new_release_is_there_at_the_next_visit(hand: Hand, pages: Path) -> None:
    hand.open()
    waits_for_the_worker(hand)
    comes_back(hand)
    release(pages, "second")
    hand.open()
    assert shown_release(hand.page) == "second"


def test_a_new_release_takes_the_place_of_the_old_one_for_visits_without_a_network(hand: Hand, pages: Path) -> None:
    hand.open()
    waits_for_the_worker(hand)
    comes_back(hand)
    release(pages, "second")
    hand.open()
    waits_until(hand, WAITING)
    comes_back(hand)
    hand.page.goto(f"{hand.stack.web}/health")  # none of the pages: the new worker begins once they are closed
    waits_until(hand, RENEWED)
    comes_back(hand)
    no_network(hand)
    hand.open()
    hand.says(re.compile("网络不通"))
    assert shown_release(hand.page) == "second"


def test_a_release_that_comes_while_the_old_one_is_being_kept_is_not_mixed_with_it(hand: Hand, pages: Path) -> None:
    """The worker names the script of its own index; with another index it keeps nothing, and without a network nothing opens."""
    index = pages / "index.html"
    worker = pages / "sw.js"
    worker.write_text(re.sub(r'(ENTRY=")[^"]+', r"\1assets/index-OTHER.js", worker.read_text("utf-8")), "utf-8")
    assert "OTHER" not in index.read_text("utf-8")
    hand.open()
    failed = "navigator.serviceWorker.register('./sw.js').then(one => one.installing).then(one => one === null || new"
    failed += " Promise(told => one.onstatechange = () => told(one.state === 'redundant')))"
    assert hand.page.evaluate(f"() => {failed}")
    kept: dict[str, str] = hand.page.evaluate(KEPT)
    assert kept == {}


def test_without_the_worker_nothing_would_open(browser: Browser, hand: Hand) -> None:
    """So that the tests above do not pass by a network that is there after all."""
    other = browser.new_context(service_workers="block")
    page = other.new_page()
    page.goto(f"{hand.stack.web}/m/")
    other.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(f"{hand.stack.web}/m/")
    other.close()
