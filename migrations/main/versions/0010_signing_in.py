"""Passkeys, accounts of the organisation's directory, and people who leave."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.add_column("person", sa.Column("outside", sa.String(length=512), nullable=True))
    op.add_column("person", sa.Column("leaving_since", sa.Date(), nullable=True))
    op.add_column("person", sa.Column("shut_on", sa.Date(), nullable=True))
    op.add_column("person", sa.Column("former_roles", sa.JSON(), nullable=False, server_default="[]"))
    # an index, no constraint: for that SQLite would copy the table, and the rows that point to it would go
    op.create_index(op.f("ix_person_outside"), "person", ["outside"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_person_outside"), "person")
    for name in ("former_roles", "shut_on", "leaving_since", "outside"):
        op.drop_column("person", name)
    op.drop_table("passkey")
