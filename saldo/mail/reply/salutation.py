"""The name to address a customer by, only where it is safe: a person's name, written as one."""

from __future__ import annotations

import re

from saldo.mail.parse.headers import Address
from saldo.mail.parse.words import word_lists

_NAME = re.compile(r"[^\W\d_][\w'’-]*\.?(?: (?:[^\W\d_]\.|[^\W\d_][\w'’-]+|'t)){0,4}")


def name_to_greet(sender: Address | None, language: str) -> str | None:
    """The full name in Dutch, the first name in Finnish; None if it may be an office, a company or a joke."""
    name = _turned(sender.name) if sender else ""
    if not sender or not _is_person(name, sender):
        return None
    first = name.split()[0]
    if language == "fi":
        return first if len(first.strip(".")) > 1 and "." not in first else None
    return name


def _turned(name: str) -> str:
    """ "Achterberg, Anneke" as "Anneke Achterberg"; quotes and what stands in brackets left out."""
    bare = re.sub(r"[(\[|/].*$", "", name.strip("\"' ")).strip()
    last, comma, first = bare.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else bare


def _is_person(name: str, sender: Address) -> bool:
    words = name.split()
    if not _NAME.fullmatch(name) or len(name) > 60 or not words[0][0].isupper() or not words[-1][0].isupper():
        return False
    if any(word.lower().strip(".") in word_lists().offices or word.lower() in word_lists().offices for word in words):
        return False
    if any(len(word) > 2 and word.isupper() for word in words):
        return False
    # one word may be a company; that it begins the address too speaks for a first name
    return len(words) > 1 or sender.local.startswith(name.lower())
