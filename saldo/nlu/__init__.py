"""Understanding: small Rasa graph components over pure cores; no billing room imports them."""
