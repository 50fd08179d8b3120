"""Invented customers for the sample data, tests and benchmarks."""
