"""An installation whose notice says that a fee lapses after a year, with people in its sittings."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from server.db import reading, transaction
from server.local import LocalStack, local_stack
from server.models import LedgerEntry, Registration, Sitting
from server.rulebooks.loader import load_file
from tests.conftest import at
from tests.people import Phone
from tests.rulebooks.toml_text import changed, save
from tests.seeding import seed_paid, sitting_id

#: who must have paid for a sitting to be held; the notice's thirty would only be more of the same
ENOUGH = 3
CLAUSE = "附件3注：付费一年内未参加认定的，视作自动放弃，费用不予退还"


@contextmanager
def forfeiting_house(folder: Path, database_url: str) -> Iterator[LocalStack]:
    """The technicians' sittings of 2026 (April, August, November), under a notice with the clause, small ones."""
    table = changed("payment", "forfeit", {"source": CLAUSE, "years": 1})
    table["turnout"]["threshold"]["people"] = ENOUGH
    book = load_file(save(folder, table))
    with local_stack(folder, migrated=True, books=[book], database_url=database_url) as running:
        running.clock.stand_at(at(2026, 2, 23, 9))
        yield running
        _drain(running)


def _drain(house: LocalStack) -> None:
    """Every receipt that the carriers still owe has come, before anybody takes the database away."""
    Phone(house).sandbox("drain")


def seeded(house: LocalStack, month: str, people: int, **more: Any) -> list[str]:
    """The numbers of so many people who have paid for a sitting, on 24 March 2026."""
    made = seed_paid(house.app, sitting_id(house.app, month), people, **more)
    with house.app.app_context(), reading() as session:
        rows = select(Registration.number).where(Registration.id.in_(made)).order_by(Registration.id)
        return list(session.scalars(rows))


def held_april(house: LocalStack, people: int = ENOUGH) -> list[str]:
    """April was held and is over; it is the Monday after, and everybody's registration is concluded."""
    numbers = seeded(house, "2026-04", people)
    for month, day in ((3, 31), (4, 20), (4, 27)):
        house.clock.stand_at(at(2026, month, day, 9))
        house.run_jobs()
    _drain(house)
    return numbers


def received(house: LocalStack, number: str, day: date) -> None:
    """The account had received this registration's fee on another day."""
    with house.app.app_context(), transaction() as session:
        whose = select(Registration.id).where(Registration.number == number).scalar_subquery()
        session.execute(update(LedgerEntry).where(LedgerEntry.registration_id == whose).values(value_date=day))


def change(house: LocalStack, number: str, **columns: Any) -> None:
    """Make one registration otherwise than the services would."""
    with house.app.app_context(), transaction() as session:
        session.execute(update(Registration).where(Registration.number == number).values(**columns))


def where_is(house: LocalStack, number: str) -> tuple[str, str]:
    """A registration's status and the month of its sitting."""
    with house.app.app_context(), reading() as session:
        rows = select(Registration.status, Sitting.month).join(Sitting, Sitting.id == Registration.sitting_id)
        status, month = session.execute(rows.where(Registration.number == number)).one()
        return status, month
