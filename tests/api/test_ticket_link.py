"""The ticket link: for whoever holds it and knows four characters, and for nobody by guessing."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from miniapp_api.ticket_link import dialled
from server.db import transaction
from server.domain.turnout import Outcome
from server.local import LocalStack, local_stack
from server.models import Candidate, Registration, Ticket
from server.services import ticketing, turnout
from tests.api.refusals import nothing_changes
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id

DAY = at(2026, 4, 20, 9)


@dataclass
class Held:
    """A sitting that takes place, with tickets out; each test takes a ticket that no other test has."""

    stack: LocalStack
    used: int = 0

    def next_link(self) -> tuple[str, str, int]:
        """A fresh ticket: its link, its right digits, its registration's id."""
        self.used += 1
        with self.stack.app.app_context(), transaction() as session:
            ticket = session.scalars(select(Ticket).order_by(Ticket.id).offset(self.used).limit(1)).one()
            holder = session.get_one(Registration, ticket.registration_id)
            digits = session.get_one(Candidate, holder.candidate_id).document_number[-4:]
            return f"{self.stack.web}/t/{ticket.code}", digits, holder.id


@pytest.fixture(scope="module")
def held(_installation: LocalStack) -> Held:
    stack = _installation
    stack.clock.stand_at(at(2026, 2, 23, 9))
    seed_paid(stack.app, sitting_id(stack.app, "2026-04"), 40)
    stack.clock.stand_at(DAY)
    with stack.app.app_context():
        turnout.settle_due(DAY)
        ticketing.release_due(DAY)
    return Held(stack)


@pytest.fixture(autouse=True)
def _day(held: Held) -> None:
    held.stack.clock.stand_at(DAY)


def open_page(link: str) -> requests.Response:
    return requests.get(link, timeout=10)


def download(link: str, digits: str, **form: str) -> requests.Response:
    return requests.post(link, data={"digits": digits} | (form or {"pdf": "1"}), timeout=30)


def is_page(answer: requests.Response, status: int, *words: str) -> bool:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert [word for word in words if word not in answer.text] == []
    return True


def other_than(digits: str) -> str:
    return "0000" if digits != "0000" else "1111"


@pytest.mark.parametrize(
    ("printed", "digits"),
    [
        ("021-61275178", "02161275178"),
        ("021-62520070（转207）", "02162520070"),
        ("021-62520070转207", "02162520070"),
        ("400 820 9278", "4008209278"),
        ("13482120132", "13482120132"),
    ],
)
def test_a_phone_dials_digits_only_and_no_extension(printed: str, digits: str) -> None:
    assert dialled(printed) == digits


@pytest.mark.parametrize("code", ["nobody", "A" * 22, "A" * 5000, "%00", "%ff", "..", "<script>alert(1)</script>"])
def test_an_unknown_link_says_so_and_what_to_do(held: Held, code: str) -> None:
    for answer in (open_page(f"{held.stack.web}/t/{code}"), download(f"{held.stack.web}/t/{code}", "1234")):
        assert answer.status_code == 404
        assert "script>alert" not in answer.text
        if code.isalnum():
            assert is_page(answer, 404, "打不开这张准考证", "请核对链接")


def test_a_link_shows_a_masked_name_and_the_ticket_only_for_the_right_digits(held: Held) -> None:
    link, digits, _ = held.next_link()
    page = open_page(link)
    assert is_page(page, 200, "有效", "王*")
    assert "王芳" not in page.text
    assert digits not in re.sub(r"<dd.*?</dd>", "", page.text)
    with nothing_changes(held.stack.app):
        assert is_page(download(link, other_than(digits)), 403, "证件号码后四位不对")
    pdf = download(link, f" {digits.lower()} ")
    assert (pdf.status_code, pdf.headers["Content-Type"]) == (200, "application/pdf")
    assert pdf.content.startswith(b"%PDF")
    png = download(link, digits, png="1")
    assert (png.headers["Content-Type"], png.content[:4]) == ("image/png", b"\x89PNG")


@pytest.mark.parametrize(
    "digits", ["", "1", "12345", "\0\0\0\0", "一二三四", "' OR", "%", "\ud800".encode("utf-8", "surrogatepass")]
)
def test_anything_but_the_four_characters_is_wrong(held: Held, digits: str | bytes) -> None:
    link, _, _ = held.next_link()
    with nothing_changes(held.stack.app):
        answer = requests.post(link, data={"digits": digits}, timeout=10)
    assert is_page(answer, 403, "证件号码后四位不对")


def test_a_form_without_digits_is_a_wrong_try_and_not_a_fault(held: Held) -> None:
    link, _, _ = held.next_link()
    for sent in ({}, {"json": {"digits": "1"}}, {"data": b"\xff\xfe", "headers": {"Content-Type": "text/plain"}}):
        assert is_page(requests.post(link, timeout=10, **sent), 403, "证件号码后四位不对")


def test_digits_are_compared_five_times_in_ten_minutes_and_twenty_times_a_day(held: Held) -> None:
    link, digits, _ = held.next_link()
    wrong = other_than(digits)
    for batch in range(4):
        held.stack.clock.stand_at(DAY + timedelta(minutes=10 * batch))
        for _ in range(5):
            assert is_page(download(link, wrong), 403)
        with nothing_changes(held.stack.app):
            assert is_page(download(link, digits), 429, "操作过于频繁")
    held.stack.clock.stand_at(DAY + timedelta(hours=23, minutes=59))
    assert is_page(download(link, digits), 429)
    held.stack.clock.stand_at(DAY + timedelta(days=1))
    assert download(link, digits).content.startswith(b"%PDF")
    other, right, _ = held.next_link()
    assert download(other, right).status_code == 200  # somebody else's ticket is not locked by it


def test_the_ticket_of_somebody_who_stepped_back_is_void(held: Held) -> None:
    link, digits, registration = held.next_link()
    with held.stack.app.app_context(), transaction() as session:
        session.get_one(Registration, registration).status = "withdrawn"
    assert is_page(open_page(link), 410, "已作废，请勿使用", "申报已退出")
    answer = download(link, digits)
    assert is_page(answer, 410, "已作废，请勿使用")
    assert "<form" not in answer.text


def test_a_ticket_voided_by_a_postponement_says_so_and_where_its_holder_goes_now(
    sqlite_url: str, tmp_path: Path
) -> None:
    with local_stack(tmp_path, migrated=True, database_url=sqlite_url) as stack:
        stack.clock.stand_at(at(2026, 2, 23, 9))
        april = sitting_id(stack.app, "2026-04")
        seed_paid(stack.app, april, 31)
        stack.clock.stand_at(DAY)
        with stack.app.app_context():
            turnout.settle_due(DAY)
            ticketing.release_due(DAY)
            turnout.settle_by_hand(april, Outcome.POSTPONED, "staff:chen", "考场不能使用", DAY)
        link, digits, _ = Held(stack).next_link()
        for answer in (open_page(link), download(link, digits)):
            assert is_page(
                answer, 410, "已作废，请勿使用", "2026年11月7日、8日", "2026年11月2日", "无需重新申报和缴费"
            )
            assert "<form" not in answer.text
        assert is_page(download(link, other_than(digits)), 403, "已作废，请勿使用")
