"""A mailbox over IMAP: where it is, how to log in, which folders it has, and what goes wrong on the way, in words."""
