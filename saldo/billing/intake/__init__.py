"""Getting real records in: sources that are only ever read, compared with the billing database, written at once.

`docs/import.md` says how a source of another kind is added.
"""
