"""Cuts a message into segments and merges those that ask one question."""
