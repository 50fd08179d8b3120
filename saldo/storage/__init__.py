"""Where records are kept: one engine and pool per database, limits on every wait, and the conversations."""
