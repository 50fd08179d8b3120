"""The words of a letter around its answers: `faq/mail/<language>.yml`, the same keys in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from saldo.errors import Fault, FaultyFiles
from saldo.faq.texts import LANGUAGES, placeholders, stray_braces
from saldo.mail.review.words import NoteWords
from saldo.yaml_files import Reader, Strict, Words

PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "letter.salutation_named": frozenset({"name"}),
    "letter.salutation_titled": frozenset({"title", "name"}),
    "letter.heading": frozenset({"place", "subject"}),
    "letter.later_about": frozenset({"question"}),
    "letter.quoted": frozenset({"date", "time", "name"}),
    "letter.quoted_undated": frozenset({"name"}),
    "note.subject": frozenset({"subject"}),
    "note.sender": frozenset({"name", "address"}),
    "note.attachments": frozenset({"names"}),
    "note.look_at": frozenset({"risks"}),
    "handover.subject": frozenset({"reference"}),
    "handover.opening": frozenset({"reference"}),
    "handover.about": frozenset({"question"}),
}
"""What a wording may be filled with; the others stand as they are."""


class Letter(Strict):
    """Around the answers to a customer."""

    salutation: str
    salutation_named: str
    salutation_titled: str
    opening: str
    heading: str
    later: str
    later_about: str
    ending: str
    closing: str
    foreign: str
    received: str
    received_several: str
    quoted: str
    quoted_undated: str


class Note(Strict):
    """To a colleague, where there is nothing to answer."""

    subject: str
    no_subject: str
    opening: str
    sender: str
    attachments: str
    look_at: str
    transcript: str


class HandoverWords(Strict):
    """To a customer whose conversation a colleague takes over."""

    subject: str
    opening: str
    about: str
    to_write: str
    """Where the colleague writes the answer that Saldo has not."""
    quoted: str
    you: str
    saldo: str


class Wording(Strict):
    """One language's words."""

    letter: Letter
    note: Note
    handover: HandoverWords
    places: Words
    """First, second, third … question."""
    subjects: dict[str, str]
    """What a letter calls each topic."""
    titles: dict[str, str]
    """How a person is addressed by what stands before a name in the records, as in "mw. J. de Vries"."""


class Elsewhere(Strict):
    """The words to a customer who writes in another language."""

    foreign: str
    closing: str


@dataclass(frozen=True)
class Wordings:
    """All words of letters."""

    by_language: Mapping[str, Wording]
    elsewhere: Elsewhere
    risks: Mapping[str, Mapping[str, str]]
    """By language, what a note to a colleague calls each thing that is to be looked at: as reviews call it."""

    def __getitem__(self, language: str) -> Wording:
        return self.by_language[language]


def load(folder: Path) -> Wordings:
    """The words in each language; FaultyFiles with every mistake in them."""
    reader = Reader(folder)
    read = {language: reader.read(folder / "mail" / f"{language}.yml", Wording) for language in LANGUAGES}
    elsewhere = reader.read(folder / "mail" / "en.yml", Elsewhere)
    reviews = {each: reader.read(folder / "mail" / "review" / f"{each}.yml", NoteWords) for each in LANGUAGES}
    reader.raise_faults()
    assert elsewhere is not None, "what cannot be read is a fault"
    words = {language: wording for language, wording in read.items() if wording is not None}
    if faults := [fault for language, wording in words.items() for fault in _faults(language, wording)]:
        raise FaultyFiles(faults)
    return Wordings(words, elsewhere, {each: said.risks for each, said in reviews.items() if said is not None})


def _faults(language: str, wording: Wording) -> list[Fault]:
    """Placeholders that nothing fills, and figures: a letter's figures come from the answers alone."""
    faults = []
    parts = {"letter": wording.letter, "note": wording.note, "handover": wording.handover}
    for part, texts in ((name, each.dict()) for name, each in parts.items()):
        for name, text in texts.items():
            allowed = PLACEHOLDERS.get(f"{part}.{name}", frozenset())
            if placeholders(text) - allowed or stray_braces(text) or any(map(str.isdigit, text)):
                names = ", ".join(f"{{{one}}}" for one in sorted(allowed)) or "none"
                faults.append(Fault(f"faq/mail/{language}.yml", 0, f"{name}: placeholders {names}, and no figures"))
    return faults
