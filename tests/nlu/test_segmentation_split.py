"""Segments: where a message is cut, and what each piece does."""

from __future__ import annotations

import pytest

from saldo.nlu.segmentation.split import split


def test_a_numbered_list_is_a_list() -> None:
    found = split("Pari asiaa:\n\n1. Miten irtisanon?\n2. Milloin lasku tulee?", "fi")
    assert [(each.text, each.fresh, each.apart) for each in found[1:]] == [
        ("Miten irtisanon?", True, True),
        ("Milloin lasku tulee?", True, False),
    ]


def test_a_greeting_on_the_same_line_hides_no_question() -> None:
    assert split("moi saisko laskulle lisää aikaa", "fi")[0].role == "question"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Het is nog niet duidelijk."),
        ("nl", "Het is duidelijk dat we dubbel betaalden."),
        ("fi", "Asia ei selvinnyt, eikä lasku ole kunnossa."),
    ],
)
def test_what_is_not_settled_is_told(language: str, text: str) -> None:
    assert split(text, language)[0].role == "statement"


@pytest.mark.parametrize(
    ("language", "text", "second"),
    [
        ("nl", "factuur dubbel betaald / dienst opzeggen per jaareinde", "dienst opzeggen per jaareinde"),
        (
            "fi",
            "eka on et miten lisään lisenssin ja toka et voisko maksaa myöhemmin",
            "toka et voisko maksaa myöhemmin",
        ),
        ("fi", "miks laskulla on 20 käyttäjää ja sit toi lasku meni tuplana", "ja sit toi lasku meni tuplana"),
        ("nl", "kan het pakket kleiner en zo niet hoe stoppen we", "en zo niet hoe stoppen we"),
    ],
)
def test_how_chats_go_on_to_another_matter(language: str, text: str, second: str) -> None:
    assert split(text, language)[-1].text == second


def test_a_condition_stays_with_its_question_also_after_and() -> None:
    text = "En als we een licentie opzeggen, wanneer gaat die van de factuur?"
    assert [each.text for each in split(text, "nl")] == [text]


def test_a_sentence_that_tells_asks_nothing_where_its_verb_comes_first() -> None:
    assert len(split("Ten eerste zijn er 4 mensen actief en betalen we voor 5.", "nl")) == 1
    assert len(split("Wij hebben negen licenties en krijgen we die ook per kwartaal?", "nl")) == 2


def test_a_name_below_the_last_question_is_a_signature() -> None:
    assert split("Miten lisään lisenssin?\n\nKalle / Ojalan Maalaus", "fi")[-1].role == "courtesy"
