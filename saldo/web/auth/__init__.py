"""Who may speak in which conversation: host tokens, session tokens, revocation."""
