"""Links of messages: constant, made ahead of time, and never waited for."""

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import select, update

from notifications.wording.words import WORDINGS
from scheduler import jobs
from server.db import reading, transaction
from server.domain.pages import PATHS, Page, address, phone_page
from server.local import LocalStack
from server.models import WechatLink
from server.services import page_links
from tests.conftest import at

NOON = at(2026, 3, 24)
LIST = "/m/#/pages/registrations/index"


def fault(stack: LocalStack, **wish: object) -> None:
    answer = requests.post(
        f"{stack.sandbox}/sandbox/faults", json={"operation": "generate_urllink"} | wish, timeout=10
    )
    assert answer.status_code == 201, answer.text


def renewed(stack: LocalStack) -> int:
    made = jobs.run(stack.app, jobs.LINKS)
    assert isinstance(made, int)
    return made


def opened(stack: LocalStack, page: str) -> str:
    """Where the address leads, and how quickly it says so."""
    began = time.monotonic()
    answer = requests.get(f"{stack.web}/go/{page}", allow_redirects=False, timeout=5)
    assert time.monotonic() - began < 2
    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "no-store")
    return answer.headers["Location"]


def links(stack: LocalStack) -> dict[str, WechatLink]:
    with stack.app.app_context(), reading() as session:
        return {one.page: one for one in session.scalars(select(WechatLink))}


@pytest.fixture
def house(stack: LocalStack) -> LocalStack:
    stack.clock.stand_at(NOON)
    return stack


def test_an_address_leads_to_the_phone_page_until_a_link_is_there_and_then_into_the_mini_program(
    house: LocalStack,
) -> None:
    assert [opened(house, page.value) for page in Page] == [LIST, LIST, LIST, "/m/#/pages/notices/index"]
    assert renewed(house) == len(Page)
    for page in Page:
        there = requests.get(opened(house, page.value), timeout=5)
        assert (there.status_code, f"/{PATHS[page]}" in there.text) == (200, True)


@pytest.mark.parametrize("page", ["", "MINE", "mine2", "registration", "..%2f", "https:%2f%2fevil.cn", "王"])
def test_an_address_that_is_none_of_ours_leads_nowhere_else(house: LocalStack, page: str) -> None:
    if page == "":
        assert requests.get(f"{house.web}/go/", timeout=5).status_code == 404
    elif "%2f" in page:
        assert requests.get(f"{house.web}/go/{page}", allow_redirects=False, timeout=5).status_code in (302, 404)
        with house.app.app_context():
            assert page_links.destination(page, NOON) == "/m/"
    else:
        assert opened(house, page) == "/m/"


def test_links_are_made_once_and_anew_when_a_third_of_their_time_is_left(house: LocalStack) -> None:
    assert [renewed(house) for _ in range(3)] == [len(Page), 0, 0]
    first = links(house)["mine"]
    assert first.expires_at - first.made_at == timedelta(days=30)
    house.clock.stand_at(NOON + timedelta(days=20))
    assert renewed(house) == 0
    house.clock.stand_at(NOON + timedelta(days=20, minutes=1))
    assert renewed(house) == len(Page)
    assert links(house)["mine"].url != first.url


@pytest.mark.parametrize(
    ("left", "good"), [(timedelta(hours=1, minutes=1), True), (timedelta(hours=1), False), (-timedelta(1), False)]
)
def test_a_link_that_ends_in_a_moment_is_not_given_out(house: LocalStack, left: timedelta, good: bool) -> None:
    renewed(house)
    house.clock.stand_at(links(house)["mine"].expires_at - left)
    assert (opened(house, "mine") != LIST) is good


def test_a_link_to_a_page_that_the_table_names_no_more_is_not_given_out_and_made_anew(house: LocalStack) -> None:
    renewed(house)
    with house.app.app_context(), transaction() as session:
        session.execute(update(WechatLink).where(WechatLink.page == "mine").values(path="pages/old/index"))
    assert opened(house, "mine") == LIST
    assert renewed(house) == 1
    assert opened(house, "mine") != LIST


@pytest.mark.parametrize(
    ("wish", "made"),
    [
        ({"kind": "error", "code": 45009}, 0),
        ({"kind": "error", "code": 40001}, 0),
        ({"kind": "error", "code": 85079}, 0),
        ({"kind": "hang", "seconds": 0}, 0),
        ({"kind": "lost"}, 0),
        ({"kind": "error", "code": -1, "times": 1}, 0),
        ({"kind": "error", "code": 40165, "times": 1}, len(Page) - 1),
    ],
)
def test_a_fault_keeps_the_old_links_and_ends_the_round_unless_it_is_of_one_page(
    house: LocalStack, wish: dict[str, object], made: int
) -> None:
    renewed(house)
    before = {name: one.url for name, one in links(house).items()}
    house.clock.stand_at(NOON + timedelta(days=25))
    fault(house, **wish)
    assert renewed(house) == made
    after = {name: one.url for name, one in links(house).items()}
    assert sum(before[name] != after[name] for name in before) == made
    assert opened(house, "mine") != LIST


def test_no_address_waits_for_a_wechat_that_never_answers(house: LocalStack) -> None:
    for operation in ("generate_urllink", "stable_token"):
        fault(house, operation=operation, kind="hang", seconds=30)
    assert opened(house, "pay") == LIST
    requests.delete(f"{house.sandbox}/sandbox/faults", timeout=10)


def test_no_address_holds_anything_of_anybody() -> None:
    """A token, a number or a query in it would stand in a carrier's template, or be a variable that carriers refuse."""
    for page in Page:
        assert address("https://jp.example.cn/", page) == f"https://jp.example.cn/go/{page.value}"
        assert page.value.isalpha()
        assert phone_page(page) == f"/m/#/{PATHS[page]}"
        assert "?" not in PATHS[page]
        assert not PATHS[page].startswith("/")


def test_every_page_that_a_message_opens_is_one_of_the_clients() -> None:
    """WeChat refuses a card whose page is not in the released version (41030), and stops the whole batch."""
    client = json.loads((Path(__file__).parents[2] / "miniapp/src/pages.json").read_text(encoding="utf-8"))
    there = {one["path"] for one in client["pages"]}
    assert set(PATHS.values()) <= there
    assert {wording.page.partition("?")[0] for wording in WORDINGS.values()} <= there
