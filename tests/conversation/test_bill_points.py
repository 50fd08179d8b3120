"""What of one's own bill is told by words: which point, of which year, with which numbers."""

from __future__ import annotations

from typing import Any

import pytest

from saldo.billing.explanation import InvoiceQuery
from saldo.conversation.bill_points import POINTS, BillPoint, bill_point, named_of_bill, word_lists
from saldo.nlu.decision import Decision, Status
from saldo.nlu.entity_extraction import find_entities
from saldo.nlu.query import read_query
from saldo.nlu.understanding import Question


def named(text: str, language: str = "nl") -> InvoiceQuery:
    entities = find_entities(text, language)
    return named_of_bill(read_query(text, entities, language), text, entities, language)


def told(text: str, language: str = "nl", topic: str = "invoice_status", status: Status = "answer") -> str | None:
    decision = Decision(status, topic, 0.9, ((topic, 0.9),))
    question = Question(text, 0, len(text), language, decision)
    found = bill_point(question, named(text, language), language)
    return found.point if found else None


@pytest.mark.parametrize(
    ("text", "language", "point"),
    [
        ("Waarom is hij hoger dan de vorige factuur?", "nl", "comparison"),
        ("Is de factuur hoger dan de vorige?", "nl", "whether_higher"),
        ("Wordt de volgende factuur hoger dan de vorige?", "nl", None),
        ("Verschil tussen 2026-0142 en 2026-0141?", "nl", "comparison"),
        ("Hoeveel licenties hadden we op 1 maart?", "nl", "past"),
        ("Hoeveel licenties hebben we op 1 maart?", "nl", None),
        ("Hoeveel licenties stonden er op de factuur van maart?", "nl", "billed"),
        ("Hoeveel hebben we in 2026 betaald?", "nl", "total_paid"),
        ("Hoeveel hebben we in maart 2026 betaald?", "nl", None),
        ("Hoeveel moeten we in 2026 betalen?", "nl", None),
        ("Hoeveel is er in 2026 gefactureerd?", "nl", "total"),
        ("Wat is er in 2026 te veel betaald?", "nl", None),
        ("Wat kost één licentie?", "nl", "price"),
        ("Wat kost één licentie van Adobe?", "nl", None),
        ("Wat gaat een licentie kosten?", "nl", None),
        ("Hoeveel dagen zijn we te laat?", "nl", "late"),
        ("Miksi lasku on suurempi kuin edellinen?", "fi", "comparison"),
        ("Onko seuraava lasku suurempi kuin edellinen?", "fi", None),
        ("Montako lisenssiä meillä oli 1.3.?", "fi", "past"),
        ("Montako lisenssiä meillä on 1.3.?", "fi", None),
        ("Paljonko meitä on laskutettu vuonna 2026?", "fi", "total"),
        ("Paljonko maksoimme viime vuonna?", "fi", "total_paid"),
        ("Paljonko yksi lisenssi maksaa?", "fi", "price"),
        ("Paljonko Adoben lisenssi maksaa?", "fi", None),
        ("Paljonko lisenssi maksaa ensi vuonna?", "fi", None),
        ("Montako päivää olemme myöhässä?", "fi", "late"),
    ],
)
def test_a_point_is_told_by_words(text: str, language: str, point: str | None) -> None:
    assert told(text, language) == point


def test_words_of_two_sentences_tell_nothing_together() -> None:
    assert told("Vorige week belde ik u. Waarom krijg ik meer mails?\nDe factuur is goed.") is None


@pytest.mark.parametrize("topic", ["paid_twice", "cancel_service", "payment_extension"])
def test_another_topic_that_is_clear_is_left_alone(topic: str) -> None:
    assert told("Waarom is de factuur hoger dan de vorige?", topic=topic) is None


def test_what_is_none_of_ours_may_be_a_price_and_no_day() -> None:
    assert told("Wat kost een licentie?", topic="out_of_scope", status="out_of_scope") == "price"
    assert told("Hoeveel licenties hadden we op 1 maart?", topic="out_of_scope", status="out_of_scope") is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Hoeveel hebben we in 2026 betaald?", "nl", {"year": 2026}),
        ("Wat is er dit jaar gefactureerd?", "nl", {"year": "this"}),
        ("Wat is er vorig jaar gefactureerd?", "nl", {"year": "previous"}),
        ("Wat is er het afgelopen jaar gefactureerd?", "nl", {"year": "last"}),
        ("Paljonko maksoimme viime vuonna?", "fi", {"year": "previous"}),
        ("Paljonko maksoimme viimeisen vuoden aikana?", "fi", {"year": "last"}),
        ("Wat is het verschil tussen 2026-0142 en 2026-0141?", "nl", {"invoice": "2026-0142", "other": "2026-0141"}),
        ("Waarom is de factuur lager?", "nl", {"than": "lower"}),
        ("10 licenties, maar er staat 60 op de factuur", "nl", {"counts": (10, 60), "quantity": 10}),
        ("60 op de factuur maar 10 gebruikers", "nl", {"counts": (60, 10)}),
        ("Klopt de factuur van 2026?", "nl", {"counts": (), "quantity": None}),
    ],
)
def test_what_is_named(text: str, language: str, expected: dict[str, Any]) -> None:
    query = named(text, language)
    assert {name: getattr(query, name) for name in expected} == expected


def test_every_point_is_told_and_both_languages_have_every_list() -> None:
    assert BillPoint("invoice_status", "price").point in POINTS
    assert set(word_lists()) == {"nl", "fi"}
    assert all(expressions for lists in word_lists().values() for _, expressions in lists)
