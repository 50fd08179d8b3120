"""Saldo answers and explains a SaaS customer's bill, in Dutch and Finnish."""

__version__ = "0.1.0"
