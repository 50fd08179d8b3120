"""Layout 5: `kept_imports`, the day of the tables of customers whom a later import left as they were."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "kept_imports",
        sa.Column("customer", sa.String, sa.ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("known", sa.Boolean, nullable=False),
        sa.Column("imported_on", sa.Date),
    )
