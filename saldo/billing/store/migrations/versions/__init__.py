"""One script per layout, numbered in order; `tests/billing/layouts` keeps the tables of each as they were."""
