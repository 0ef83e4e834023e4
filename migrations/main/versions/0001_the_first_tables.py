"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("theme_code", sa.String(length=20), nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("theme_code", name=op.f("pk_answer")),
    )
    op.create_table(
        "charter_page",
        sa.Column("chain", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("signatures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "version", name=op.f("pk_charter_page")),
    )
    op.create_table(
        "division",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
        sa.UniqueConstraint("name", name=op.f("uq_division_name")),
    )
    op.create_table(
        "ledger_mark",
        sa.Column("only_one", sa.Integer(), nullable=False),
        sa.Column("ledger_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("only_one = 1", name=op.f("ck_ledger_mark_only_one")),
        sa.PrimaryKeyConstraint("only_one", name=op.f("pk_ledger_mark")),
    )
    op.create_table(
        "organisation",
        sa.Column("only_one", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sector", sa.String(length=20), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("flags_per_year", sa.Integer(), nullable=False),
        sa.Column("launched_on", sa.Date(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("reading_days", sa.JSON(), nullable=False),
        sa.Column("signposts", sa.JSON(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.CheckConstraint("only_one = 1", name=op.f("ck_organisation_only_one")),
        sa.PrimaryKeyConstraint("only_one", name=op.f("pk_organisation")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=True),
        sa.Column("verifier", sa.LargeBinary(length=32), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("kem_public", sa.LargeBinary(), nullable=True),
        sa.Column("sign_public", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(totp IS NULL) = (verifier IS NULL)", name=op.f("ck_person_two_factors_or_none")),
        sa.CheckConstraint("(verifier IS NULL) = (salt IS NULL)", name=op.f("ck_person_verifier_with_salt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "release",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("kind", "period", name=op.f("pk_release")),
        sa.UniqueConstraint("line", name=op.f("uq_release_line")),
    )
    op.create_table(
        "theme_set",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_theme_set")),
    )
    op.create_table(
        "thread",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("lookup_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("tier", sa.String(length=8), nullable=False),
        sa.Column("purge_week", sa.Date(), nullable=False),
        sa.CheckConstraint("tier IN ('open', 'code', 'imported', 'told')", name=op.f("ck_thread_tier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
        sa.UniqueConstraint("lookup_hash", name=op.f("uq_thread_lookup_hash")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_purge_week"), ["purge_week"], unique=False)
        batch_op.create_index(batch_op.f("ix_thread_week"), ["week"], unique=False)

    op.create_table(
        "area",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("division_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.CheckConstraint("staff >= 0", name=op.f("ck_area_staff")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_area_division_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("code", name=op.f("uq_area_code")),
        sa.UniqueConstraint("name", name=op.f("uq_area_name")),
    )
    op.create_table(
        "envelope",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("thread_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("commit", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_envelope_thread_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("envelope", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_envelope_thread_id_kind"), ["thread_id", "kind"], unique=False)

    op.create_table(
        "theme",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("spine", sa.String(length=4), nullable=True),
        sa.Column("group", sa.String(length=80), nullable=True),
        sa.Column("definition", sa.String(length=500), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["theme_set.version"], name=op.f("fk_theme_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("version", "code", name=op.f("uq_theme_version_code")),
    )
    op.create_table(
        "wrap",
        sa.Column("envelope_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("w", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelope.id"], name=op.f("fk_wrap_envelope_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("envelope_id", "kid", name=op.f("pk_wrap")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("wrap")
    op.drop_table("theme")
    with op.batch_alter_table("envelope", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_envelope_thread_id_kind"))

    op.drop_table("envelope")
    op.drop_table("area")
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thread_week"))
        batch_op.drop_index(batch_op.f("ix_thread_purge_week"))

    op.drop_table("thread")
    op.drop_table("theme_set")
    op.drop_table("release")
    op.drop_table("person")
    op.drop_table("organisation")
    op.drop_table("ledger_mark")
    op.drop_table("division")
    op.drop_table("charter_page")
    op.drop_table("answer")
