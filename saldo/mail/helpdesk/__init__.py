"""Drafts for helpdesks: a mail comes in by HTTP, a draft goes back, or is laid where only colleagues see it."""
