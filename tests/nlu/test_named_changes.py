"""Which changes of licences a message names: several told apart, what was done no plan, a number to get to."""

from __future__ import annotations

from time import process_time

import pytest

from saldo.billing.explanation import InvoiceQuery, NamedChange
from saldo.nlu.entity_extraction import find_entities
from saldo.nlu.named_changes import with_changes
from saldo.nlu.query import read_query


def read(text: str, language: str) -> InvoiceQuery:
    return read_query(text, find_entities(text, language), language)


def added(licences: int | None = None, date: str | None = None) -> NamedChange:
    return NamedChange("add", licences, date)


def removed(licences: int | None = None, date: str | None = None) -> NamedChange:
    return NamedChange("remove", licences, date)


@pytest.mark.parametrize(
    ("language", "text", "change"),
    [
        ("nl", "Vorige week zijn er twee licenties uit gegaan, is dat al verwerkt?", removed(2)),
        ("nl", "Mijn collega heeft laatst drie plekken geschrapt. Staat dat er al in?", removed(3)),
        ("nl", "We haalden er in oktober 4 weg, zien jullie dat?", removed(4, "--10")),
        ("nl", "Kunt u nagaan of er onlangs licenties verwijderd zijn?", removed()),
        ("nl", "5 licenties geschrapt op 10 oktober, al geregistreerd?", removed(5, "--10-10")),
        ("nl", "Zijn de verwijderde licenties al verwerkt?", removed()),
        ("nl", "Is de verwijdering van 2 licenties in orde?", removed(2)),
        ("nl", "We gingen van 14 naar 12 licenties, is dat doorgevoerd?", removed(2)),
        ("nl", "Zijn er vorige maand licenties toegevoegd?", added()),
        ("nl", "Wij namen er begin november 2 licenties bij. Is dat gelukt?", added(2, "--11")),
        ("nl", "Gisteren heb ik er eentje uitgegooid, is dat goed gegaan?", removed(1)),
        ("nl", "Er is een verwijdering van 2 licenties doorgegeven, staat die in het systeem?", removed(2)),
        ("nl", "Er zijn 3 collega's bijgekomen, staan die er al in?", added(3)),
        ("fi", "Viime viikolla poistettiin kaksi lisenssiä, onko se kirjattu?", removed(2)),
        ("fi", "Kollegani poisti äskettäin kolme lisenssiä. Menikö se läpi?", removed(3)),
        ("fi", "Olemme luopuneet neljästä lisenssistä lokakuussa, onko se tiedoissanne?", removed(4, "--10")),
        ("fi", "Poistettiinko meiltä viime aikoina lisenssejä?", removed()),
        ("fi", "Ovatko poistetut lisenssit jo tiedoissanne?", removed()),
        ("fi", "Onko kahden lisenssin poisto rekisteröity?", removed(2)),
        ("fi", "Vähensimme 14:stä 12:een, menikö läpi?", removed(2)),
        ("fi", "Ostettiin viisi lisenssiä lisää, ovatko ne tiedoissa?", added(5)),
        ("fi", "Lisättiin maanantaina viis tunnusta, näkyykö ne jo?", added(5)),
        ("fi", "Poistin yhen lisenssin, tuliko perille?", removed(1)),
        ("fi", "Lisäsin toissapäivänä yhden lisenssin. Onnistuiko se?", added(1)),
    ],
)
def test_what_was_done_is_asked_of_the_records(language: str, text: str, change: NamedChange) -> None:
    query = read(text, language)
    assert (query.made, query.recorded, query.named_changes) == (True, True, (change,))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Wat als ik er 2 verwijder?"),
        ("nl", "Kunnen er 2 licenties verwijderd worden?"),
        ("nl", "Als ik er 2 heb verwijderd, wanneer telt dat dan?"),
        ("nl", "Vorige week 2 verwijderd; wat als ik er nog 3 verwijder?"),
        ("nl", "We willen dat er 2 licenties verwijderd worden."),
        ("fi", "Entä jos poistan kaksi?"),
        ("fi", "Poistetaan kaksi lisenssiä, mitä tapahtuu?"),
        ("fi", "Jos poistaisimme kaksi, näkyisikö se jo?"),
        ("fi", "Haluamme saada kaksi lisenssiä poistettua."),
        ("fi", "Viisi lisenssiä vähemmän, entä sitten?"),
    ],
)
def test_a_plan_is_not_taken_for_done(language: str, text: str) -> None:
    query = read(text, language)
    assert not query.made and query.change == "remove" and query.licences


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Ik heb gisteren 6 licenties uit het abonnement gehaald. Op welke factuur zie ik dat?"),
        ("nl", "We hebben vorige week drie licenties verwijderd, krijgen we daar nog iets van terug?"),
        ("nl", "De vermindering is nog niet doorgekomen. Er zijn er 3 verwijderd. Wanneer gaat dat in?"),
        ("nl", "We hebben 2 licenties verwijderd. Is de nieuwe factuur al verwerkt?"),
        ("fi", "Poistimme kuusi lisenssiä. Milloin muutos näkyy laskutuksessa?"),
        ("fi", "Poistimme kaksi lisenssiä. Onko lasku jo kirjattu?"),
        ("fi", "Luovuimme kahdesta lisenssistä, hyvitetäänkö loppukausi?"),
    ],
)
def test_what_else_is_asked_of_what_was_done_is_neither_a_plan_nor_a_yes_or_no(language: str, text: str) -> None:
    query = read(text, language)
    assert query.made and not query.recorded


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Wanneer wordt een verwijdering van licenties verwerkt?"),
        ("nl", "Hoe controleer ik of mijn verwijdering is opgeslagen?"),
        ("nl", "Waarom betaal ik voor meer licenties dan er gebruikers zijn?"),
        ("nl", "Is mijn betaling verwerkt?"),
        ("fi", "Milloin poisto näkyy laskulla?"),
        ("fi", "Näkyykö kesken kauden lisäys omana rivinään?"),
        ("fi", "Tuliko maksu perille?"),
        ("fi", "Lasku maksettiin kahteen kertaan."),
    ],
)
def test_what_tells_of_no_change_made_asks_for_none(language: str, text: str) -> None:
    query = read(text, language)
    assert not query.made and not query.recorded and not query.changes and query.target is None


@pytest.mark.parametrize(
    ("language", "text", "changes"),
    [
        ("nl", "Er komen 3 mensen bij en 2 gaan weg.", (added(3), removed(2))),
        ("nl", "2 eraf per 1 maart en 3 erbij in april", (removed(2, "--03-01"), added(3, "--04"))),
        ("nl", "Per 1 maart gaan er 2 licenties af en komen er 3 bij", (removed(2, "--03-01"), added(3, "--03-01"))),
        ("nl", "4 eraf en 1 licentie erbij per 1 mei", (removed(4, "--05-01"), added(1, "--05-01"))),
        ("nl", "2 eraf en in april 3 erbij", (removed(2), added(3, "--04"))),
        ("nl", "We nemen er in maart 2 bij en in april nog 3", (added(2, "--03"), added(3, "--04"))),
        ("nl", "Twee collega's vertrekken, er starten er vijf en per 1 juli komen er 2 bij",
         (removed(2), added(5), added(2, "--07-01"))),
        ("fi", "Meille tulee kolme uutta ja kaksi lähtee.", (added(3), removed(2))),
        ("fi", "2 pois 1.3. ja 3 lisenssiä lisää huhtikuussa", (removed(2, "--03-01"), added(3, "--04"))),
        ("fi", "Jos lisäisimme kolme ja poistaisimme kaksi?", (added(3), removed(2))),
        ("fi", "Lisäämme tammikuussa 2 lisenssiä ja huhtikuussa vielä 3", (added(2, "--01"), added(3, "--04"))),
        ("fi", "Poistamme viisi lisenssiä 1.7. ja ostamme elokuussa kaksi", (removed(5, "--07-01"), added(2, "--08"))),
    ],
)  # fmt: skip
def test_several_changes_are_told_apart(language: str, text: str, changes: tuple[NamedChange, ...]) -> None:
    query = read(text, language)
    assert (query.made, query.change, query.licences, query.changes) == (False, None, None, changes)


@pytest.mark.parametrize(
    ("language", "text", "change"),
    [
        ("nl", "Er komen acht mensen bij. Hoe worden die acht extra licenties berekend?", added(8)),
        ("nl", "We hebben nu 10 licenties en willen er 3 bij.", added(3)),
        ("nl", "Stel dat ik een licentie na drie weken weghaal, of twee licenties verwijder?", removed(2)),
        ("fi", "Meillä on 40 lisenssiä ja pudotamme kolme.", removed(3)),
        ("fi", "Lisäämme kolme lisenssiä, milloin ne kolme lisättyä lisenssiä laskutetaan?", added(3)),
    ],
)
def test_said_twice_or_beside_another_number_it_is_one_change(language: str, text: str, change: NamedChange) -> None:
    query = read(text, language)
    assert not query.changes and query.named_changes == (change,)


@pytest.mark.parametrize(
    ("language", "text", "target"),
    [
        ("nl", "terug naar 8", 8),
        ("nl", "Kunnen we terug naar acht licenties?", 8),
        ("nl", "Wat als we van 10 naar 12 gaan?", 12),
        ("nl", "Van twaalf naar negen plaatsen, wat betekent dat?", 9),
        ("nl", "We willen uitbreiden naar 15 licenties", 15),
        ("nl", "Ik wil verlagen van 20 licenties naar 18", 18),
        ("nl", "Ik wil per 1 februari naar 6 licenties", 6),
        ("nl", "We hebben vanaf mei nog maar 4 licenties nodig", 4),
        ("nl", "Gaan we naar 8 februari?", None),
        ("nl", "kan de betaaltermijn van 14 naar 30 dagen?", None),
        ("nl", "kan ik twee projecten van dezelfde klant op één factuur zetten?", None),
        ("nl", "Wij gaan naar de klant", None),
        ("fi", "Vähennetään kahdeksaan.", 8),
        ("fi", "Entä jos mennään kymmenestä kahteentoista?", 12),
        ("fi", "10:stä 12:een", 12),
        ("fi", "Pudotamme lisenssit 12 lisenssiin", 12),
        ("fi", "kahteenkymmeneenviiteen lisenssiin", 25),
        ("fi", "Takaisin kuuteen käyttäjään?", 6),
        ("fi", "Haluamme 1.2. alkaen vain 6 lisenssiä", 6),
        ("fi", "Kahteen edelliseen viestiin on vastattu.", None),
        ("fi", "Raportti pitää saada kahteen mennessä.", None),
    ],
)
def test_a_number_to_get_to(language: str, text: str, target: int | None) -> None:
    assert read(text, language).target == target


def test_other_languages_and_letters_that_grow_are_read_without_harm() -> None:
    assert read("two out, three in", "en") == InvoiceQuery()
    assert read("İİİ 2 licenties eraf per 1 maart", "nl").licences == 2


@pytest.mark.parametrize("text", ["van " * 20_000, "on " * 20_000 + "?", "wil " * 20_000 + "af"])
@pytest.mark.parametrize("language", ["nl", "fi"])
def test_a_long_message_is_read_in_no_time(language: str, text: str) -> None:
    """Of the processor's time; without an end to a piece it takes half a minute."""
    query, begun = InvoiceQuery(), process_time()
    with_changes(query, text, [], language)
    assert process_time() - begun < 2
