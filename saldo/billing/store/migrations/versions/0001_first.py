"""Layout 1: the tables as Saldo 0.1 made them by itself, noting a 1 in `billing_layout`. Nothing is left to be done."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Databases of this layout are there already."""
