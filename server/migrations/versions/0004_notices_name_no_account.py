"""Notices name no account, their cause is watched once a statement, and the queue stands in an index.

A notice is told by the account on which its registration hangs when it is sent; only what is not about a registration names
one, in its cause. On PostgreSQL a foreign key asks once a row, which for the hundred thousand notices of a postponement costs
nearly as much as writing them, though they share one cause: triggers ask once a statement and hold the same. The queue of deliveries is read in the order of one index.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Locked like a foreign key locks it, so that no cause goes while a notice of it is being written.
_CAUSE_IS_THERE = """
CREATE FUNCTION notice_cause_is_there() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wanted bigint;
BEGIN
  FOR wanted IN SELECT DISTINCT cause_id FROM written LOOP
    PERFORM FROM notice_cause WHERE id = wanted FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE foreign_key_violation USING MESSAGE = 'a notice without its cause', TABLE = 'notice', COLUMN = 'cause_id';
    END IF;
  END LOOP;
  RETURN NULL;
END $$
"""
_CAUSE_IS_NEEDED = """
CREATE FUNCTION notice_cause_is_needed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM notice WHERE cause_id = OLD.id) THEN
    RAISE foreign_key_violation USING MESSAGE = 'a cause that has notices', TABLE = 'notice_cause';
  END IF;
  RETURN NULL;
END $$
"""
_CAUSE_STAYS = """
CREATE FUNCTION notice_cause_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE foreign_key_violation USING MESSAGE = 'a notice keeps its cause', TABLE = 'notice', COLUMN = 'cause_id';
END $$
"""
_WATCH = (
    _CAUSE_IS_THERE,
    _CAUSE_IS_NEEDED,
    _CAUSE_STAYS,
    "CREATE TRIGGER cause_is_there_for_new AFTER INSERT ON notice REFERENCING NEW TABLE AS written"
    " FOR EACH STATEMENT EXECUTE FUNCTION notice_cause_is_there()",
    "CREATE TRIGGER cause_stays BEFORE UPDATE OF cause_id ON notice FOR EACH ROW"
    " WHEN (OLD.cause_id <> NEW.cause_id) EXECUTE FUNCTION notice_cause_stays()",
    "CREATE TRIGGER cause_is_needed AFTER DELETE OR UPDATE OF id ON notice_cause"
    " FOR EACH ROW EXECUTE FUNCTION notice_cause_is_needed()",
)
_UNWATCH = (
    "DROP TRIGGER cause_is_needed ON notice_cause",
    "DROP TRIGGER cause_stays ON notice",
    "DROP TRIGGER cause_is_there_for_new ON notice",
    "DROP FUNCTION notice_cause_is_needed(), notice_cause_stays(), notice_cause_is_there()",
)


def upgrade() -> None:
    with op.batch_alter_table("notice_cause") as batch:
        batch.add_column(sa.Column("account_id", _NUMBER, nullable=True))
        batch.create_foreign_key("fk_notice_cause_account_id", "account", ["account_id"], ["id"])
    op.execute(
        "UPDATE notice_cause SET account_id = (SELECT min(notice.account_id) FROM notice"
        " WHERE notice.cause_id = notice_cause.id AND notice.registration_id IS NULL)"
    )
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint("fk_notice_account_id", type_="foreignkey")
        batch.drop_column("account_id")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_notice_cause_id", "notice", type_="foreignkey")
        for statement in _WATCH:
            op.execute(statement)
    with op.batch_alter_table("delivery") as batch:
        batch.add_column(sa.Column("rank", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE delivery SET rank = CASE WHEN notice_id IN (SELECT notice.id FROM notice"
        " JOIN notice_cause ON notice_cause.id = notice.cause_id WHERE kind = 'sign_in_code') THEN 0 ELSE 1 END"
    )
    with op.batch_alter_table("delivery") as batch:
        batch.alter_column("rank", existing_type=sa.Integer(), nullable=False)
        batch.drop_index("ix_delivery_state_next")
        batch.create_index("ix_delivery_state_next", ["state", "rank", "next_at"])


def downgrade() -> None:
    with op.batch_alter_table("delivery") as batch:
        batch.drop_index("ix_delivery_state_next")
        batch.drop_column("rank")
        batch.create_index("ix_delivery_state_next", ["state", "next_at"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in _UNWATCH:
            op.execute(statement)
        op.create_foreign_key("fk_notice_cause_id", "notice", "notice_cause", ["cause_id"], ["id"])
    with op.batch_alter_table("notice") as batch:
        batch.add_column(sa.Column("account_id", _NUMBER, nullable=True))
    op.execute(
        "UPDATE notice SET account_id = coalesce("
        "(SELECT registration.account_id FROM registration WHERE registration.id = notice.registration_id),"
        " (SELECT notice_cause.account_id FROM notice_cause WHERE notice_cause.id = notice.cause_id))"
    )
    with op.batch_alter_table("notice") as batch:
        batch.alter_column("account_id", existing_type=_NUMBER, nullable=False)
        batch.create_foreign_key("fk_notice_account_id", "account", ["account_id"], ["id"])
    with op.batch_alter_table("notice_cause") as batch:
        batch.drop_constraint("fk_notice_cause_account_id", type_="foreignkey")
        batch.drop_column("account_id")
