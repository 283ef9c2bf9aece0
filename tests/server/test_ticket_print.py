"""`jiping staff ticket print`: the tickets of a sitting as files that one clerk alone can read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from server.commands.context import application
from server.db import reading, transaction
from server.models import AuditEntry, Candidate, Registration, Ticket
from server.services import ticketing, turnout
from server.services.making_sittings import load_sittings
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id
from tests.server.conftest import Jiping

HELD, DAY = at(2026, 3, 31, 9), at(2026, 4, 20, 9)
UNIT = "某培训学校"


@pytest.fixture(autouse=True)
def inside(jiping: Jiping) -> Iterator[None]:
    """The commands' own application, open for the whole test."""
    with application().app_context():
        load_sittings(HELD)
        yield


def released() -> tuple[int, list[int]]:
    """The technicians' April, held, with its tickets out, the first two people from a group."""
    april = sitting_id(application(), "2026-04")
    made = seed_paid(application(), april, 30)
    with transaction() as session:
        of_a_group = Registration.id.in_(made[:2])
        session.execute(update(Registration).where(of_a_group).values(channel="group", unit=UNIT))
    turnout.settle(april, HELD)
    assert ticketing.release_due(DAY) == 30
    return april, made


def test_a_clerk_prints_the_tickets_of_a_sitting_or_of_one_unit(jiping: Jiping, tmp_path: Path) -> None:
    april, made = released()
    everybody, school = tmp_path / "all", tmp_path / "school"
    ran = jiping(DAY, "staff", "ticket", "print", str(april), str(everybody))
    assert (ran.exit_code, ran.output.splitlines()[-1]) == (0, f"共30张，已存到 {everybody}")
    files = sorted(everybody.iterdir())
    assert len(files) == 30
    assert {file.read_bytes()[:5] for file in files} == {b"%PDF-"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert jiping(DAY, "staff", "ticket", "print", str(april), str(school), "--unit", UNIT).exit_code == 0
    with reading() as session:
        theirs = select(Ticket.number).where(Ticket.registration_id.in_(made[:2]))
        assert {file.stem for file in school.iterdir()} == set(session.scalars(theirs))
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "tickets.printed"))
        assert [entry.after for entry in entries] == [{"tickets": 30, "unit": None}, {"tickets": 2, "unit": UNIT}]


def test_a_void_ticket_and_that_of_somebody_who_has_left_are_not_printed(jiping: Jiping, tmp_path: Path) -> None:
    april, made = released()
    with transaction() as session:
        session.execute(update(Ticket).where(Ticket.registration_id == made[0]).values(voided_at=DAY))
        session.execute(update(Registration).where(Registration.id == made[1]).values(status="withdrawn"))
    jiping(DAY, "staff", "ticket", "print", str(april), str(tmp_path / "all"))
    assert len(list((tmp_path / "all").iterdir())) == 28


def test_a_name_that_no_font_can_print_is_named_and_the_others_are_printed(jiping: Jiping, tmp_path: Path) -> None:
    april, made = released()
    with transaction() as session:
        person = session.get_one(Registration, made[0]).candidate_id
        session.execute(update(Candidate).where(Candidate.id == person).values(name="王\U000f0000"))
    ran = jiping(DAY, "staff", "ticket", "print", str(april), str(tmp_path / "all"))
    assert (ran.exit_code, "打印不出" in ran.output, len(list((tmp_path / "all").iterdir()))) == (1, True, 29)


def test_of_an_unknown_sitting_nothing_is_printed(jiping: Jiping, tmp_path: Path) -> None:
    ran = jiping(DAY, "staff", "ticket", "print", "999999", str(tmp_path / "all"))
    assert (ran.exit_code, (tmp_path / "all").exists()) == (1, False)
    assert "sitting_unknown" in ran.output
