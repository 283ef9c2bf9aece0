"""A database with rows in it is brought to the present form, and back: nothing is lost, and what is new is filled rightly."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, Column, Connection, MetaData, Table, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from server import schema
from server.app import create_app
from server.config import development
from server.db import db

Row = dict[str, Any]
Rows = dict[str, list[Row]]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
OWN = {"rulebook": "technicians-2026", "edition": 1}


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An installation whose database stands at revision 0001, empty."""
    made = create_app(development(tmp_path / "data", database_url=database_url))
    schema.downgrade(made)
    schema.upgrade(made, "0001")
    yield made
    with made.app_context():
        db.engine.dispose()


def tables(connection: Connection) -> dict[str, Table]:
    """The tables as the database itself describes them, those that others point at first."""
    found = MetaData()
    found.reflect(connection)
    return {one.name: one for one in found.sorted_tables if one.name != "alembic_version"}


def filler(column: Column[Any]) -> Any:
    """Some value of the right kind; what points at a row points at its table's first."""
    if isinstance(column.type, JSON):
        return {"a": 1}
    values: dict[type, Any] = {str: "x", int: 1, bool: True, date: NOON.date(), datetime: NOON, bytes: b"sealed"}
    return values[column.type.python_type]


def sitting(number: int, month: int, occupation: str, level: int) -> Row:
    day = date(2026, month, 25)
    return OWN | {
        "id": number,
        "occupation": occupation,
        "level": level,
        "month": f"2026-{month:02d}",
        "ticket_from": date(2026, month, 20),
        "assessed_first": day,
        "assessed_last": day.replace(day=26),
    }


def registration(number: int, sitting_id: int, occupation: str, level: int, status: str, who: int = 1) -> Row:
    trade = {"occupation": occupation, "level": level, "candidate_id": who, "account_id": who}
    return OWN | trade | {"id": number, "number": f"N{number}", "sitting_id": sitting_id, "status": status}


def decision(
    number: int, sitting_id: int, outcome: str, target: int | None, overruled: datetime | None = None
) -> Row:
    told = {"sitting_id": sitting_id, "outcome": outcome, "target_sitting_id": target, "overruled_at": overruled}
    return told | {"id": number, "edition": 1}


def moved(number: int, registration_id: int, decision_id: int, origin: int, target: int) -> Row:
    told = {"registration_id": registration_id, "decision_id": decision_id}
    return told | {"id": number, "from_sitting_id": origin, "to_sitting_id": target}


APRIL, AUGUST, NOVEMBER, TRAINERS = 1, 2, 3, 4
# What each table holds; a table that is not named holds one row of fillers.
OLD: Rows = {
    "rulebook_edition": [{"slug": "technicians-2026", "edition": 1, "digest": "0123"}],
    "candidate": [{"id": 1}, {"id": 2, "document_index": "y"}],
    "account": [{"id": 1}, {"id": 2, "openid": "y", "candidate_id": 2}],
    "sitting": [
        sitting(APRIL, 4, "hr", 4),
        sitting(AUGUST, 8, "hr", 4),
        sitting(NOVEMBER, 11, "hr", 4),
        sitting(TRAINERS, 4, "trainer", 3),
    ],
    "registration": [
        registration(1, NOVEMBER, "hr", 4, "paid"),
        registration(2, NOVEMBER, "hr", 4, "paid", who=2),
        registration(3, APRIL, "hr", 4, "withdrawn"),
        registration(4, TRAINERS, "trainer", 3, "paid"),
    ],
    "turnout_decision": [
        decision(1, APRIL, "postponed", NOVEMBER),
        decision(2, TRAINERS, "held", None, overruled=NOON),
        decision(3, TRAINERS, "needs_staff", None),
        decision(4, AUGUST, "none", None),
    ],
    "postponement": [moved(1, 1, 1, APRIL, NOVEMBER), moved(2, 2, 1, APRIL, NOVEMBER)],
    "notice_cause": [
        {"id": 1, "kind": "postponed", "key": "decision:1"},
        {"id": 2, "kind": "held", "key": "decision:2"},
        {"id": 3, "kind": "postponed", "key": "decision:99"},
        {"id": 4, "kind": "sign_in_code", "key": "phone_code:1"},
    ],
    "notice": [{}, {"id": 2, "cause_id": 4, "registration_id": None, "account_id": 2}],
    "ticket": [{"voided_at": None}],
    "idempotency_key": [{"key": "k1"}],
}


def whole(table: Table, known: Row) -> Row:
    """A row with fillers in the columns of which nothing is said."""
    return {column.name: known[column.name] if column.name in known else filler(column) for column in table.columns}


def fill(app: Flask, rows: Rows) -> None:
    with app.app_context(), db.engine.begin() as connection:
        for name, table in tables(connection).items():
            for known in rows.get(name, [{}]):
                connection.execute(insert(table).values(whole(table, known)))


def held(app: Flask) -> Rows:
    """Every row of every table."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            name: [
                dict(row._mapping)
                for row in connection.execute(select(table).order_by(*(key for key in table.primary_key.columns)))
            ]
            for name, table in tables(connection).items()
        }


def shape(app: Flask) -> dict[str, Any]:
    """Columns, keys and constraints of every table, in no order."""
    with app.app_context():
        seen = inspect(db.engine)
        return {
            name: {
                "columns": {(one["name"], str(one["type"]), one["nullable"]) for one in seen.get_columns(name)},
                "points": {
                    (tuple(one["constrained_columns"]), one["referred_table"], tuple(one["referred_columns"]))
                    for one in seen.get_foreign_keys(name)
                },
                "unique": {tuple(one["column_names"]) for one in seen.get_unique_constraints(name)},
                "indexes": {
                    (one["name"], tuple(one["column_names"]), bool(one["unique"])) for one in seen.get_indexes(name)
                },
                "key": tuple(seen.get_pk_constraint(name)["constrained_columns"]),
            }
            for name in seen.get_table_names()
        }


def column(rows: Rows, table: str, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows[table]]


def without_digest(rows: Rows) -> Rows:
    """The fingerprints are taken anew: the files have another form and mean the same."""
    return rows | {"rulebook_edition": [one | {"digest": ""} for one in rows["rulebook_edition"]]}


def test_every_table_of_the_old_form_has_a_row_to_lose(app: Flask) -> None:
    fill(app, OLD)
    assert {name for name, rows in held(app).items() if not rows} == set()


def test_an_upgrade_loses_no_row_and_no_value(app: Flask) -> None:
    fill(app, OLD)
    before = held(app)
    schema.upgrade(app)
    after = held(app)
    kept = {
        name: [{key: value for key, value in new.items() if key in rows[0]} for new in after[name]]
        for name, rows in before.items()
    }
    for notice in before["notice"]:
        del notice["account_id"]  # the registration says it, or else the cause
    assert kept == without_digest(before)
    assert schema.differences(app) == []


def test_an_upgrade_fills_what_is_new_with_what_it_was_all_along(app: Flask) -> None:
    fill(app, OLD)
    schema.upgrade(app)
    rows = held(app)
    for sitting_row in rows["sitting"]:
        assert sitting_row["institution"] == "technicians"
        assert sitting_row["group_ticket_from"] == sitting_row["ticket_from"]
        assert sitting_row["among_first"] == sitting_row["assessed_first"]
        assert sitting_row["among_last"] == sitting_row["assessed_last"]
        assert sitting_row["day_fixed"] is True
        assert sitting_row["capacity"] is None
    names = ("institution", "channel", "unit", "waiting_since")
    assert column(rows, "registration", *names) == [("technicians", "mini_program", "", None)] * 4
    assert column(rows, "turnout_decision", "outcome", "moved") == [
        ("postponed", 2),
        ("held", 0),
        ("needs_staff", 0),
        ("none", 0),
    ]
    assert column(rows, "postponement", "reason", "to_sitting_id") == [("", NOVEMBER)] * 2
    assert column(rows, "turnout_counted", "place") == [(None,)]
    assert (rows["calendar_day"], rows["calendar_year"]) == ([], [])


def test_after_an_upgrade_whoever_was_moved_and_is_not_told_is_still_to_be_telephoned(app: Flask) -> None:
    """The limit stood in the decision, and stands with the notice now; what has no limit gets none."""
    fill(app, OLD)
    schema.upgrade(app)
    assert column(held(app), "notice_cause", "kind", "key", "tell_by", "call_from") == [
        ("postponed", "decision:1", date(2026, 3, 1), date(2026, 2, 27)),
        ("held", "decision:2", None, None),
        ("postponed", "decision:99", None, None),
        ("sign_in_code", "phone_code:1", None, None),
    ]


def test_after_an_upgrade_a_code_still_knows_whom_it_is_for(app: Flask) -> None:
    """Other notices no longer say so themselves: they go to the account on which the registration hangs."""
    fill(app, OLD)
    schema.upgrade(app)
    assert column(held(app), "notice_cause", "key", "account_id")[2:] == [("decision:99", None), ("phone_code:1", 2)]


def test_a_notice_without_its_cause_is_refused_however_it_comes_about(app: Flask) -> None:
    """On PostgreSQL triggers see to it, which look at each statement once."""
    fill(app, OLD)
    schema.upgrade(app)
    refuses(app, "notice", {"id": 9, "cause_id": 99, "registration_id": 1})
    for wrong in ("UPDATE notice SET cause_id = 99", "DELETE FROM notice_cause", "UPDATE notice_cause SET id = 99"):
        with app.app_context(), db.engine.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(text(wrong + (" WHERE id = 1")))


def test_after_an_upgrade_what_points_at_a_row_still_does_and_must(app: Flask) -> None:
    fill(app, OLD)
    before = shape(app)
    schema.upgrade(app)
    after = shape(app)
    account = (("account_id",), "account", ("id",))
    before["notice"]["points"].remove(account)
    before["notice_cause"]["points"].add(account)
    if app.extensions["jiping_settings"].database_url.startswith("postgresql"):
        before["notice"]["points"].remove((("cause_id",), "notice_cause", ("id",)))  # watched by triggers, see below
    assert {name: one["points"] for name, one in after.items() if name in before} == {
        name: one["points"] for name, one in before.items()
    }
    refuses(app, "registration", {"id": 9, "number": "N9", "sitting_id": 99, "status": "withdrawn"})
    refuses(app, "postponement", moved(9, 1, 1, APRIL, 99))
    refuses(app, "sitting", {"id": 9, "rulebook": "nobody-2026"})
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
                assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_after_an_upgrade_what_was_unique_in_a_rulebook_is_so_in_an_institution(app: Flask) -> None:
    """Next year's rulebook is another, and the person, the occupation and the level are the same."""
    fill(app, OLD)
    schema.upgrade(app)
    with app.app_context(), db.engine.begin() as connection:
        edition = tables(connection)["rulebook_edition"]
        connection.execute(insert(edition).values(whole(edition, {"slug": "technicians-2027"})))
    next_year = {"rulebook": "technicians-2027", "institution": "technicians"}
    refuses(app, "registration", registration(9, NOVEMBER, "hr", 4, "submitted") | next_year)
    refuses(app, "sitting", sitting(9, 11, "hr", 4) | next_year)
    refuses(app, "turnout_decision", decision(9, APRIL, "held", None))


def refuses(app: Flask, name: str, known: Row) -> None:
    with app.app_context(), db.engine.connect() as connection:
        table = tables(connection)[name]
        with pytest.raises(IntegrityError):
            connection.execute(insert(table).values(whole(table, OWN | known)))


def test_a_downgrade_keeps_the_rows_and_gives_back_the_old_form(app: Flask) -> None:
    fill(app, OLD)
    before, form = held(app), shape(app)
    schema.upgrade(app)
    schema.downgrade(app, "0001")
    assert held(app) == without_digest(before)
    assert shape(app) == form
    schema.upgrade(app)
    assert schema.differences(app) == []


def test_a_downgrade_gives_up_only_what_the_old_form_cannot_say(app: Flask) -> None:
    """Who waits for next year, and who was moved by hand; somebody without WeChat gets a name that no openid has."""
    fill(app, OLD)
    before = held(app)
    schema.upgrade(app)
    with app.app_context(), db.engine.begin() as connection:
        known = tables(connection)
        waiting = moved(8, 1, 1, NOVEMBER, 1) | {"to_sitting_id": None}
        by_hand = moved(9, 1, 1, APRIL, AUGUST) | {"decision_id": None}
        for row in (waiting, by_hand):
            connection.execute(insert(known["postponement"]).values(whole(known["postponement"], row)))
        connection.execute(insert(known["account"]).values(whole(known["account"], {"id": 9, "openid": None})))
        connection.execute(insert(known["calendar_year"]).values(whole(known["calendar_year"], {})))
    *accounts, walked_in = held(app)["account"]
    assert accounts == before["account"]
    schema.downgrade(app, "0001")
    assert held(app) == without_digest(before) | {"account": [*accounts, walked_in | {"openid": "window-9"}]}


def test_a_migration_that_would_leave_rows_pointing_nowhere_is_undone(sqlite_url: str, tmp_path: Path) -> None:
    """On SQLite, which does not look at them while tables are made anew."""
    app = create_app(development(tmp_path / "data", database_url=sqlite_url))
    schema.downgrade(app)
    schema.upgrade(app, "0001")
    fill(app, OLD)
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        connection.rollback()
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("UPDATE registration SET sitting_id = 99 WHERE id = 4")
        driver.execute("PRAGMA foreign_keys=ON")
    before, form = held(app), shape(app)
    with pytest.raises(RuntimeError, match="rows that point nowhere"):
        schema.upgrade(app)
    assert held(app) == before
    assert shape(app) == form
    with app.app_context():
        with db.engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        db.engine.dispose()
