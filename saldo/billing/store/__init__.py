"""Where billing records are kept: tables, migrations, and the few look-ups that are made of them."""
