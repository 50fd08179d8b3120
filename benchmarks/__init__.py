"""Saldo beside its peers: understanding, speed, memory, growth. Not part of the installed package."""
