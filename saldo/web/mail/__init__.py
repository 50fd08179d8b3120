"""Drafts over HTTP, for helpdesks and other programs: `saldo mail serve`."""
