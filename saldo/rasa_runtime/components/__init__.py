"""The Rasa graph components: thin, over the pure functions of `saldo.nlu`."""
