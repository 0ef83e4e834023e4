"""What the guardian's desk needs beside the flags."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reading_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_reading_day")),
    )
    op.create_table(
        "absence",
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_absence_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_absence")),
    )
    thread_mark = op.create_table(
        "thread_mark",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("week", name=op.f("pk_thread_mark")),
        sqlite_with_rowid=False,
    )
    thread = sa.table("thread", sa.column("week", sa.Date()))
    weeks = op.get_bind().scalars(sa.select(thread.c.week).distinct().order_by(thread.c.week)).all()
    op.bulk_insert(thread_mark, [{"week": week, "mark": secrets.token_bytes(16)} for week in weeks])
    op.create_table(
        "audit_row",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("verb", sa.String(length=12), nullable=False),
        sa.Column("about", sa.String(length=32), nullable=False),
        sa.Column("item", sa.LargeBinary(length=32), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_audit_row")),
        sa.UniqueConstraint("item", name=op.f("uq_audit_row_item")),
    )
    with op.batch_alter_table("audit_row", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_row_day_person_id_verb_about"), ["day", "person_id", "verb", "about"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_audit_row_person_id_n"), ["person_id", "n"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_request",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("agreed_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_request")),
    )
    op.add_column("person", sa.Column("seen_manifest", sa.LargeBinary(), nullable=True))
    op.add_column("person", sa.Column("carried", sa.LargeBinary(), nullable=True))
    op.add_column("person", sa.Column("recovered", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "recovery",
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("custodians", sa.JSON(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("tried_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_recovery")),
    )
    op.create_table(
        "released_text",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.SmallInteger(), nullable=False),
        sa.Column("first_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("second_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("first_signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("second_signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("withdrawn", sa.Date(), nullable=True),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_released_text_two_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_text")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("released_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_released_text_kind"), ["kind"], unique=False)


def downgrade() -> None:
    op.drop_table("released_text")
    op.drop_table("recovery")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("recovered")
        batch_op.drop_column("carried")
        batch_op.drop_column("seen_manifest")
    op.drop_table("audit_request")
    op.drop_table("audit_head")
    op.drop_table("audit_row")
    op.drop_table("thread_mark")
    op.drop_table("absence")
    op.drop_table("reading_day")
