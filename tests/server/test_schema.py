"""Migrations and models say the same, on both databases, and what the database itself forbids stays forbidden."""

from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from server import schema
from server.app import create_app
from server.config import development
from server.db import Base, TransactionWithinTransaction, db, transaction
from server.local import LocalStack
from server.models import Registration, TurnoutDecision
from tests.conftest import at
from tests.seeding import seed_paid, sitting_id


def test_the_migrations_lead_to_exactly_what_the_models_say(database_url: str, tmp_path: Path) -> None:
    app = create_app(development(tmp_path / "data", database_url=database_url))
    assert schema.differences(app) == []
    with app.app_context():
        db.engine.dispose()


def test_every_migration_can_be_undone_and_done_again(database_url: str, tmp_path: Path) -> None:
    app = create_app(development(tmp_path / "data", database_url=database_url))
    schema.downgrade(app)
    with app.app_context():
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    schema.upgrade(app)
    assert schema.differences(app) == []
    with app.app_context():
        db.engine.dispose()


def _add(row: Base) -> None:
    with transaction() as session:
        session.add(row)


def test_the_database_refuses_a_second_live_registration_for_an_occupation_and_level(stack: LocalStack) -> None:
    april = sitting_id(stack.app, "2026-04")
    first = seed_paid(stack.app, april, 1)[0]
    with stack.app.app_context():
        with transaction() as session:
            one = session.get_one(Registration, first)
            columns = {key.name: getattr(one, key.name) for key in Registration.__table__.columns if key.name != "id"}
        with pytest.raises(IntegrityError):
            _add(Registration(**columns | {"number": "ANOTHER2"}))


def test_the_database_refuses_a_second_standing_decision_for_a_sitting(stack: LocalStack) -> None:
    april = sitting_id(stack.app, "2026-04")
    fields = {
        "sitting_id": april,
        "outcome": "held",
        "counted": 30,
        "threshold": 30,
        "reason": "x",
        "source": "x",
        "edition": 1,
        "actor": "staff:chen",
        "decided_at": at(2026, 3, 31),
        "decided_on": at(2026, 3, 31).date(),
        "tell_by": at(2026, 4, 15).date(),
    }
    with stack.app.app_context():
        _add(TurnoutDecision(**fields, overruled_at=at(2026, 4, 1)))
        _add(TurnoutDecision(**fields))
        with pytest.raises(IntegrityError):
            _add(TurnoutDecision(**fields))


def test_a_use_case_within_another_is_refused(stack: LocalStack) -> None:
    with stack.app.app_context(), transaction(), pytest.raises(TransactionWithinTransaction), transaction():
        pass
