"""Layout 4: `credit_notes`, each of which takes something off an invoice."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "credit_notes",
        sa.Column("number", sa.String, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("invoice", sa.String, sa.ForeignKey("invoices.number", ondelete="CASCADE"), nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
    )
    op.create_index("ix_credit_notes_invoice", "credit_notes", ["invoice"])
