"""What a colleague reads in the helpdesk beside a mail: what Saldo made of it; words in `faq/mail/review/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from saldo.answers.formats import fill
from saldo.errors import Fault, FaultyFiles
from saldo.faq import Faq
from saldo.faq.texts import placeholders, stray_braces
from saldo.mail.ask_bot import MailQuestion
from saldo.mail.review.review import Review
from saldo.mail.review.words import NoteWords
from saldo.settings import NOTE_LANGUAGES
from saldo.text import printable
from saldo.yaml_files import Reader

LONGEST_QUOTE = 160
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "question": frozenset({"quote", "topic", "status"}),
    "reason": frozenset({"reason"}),
    "attachments": frozenset({"names"}),
    "letter": frozenset({"to", "subject"}),
    "reference": frozenset({"reference"}),
    "handover": frozenset({"name", "id", "address", "text"}),
}
ELSEWHERE = "en"
"""The language for mails that are written in none of ours."""


class NoteWriter:
    """Writes notes in the language of the colleagues, or of each mail where none is set."""

    def __init__(self, faq: Faq, folder: Path, language: str = "") -> None:
        self._faq, self._language = faq, language
        reader = Reader(folder)
        paths = {each: folder / "mail" / "review" / f"{each}.yml" for each in NOTE_LANGUAGES}
        read = {each: reader.read(path, NoteWords) for each, path in paths.items()}
        reader.raise_faults()
        self._words = {each: words for each, words in read.items() if words is not None}
        if faults := [fault for each, words in self._words.items() for fault in _faults(each, words)]:
            raise FaultyFiles(faults)

    def words(self, review: Review) -> NoteWords:
        return self._words[self.language(review)]

    def language(self, review: Review) -> str:
        return self._language or (review.language if review.language in self._words else ELSEWHERE) or ELSEWHERE

    def note(self, review: Review) -> str:
        """The note, a few lines of plain text; what people wrote stands in it on one line each."""
        return "\n".join(self._lines(review))

    def _lines(self, review: Review) -> Iterator[str]:
        words, language, decided = self.words(review), self.language(review), review.verdict
        yield words.outcomes[decided.outcome]
        if decided.urgent:
            yield words.urgent
        if decided.outcome != "draft":
            yield fill(words.reason, {"reason": words.reasons.get(decided.reason, _line(decided.reason))}, language)
        if decided.outcome == "draft":
            yield words.identities[review.identity.level]
        if decided.risks:
            yield f"{words.watch_for} {'; '.join(words.risks.get(risk, risk) for risk in decided.risks)}."
        if review.attachments:
            names = ", ".join(_line(each.name or each.type) for each in review.attachments)
            yield fill(words.attachments, {"names": names}, language)
        if review.understood.questions:
            yield words.asked
            yield from (self._question(each, words, language) for each in review.understood.questions)

    def _question(self, question: MailQuestion, words: NoteWords, language: str) -> str:
        values = {
            "quote": _line(question.quote),
            "topic": self._topic(question.topic, words, language),
            "status": words.statuses[question.status],
        }
        return fill(words.question, values, language)

    def _topic(self, topic: str, words: NoteWords, language: str) -> str:
        known = self._faq.texts.get(language, {})
        return known[topic].question if topic in known else words.topics.get(topic, topic.replace("_", " "))


def _line(text: str) -> str:
    line = " ".join(printable(text).split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE].rstrip()} …"


def _faults(language: str, words: NoteWords) -> Iterator[Fault]:
    for name, value in words.dict().items():
        for text in value.values() if isinstance(value, dict) else [value]:
            allowed = PLACEHOLDERS.get(name, frozenset())
            if placeholders(text) - allowed or stray_braces(text):
                names = ", ".join(f"{{{one}}}" for one in sorted(allowed)) or "none"
                yield Fault(f"faq/mail/review/{language}.yml", 0, f"{name}: placeholders {names}")
