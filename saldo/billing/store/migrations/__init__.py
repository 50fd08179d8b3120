"""How the billing tables got from each layout to the next: alembic's scripts, one per layout, run by `migrate`."""
