"""A broken content file is told with its file, line and what is wrong; all of them at once, none as a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from saldo.errors import FaultyFiles, UnusableFile
from saldo.faq import load
from saldo.faq.texts import sentences_of


def faults(folder: Path) -> list[str]:
    """Every mistake that loading tells, as a person reads it."""
    with pytest.raises(FaultyFiles) as caught:
        load(folder)
    return [str(fault) for fault in caught.value.faults]


def write(folder: Path, text: str) -> list[str]:
    """The mistakes of a topic file with that text."""
    (folder / "nl" / "paid_twice.yml").write_text(text, encoding="utf-8")
    return faults(folder)


SOUND = """\
question: Wat nu?
keywords: [dubbel]
answer:
  - paragraph: Niets.
  - steps: [Bel., Wacht.]
source: {article: nl, heading: Wat nu?}
"""


def test_a_topic_file_is_read_as_it_stands(folder: Path) -> None:
    (folder / "nl" / "paid_twice.yml").write_text(SOUND, encoding="utf-8")
    text = load(folder).text("paid_twice", "nl")
    assert (text.question, text.keywords, text.contacts) == ("Wat nu?", ["dubbel"], [])
    assert [sentences_of(block) for block in text.answer] == [["Niets."], ["Bel.", "Wacht."]]


def test_all_content_is_text(folder: Path) -> None:
    """What YAML takes for a truth, a number or a date elsewhere is a word here."""
    words = SOUND.replace("[dubbel]", "[yes, 60, 2026-07-01, 2026-13-45, !tag null]")
    (folder / "nl" / "paid_twice.yml").write_text(words, encoding="utf-8")
    assert load(folder).text("paid_twice", "nl").keywords == ["yes", "60", "2026-07-01", "2026-13-45", "null"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("keywords:", "keyword:", [":2: keyword: extra fields not permitted", ":1: keywords: field required"]),
        ("[dubbel]", "dubbel", [":2: keywords: value is not a valid list"]),
        ("[dubbel]", "[{a: b}]", [":2: keywords.0: str type expected"]),
        ("[dubbel]", "[]", [":2: keywords: ensure this value has at least 1 items"]),
        ("Wat nu?\nk", "' '\nk", [":1: question: ensure this value has at least 1 characters"]),
        ("paragraph: Niets.", "paragraf: Niets.", [":4: answer.0: a block is a paragraph, an example or steps"]),
        ("- paragraph: Niets.", "- Niets.", [":4: answer.0: a block is a paragraph, an example or steps"]),
        ("- paragraph: Niets.", "- paragraph: ''", [":4: answer.0.paragraph: ensure this value has at least 1 char"]),
        ("[Bel., Wacht.]", "[]", [":5: answer.1.steps: ensure this value has at least 1 items"]),
        ("[Bel., Wacht.]", "Bel.", [":5: answer.1.steps: value is not a valid list"]),
        ("article: nl", "article: sv", [":6: source.article: unexpected value; permitted: 'nl', 'fi'"]),
        ("answer:\n", "question: Hoe dan?\nanswer:\n", [":3: question comes twice"]),
        ("[dubbel]", "[dubbel", [":3: is no YAML: did not find expected ',' or ']'"]),
        ("Wat nu?\nk", "*elders\nk", [":1: is no YAML: found undefined alias"]),
        ("Niets.", "\x07", [": is no YAML: "]),
    ],
)
def test_a_mistake_in_a_topic_file(folder: Path, old: str, new: str, told: list[str]) -> None:
    assert SOUND.count(old) == 1
    found = write(folder, SOUND.replace(old, new))
    assert len(found) == len(told)
    for fault in told:
        assert any(one.startswith(f"faq/nl/paid_twice.yml{fault}") for one in found), found


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but a remark\n"])
def test_an_empty_file(folder: Path, text: str) -> None:
    assert write(folder, text) == ["faq/nl/paid_twice.yml:1: is empty"]


@pytest.mark.parametrize("text", ["Wat nu?", "- question: Wat nu?\n", "{}: x"])
def test_a_file_that_is_no_mapping(folder: Path, text: str) -> None:
    assert all(fault.startswith("faq/nl/paid_twice.yml:1: ") for fault in write(folder, text))


def test_a_file_in_another_encoding(folder: Path) -> None:
    (folder / "fi" / "paid_twice.yml").write_bytes("question: Mitä nyt?".encode("latin-1"))
    assert faults(folder) == ["faq/fi/paid_twice.yml: is not UTF-8 text"]


def test_a_folder_in_the_place_of_a_file(folder: Path) -> None:
    (folder / "fi" / "paid_twice.yml").unlink()
    (folder / "fi" / "paid_twice.yml").mkdir()
    assert faults(folder) == ["faq/fi/paid_twice.yml: cannot be read: Is a directory"]


@pytest.mark.parametrize("file", ["topics.yml", "nl.yml", "fi.yml", "en.yml", "exceptions.yml"])
def test_a_missing_file(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert faults(folder) == [f"faq/{file}: is missing"]


@pytest.mark.parametrize("text", ["- seat_count\n", "seat_count: [why]\n", "seat_count:\n"])
def test_topics_have_a_line_about_each(folder: Path, text: str) -> None:
    (folder / "topics.yml").write_text(text)
    assert faults(folder) == ["faq/topics.yml:1: should be a mapping from topic to one line about it"]


def test_a_contact_has_exactly_one_way_to_be_reached(folder: Path) -> None:
    text = (folder / "nl.yml").read_text(encoding="utf-8")
    (folder / "nl.yml").write_text(text.replace(", email: severa.support@visma.com", ""), encoding="utf-8")
    assert faults(folder) == ["faq/nl.yml:2: contacts.support.__root__: a contact has either an email or a url"]


def test_an_exception_without_a_reason(folder: Path) -> None:
    (folder / "exceptions.yml").write_text("- topic: paid_twice\n  language: fi\n  values: [Visma Amili]\n")
    assert faults(folder) == ["faq/exceptions.yml:1: 0.why: field required"]


def test_all_mistakes_of_all_files_are_told_at_once(folder: Path) -> None:
    (folder / "topics.yml").unlink()
    (folder / "en.yml").write_text("")
    (folder / "nl" / "seat_count.yml").write_text("question: [")
    (folder / "fi" / "seat_count.yml").write_text(SOUND.replace("keywords", "key").replace("steps", "stappen"))
    assert [fault.split(": ")[0] for fault in faults(folder)] == [
        "faq/en.yml:1",
        "faq/fi/seat_count.yml:1",
        "faq/fi/seat_count.yml:2",
        "faq/fi/seat_count.yml:5",
        "faq/nl/seat_count.yml:2",
        "faq/topics.yml",
    ]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="there is no such folder of content files"):
        load(tmp_path / "faq")
