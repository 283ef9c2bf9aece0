"""Forms that candidates confirmed and signed.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_signature",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("registration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("picture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["picture_id"], ["upload.id"], name=op.f("fk_form_signature_picture_id_upload")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_form_signature_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_signature")),
    )
    op.create_index(op.f("ix_form_signature_registration_id"), "form_signature", ["registration_id"])


def downgrade() -> None:
    op.drop_table("form_signature")
