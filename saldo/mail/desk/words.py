"""The words of the desk: `faq/mail/desk/<language>.yml`, the same keys and placeholders in each language.

What notes to colleagues say too, such as the risks, stands in `faq/mail/review/` for both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from saldo.answers.formats import fill
from saldo.errors import Fault, FaultyFiles
from saldo.faq.texts import LANGUAGES, PLACEHOLDER, placeholders
from saldo.mail.review.words import NoteWords
from saldo.yaml_files import Reader, Strict

ENGLISH = "en"
DESK_LANGUAGES = (*LANGUAGES, ENGLISH)


class DeskTexts(Strict):
    """One language's file."""

    page: dict[str, str]
    states: dict[str, str]
    outcomes: dict[str, str]
    identities: dict[str, str]
    acts: dict[str, str]
    answered_as: dict[str, str]
    topics: dict[str, str]
    risks: dict[str, str]
    reasons: dict[str, str]
    """How the sentences are said that reviews hold in English; in English they are those sentences."""


@dataclass(frozen=True)
class DeskWords:
    """The words in the language of whoever works at the desk."""

    language: str
    texts: DeskTexts
    notes: NoteWords
    """What notes to colleagues say, in the same language."""
    english: Mapping[str, str]
    """The sentences of reviews, by name."""

    @property
    def risks(self) -> Mapping[str, str]:
        return {**self.notes.risks, **self.texts.risks}

    def reason(self, sentence: str) -> str:
        """A review's sentence in this language; as it is where there is none for it."""
        if sentence in self.notes.reasons:
            return self.notes.reasons[sentence]
        for name, pattern in self._patterns:
            if found := pattern.fullmatch(sentence):
                values = {key: self.reason(value) for key, value in found.groupdict().items()}
                return fill(self.texts.reasons[name], values, self.language)
        return sentence

    @cached_property
    def _patterns(self) -> list[tuple[str, re.Pattern[str]]]:
        """The sentence that says most by itself first."""
        ordered = sorted(self.english.items(), key=lambda each: -len(PLACEHOLDER.sub("", each[1])))
        return [(name, _pattern(sentence)) for name, sentence in ordered]


def load(folder: Path, language: str) -> DeskWords:
    """The words from the content's folder; FaultyFiles with every mistake in all languages' files."""
    reader = Reader(folder)
    paths = {code: folder / "mail" / "desk" / f"{code}.yml" for code in DESK_LANGUAGES}
    read = {code: reader.read(path, DeskTexts) for code, path in paths.items()}
    notes = reader.read(folder / "mail" / "review" / f"{language}.yml", NoteWords)
    reader.raise_faults()
    assert notes is not None, "what cannot be read is a fault"
    texts = {code: each for code, each in read.items() if each is not None}
    if faults := [fault for code, each in texts.items() for fault in _faults(code, each, texts[ENGLISH])]:
        raise FaultyFiles(faults)
    return DeskWords(language, texts[language], notes, texts[ENGLISH].reasons)


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = PLACEHOLDER.split(sentence)  # text, name, and the two forms of a counted noun, which none of these has
    return re.compile(
        "".join(re.escape(part) if place % 4 == 0 else f"(?P<{part}>.+)" for place, part in enumerate(parts) if part),
        re.DOTALL,
    )


def _faults(code: str, texts: DeskTexts, english: DeskTexts) -> list[Fault]:
    """What another language has and this one has not, or the reverse."""
    file, faults = f"faq/mail/desk/{code}.yml", []
    for part, wanted in english.dict().items():
        said = texts.dict()[part]
        for name in sorted({*said} ^ {*wanted}):
            faults.append(Fault(file, 0, f"{part}.{name}: stands in one language only"))
        for name in sorted({*said} & {*wanted}):
            if placeholders(said[name]) - placeholders(wanted[name]):
                faults.append(Fault(file, 0, f"{part}.{name}: has a placeholder that nothing fills"))
    return faults
