"""How far an organisation is set up, and what its admin settles on the way."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STAGES = "stage IN ('setting-up', 'pilot', 'launching', 'real')"


def upgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage", sa.String(length=12), nullable=False, server_default="real"))
        batch_op.add_column(sa.Column("settled", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("read_instead", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("staff_side", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("languages", sa.JSON(), nullable=False, server_default='["en", "cy"]'))
        batch_op.add_column(sa.Column("questions", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("rules_wanted", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("logo", sa.LargeBinary(), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_organisation_stage"), STAGES)
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.String(length=60), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.drop_column("merged_into")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_organisation_stage"), type_="check")
        for name in (
            "logo",
            "rules_wanted",
            "questions",
            "languages",
            "staff_side",
            "read_instead",
            "settled",
            "stage",
        ):
            batch_op.drop_column(name)
