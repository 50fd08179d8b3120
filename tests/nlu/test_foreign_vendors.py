"""Names and words of other companies' bills, and of bills that our customers write themselves."""

from __future__ import annotations

import pytest

from saldo.nlu.features import words
from saldo.nlu.foreign_vendors import TIMES, marked
from saldo.text import fold


def marks(text: str) -> set[str]:
    return {word for word in words(text) if word in ("~elsewhere", "~owncustomer")}


@pytest.mark.parametrize(
    "text",
    [
        "Ik heb mijn huur dubbel betaald",
        "Vattenfall wil een aanmaning sturen",
        "Vattenfallilta tuli maksumuistutus",
        "DNA:n lasku on maksettu kahdesti",
        "kuntosalin jäsenyys irti",
        "H&M stuurt een herinnering",
    ],
)
def test_somebody_else(text: str) -> None:
    assert marks(text) == {"~elsewhere"}


@pytest.mark.parametrize("text", ["Onze klant heeft de factuur dubbel betaald", "Asiakkaamme maksoi laskun kahdesti"])
def test_our_customers_customer(text: str) -> None:
    assert marks(text) == {"~owncustomer"}


@pytest.mark.parametrize(
    "text",
    [
        "Wij zijn klant bij jullie, ons klantnummer is 1234",
        "Waarom staan er 60 licenties op de factuur van Visma Severa?",
        "Verhuurt u ook licenties?",
        "Olemme asiakas, asiakasnumero 1234",
        "Maksoimme Nordean tililtä laskun kahdesti",
        "Miten asiakaspalveluun saa yhteyden?",
    ],
)
def test_what_is_ours_gets_no_mark(text: str) -> None:
    assert marks(text) == set()


def test_a_name_gives_way_and_a_word_stays() -> None:
    assert "netflix" not in words("mijn Netflix opzeggen")
    assert words("mijn huur opzeggen") == ("mijn", *["~elsewhere"] * TIMES, "huur", "opzeggen")


def test_two_names_teach_the_same() -> None:
    assert words("Rekening van Vattenfall betaald") == words("Rekening van Eneco betaald")


def test_time_grows_with_the_length_alone() -> None:
    assert marked(fold("huur " * 20_000)).count("~elsewhere") == TIMES * 20_000
