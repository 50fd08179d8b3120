"""Reads content files; every mistake in any of them is told with its file and line, all in one go."""

from __future__ import annotations

from pathlib import Path

from saldo.errors import UnusableFile
from saldo.faq.texts import LANGUAGES, Elsewhere, Exception_, Faq, TopicList, TopicText, Words
from saldo.yaml_files import Reader


def load(folder: Path) -> Faq:
    """Load `faq/`; raises FaultyFiles with all mistakes, or UnusableFile where there is no such folder."""
    if not folder.is_dir():
        raise UnusableFile(folder, "there is no such folder of content files.")
    reader = Reader(folder)
    topics = reader.read(folder / "topics.yml", TopicList)
    texts = {
        language: {path.stem: text for path in _files(folder / language) if (text := reader.read(path, TopicText))}
        for language in LANGUAGES
    }
    words = {language: reader.read(folder / f"{language}.yml", Words) for language in LANGUAGES}
    elsewhere = reader.read(folder / "en.yml", Elsewhere)
    exceptions = reader.read(folder / "exceptions.yml", list[Exception_])
    reader.raise_faults()
    assert topics and elsewhere
    return Faq(
        folder, topics, texts, {code: each for code, each in words.items() if each}, elsewhere, tuple(exceptions or ())
    )


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yml"))
