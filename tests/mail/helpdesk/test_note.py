"""What a colleague reads beside a mail: in each language the same, in words of that language, on lines of our own."""

from __future__ import annotations

import ast
import inspect
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from saldo.answers.compose import RISKS
from saldo.errors import FaultyFiles
from saldo.faq import load
from saldo.mail import triage
from saldo.mail.ask_bot import MailQuestion, MailUnderstanding
from saldo.mail.handover.reviewing import REASONS
from saldo.mail.helpdesk.note import LONGEST_QUOTE, NoteWriter
from saldo.mail.parse.bodies import Attachment
from saldo.mail.review.review import Review
from saldo.mail.sender import identity
from saldo.mail.sender.identity import Identity
from saldo.mail.triage import FOREIGN, HANDED_IN, SIGNALS, Verdict
from saldo.settings import NOTE_LANGUAGES, Settings

FAQ = load(Settings().faq)
WORDS: dict[str, Any] = {
    each: yaml.safe_load((FAQ.folder / "mail" / "review" / f"{each}.yml").read_text(encoding="utf-8"))
    for each in NOTE_LANGUAGES
}


def review(verdict: Verdict, language: str | None = "nl", *questions: MailQuestion, **more: Any) -> Review:
    understood = MailUnderstanding(language or "nl", questions)
    return Review("<1@x.example>", language, Identity("known", "…"), None, "x", understood, verdict, **more)


def note(verdict: Verdict, language: str | None = "nl", *questions: MailQuestion, **more: Any) -> str:
    return NoteWriter(FAQ, FAQ.folder).note(review(verdict, language, *questions, **more))


def yielded(function: Any) -> set[str]:
    """The texts that a function yields."""
    tree = ast.parse(inspect.getsource(function))
    nodes = [node.value for node in ast.walk(tree) if isinstance(node, ast.Yield)]
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("language", ["fi", "en"])
def test_each_language_has_the_same_words(language: str) -> None:
    def names(words: Any) -> Any:
        return {name: sorted(value) for name, value in words.items() if isinstance(value, dict) and name != "reasons"}

    assert names(WORDS[language]) == names(WORDS["nl"])
    assert set(WORDS[language]) == set(WORDS["nl"])


def test_every_risk_has_a_word() -> None:
    known = {*RISKS, *yielded(triage._risks), *yielded(identity._risks), *SIGNALS}
    assert known == set(WORDS["nl"]["risks"])


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_every_reason_that_is_a_sentence_of_ours_has_one_in_each_language(language: str) -> None:
    ours = {*SIGNALS.values(), *REASONS.values(), FOREIGN, HANDED_IN, "nothing is asked"}
    known = {*yielded(triage._for_a_person), *ours}
    assert known == set(WORDS[language]["reasons"])


def test_a_note_says_what_was_understood_and_what_to_look_at() -> None:
    asked = MailQuestion("Hoe\nzeg ik op?", "cancel_service", 0.9, "answered")
    said = note(
        Verdict("draft", "what is asked can be answered", ("stranger_in_cc", "new_risk"), True), "nl", asked,
        attachments=(Attachment("a\r\nb.pdf", "application/pdf", 1),),
    )  # fmt: skip
    assert said.splitlines() == [
        "Saldo heeft een antwoord voorbereid. Lees het na voordat u het verstuurt.",
        "Dit kan niet wachten.",
        "Het adres is bekend, maar niet bewezen; in het antwoord staan geen cijfers van de klant.",
        "Let op: een onbekende leest mee; new_risk.",
        "Bijlagen: a b.pdf",
        "Gevraagd:",
        "- “Hoe zeg ik op?” (Hoe zeg ik Severa op? – beantwoord)",
    ]


def test_a_long_quote_is_cut_and_what_people_wrote_fills_no_placeholder() -> None:
    said = note(
        Verdict("person", "{reason} {x}"), "fi", MailQuestion("{topic} " * 100, "out_of_scope", 0.1, "out_of_scope")
    )
    quote = said.splitlines()[-1]
    assert "Syy: {reason} {x}." in said
    assert quote.startswith("- ”{topic} {topic}") and quote.endswith(" …” (jokin muu asia – ei tietopankissa)")
    assert len(quote) < LONGEST_QUOTE + 60


def test_it_is_in_the_colleagues_language_or_the_mails() -> None:
    nothing = Verdict("none", "nothing is asked")
    assert note(nothing, "fi").startswith("Viestiin ei tarvitse vastata.")
    assert note(nothing, None).startswith("There is nothing to answer.\nReason: nothing is asked.")
    writer = NoteWriter(FAQ, FAQ.folder, "en")
    assert writer.note(review(nothing, "fi")).startswith("There is nothing")


def test_a_mistake_in_the_words_is_told_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "faq"
    shutil.copytree(FAQ.folder, folder)
    file = folder / "mail" / "review" / "fi.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Viite: {reference}", "Viite: {number}"), encoding="utf-8")
    with pytest.raises(FaultyFiles, match=r"faq/mail/review/fi.yml: reference: placeholders \{reference\}"):
        NoteWriter(FAQ, folder)
    file.write_text(text.replace("urgent:", "urgently:"), encoding="utf-8")
    with pytest.raises(FaultyFiles, match=r"fi\.yml"):
        NoteWriter(FAQ, folder)
