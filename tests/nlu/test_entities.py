"""Entities: literal examples in both languages, and what must not be taken for one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.evaluation import read_labelled
from saldo.nlu.entity_extraction import _ruler as pipe_of
from saldo.nlu.entity_extraction import find_entities
from saldo.nlu.entity_patterns import telling
from saldo.nlu.numbers import cents, whole_number
from saldo.rasa_runtime.components.preprocessing import EntitiesComponent, LanguageComponent
from tests.nlu.checks import CHECKS, Case
from tests.support import CHECKOUT

NL = {
    "10 licenties": ("licences", 10),
    "tien licenties": ("licences", 10),
    "vijfentwintig licenties": ("licences", 25),
    "tweeëntwintig seats": ("licences", 22),
    "5 lic.": ("licences", 5),
    "12 vrije licenties": ("licences", 12),
    "één licentie": ("licences", 1),
    "60 stuks": ("count", 60),
    "30 st.": ("count", 30),
    "48 eenheden": ("count", 48),
    "12 actieve gebruikers": ("users", 12),
    "drie collega's": ("users", 3),
    "6 maanden": ("months", 6),
    "zes maanden": ("months", 6),
    "half jaar": ("months", 6),
    "halfjaarlijks": ("months", 6),
    "anderhalf jaar": ("months", 18),
    "kwartaal": ("months", 3),
    "twee kwartalen": ("months", 6),
    "per jaar": ("months", 12),
    "per maand": ("months", 1),
    "jaarbasis": ("months", 12),
    "heel jaar": ("months", 12),
    "kwartaalfactuur": ("months", 3),
    "2 jaar": ("months", 24),
    "3 mnd": ("months", 3),
    "1.250,00 €": ("amount", 125000),
    "1 250,00 €": ("amount", 125000),
    "1250 euro": ("amount", 125000),
    "€ 12,50": ("amount", 1250),
    "€90,-": ("amount", 9000),
    "EUR 1.250,00": ("amount", 125000),
    "1,2k euro": ("amount", 120000),
    "€ 1.240": ("amount", 124000),
    "2026-0142": ("invoice_number", "2026-0142"),
    "2026-07-01": ("date", "2026-07-01"),
    "1.7.2026": ("date", "2026-07-01"),
    "1-7-2026": ("date", "2026-07-01"),
    "1/7/2026": ("date", "2026-07-01"),
    "31-12-26": ("date", "2026-12-31"),
    "1 juli": ("date", "--07-01"),
    "1 juli 2026": ("date", "2026-07-01"),
    "15 sept 2026": ("date", "2026-09-15"),
    "5e november": ("date", "--11-05"),
    "1ste december 2026": ("date", "2026-12-01"),
    "2 van mei": ("date", "--05-02"),
    "eerste december": ("date", "--12-01"),
    "maart": ("date", "--03"),
    "maart 2026": ("date", "2026-03"),
    "jan.de.vries@firma-naam.nl": ("email", "jan.de.vries@firma-naam.nl"),
    "NL91 ABNA 0417 1643 00": ("iban", "NL91 ABNA 0417 1643 00"),
    "NL91ABNA0417164300": ("iban", "NL91ABNA0417164300"),
    "BE68 5390 0754 7034": ("iban", "BE68 5390 0754 7034"),
    "06 12345678": ("phone", "06 12345678"),
    "030-1234567": ("phone", "030-1234567"),
    "+31 6 12345678": ("phone", "+31 6 12345678"),
}
FI = {
    "10 lisenssiä": ("licences", 10),
    "tien lisenssiä": None,
    "kymmenen lisenssiä": ("licences", 10),
    "10:stä lisenssistä": ("licences", 10),
    "kahdestatoista lisenssistä": ("licences", 12),
    "kahdesta lisenssistä": ("licences", 2),
    "kolmella lisenssillä": ("licences", 3),
    "kaksikymmentäviisi lisenssiä": ("licences", 25),
    "kakskyt lisenssiä": ("licences", 20),
    "4 vapaata lisenssiä": ("licences", 4),
    "kuusi lissua": ("licences", 6),
    "kympistä": ("count", 10),
    "25:stä": ("count", 25),
    "60 kpl": ("count", 60),
    "60kpl": ("count", 60),
    "60 kappaletta": ("count", 60),
    "yhdeksän aktiivista käyttäjää": ("users", 9),
    "30:lla käyttäjällä": ("users", 30),
    "6 kk": ("months", 6),
    "6kk": ("months", 6),
    "12 kuukauden": ("months", 12),
    "kuudelta kuukaudelta": ("months", 6),
    "kolmen kuukauden": ("months", 3),
    "puoli vuotta": ("months", 6),
    "puolen vuoden": ("months", 6),
    "puolelta vuodelta": ("months", 6),
    "vuosineljännes": ("months", 3),
    "vuosineljännekseltä": ("months", 3),
    "kvartaali": ("months", 3),
    "kahdelta vuodelta": ("months", 24),
    "vuosittain": ("months", 12),
    "kuukausittain": ("months", 1),
    "vuositasolla": ("months", 12),
    "koko vuodelta": ("months", 12),
    "entä vuodelta": ("months", 12),
    "40e": ("amount", 4000),
    "40 e": ("amount", 4000),
    "12,50 euroa": ("amount", 1250),
    "310 eurosta": ("amount", 31000),
    "2 500 euroa": ("amount", 250000),
    "1 250,00 €": ("amount", 125000),
    "1. heinäkuuta": ("date", "--07-01"),
    "1. heinäkuuta 2026": ("date", "2026-07-01"),
    "1.7.2026": ("date", "2026-07-01"),
    "30.9.": ("date", "--09-30"),
    "5. päivä marraskuuta": ("date", "--11-05"),
    "marraskuun 5. päivänä": ("date", "--11-05"),
    "marraskuun 5. päivä 2026": ("date", "2026-11-05"),
    "joulukuun ensimmäisenä": ("date", "--12-01"),
    "maaliskuun": ("date", "--03"),
    "maaliskuussa 2026": ("date", "2026-03"),
    "FI21 1234 5600 0007 85": ("iban", "FI21 1234 5600 0007 85"),
    "040 1234567": ("phone", "040 1234567"),
    "+358 44 555 1212": ("phone", "+358 44 555 1212"),
}
CASES = [(text, "nl", want) for text, want in NL.items()] + [(text, "fi", want) for text, want in FI.items()]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_component(check: Callable[[Case], None], tmp_path: Path) -> None:
    check(Case(EntitiesComponent, tmp_path, before=(LanguageComponent,)))


@pytest.mark.parametrize(("text", "language", "want"), CASES)
def test_alone_and_in_a_sentence(text: str, language: str, want: tuple[str, int | str] | None) -> None:
    for whole in (text, f"Zie {text} hier" if language == "nl" else f"Katso {text} tästä", f"({text})"):
        found = [(one.entity, one.value) for one in find_entities(whole, language)]
        assert found == ([want] if want else []), whole


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("factuur 55871 klopt niet", "nl", "55871"),
        ("fact.nr. 55871", "nl", "55871"),
        ("Factuurnummer: 30418", "nl", "30418"),
        ("nota nr 881", "nl", "881"),
        ("factuur F-20311", "nl", "F-20311"),
        ("laskun 2026-0142 määrä", "fi", "2026-0142"),
        ("lasku nro 77120", "fi", "77120"),
        ("laskunumero 77120", "fi", "77120"),
        ("Lasku 20771: rivillä", "fi", "20771"),
    ],
)
def test_invoice_numbers_without_the_word_before_them(text: str, language: str, number: str) -> None:
    found = [one for one in find_entities(text, language) if one.entity == "invoice_number"]
    assert [(one.text, one.value) for one in found] == [(number, number)]
    assert text[found[0].start : found[0].end] == number


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("de factuur van 2026", "nl"),
        ("factuur 2026 klopt niet", "nl"),
        ("om 14:30 uur", "nl"),
        ("om 10 uur", "nl"),
        ("14.30 uur", "nl"),
        ("binnen 14 dagen en 2 weken", "nl"),
        ("60 of 10", "nl"),
        ("regel 1", "nl"),
        ("een licentie", "nl"),
        ("dit jaar of vorig jaar", "nl"),
        ("op 31-02-2026", "nl"),
        ("ik mag dit wel zeggen", "nl"),
        ("vuonna 2026", "fi"),
        ("klo 14", "fi"),
        ("klo 14.30", "fi"),
        ("kaksi viikkoa", "fi"),
        ("14 päivää", "fi"),
        ("tänä vuonna", "fi"),
        ("viite 12345 6789", "fi"),
        ("koko lasku", "fi"),
        ("kuusi metsässä", "fi"),
    ],
)
def test_near_misses(text: str, language: str) -> None:
    assert find_entities(text, language) == []


@pytest.mark.parametrize("text", ["bel 06 12345678 over licenties", "soita 040 1234567 lisensseistä"])
def test_a_phone_number_is_not_a_number_of_licences(text: str) -> None:
    assert {one.entity for one in find_entities(text, "fi" if "soita" in text else "nl")} == {"phone"}


def test_a_whole_sentence() -> None:
    text = "Op factuur 2026-0142 van 1 juli staan 60 stuks: 10 licenties × 6 maanden, samen € 1.250,00."
    assert [(one.entity, one.value) for one in find_entities(text, "nl")] == [
        ("invoice_number", "2026-0142"),
        ("date", "--07-01"),
        ("count", 60),
        ("licences", 10),
        ("months", 6),
        ("amount", 125000),
    ]


def test_written_numbers_from_zero_to_a_hundred() -> None:
    ones = [
        "nul",
        "één",
        "twee",
        "drie",
        "vier",
        "vijf",
        "zes",
        "zeven",
        "acht",
        "negen",
        "tien",
        "elf",
        "twaalf",
    ]
    assert [whole_number(word, "nl") for word in ones] == list(range(13))
    tens = ["eenentwintig", "drieëndertig", "negenennegentig", "honderd"]
    assert [whole_number(word, "nl") for word in tens] == [
        21, 33, 99, 100,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "nolla yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen yksitoista kaksitoista",
        "nollan yhden kahden kolmen neljän viiden kuuden seitsemän kahdeksan yhdeksän"
        " kymmenen yhdentoista kahdentoista",
        "nollaa yhtä kahta kolmea neljää viittä kuutta seitsemää kahdeksaa yhdeksää kymmentä yhtätoista kahtatoista",
        "nollasta yhdestä kahdesta kolmesta neljästä viidestä kuudesta seitsemästä"
        " kahdeksasta yhdeksästä kymmenestä"
        " yhdestätoista kahdestatoista",
        "nollalta yhdeltä kahdelta kolmelta neljältä viideltä kuudelta seitsemältä"
        " kahdeksalta yhdeksältä kymmeneltä"
        " yhdeltätoista kahdeltatoista",
        "nollalla yhdellä kahdella kolmella neljällä viidellä kuudella seitsemällä"
        " kahdeksalla yhdeksällä kymmenellä"
        " yhdellätoista kahdellatoista",
        "nollalle yhdelle kahdelle kolmelle neljälle viidelle kuudelle seitsemälle"
        " kahdeksalle yhdeksälle kymmenelle"
        " yhdelletoista kahdelletoista",
        "nollaan yhteen kahteen kolmeen neljään viiteen kuuteen seitsemään kahdeksaan"
        " yhdeksään kymmeneen"
        " yhteentoista kahteentoista",
        "nollaksi yhdeksi kahdeksi kolmeksi neljäksi viideksi kuudeksi seitsemäksi"
        " kahdeksaksi yhdeksäksi kymmeneksi"
        " yhdeksitoista kahdeksitoista",
    ],
)
def test_finnish_cases_up_to_twelve(words: str) -> None:
    assert [whole_number(word, "fi") for word in words.split()] == list(range(13))


@pytest.mark.parametrize(("word", "value"), [
    ("kaksikymmentä", 20), ("kahdestakymmenestä", 20), ("kahdestakymmenestäviidestä", 25),
    ("yhdeksänkymmentäyhdeksän", 99), ("sata", 100), ("viiskyt", 50), ("kuustoista", 16),
])  # fmt: skip
def test_larger_finnish_numbers(word: str, value: int) -> None:
    assert whole_number(word, "fi") == value


@given(st.integers(min_value=0, max_value=10**8))
def test_amounts_read_back_as_they_are_written(amount: int) -> None:
    euros = f"{amount // 100:,}".replace(",", ".")
    assert cents(f"{euros},{amount % 100:02d}") == amount
    assert cents(f"{euros.replace('.', ' ')},{amount % 100:02d}") == amount


@given(st.text(max_size=60))
def test_any_text_is_read_and_offsets_are_exact(text: str) -> None:
    for language in ("nl", "fi"):
        for one in find_entities(text, language):
            assert text[one.start : one.end] == one.text


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_no_question_is_passed_over_that_names_something(language: str) -> None:
    """Most questions hold no word that an entity could do with, and are not looked into word by word."""
    asked = [one.text for one in read_labelled([CHECKOUT / "tests/questions" / language])]
    passed = [text for text in asked if not telling(language).search(text)]
    assert len(passed) > len(asked) / 2
    assert [text for text in passed if pipe_of(language)(text).ents] == []
