"""What was used up, codes for staff, keys of contact envelopes, and threads that were taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_arrival_kind"), ["kind"], unique=False)
    op.create_table(
        "contact_key",
        sa.Column("thread_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_contact_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "taken_back",
        sa.Column("thread_id", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_taken_back")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "spent",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_spent")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("spent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spent_expires"), ["expires"], unique=False)
    op.create_table(
        "staff_code",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_staff_code")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "door_key",
        sa.Column("only_one", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("only_one = 1", name=op.f("ck_door_key_only_one")),
        sa.PrimaryKeyConstraint("only_one", name=op.f("pk_door_key")),
    )


def downgrade() -> None:
    for table in ("door_key", "staff_code", "spent", "taken_back", "contact_key"):
        op.drop_table(table)
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_arrival_kind"))
