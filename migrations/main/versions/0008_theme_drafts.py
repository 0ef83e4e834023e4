"""What an admin plans for the theme set of the next year."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "theme_draft",
        sa.Column("base", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("drafted_by", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["base"], ["theme_set.version"], name=op.f("fk_theme_draft_base")),
        sa.PrimaryKeyConstraint("base", name=op.f("pk_theme_draft")),
    )


def downgrade() -> None:
    op.drop_table("theme_draft")
