"""The letter and the draft that holds it."""
