"""The `saldo` command: one module per verb. What is slow to import is imported inside the verbs that need it."""
