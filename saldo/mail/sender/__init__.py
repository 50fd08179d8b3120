"""Who wrote a mail, and how surely."""
