"""Load: many conversations at once on real servers, and what became of each turn (`make load`)."""
