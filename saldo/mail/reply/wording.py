"""The words of a letter around its answers: `faq/mail/<language>.yml`, the same keys in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from saldo.errors import Fault, FaultyFiles
from saldo.faq.texts import LANGUAGES, placeholders, stray_braces
from saldo.yaml_files import Reader, Strict

PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "letter.salutation_named": frozenset({"name"}),
    "letter.later_about": frozenset({"question"}),
    "letter.quoted": frozenset({"date", "time", "name"}),
    "letter.quoted_undated": frozenset({"name"}),
    "note.subject": frozenset({"subject"}),
    "note.sender": frozenset({"name", "address"}),
    "note.attachments": frozenset({"names"}),
}
"""What a wording may be filled with; the others stand as they are."""


class Letter(Strict):
    """Around the answers to a customer."""

    salutation: str
    salutation_named: str
    opening: str
    later: str
    later_about: str
    ending: str
    closing: str
    signature: str
    quoted: str
    quoted_undated: str


class Note(Strict):
    """To a colleague, where there is nothing to answer."""

    subject: str
    no_subject: str
    opening: str
    sender: str
    attachments: str
    transcript: str


class Wording(Strict):
    """One language's words."""

    letter: Letter
    note: Note


def load(folder: Path) -> Mapping[str, Wording]:
    """The words in each language; FaultyFiles with every mistake in them."""
    reader = Reader(folder)
    read = {language: reader.read(folder / "mail" / f"{language}.yml", Wording) for language in LANGUAGES}
    reader.raise_faults()
    words = {language: wording for language, wording in read.items() if wording is not None}
    if faults := [fault for language, wording in words.items() for fault in _faults(language, wording)]:
        raise FaultyFiles(faults)
    return words


def _faults(language: str, wording: Wording) -> list[Fault]:
    """Placeholders that nothing fills, and figures: a letter's figures come from the answers alone."""
    faults = []
    for part, texts in wording.dict().items():
        for name, text in texts.items():
            allowed = PLACEHOLDERS.get(f"{part}.{name}", frozenset())
            if placeholders(text) - allowed or stray_braces(text) or any(map(str.isdigit, text)):
                names = ", ".join(f"{{{one}}}" for one in sorted(allowed)) or "none"
                faults.append(Fault(f"faq/mail/{language}.yml", 0, f"{name}: placeholders {names}, and no figures"))
    return faults
