"""Finds what a message names: invoices, amounts, dates, periods, licences, and what must be blacked out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Optional, Union

from spacy.language import Language

from saldo.nlu.entity_patterns import patterns, telling, word, word_lists
from saldo.nlu.numbers import cents, whole_number
from saldo.nlu.tokenizer import pipeline
from saldo.nlu.understanding import Entity

Value = Union[int, str]
BLOCKED = frozenset({"time"})
"""Found only so that their digits are not taken for something else."""
MOST_TOKENS = 400
"""Tokens that are looked at: each costs time, and 2,000 characters in words have fewer."""

_INVOICE = re.compile(r"[A-Za-z]{0,3}-?\d[\d-]*\d$")
_AMOUNT = re.compile(r"(?:(?:€|eur|euro)\s*)?\d.*", re.IGNORECASE)
_NUMERIC_DATE = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})(?:[./-](\d{2,4}))?")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_DIGITS = re.compile(r"\d+")
_THOUSAND = re.compile(r"\d\s*(?:k|duizend|tonnia?)\b", re.IGNORECASE)


def find_entities(text: str, language: str) -> list[Entity]:
    """The entities of a text in their order, none overlapping another."""
    code = language if language == "fi" else "nl"
    if not telling(code).search(text):  # two in three questions name nothing; looking into each word takes far longer
        return []
    ruler = _ruler(code)
    doc = ruler.tokenizer(text)
    if len(doc) > MOST_TOKENS:
        text = text[: doc[MOST_TOKENS].idx]
    found = []
    for span in ruler(text).ents:
        if span.label_ in BLOCKED:
            continue
        start, piece = _trimmed(span.label_, span.start_char, span.text)
        value = _READERS[span.label_](piece, code)
        if value is not None:
            found.append(Entity(span.label_, start, start + len(piece), piece, value))
    return found


@cache
def _ruler(language: str) -> Language:
    """The blank pipeline with our patterns; made once, for it takes a tenth of a second."""
    made = pipeline(language)
    made.add_pipe("entity_ruler").add_patterns(patterns(language))
    return made


def _trimmed(label: str, start: int, text: str) -> tuple[int, str]:
    """The part of a match that is the entity itself: an invoice's number without the word before it."""
    expression = {"invoice_number": _INVOICE, "amount": _AMOUNT}.get(label)
    found = expression.search(text) if expression else None
    return (start + found.start(), found.group()) if found else (start, text)


def _amount(text: str, language: str) -> Value | None:
    return cents(text, thousand=bool(_THOUSAND.search(text)))


def _first_number(text: str, language: str) -> Value | None:
    """The number a phrase begins with."""
    digits = _DIGITS.match(text)
    return int(digits.group()) if digits else whole_number(text.split()[0], language)


def _text(text: str, language: str) -> Value | None:
    return text


def _months(text: str, language: str) -> Value | None:
    """A period in months: "6 maanden", "half jaar", "kolme kvartaalia", "per jaar"."""
    words, words_of = text.lower().split(), word_lists()[language]
    if words[0] == "anderhalf":
        return 18
    unit = _unit(words[-1].lstrip("0123456789").strip("."), language)
    if len(words) > 1 and re.match(word(words_of.half), words[0]):
        return unit // 2 or None
    digits = _DIGITS.match(text)
    if digits or len(words) > 1:
        number = int(digits.group()) if digits else whole_number(words[0], language)
        return unit * (1 if number is None else number)
    return next((int(months) for months, phrase in words_of.phrases.items() if re.match(word(phrase), words[0])), None)


def _unit(name: str, language: str) -> int:
    """The months of a named unit of time."""
    words_of = word_lists()[language]
    units = (("months", 1), ("quarters", 3), ("years", 12))
    return next((size for kind, size in units if re.match(word(getattr(words_of, kind)), name)), 0)


def _date(text: str, language: str) -> Value | None:
    """A date as far as it is said; None if there is no such day."""
    if _ISO.fullmatch(text):
        return text
    if found := _NUMERIC_DATE.match(text):
        day, month, year = found.groups()
        return _iso(int(day), int(month), f"20{year}" if year and len(year) == 2 else year)
    return _named_date(text.lower(), language)


def _named_date(text: str, language: str) -> Value | None:
    """A date with the month's name."""
    names, short = word_lists()[language].month_names, word_lists()[language].month_short
    words = re.findall(r"\w+", text)
    month = next(
        index % 12 + 1
        for index, name in enumerate([*names, *short])
        for one in words
        if (one.startswith(name) if index < 12 else re.fullmatch(name, one))
    )
    year = next((one for one in words if re.fullmatch(r"\d{4}", one)), None)
    first = word(word_lists()[language].first)
    days = [int(found[1]) for one in words if (found := re.fullmatch(r"(\d{1,2})(?:e|de|ste)?", one))]
    day = next(iter(days or [1 for one in words if re.match(first, one)]), None)
    if day is None:
        return f"{year or '-'}-{month:02d}"
    return _iso(day, month, year)


def _iso(day: int, month: int, year: Optional[str]) -> Value | None:
    """Day, month and year, or None if they make no date."""
    longest = 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    return f"{year or '-'}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= longest else None


_READERS: dict[str, Callable[[str, str], Union[Value, None]]] = {
    "amount": _amount,
    "months": _months,
    "date": _date,
    "invoice_number": _text,
    "licences": _first_number,
    "users": _first_number,
    "count": _first_number,
    "email": _text,
    "iban": _text,
    "phone": _text,
}
