"""Five institutions: working days, days that staff set, people who wait for next year, channels of application.

Revision: 0002, after 0001
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LIVE = sa.text("status IN ('submitted', 'returned', 'approved', 'paid')")
# Until now there was one institution, and every slug is a short name, a hyphen and the year.
_INSTITUTION = "substr(rulebook, 1, length(rulebook) - 5)"
_NEW: dict[str, dict[str, tuple[sa.types.TypeEngine[Any], str]]] = {
    "postponement": {"reason": (sa.String(length=500), "''")},
    "registration": {
        "channel": (sa.String(length=64), "'mini_program'"),
        "unit": (sa.String(length=500), "''"),
        "institution": (sa.String(length=64), _INSTITUTION),
    },
    "sitting": {
        "institution": (sa.String(length=64), _INSTITUTION),
        "group_ticket_from": (sa.Date(), "ticket_from"),
        "among_first": (sa.Date(), "assessed_first"),
        "among_last": (sa.Date(), "assessed_last"),
        "day_fixed": (sa.Boolean(), "true"),
    },
    "turnout_decision": {
        "moved": (
            sa.Integer(),
            "(SELECT count(*) FROM postponement WHERE postponement.decision_id = turnout_decision.id)",
        )
    },
}


def upgrade() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    with op.batch_alter_table("account") as batch:
        batch.alter_column("openid", existing_type=sa.String(length=64), nullable=True)
    with op.batch_alter_table("turnout_counted") as batch:
        batch.add_column(sa.Column("place", sa.Integer(), nullable=True))
    with op.batch_alter_table("notice_cause") as batch:
        batch.add_column(sa.Column("tell_by", sa.Date(), nullable=True))
        batch.add_column(sa.Column("call_from", sa.Date(), nullable=True))
    _keep_telephoning()
    for table, columns in _NEW.items():
        _add(table, columns)
    with op.batch_alter_table("postponement") as batch:
        batch.alter_column("decision_id", existing_type=sa.BigInteger(), nullable=True)
        batch.alter_column("to_sitting_id", existing_type=sa.BigInteger(), nullable=True)
        batch.drop_constraint("uq_postponement_registration_id_decision_id", type_="unique")
        batch.create_unique_constraint(
            "uq_postponement_registration_id_decision_id_to_sitting_id",
            ["registration_id", "decision_id", "to_sitting_id"],
        )
    with op.batch_alter_table("registration") as batch:
        batch.add_column(sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
    _live_by("institution")
    with op.batch_alter_table("sitting") as batch:
        batch.add_column(sa.Column("capacity", sa.Integer(), nullable=True))
        batch.drop_constraint("uq_sitting_rulebook_occupation_level_month", type_="unique")
        batch.create_unique_constraint(
            "uq_sitting_institution_occupation_level_month", ["institution", "occupation", "level", "month"]
        )
    # The files of the rulebooks have a new form and mean the same: each fingerprint is taken anew at the next start.
    op.execute("UPDATE rulebook_edition SET digest = ''")


def downgrade() -> None:
    with op.batch_alter_table("sitting") as batch:
        batch.drop_constraint("uq_sitting_institution_occupation_level_month", type_="unique")
        batch.create_unique_constraint(
            "uq_sitting_rulebook_occupation_level_month", ["rulebook", "occupation", "level", "month"]
        )
        batch.drop_column("capacity")
    _live_by("rulebook")
    with op.batch_alter_table("registration") as batch:
        batch.drop_column("waiting_since")
    # Who waits for next year, or was moved by hand, cannot be told in the older form.
    op.execute("DELETE FROM postponement WHERE decision_id IS NULL OR to_sitting_id IS NULL")
    with op.batch_alter_table("postponement") as batch:
        batch.drop_constraint("uq_postponement_registration_id_decision_id_to_sitting_id", type_="unique")
        batch.create_unique_constraint(
            "uq_postponement_registration_id_decision_id", ["registration_id", "decision_id"]
        )
        batch.alter_column("to_sitting_id", existing_type=sa.BigInteger(), nullable=False)
        batch.alter_column("decision_id", existing_type=sa.BigInteger(), nullable=False)
    for table, columns in _NEW.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
    with op.batch_alter_table("turnout_counted") as batch:
        batch.drop_column("place")
    with op.batch_alter_table("notice_cause") as batch:
        batch.drop_column("call_from")
        batch.drop_column("tell_by")
    op.execute("UPDATE account SET openid = 'window-' || id WHERE openid IS NULL")
    with op.batch_alter_table("account") as batch:
        batch.alter_column("openid", existing_type=sa.String(length=64), nullable=False)
    op.drop_table("calendar_year")
    op.drop_table("calendar_day")


def _add(table: str, columns: dict[str, tuple[sa.types.TypeEngine[Any], str]]) -> None:
    """Columns that must not be empty, filled for the rows that are there."""
    with op.batch_alter_table(table) as batch:
        for name, (kind, _) in columns.items():
            batch.add_column(sa.Column(name, kind, nullable=True))
    values = ", ".join(f"{name} = {value}" for name, (_, value) in columns.items())
    op.execute(f"UPDATE {table} SET {values}")  # noqa: S608 -- all of it stands above
    with op.batch_alter_table(table) as batch:
        for name, (kind, _) in columns.items():
            batch.alter_column(name, existing_type=kind, nullable=False)


def _keep_telephoning() -> None:
    """Whoever was moved before this and has not been told yet stays on the clerks' list; until now the limit stood in the
    decision, and calls began two days before it at the one institution that there was."""
    two_days_before = "tell_by - 2" if op.get_bind().dialect.name == "postgresql" else "date(tell_by, '-2 days')"
    op.execute(
        "UPDATE notice_cause SET tell_by = (SELECT tell_by FROM turnout_decision"
        " WHERE 'decision:' || CAST(turnout_decision.id AS VARCHAR(20)) = notice_cause.key) WHERE kind = 'postponed'"
    )
    op.execute(f"UPDATE notice_cause SET call_from = {two_days_before} WHERE tell_by IS NOT NULL")  # noqa: S608


def _live_by(column: str) -> None:
    """One live registration per candidate, and whose it is by this column, occupation and level."""
    with op.batch_alter_table("registration") as batch:
        batch.drop_index("uq_registration_live", sqlite_where=_LIVE, postgresql_where=_LIVE)
        batch.create_index(
            "uq_registration_live",
            ["candidate_id", column, "occupation", "level"],
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        )
