"""Messages that only name a matter are asked back, however sure the model is of their one word."""

from __future__ import annotations

import pytest

from saldo.nlu.decision import Decision
from saldo.nlu.underspecified import asked_back, complains, is_vague


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("factuur", "nl"),
        ("Licenties?", "nl"),
        ("ik heb een vraag over mijn factuur", "nl"),
        ("Er klopt iets niet met de factuur", "nl"),
        ("lasku", "fi"),
        ("Minulla olisi kysyttävää laskusta", "fi"),
        ("laskussa on jotain pielessä", "fi"),
        ("lisenssit", "fi"),
    ],
)
def test_a_matter_and_no_more(text: str, language: str) -> None:
    assert is_vague(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("opzeggen", "nl"),
        ("factuur dubbel betaald", "nl"),
        ("aantal licenties op de factuur klopt niet", "nl"),
        ("hallo", "nl"),
        ("", "nl"),
        ("maksumuistutus", "fi"),
        ("lisenssimäärä laskulla väärin", "fi"),
        ("laskutuskausi", "fi"),
        ("invoice", "other"),
    ],
)
def test_what_says_more_or_names_nothing(text: str, language: str) -> None:
    assert not is_vague(text, language)


def test_the_likeliest_topics_are_offered() -> None:
    ranking = (("paid_twice", 0.7), ("out_of_scope", 0.2), ("seat_count", 0.06), ("greet", 0.04))
    asked = asked_back(Decision("answer", "paid_twice", 0.7, ranking))
    assert (asked.status, asked.choices) == ("clarify", ("paid_twice", "seat_count"))


@pytest.mark.parametrize(
    ("text", "language"),
    [("het klopt niet", "nl"), ("dit is gewoon weer helemaal fout", "nl"), ("kaikki pielessä taas", "fi")],
)
def test_a_complaint_about_nothing_in_particular(text: str, language: str) -> None:
    assert complains(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("nee", "nl"),
        ("factuur", "nl"),
        ("het aantal gebruikers klopt niet", "nl"),
        ("perintäkirje on väärin", "fi"),
        ("ei", "fi"),
        ("it is wrong", "other"),
    ],
)
def test_what_complains_of_something_or_not_at_all(text: str, language: str) -> None:
    assert not complains(text, language)
