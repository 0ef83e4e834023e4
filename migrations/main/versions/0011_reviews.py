"""Whether an action worked, as whoever looked at it again found."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("promise_change", sa.Column("result", sa.String(length=10), nullable=False, server_default=""))


def downgrade() -> None:
    # the table of before knows no such step: left there, it would be taken for one that opens the promise again
    op.execute("DELETE FROM promise_change WHERE what = 'reviewed'")
    op.drop_column("promise_change", "result")
