"""What Saldo changes in Rasa, and why."""
