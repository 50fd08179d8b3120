"""Questions: what is cut, what stays together, and what is only courtesy."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.nlu.segmentation.merge import QuestionSpan, questions
from saldo.nlu.segmentation.split import split

ONE = (
    ("nl", "Waarom staan er 60 licenties op mijn factuur terwijl we er 10 hebben?"),
    (
        "nl",
        "Hallo, we hebben in maart 2 mensen verloren. Nu zie ik 20 gebruikers. Hoe kan dat? Bedankt",
    ),
    ("nl", "Ik heb de factuur dubbel betaald."),
    ("nl", "Als ik die drie licenties nu weghaal, krijgen we dan krediet?"),
    ("nl", "Kunt u mij uitleggen hoe het aantal op de factuurregel tot stand komt?"),
    ("nl", "opzeggen"),
    ("nl", "Factuur nr. 5521 d.d. 1 juli klopt niet"),
    ("fi", "Miksi laskulla on 60 kappaletta, vaikka tilauksessa on 10 lisenssiä?"),
    ("fi", "Hei! Maksoin laskun kahteen kertaan. Miten se hyvitetään? Kiitos"),
    ("fi", "Saimme laskun 1. heinäkuuta, eräpäivä on 15.7. ja määrä on väärä."),
    ("fi", "Lasku on maksettu kahdesti."),
    ("fi", "Haluaisin tietää, miten sopimus irtisanotaan."),
)
SEVERAL = (
    ("nl", 2, "Ik wil opzeggen, en wat moet ik doen met de dubbele betaling?"),
    ("nl", 2, "Ik heb de factuur dubbel betaald. En hoe zeg ik op?"),
    ("nl", 2, "Kan de vervaldatum later en hoe stap ik over op een kleiner pakket?"),
    ("nl", 2, "Twee vragen: 1) waarom betalen we voor 14 mensen? 2) hoe haal ik er drie licenties af?"),
    ("nl", 3, "Hoe zeg ik op? Waarom kreeg ik een aanmaning? En waar zie ik de licenties?"),
    ("nl", 2, "Kan ik later betalen? Verder vraag ik me af waarom we voor inactieve gebruikers betalen."),
    ("fi", 2, "Miten irtisanon palvelun ja mitä papereita palautukseen tarvitaan?"),
    (
        "fi",
        2,
        "Moi, pari juttua.\n1) Miksi rivillä on 30 kpl?\n2) Saisiko laskulle lisää maksuaikaa?\nt. Riikka",
    ),
    ("fi", 2, "Mistä lisenssejä lisätään? Entä laskutetaanko lisäykset heti?"),
)
COURTESY = (
    ("nl", "Hoi!"),
    ("nl", "Alvast bedankt"),
    ("nl", "Goedemorgen"),
    ("fi", "Moi!"),
    ("fi", "Kiitos paljon"),
)
LETTER_NL = """Geachte heer/mevrouw,

Wij hebben factuur 2026-0142 twee keer betaald. Wordt dat verrekend?

Daarnaast willen wij het abonnement per 1 januari opzeggen. Waar kan ik dat melden?

Met vriendelijke groet,
Karin de Vries
Hoofd administratie
De Wit Advies"""
LETTER_FI = """Hyvä vastaanottaja,

olemme siirtymässä kevyempään palvelupakettiin ja tiedustelemme, miten vaihto tehdään.
Lisäksi pyydämme tietoa siitä, kuinka poistamme kolme vapaata lisenssiä.

Ystävällisin terveisin
Outi Sarkola
Hallintopäällikkö"""


def topic(text: str) -> tuple[str, float]:
    """A stand-in for the intent model: one telling word per topic."""
    telling = {
        "opzeg": "cancel_service", "dubbel": "paid_twice", "verrekend": "paid_twice",
        "pakket": "change_package", "irtisan": "cancel_service", "kahteen": "paid_twice",
    }  # fmt: skip
    found = {name for word, name in telling.items() if word in text.lower()}
    return (found.pop(), 0.9) if len(found) == 1 else ("out_of_scope", 0.3)


@pytest.mark.parametrize(("language", "text"), ONE)
def test_one_question(language: str, text: str) -> None:
    assert len(questions(text, language)) == 1


@pytest.mark.parametrize(("language", "count", "text"), SEVERAL)
def test_several_questions(language: str, count: int, text: str) -> None:
    assert len(questions(text, language)) == count


@pytest.mark.parametrize(("language", "text"), COURTESY)
def test_courtesy_alone_is_one_question_so_that_it_is_answered(language: str, text: str) -> None:
    assert questions(text, language) == [QuestionSpan(text, 0, len(text))]
    assert {segment.role for segment in split(text, language)} == {"courtesy"}


def test_context_stays_with_its_question() -> None:
    text = "Hallo, we hebben in maart 2 mensen verloren. Nu zie ik 20 gebruikers. Hoe kan dat? Bedankt"
    assert questions(text, "nl")[0].text.endswith("Nu zie ik 20 gebruikers. Hoe kan dat?")


def test_a_dutch_letter() -> None:
    first, second = questions(LETTER_NL, "nl", lambda text: topic(text.replace("twee keer", "dubbel")))
    assert first.text == "Wij hebben factuur 2026-0142 twee keer betaald. Wordt dat verrekend?"
    assert second.text.startswith("Daarnaast willen wij")
    assert second.text.endswith("melden?")


def test_a_finnish_letter() -> None:
    first, second = questions(LETTER_FI, "fi")
    assert first.text.endswith("miten vaihto tehdään.")
    assert second.text == "Lisäksi pyydämme tietoa siitä, kuinka poistamme kolme vapaata lisenssiä."


def test_a_signature_is_courtesy() -> None:
    roles = [segment.role for segment in split(LETTER_NL, "nl")]
    assert roles[0] == "courtesy"
    assert set(roles[-3:]) == {"courtesy"}


def test_neighbours_about_one_topic_become_one() -> None:
    text = "Hoe kan ik opzeggen? En welke datum geldt bij opzeggen?"
    assert len(questions(text, "nl")) == 2
    assert len(questions(text, "nl", topic)) == 1


def test_a_problem_told_and_another_question_are_two() -> None:
    text = "Ik heb dubbel betaald. Verder wil ik een ander pakket."
    assert [question.text for question in questions(text, "nl", topic)] == [
        "Ik heb dubbel betaald.",
        "Verder wil ik een ander pakket.",
    ]


def test_what_points_back_goes_with_what_stands_before() -> None:
    text = "Maksoin laskun kahteen kertaan. Miten se hoidetaan? Haluan myös irtisanoa."
    assert [question.text for question in questions(text, "fi", topic)] == [
        "Maksoin laskun kahteen kertaan. Miten se hoidetaan?",
        "Haluan myös irtisanoa.",
    ]


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\n", "?", "...", "🙂", ")(", "1) 2) 3)", "- - -", "en en en", "ja, ja, ja?"]
)
@pytest.mark.parametrize("language", ["nl", "fi", "other"])
def test_odd_texts(text: str, language: str) -> None:
    found = questions(text, language)
    assert len(found) == (1 if text.strip() else 0)


@given(st.text(alphabet=st.sampled_from(list("en ja hoe miten ,.?!\n()12-:ä")), max_size=200))
def test_offsets_are_exact_and_in_order(text: str) -> None:
    for language in ("nl", "fi"):
        pieces = [*split(text, language)]
        assert all(text[one.start : one.end] == one.text for one in pieces)
        assert all(one.end <= two.start for one, two in pairwise(pieces))
        found = questions(text, language, topic)
        assert all(text[one.start : one.end] == one.text for one in found)
        assert all(one.end <= two.start for one, two in pairwise(found))


def test_time_grows_with_the_length_alone() -> None:
    def seconds(times: int) -> float:
        text = "Ik heb een vraag, en hoe zeg ik op? Verder, wat kost dat nou " * times
        began = time.process_time()
        questions(text, "nl")
        return time.process_time() - began

    seconds(10)
    assert seconds(2000) < 40 * max(seconds(200), 0.005)


@pytest.mark.parametrize(
    "text",
    ["a" * 20_000, "," * 20_000, ". " * 10_000, "\n" * 20_000, "1) " * 7_000, "en " * 7_000],
    ids=["letters", "commas", "stops", "lines", "bullets", "words"],
)
def test_no_text_is_slow(text: str) -> None:
    began = time.process_time()
    questions(text, "nl")
    assert time.process_time() - began < 4.0


def test_what_tells_of_a_topic_is_no_greeting_however_it_begins() -> None:
    """Two unknown words after a greeting may be a name; not where the model knows them better."""

    def classify(text: str) -> tuple[str, float]:
        return ("payment_reminder", 0.99) if "perintäkirjeen" in text else ("out_of_scope", 0.6)

    text = "Hyvää päivää, saimme perintäkirjeen. Mitä teemme?"
    assert [each.text for each in questions(text, "fi", classify)] == [text]


def test_a_blank_line_parts_what_would_be_one_otherwise() -> None:
    def classify(text: str) -> tuple[str, float]:
        if "aanmaning" in text and "aantal" in text:
            return "payment_reminder", 0.9
        return ("payment_reminder", 0.85) if "aanmaning" in text else ("invoice_quantity", 0.85)

    first, second = "Het aantal klopt niet.", "Wij kregen een aanmaning van u."
    assert len(questions(f"{first} {second}", "nl", classify)) == 1
    assert [each.text for each in questions(f"{first}\n\n{second}", "nl", classify)] == [first, second]


def test_a_story_that_clouds_a_clear_question_is_left_out() -> None:
    def classify(text: str) -> tuple[str, float]:
        clear = text.startswith("Welke papieren")
        return "refund_requirements" if clear else "cancel_service", 0.9 if clear else 0.4

    story, asked = "Wij zijn gestopt en de bank deed raar.", "Welke papieren vraagt u voor het geld?"
    assert [each.text for each in questions(f"{story} {asked}", "nl", classify)] == [asked]


def test_a_list_item_keeps_to_itself_even_where_it_is_unclear() -> None:
    def classify(text: str) -> tuple[str, float]:
        return ("refund_requirements", 0.99) if "liitteet" in text else ("out_of_scope", 0.4)

    text = "1) lasku lähti kahdesti, mitä rahalle tapahtuu?\n2) mitkä liitteet tarvitsette?"
    assert len(questions(text, "fi", classify)) == 2


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "De kwestie met de hoeveelheid is mij nu duidelijk, bedankt. Hoe kies ik een ander pakket?"),
        ("nl", "Het opzeggen is van de baan. Hoe kies ik een ander pakket?"),
        ("fi", "Ok, nyt ymmärrän mistä määrä tulee. Miten vaihdan pakettia?"),
        ("fi", "Perintäasia hoitui Amilin kanssa. Miten vaihdan pakettia?"),
    ],
)
def test_what_is_settled_is_not_asked(language: str, text: str) -> None:
    assert [each.text for each in questions(text, language)] == [text[text.index(". ") + 2 :]]


def test_telegram_style_lists_matters() -> None:
    def classify(text: str) -> tuple[str, float]:
        both = "uitstel" in text and "stopzetten" in text
        return "payment_extension" if "uitstel" in text else "cancel_service", 0.98 if not both else 0.9

    text = "uitstel betaling mogelijk, abonnement stopzetten hoe"
    assert [each.text for each in questions(text, "nl", classify)] == text.split(", ")
    assert len(questions(text.replace(", ", ", als wij het "), "nl", classify)) == 1
