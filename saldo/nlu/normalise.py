"""Writes a question the way the intent model sees it: plain letters, with every entity-like value masked.

A number, an amount, a date, an invoice number or a company name must never decide what a question is about, so each
is replaced by a mark. Letters lose their case and their dots ("lisenssimäärä" and "lisenssimaara" are one word).
"""

from __future__ import annotations

import re

from saldo.nlu.folding import fold
from saldo.nlu.foreign_vendors import marked

_MONTHS = (
    r"(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    r"|(?:tammi|helmi|maalis|huhti|touko|kesa|heina|elo|syys|loka|marras|joulu)kuu\w*)"
)
_NUMBER_WORDS = (
    r"(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien|zestien|twintig|dertig"
    r"|veertig|vijftig|zestig|zeventig|tachtig|negentig|honderd"
    r"|kaksi|kolme|nelja|viisi|kuusi|seitseman|kahdeksan|yhdeksan|kymmenen|yksitoista|kaksitoista|viisitoista"
    r"|(?:kaksi|kolme|nelja|viisi|kuusi)kymmenta|sata"
    r"|(?:kahde|kolme|nelja|viide|kuude|kymmene)(?:n|lla|lle|lta|sta)|kahta|kolmea|neljaa|viitta|kuutta|kymmenta)"
)
_MASKS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), mark)
    for pattern, mark in (
        (r"https?://\S+|www\.\S+", " ~url "),
        (r"\b[\w.+-]{1,64}@[\w.-]{1,100}", " ~email "),
        (r"\b\w[\w&.-]{0,40}\s(?:b\.?v\.?|n\.?v\.?|bvba|vof|oyj?|ab|tmi|ky)(?=[\s,.:;!?]|$)", " ~company "),
        (r"\b(?<!in )(?:2|twee)\s?(?:x|keer|maal)\b", " tweemaal "),
        (r"\b(?:2|kaksi)\s?(?:x|krt|kertaa)\b|\bkahteen kertaan\b", " kahdesti "),
        (r"(?:€|\beur(?:oa?)?)\s?\d[\d.,\s]{0,15}|\b\d[\d., ]{0,15}(?:€|,-|e\b|eur(?:o\w{0,4})?\b)", " ~amount "),
        (r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d{2,4})?", " ~date "),
        (rf"\b(?:\d{{1,2}}\.?\s+)?{_MONTHS}(?:\s+\d{{4}})?\b", " ~date "),
        (r"\b[a-z]{0,3}\d{2,}[-/]?\d{2,}\b", " # "),
        (rf"\b{_NUMBER_WORDS}\b", " # "),
        (r"\d+(?:[.,:]\d+)*", " # "),
    )
)
_REPEATED = re.compile(r"([a-z])\1{2,}")
_WORD = re.compile(r"[#~]?[^\W_]+|#")


def mask(text: str) -> str:
    """Replaces entity-like values in a folded text by marks."""
    for pattern, mark in _MASKS:
        text = pattern.sub(mark, text)
    return text


def words(text: str) -> list[str]:
    """The words of a question as the model sees them; neighbouring numbers count once."""
    found = _WORD.findall(_REPEATED.sub(r"\1", mask(marked(fold(text)))))
    return [word for place, word in enumerate(found) if word != "#" or found[place - 1 : place] != ["#"]]
