"""Layout 3: `imports` says which tables were ever imported, when and from where.

Of what is there already the day and the source are not known, only that a table with records in it was filled. One
without any may have been left out of every import: it counts as not known until the next one says otherwise.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
TABLES = (
    "customers",
    "contacts",
    "subscriptions",
    "licence_changes",
    "users",
    "invoices",
    "invoice_lines",
    "payments",
    "reminders",
    "collections",
    "refunds",
)


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("imported_on", sa.Date),
        sa.Column("source", sa.Text, nullable=False),
    )
    for table in TABLES:
        op.execute(f"INSERT INTO imports (name, source) SELECT '{table}', '' WHERE EXISTS (SELECT 1 FROM {table})")
