"""What plugs Saldo into Rasa: the FAQ importer, the actions in process, the agent."""
