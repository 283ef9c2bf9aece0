"""Steps that the stories of institutions with a window share: who comes there, what clerks do, what the clock brings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from server.db import reading
from server.documents.ticket import ticket_pdf
from server.domain.registrations import Status
from server.errors import Problem
from server.local import LocalStack, local_stack
from server.models import Notice, NoticeCause, Registration, Sitting, Ticket, TurnoutCounted, TurnoutDecision
from server.rulebooks.book import Rulebook
from server.rulebooks.loader import LoadedRulebook
from server.services import paying, sitting_days, telephoning, ticketing
from server.services.alarms import alarms
from server.services.at_window import register_at_window, withdraw_at_window
from server.services.decisions import decision_of
from server.services.places import in_sitting
from server.services.telephoning import ToCall
from tests.domain.technicians import shanghai
from tests.people import NAMES, Phone, approve, id_card
from tests.rows import rows
from tests.seeding import seed_paid, sitting_id
from tests.window import CLERK, visitor

SCHOOL = "某职业学校"


@dataclass
class Visitor(Phone):
    """Somebody who has come to the window, or stands on a group's list, and has a phone that takes SMS."""

    serial: int = 0

    @property
    def name(self) -> str:
        return NAMES[self.serial % 2]

    def join(self) -> "Visitor":
        """Open the mini-program, to see what the window has entered."""
        self.sign_in()
        self.set_phone(self.phone)
        self.fill_in(self.name, id_card(self.serial))
        return self

    def texts(self, word: str) -> list[str]:
        """The SMS that hold this word, in order."""
        return [one["text"] for one in self.messages() if one["channel"] == "sms" and word in one["text"]]

    def printed(self) -> str:
        """The ticket that the link gives for the last digits of the document, without spaces and line ends."""
        link = self.ok("GET", f"registrations/{self.number}/ticket")["link"]
        answer = self.http.post(link, data={"digits": id_card(self.serial)[-4:]}, timeout=30)
        assert answer.headers["Content-Type"] == "application/pdf", answer.text
        return text_of(answer.content)


@dataclass(frozen=True)
class Decided:
    """What was decided of a sitting, in the terms of a notice."""

    outcome: str
    counted: int
    moved: int
    to: str


@dataclass
class Desk:
    """An institution's installation, and the clerk's desk in it."""

    stack: LocalStack
    book: Rulebook

    # --- the clock

    def at(self, when: str) -> None:
        self.stack.clock.stand_at(shanghai(when))

    def live(self, when: str) -> None:
        """Let the clock be there, and the scheduler, the dispatcher and the carriers do what is due."""
        self.at(when)
        self.stack.run_jobs()

    # --- who comes

    def sitting(self, month: str, occupation: str = "", level: int = 4) -> int:
        return sitting_id(self.stack.app, month, occupation or self.book.occupations[0].key, level)

    def come(
        self, serial: int, month: str, *, occupation: str = "", level: int = 4, unit: str = "", **changes: Any
    ) -> Visitor:
        """Somebody comes to the window with their papers, or stands on the list that a unit has filed."""
        form = visitor(
            self.stack,
            serial,
            sitting_id=self.sitting(month, occupation, level),
            channel="group" if unit else "window",
            unit=unit,
            **{"alternative": f"{level}.1"} | changes,
        )
        with self.stack.app.app_context():
            number = register_at_window(form, CLERK, self.stack.clock.now())
        return Visitor(self.stack, number=number, phone=form.phone, serial=serial)

    def sent_away(self, serial: int, month: str, **changes: Any) -> str:
        """The code of the reason for which the window takes nobody."""
        with pytest.raises(Problem) as refused:
            self.come(serial, month, **changes)
        return refused.value.code

    def crowd(self, month: str, people: int, received: str, *, occupation: str = "", level: int = 4) -> list[int]:
        """So many others who came to the window and whose money the account received on a day."""
        there = self.sitting(month, occupation, level)
        return seed_paid(self.stack.app, there, people, channel="window", received=date.fromisoformat(received))

    # --- what clerks do

    def approve(self, *people: Visitor) -> None:
        for one in people:
            approve(self.stack, one.number)

    def pay(self, one: Visitor, received: str) -> paying.PaymentRecorded:
        """Enter the fee under the day on which the account received it."""
        with self.stack.app.app_context():
            now, fee = self.stack.clock.now(), self.row(one).fee_fen
            return paying.record_payment(
                one.number, fee, date.fromisoformat(received), f"bank-{one.number}", "staff:lin", now
            )

    def refund(self, one: Visitor) -> int:
        """Give back what somebody has paid; how much, in fen."""
        with self.stack.app.app_context():
            now = self.stack.clock.now()
            return paying.refund(one.number, f"back-{one.number}", "staff:lin", "延期后退出", now)

    def take(self, serial: int, month: str, received: str, **more: Any) -> Visitor:
        """Somebody comes, is approved on the spot and pays."""
        one = self.come(serial, month, **more)
        self.approve(one)
        assert self.pay(one, received).paid
        return one

    def set_day(self, month: str, day: str, *, exceptionally: bool = False, **which: Any) -> None:
        with self.stack.app.app_context():
            there, now = self.sitting(month, **which), self.stack.clock.now()
            sitting_days.set_day(
                there, date.fromisoformat(day), "staff:pan", "场地已定", now, exceptionally=exceptionally
            )

    def to_call(self, when: str) -> list[ToCall]:
        """The clerks' telephone list."""
        self.at(when)
        with self.stack.app.app_context():
            return telephoning.to_telephone("staff:chen", self.stack.clock.now())

    def reach(self, one: ToCall) -> None:
        with self.stack.app.app_context():
            telephoning.record_call(one.notice_id, telephoning.REACHED, "staff:chen", self.stack.clock.now())

    def to_hand_out(self, month: str, unit: str | None = None) -> dict[str, str]:
        """The tickets that a clerk prints, by the number of the registration, without spaces and line ends."""
        with self.stack.app.app_context():
            found = ticketing.to_print(self.sitting(month), unit, "staff:lin", self.stack.clock.now())
            pages = {
                one.registration.number: ticketing.ticket_page(one, self.stack.settings.public_url) for one in found
            }
        return {number: text_of(ticket_pdf(page)) for number, page in pages.items()}

    def leave(self, one: Visitor) -> None:
        """Somebody without the mini-program asks a clerk to withdraw them."""
        with self.stack.app.app_context():
            assert withdraw_at_window(one.number, CLERK, "来电申请", self.stack.clock.now())

    # --- what has come of it

    def row(self, one: Visitor) -> Registration:
        with self.stack.app.app_context(), reading() as session:
            return session.scalars(select(Registration).where(Registration.number == one.number)).one()

    def where(self, one: Visitor) -> tuple[str, str]:
        """The status of somebody's registration, and the month of the sitting that it stands in."""
        row = self.row(one)
        with self.stack.app.app_context(), reading() as session:
            return row.status, session.get_one(Sitting, row.sitting_id).month

    def paid_in(self, month: str, occupation: str = "", level: int = 4) -> int:
        """How many have paid and are in a sitting."""
        return rows(self.stack.app, Registration, in_sitting(self.sitting(month, occupation, level), Status.PAID))

    def decided(self, month: str, occupation: str = "", level: int = 4) -> Decided | None:
        there = self.sitting(month, occupation, level)
        with self.stack.app.app_context(), reading() as session:
            found = decision_of(session, there)
            if found is None:
                return None
            target = session.get(Sitting, found.target_sitting_id) if found.target_sitting_id else None
            return Decided(found.outcome, found.counted, found.moved, target.month if target else "")

    def counted(self, one: Visitor) -> list[str]:
        """The months of the sittings for which somebody was counted, in order."""
        months = (
            select(Sitting.month)
            .join(TurnoutDecision, TurnoutDecision.sitting_id == Sitting.id)
            .join(TurnoutCounted, TurnoutCounted.decision_id == TurnoutDecision.id)
            .where(TurnoutCounted.registration_id == self.row(one).id)
            .order_by(TurnoutDecision.id)
        )
        with self.stack.app.app_context(), reading() as session:
            return list(session.scalars(months))

    def entries(self, one: Visitor) -> list[int]:
        """What somebody's ledger says, in fen."""
        row = self.row(one)
        with self.stack.app.app_context():
            return [entry.amount_fen for entry in paying.ledger(row.id)]

    def told(self, kind: str) -> list[tuple[str, int]]:
        """The days that news of this kind named, and to how many it was written, cause by cause."""
        with self.stack.app.app_context(), reading() as session:
            written = (
                select(NoticeCause, func.count())
                .join(Notice, Notice.cause_id == NoticeCause.id)
                .where(NoticeCause.kind == kind)
                .group_by(NoticeCause.id)
                .order_by(NoticeCause.id)
            )
            return [(cause.facts["days"], people) for cause, people in session.execute(written)]

    def tickets(self, *people: Visitor) -> list[bool]:
        """Does each have a valid ticket?"""
        valid = [(Ticket.registration_id == self.row(one).id, Ticket.voided_at.is_(None)) for one in people]
        return [rows(self.stack.app, Ticket, *which) == 1 for which in valid]

    def alarms(self, code: str) -> list[str]:
        with self.stack.app.app_context():
            return [one.text for one in alarms(self.stack.clock.now(), starting=True) if one.code == code]


@contextmanager
def opened(folder: Path, database_url: str, began: str, *books: Rulebook) -> Iterator[Desk]:
    """An institution's installation with these years of its rules; opened again, it goes on with what is there."""
    loaded = [LoadedRulebook(book, "story") for book in books]
    with local_stack(folder, migrated=True, database_url=database_url, books=loaded, began=shanghai(began)) as stack:
        yield Desk(stack, books[0])
        Phone(stack).sandbox("drain")


def next_year(book: Rulebook) -> Rulebook:
    """The same rules, published again for the year after."""
    year = book.year + 1
    return replace(book, slug=f"{book.institution_key}-{year}", year=year)


def text_of(pdf: bytes) -> str:
    """All that a PDF says, without spaces and line ends."""
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def closed_up(text: str) -> str:
    return "".join(text.split())


# --- what all of these institutions have in common


def is_taken_at_the_window_only(desk: Desk, month: str, opens: str, last: str, closed: str) -> list[Visitor]:
    """Nobody applies on the phone; at the window one does from the first second of the window to its last, and signs for
    the truth of it. Whoever was taken; the clock stands where the window is closed."""
    on_the_phone = Phone(desk.stack).ready(90)
    desk.at(opens)
    form = on_the_phone.form(desk.sitting(month))
    answer = on_the_phone.call("POST", "registrations", json=form, headers={"Idempotency-Key": uuid4().hex})
    assert (answer.status_code, answer.json()["code"]) == (409, "apply_at_window")
    way = desk.book.application.individual
    assert way.kind == "window"
    assert all(words in answer.json()["message"] for words in (way.address, *way.materials))

    assert desk.sent_away(1, month, declared=False) == "declaration_needed"
    assert desk.sent_away(1, month, evidence=()) == "evidence_needed"
    assert desk.sent_away(1, month, photo=b"") == "upload_empty"
    first = desk.come(1, month)
    desk.at(last)
    second = desk.come(2, month)
    desk.at(closed)
    assert desk.sent_away(3, month) == "window_closed"
    made = desk.row(first)
    assert (made.channel, made.status, made.declared_at) == ("window", "submitted", shanghai(opens))
    assert first.join().mine()["status"] == "submitted"
    return [first, second]


def is_taken_from_a_list(desk: Desk, month: str) -> Visitor:
    """Whoever a school has filed in the city's system is entered by a clerk under the school's name."""
    assert desk.sent_away(50, month, unit=" ") == "unit_needed"
    filed = desk.come(50, month, unit=SCHOOL)
    assert (desk.row(filed).channel, desk.row(filed).unit) == ("group", SCHOOL)
    return filed
