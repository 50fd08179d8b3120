"""Telling Dutch, Finnish and other languages apart."""

from __future__ import annotations

import time

import pytest

from saldo.language import detect

DUTCH = (
    "Waarom staan er 60 stuks op de factuur?",
    "users upgraden aub",
    "refund op rekening",
    "hoe zeg ik het op",
    "Ge hebt u precies misrekend, er staat 18 stuks",
    "hoe kan ik licenties deleten in het dashboard",
    "Hoe zeg ik Visma Severa Finland Oy op?",
    "WAAROM KRIJG IK EEN AANMANING",
    "kun je me helpen?",
)
FINNISH = (
    "Miksi laskulla on 60 kappaletta?",
    "miten poistan lisenssin",
    "onks toi 48 kpl oikein",
    "mita taalla voi kysya",
    "Kuinka irtisanon Visma Solutions Customer Service",
    "maksoin laskun kahteen kertaan",
    "MISTÄ TÄMÄ MAKSUMUISTUTUS TULI",
)
OTHER = (
    "How do I cancel?",
    "Why is my invoice so high?",
    "Hur betalar jag?",
    "Wie kann ich kündigen?",
    "Guten Tag, ich habe eine Frage zur Rechnung",
    "Kuidas ma tühistan tellimuse?",
    "Comment puis-je payer la facture ?",
    "Hvordan opsiger jeg abonnementet?",
    "Здравствуйте",
    "请问怎么取消订阅",
)
SHORT = (
    "ok",
    "60",
    "merci",
    "hei",
    "ja",
    "2026-0142",
    "🙂",
    "👍",
    "",
    "  ",
    "?",
    "asdfgh",
    "asdf qwer zxcv",
    "invoice",
)


@pytest.mark.parametrize("text", DUTCH)
@pytest.mark.parametrize("conversation", [None, "nl"])
def test_dutch(text: str, conversation: str | None) -> None:
    assert detect(text, conversation).code == "nl"


@pytest.mark.parametrize("text", FINNISH)
@pytest.mark.parametrize("conversation", [None, "fi"])
def test_finnish(text: str, conversation: str | None) -> None:
    assert detect(text, conversation).code == "fi"


@pytest.mark.parametrize(
    "text",
    [
        "Waar kan ek sien hoe baie lisensies ons nog oor het?",
        "Ons het die faktuur twee keer betaal, hoe kry ons die geld terug?",
    ],
)
def test_afrikaans_is_not_made_dutch_by_the_words_they_share(text: str) -> None:
    assert detect(text).code == "other"


@pytest.mark.parametrize("text", OTHER)
@pytest.mark.parametrize("conversation", [None, "nl", "fi"])
def test_other_languages_are_told_even_in_a_conversation_of_ours(text: str, conversation: str | None) -> None:
    assert detect(text, conversation).code == "other"


@pytest.mark.parametrize("text", SHORT)
@pytest.mark.parametrize("conversation", ["nl", "fi"])
def test_what_says_little_keeps_the_language_of_the_conversation(text: str, conversation: str) -> None:
    found = detect(text, conversation)
    assert (found.code, found.reason) == (conversation, "conversation")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hoi", "nl"),
        ("bedankt", "nl"),
        ("factuur", "nl"),
        ("moi", "fi"),
        ("kiitos", "fi"),
        ("joo", "fi"),
        ("lasku", "fi"),
    ],
)
def test_one_clear_word_without_a_conversation(text: str, code: str) -> None:
    assert detect(text).code == code


@pytest.mark.parametrize("text", ["ok", "60", "🙂", "asdfgh", ""])
def test_nothing_to_go_by_is_dutch_and_unsure(text: str) -> None:
    found = detect(text)
    assert (found.code, found.reason) == ("nl", "short")
    assert found.confidence <= 0.5


def test_four_clear_words_change_the_language_of_a_conversation() -> None:
    assert detect("Mistä tämä lasku on tullut", "nl").code == "fi"
    assert detect("Waar komt deze factuur vandaan", "fi").code == "nl"


def test_an_unknown_conversation_language_counts_for_nothing() -> None:
    assert detect("ok", "sv") == detect("ok")


def test_confidence_is_a_probability() -> None:
    for text in (*DUTCH, *FINNISH, *OTHER, *SHORT):
        assert 0.0 <= detect(text).confidence <= 1.0


def test_a_long_text_takes_no_longer_than_its_beginning() -> None:
    detect("warm")
    began = time.process_time()
    detect("Waarom staan er 60 stuks op de factuur? " * 5000)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(("text", "code"), [("ölkjhgf", "fi"), ("äöäöä", "fi"), ("sdfgh", "nl"), ("coördinatie", "nl")])
def test_nonsense_is_in_the_language_of_its_keyboard(text: str, code: str) -> None:
    assert detect(text).code == code
    assert detect(text, "nl").code == "nl"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("De mail zegt: Your subscription has been renewed for 12 seats, billed annually. Klopt dat aantal wel?", "nl"),
        ("Laskussa lukee 'Your subscription has been renewed for 12 seats', pitääkö se paikkansa?", "fi"),
        ("Hello, we would like to cancel our subscription. Thanks! Met vriendelijke groet, Jan", "other"),
        ("Hoe kan ek my intekening kanselleer?", "other"),
    ],
)
def test_what_is_asked_about_a_foreign_text_has_its_own_language_and_a_closing_has_none(
    text: str, language: str
) -> None:
    assert detect(text).code == language
