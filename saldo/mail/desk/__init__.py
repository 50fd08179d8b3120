"""The desk: a page on this machine at which a person works off the mails that Saldo read. It sends nothing."""
