"""What is kept of people: one inventory of all places, and erasing, expiry and export, which walk it."""
