"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("thread_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("lookup_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("tier", sa.String(length=8), nullable=True),
        sa.Column("commit", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("wraps", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(kind = 1) = (lookup_hash IS NOT NULL)", name=op.f("ck_arrival_flags_have_lookup")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("lookup_hash", name=op.f("uq_arrival_lookup_hash")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_arrival_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "code_tries",
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_code_tries")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "desk_session",
        sa.Column("id_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_desk_session")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shred_key",
        sa.Column("thread_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_shred_key")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("shred_key")
    op.drop_table("invitation")
    op.drop_table("desk_session")
    op.drop_table("code_tries")
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_arrival_thread_id"))

    op.drop_table("arrival")
