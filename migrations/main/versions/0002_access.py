"""Whether anybody may tell, or only who has a code."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("access", sa.String(length=8), nullable=False, server_default="open"))
        batch_op.create_check_constraint(batch_op.f("ck_organisation_access"), "access IN ('open', 'codes')")


def downgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_organisation_access"), type_="check")
        batch_op.drop_column("access")
