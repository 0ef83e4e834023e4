"""What a browser was asked at sign-in, and wrong passphrases counted like wrong codes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked",
        sa.Column("id_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_asked")),
        sqlite_with_rowid=False,
    )
    # both databases rename a column in place; a copy of the table would lose WITHOUT ROWID
    op.execute("ALTER TABLE code_tries RENAME COLUMN person_id TO whose")


def downgrade() -> None:
    op.execute("ALTER TABLE code_tries RENAME COLUMN whose TO person_id")
    op.drop_table("asked")
