"""How understanding is measured."""
