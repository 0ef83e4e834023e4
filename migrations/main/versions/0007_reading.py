"""What helps to read a report: figures typed in, annotations, board papers."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "typed_figure",
        sa.Column("measure", sa.String(length=12), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.Column("typed_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("typed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("measure", "period", name=op.f("pk_typed_figure")),
    )
    op.create_table(
        "annotation",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("event", sa.String(length=12), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("expected", sa.String(length=4), nullable=False),
        sa.Column("settles", sa.String(length=7), nullable=False),
        sa.Column("written_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("annotation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_annotation_period"), ["period"], unique=False)
    op.create_table(
        "board_draft",
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("learning", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_board_draft")),
    )
    op.create_table(
        "board_paper",
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("version", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=False),
        sa.Column("frozen_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("checksum", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_board_paper_counted")),
        sa.PrimaryKeyConstraint("period", "version", name=op.f("pk_board_paper")),
    )


def downgrade() -> None:
    op.drop_table("board_paper")
    op.drop_table("board_draft")
    op.drop_table("annotation")
    op.drop_table("typed_figure")
