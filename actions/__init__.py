"""What Rasa calls: tracker in, Answer out. One small file per action."""
