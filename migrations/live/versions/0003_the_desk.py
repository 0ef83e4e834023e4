"""What the guardian's desk needs beside the flags."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "day", "person_id", name=op.f("pk_notice")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shelf",
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "part", "week", name=op.f("pk_shelf")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "brief",
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_brief")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("brief", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_brief_expires_on"), ["expires_on"], unique=False)
    op.create_table(
        "text_draft",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_draft")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("text_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_draft_expires_on"), ["expires_on"], unique=False)


def downgrade() -> None:
    op.drop_table("text_draft")
    op.drop_table("brief")
    op.drop_table("shelf")
    op.drop_table("notice")
