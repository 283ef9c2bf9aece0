"""Messages by hand, more evidence of each message, and links into the mini-program.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hand_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("whom", sa.String(length=12), nullable=False),
        sa.Column("heading", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("cause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("dropped_by", sa.String(length=64), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("lower(confirmed_by) <> lower(author)", name=op.f("ck_hand_message_two_people")),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL) AND (confirmed_by IS NULL) = (cause_id IS NULL)",
            name=op.f("ck_hand_message_confirmed_whole"),
        ),
        sa.CheckConstraint(
            "dropped_at IS NULL OR confirmed_at IS NULL", name=op.f("ck_hand_message_dropped_or_confirmed")
        ),
        sa.ForeignKeyConstraint(["cause_id"], ["notice_cause.id"], name=op.f("fk_hand_message_cause_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_hand_message_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_message")),
        sa.UniqueConstraint("cause_id", name=op.f("uq_hand_message_cause_id")),
    )
    with op.batch_alter_table("hand_message") as batch:
        batch.create_index(batch.f("ix_hand_message_sitting_id"), ["sitting_id"], unique=False)
    op.create_table(
        "wechat_link",
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_wechat_link")),
    )
    # Of what was sent before, nobody wrote down when it was queued or to which number: it stays empty, not guessed.
    with op.batch_alter_table("delivery") as batch:
        batch.add_column(sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("attempt") as batch:
        batch.add_column(sa.Column("to_number", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("template", sa.String(length=80), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("attempt") as batch:
        batch.drop_column("template")
        batch.drop_column("to_number")
    with op.batch_alter_table("delivery") as batch:
        batch.drop_column("queued_at")
    op.drop_table("wechat_link")
    op.drop_table("hand_message")
