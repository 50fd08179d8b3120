"""Which mail was handled, and where drafts lie."""
