"""A letter reads as a colleague wrote it: the asked thing first, one small table, nobody twice, nothing said twice."""

from __future__ import annotations

from datetime import date

import pytest

from saldo.answers.compose import ExplainedTopic, answer
from saldo.billing import InvoiceQuery, explain, sample_accounts
from saldo.faq import load
from saldo.mail.ask_bot import MailQuestion, MailUnderstanding
from saldo.mail.reply.letter import letter
from saldo.mail.reply.render import as_html, as_text
from saldo.mail.reply.wording import load as load_words
from tests.mail.mails import mail
from tests.support import CHECKOUT

ON = date(2026, 11, 22)
FAQ = load(CHECKOUT / "faq")
WORDS = load_words(CHECKOUT / "faq")
ACCOUNTS = {one.customer.id: one for one in sample_accounts(ON)}


def written(language: str, *asked: tuple[str, str | None, str], customer: str | None = None) -> tuple[str, str]:
    """The letter on topics, each with its point and the sentence that asked, as plain text and as HTML."""
    topics = [
        ExplainedTopic(
            topic,
            language,
            explain(topic, ACCOUNTS[customer], ON, InvoiceQuery(point=point)) if customer else None,
            point=point,
        )
        for topic, point, _ in asked
    ]
    questions = tuple(MailQuestion(quote, topic, 0.9, "answered") for topic, _, quote in asked)
    understood = MailUnderstanding(language, questions, answer(FAQ, topics, language).parts)
    blocks, quote = letter(mail().sender, understood, WORDS[language]), ("Op …:", "")
    return as_text(blocks, quote), as_html(blocks, quote, language)


def test_the_figures_are_one_small_table_with_the_document_named_once() -> None:
    plain, html = written("nl", ("invoice_quantity", None, "Waarom 60?"), customer="NL-1001")
    table = plain.split("Uw cijfers:\n")[1].split("\n\n")[0]
    assert table.splitlines()[0].split() == ["Factuur", "2026-0142"]
    assert table.splitlines()[-1].endswith("60 = 10 × 6")
    assert table.count("factuur 2026-0142, regel 1") == html.count("factuur 2026-0142, regel 1") == 1
    assert plain.count("Uw cijfers") == html.count("<table") == 1 and "Gebruikte gegevens" not in plain + html


def test_where_a_figure_is_from_is_told_if_it_is_a_document() -> None:
    plain, html = written("nl", ("seat_count", None, "Hoeveel licenties?"), customer="NL-1006")
    assert "licentiewijziging per 1 juli 2026" in plain and "licentiewijziging per 1 juli 2026" in html
    for trace in ("berekend uit deze cijfers", "uw gebruikers in Severa", "(vandaag)"):
        assert trace not in plain + html


@pytest.mark.parametrize(
    ("language", "asked", "first", "second"),
    [
        ("nl", "Wat gebeurt er als wij licenties verwijderen?", "Verwijdert u licenties", "Voegt u licenties toe"),
        ("nl", "Wat gebeurt er als wij licenties toevoegen?", "Voegt u licenties toe", "Verwijdert u licenties"),
        ("nl", "Wat doet een wijziging?", "Voegt u licenties toe", "Verwijdert u licenties"),
        ("fi", "Miten lisenssien poistaminen näkyy?", "Ylimääräisten lisenssien poisto", "Lisenssien lisäämisestä"),
        ("fi", "Miten lisenssien lisääminen näkyy?", "Lisenssien lisäämisestä", "Ylimääräisten lisenssien poisto"),
    ],
)
def test_what_was_asked_about_comes_first(language: str, asked: str, first: str, second: str) -> None:
    plain, _ = written(language, ("licence_change", None, asked))
    assert 0 < plain.index(first) < plain.index(second)


def test_people_stand_at_the_end_of_their_answer_and_only_where_the_text_does_not_name_them() -> None:
    plain, _ = written("nl", ("refund_requirements", None, "Wat is er nodig?"))
    answered = plain.split(WORDS["nl"].letter.ending)[0]
    assert answered.rstrip().endswith("Facturatieteam: severa.invoicing@visma.com")
    plain, _ = written("nl", ("payment_reminder", "who", "Met wie?"))
    assert plain.count("severa.invoicing@visma.com") == 1


def test_a_page_stands_where_the_text_speaks_of_it() -> None:
    asked = (("payment_extension", None, "Saako maksuaikaa?"), ("payment_reminder", None, "Kenen kanssa?"))
    plain, _ = written("fi", *asked, customer="FI-2003")  # of whom no invoice is open
    (page,) = (line for line in plain.splitlines() if "amili.fi" in line)
    assert plain.index("perintäyhtiö Visma Amiliin") < plain.index(page)


def test_no_sentence_is_said_twice_and_no_answer_is_left_empty() -> None:
    asked = (("payment_reminder", "who", "Met wie?"), ("invoice_status", "open", "Wat staat er open?"))
    plain, _ = written("nl", *asked, customer="NL-1003")
    assert plain.count("Volgens onze gegevens staat er nu geen factuur open.") == 1
    heading = "Over uw tweede vraag: de stand van uw facturen"
    assert f"{heading}\n\nVolgens onze gegevens staat er nu geen factuur open." in plain
