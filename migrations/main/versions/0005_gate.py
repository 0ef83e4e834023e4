"""What became of themes from one version of the set to the next; statutory returns."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "theme_mapping",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("old", sa.String(length=20), nullable=False),
        sa.Column("new", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["theme_set.version"], name=op.f("fk_theme_mapping_version")),
        sa.PrimaryKeyConstraint("version", "old", "new", name=op.f("pk_theme_mapping")),
    )
    op.create_table(
        "statutory_return",
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("first_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("second_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_statutory_return")),
    )


def downgrade() -> None:
    op.drop_table("statutory_return")
    op.drop_table("theme_mapping")
