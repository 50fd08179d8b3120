"""Lays a conversation before a person: what they get, the letter it prepares, and where it is laid."""
