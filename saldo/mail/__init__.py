"""Draft replies to support e-mails: read, answered, laid in Drafts for a person. Nothing here can send."""
