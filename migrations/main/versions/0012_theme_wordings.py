"""How themes were described before their words were changed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "theme_wording",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("changed_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("definition", sa.String(length=500), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_theme_wording")),
    )
    op.create_index(op.f("ix_theme_wording_code_n"), "theme_wording", ["code", "n"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_theme_wording_code_n"), "theme_wording")
    op.drop_table("theme_wording")
