"""What leaders promise: responses, actions, answers in draft."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "response",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("theme_code", sa.String(length=20), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("declined", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("returned", sa.String(length=10), nullable=False),
        sa.Column("text_id", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "action",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("theme_code", sa.String(length=20), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("strength", sa.String(length=8), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("exit_criteria", sa.Text(), nullable=False),
        sa.Column("told_what", sa.Text(), nullable=False),
        sa.Column("told_until", sa.Text(), nullable=False),
        sa.Column("told_because", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("returned", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "promise_change",
        sa.Column("promise_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("n", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("review", sa.Date(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("promise_id", "n", name=op.f("pk_promise_change")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "peer_note",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=120), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_note")),
        sqlite_with_rowid=False,
    )
    peer_term = op.create_table(
        "peer_term",
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_peer_term")),
    )
    # peers who were there before peers had a last day get the usual time from now on
    person = sa.table("person", sa.column("id", sa.LargeBinary()), sa.column("roles", sa.JSON()))
    rows = op.get_bind().execute(sa.select(person.c.id, person.c.roles)).all()
    today = dt.datetime.now(dt.UTC).date()
    terms = [
        {"person_id": row.id, "first": today, "last": today + dt.timedelta(days=92)}
        for row in rows
        if "peer" in row.roles
    ]
    op.bulk_insert(peer_term, terms)


def downgrade() -> None:
    op.drop_table("peer_term")
    op.drop_table("peer_note")
    op.drop_table("promise_change")
    op.drop_table("action")
    op.drop_table("response")
