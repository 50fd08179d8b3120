"""A digit that neither a fact nor the reviewed text accounts for does not leave: the figures are withheld."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from saldo.answers.answer import Answer
from saldo.answers.compose import ExplainedTopic, answer
from saldo.answers.plain_text import plain_text
from saldo.answers.provenance import unaccounted
from saldo.billing import MESSAGES, BillingPeriod, Fact, Formula, Money, Source, explain, sample_accounts
from saldo.billing.samples.histories import history
from saldo.faq import Faq, load

ON = date(2026, 11, 22)
FAQ = load(Path(__file__).parent.parent / "faq")
HALF_YEAR = BillingPeriod(date(2026, 7, 1), date(2027, 1, 1))
FACTS = [
    Fact(
        "quantity",
        60,
        Source("invoice_line", {"invoice": "2026-0142", "line": 1}),
        Formula("{l} × {m}", {"l": 10, "m": 6}),
    ),
    Fact("amount_due", Money(125000), Source("invoice")),
    Fact("months", Decimal("10.5"), Source("invoice")),
    Fact("period", HALF_YEAR, Source("subscription")),
    Fact("package", "Team 50", Source("subscription")),
]


def strays(text: str, reviewed: tuple[str, ...] = ()) -> list[str]:
    return unaccounted({"type": "paragraph", "text": text}, FACTS, reviewed)


@pytest.mark.parametrize(
    "text",
    [
        "60 stuks: 10 × 6, regel 1 van factuur 2026-0142, pakket Team 50",
        "1.250,00 €",
        "1\u00a0250,00\u00a0€",
        "1 250 €",
        "1250.00 EUR",
        "10,5 en 10.50 maanden",
        "2026-07-01 en 1.7.2026 en 01-07-2026 en 1 juli 2026 en 1. heinäkuuta 2026",
        "1 jul – 31 dec 2026",
        "1.7.–31.12.2026",
        "1.7.2026–31.12.2026",
        "geen cijfer",
    ],
)
def test_values_of_facts_pass_in_any_formatting(text: str) -> None:
    assert strays(text) == []


@pytest.mark.parametrize(
    ("text", "stray"),
    [
        ("61 stuks", "61"),
        ("1.250,01 €", "1.250,01"),
        ("12.500 €", "12.500"),
        ("1 januari 2027", "1 januari 2027"),  # the period's end is not its last day
        ("2.7.–31.12.2026", "2.7.–31.12.2026"),
        ("30.2.2026", "30.2.2026"),
        ("factuur 2026-0143", "2026"),
        ("factuur 2026-01421", "2026"),
        ("10 60 61", "10 60 61"),
    ],
)
def test_any_other_figure_is_a_stray(text: str, stray: str) -> None:
    assert strays(text)[0] == stray


def test_a_reviewed_sentence_passes_as_it_stands_only() -> None:
    reviewed = "Met 12 licenties staan er 72 op de factuur."
    assert strays(reviewed, (reviewed,)) == []
    assert strays("U heeft 72 licenties.", (reviewed,)) == ["72"]


def test_every_part_of_a_block_is_read_but_not_its_addresses() -> None:
    block = {
        "type": "facts",
        "rows": ({"label": "x", "value": "77", "formula": None, "source": "y"},),
        "url": "https://x/99",
    }
    assert unaccounted(block, FACTS) == ["77"]
    assert unaccounted({"type": "seats", "used": 60, "free": 3}, FACTS) == ["3"]


def told(faq: Faq, topic: str = "seat_count") -> Answer:
    account = sample_accounts(ON)[0]
    return answer(faq, [ExplainedTopic(topic, "nl", explain(topic, account, ON))], "nl")


def with_figures(topic: str, figures: Mapping[str, str]) -> Faq:
    text = FAQ.text(topic, "nl").copy(update={"figures": figures})
    return replace(FAQ, texts={**FAQ.texts, "nl": {**FAQ.texts["nl"], topic: text}})


@pytest.mark.parametrize(
    "wording",
    ["Uw abonnement telt 11 licenties.", "Sinds 3 maart 2026 telt uw abonnement {licences}.", "Uw korting is 5 %."],
)
def test_a_wrong_wording_is_withheld_and_logged_without_the_figure(
    wording: str, caplog: pytest.LogCaptureFixture
) -> None:
    figures = {**FAQ.text("seat_count", "nl").figures, "seats": wording}
    with caplog.at_level(logging.ERROR):
        withheld = told(with_figures("seat_count", figures))
    text = plain_text(withheld.published()["blocks"])
    assert FAQ.says("figures_unavailable", "nl") in text
    assert FAQ.text("seat_count", "nl").answer[0].paragraph in text  # type: ignore[union-attr]
    assert "severa.invoicing@visma.com" in text
    assert withheld.facts == ()
    (record,) = caplog.records
    assert "seat_count in nl" in record.getMessage() and not any(char.isdigit() for char in record.getMessage())


def test_a_right_wording_is_told(caplog: pytest.LogCaptureFixture) -> None:
    assert told(FAQ).facts
    assert not caplog.records


def test_only_the_part_in_question_is_withheld() -> None:
    account = sample_accounts(ON)[0]
    faq = with_figures("seat_count", {"seats": "U heeft 99 licenties."})
    parts = [ExplainedTopic(topic, "nl", explain(topic, account, ON)) for topic in ("seat_count", "invoice_quantity")]
    assert {fact.name for fact in answer(faq, parts, "nl").facts} >= {"quantity", "months"}


def test_the_customers_own_words_are_quoted_with_their_figures(caplog: pytest.LogCaptureFixture) -> None:
    quoted = answer(FAQ, [ExplainedTopic("seat_count", "nl")], "nl", ["Wat kost 1 ton staal in 2031?"])
    assert "2031" in plain_text(quoted.published()["blocks"])
    assert not caplog.records


def test_whatever_can_be_said_today_passes(caplog: pytest.LogCaptureFixture) -> None:
    accounts = [*sample_accounts(ON), *(history(number, ON) for number in range(30))]
    for account in accounts:
        for topic in MESSAGES:
            for language in ("nl", "fi"):
                answer(FAQ, [ExplainedTopic(topic, language, explain(topic, account, ON))], language)
    assert not caplog.records


def test_a_fact_without_a_label_costs_the_figures_and_not_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    """Content may lack what a rule needs; the customer still reads the reviewed text."""
    words = FAQ.words["nl"]
    labels = {name: label for name, label in words.facts.items() if name != "licences"}
    faq = replace(FAQ, words={**FAQ.words, "nl": words.copy(update={"facts": labels})})
    withheld = told(faq)
    assert not withheld.facts
    assert words.says["figures_unavailable"] in plain_text(withheld.published()["blocks"])
    assert "seat_count in nl: KeyError in figures.py" in caplog.text
