"""Layout 2: alembic keeps the count, in `billing_migration`.

`billing_layout` stays, with a 2 in it: a Saldo 0.1 that comes across the database takes it for that of a newer one,
as it is, and leaves it alone.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("UPDATE billing_layout SET version = 2")
