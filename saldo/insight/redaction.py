"""Takes out of texts that are kept what belongs to one customer alone: bank accounts, addresses, telephone numbers."""

from __future__ import annotations

import re

_STREETS = "straat|laan|weg|plein|gracht|kade|singel|dreef|hof|katu|tie|kuja|polku|kaari|raitti|väylä"
_RULES = (
    ("[identity]", re.compile(r"\b\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]\b")),
    ("[account]", re.compile(r"\b[A-Z]{2}\d{2}(?:[\s.-]?[A-Z0-9]{1,4}){2,8}(?![A-Z0-9])")),
    ("[account]", re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z]{4})?(?:\s?\d{2,4}){2,7}\b", re.IGNORECASE)),
    ("[account]", re.compile(r"\b\d{6}-\d{2,8}\b|\b\d{2}\.\d{2}\.\d{2}\.\d{3}\b|\b(?:\d{4}[ -]){3}\d{4}\b")),
    ("[address]", re.compile(r"(?<![^\s@<>(),;:\"])[^\s@<>(),;:\"]{1,64}@[^\s@<>(),;:\"]{1,255}\.[^\W\d_]{2,}")),
    ("[address]", re.compile(rf"(?i)\b[^\W\d_][\w'’-]{{0,40}}(?:{_STREETS})\s+\d+(?:\s?[a-z]\b)?(?:\s\d+\b)?")),
    ("[address]", re.compile(r"\b\d{4}\s?[A-Z]{2}\b(?:\s+[A-Z][\w'’-]+)?|\b\d{5}\s+[A-ZÅÄÖ][\w-]{2,}")),
    ("[telephone]", re.compile(r"(?<![\w-])(?:\+|00)\d{1,3}(?:[ ()-]{0,2}\d){7,12}\b")),
    ("[telephone]", re.compile(r"(?<![\w-])(?!\d\d-\d\d-\d{4})0\d{1,3}[ -]\d(?:[ -]?\d){5,8}\b")),
)  # fmt: skip
"""In the order in which they are tried: what is an account is no telephone number."""


def redacted(text: str) -> str:
    """The text with a word in brackets in the place of each."""
    for mark, rule in _RULES:
        text = rule.sub(mark, text)
    return text
