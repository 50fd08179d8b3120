"""Plans and what was done, asked in the customers' own words: the first sentence, from the records, in both languages.

Asked as `saldo ask --jsonl` asks, with the trained model, on one day.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.support import Ran

TODAY = "2026-11-26"
Case = tuple[str, str, str]
"""Customer, question, and how the answer begins."""

DUTCH: list[Case] = [
    ("NL-1005", "Vorige week zijn er twee licenties uit gegaan, is dat al verwerkt?",
     "Ja, de verwijdering van 2 licenties op 10 oktober 2026 staat in onze gegevens: vanaf 1 februari "
     "2027 telt uw abonnement 12 licenties."),
    ("NL-1005", "Er zijn er vorige week 2 verwijderd, is dat doorgekomen?",
     "Ja, de verwijdering van 2 licenties"),
    ("NL-1005", "Er zijn er vorige week 2 verwijderd, staat dat er al in?",
     "Ja, de verwijdering van 2 licenties"),
    ("NL-1005", "Mijn collega heeft laatst twee licenties geschrapt. Is dat goed doorgekomen?",
     "Ja, de verwijdering van 2 licenties"),
    ("NL-1005", "We haalden er in oktober 2 weg, zien jullie dat?",
     "Ja, de verwijdering van 2 licenties"),
    ("NL-1005", "Zijn de verwijderde licenties al verwerkt?",
     "Ja, de verwijdering van 2 licenties"),
    ("NL-1005", "Is de verwijdering van 2 licenties van 10 oktober geregistreerd?",
     "Ja, de verwijdering van 2 licenties"),
    ("NL-1005", "Ik heb op 10 oktober twee licenties verwijderd, klopt dat bij jullie?",
     "Ja, de verwijdering van 2 licenties"),
    ("NL-1005", "Kunt u nagaan of er onlangs licenties verwijderd zijn?",
     "Ja, de verwijdering van 2 licenties"),
    ("NL-1005", "licenties verwijderd, al verwerkt?",
     "Ja, de verwijdering van 2 licenties"),
    ("NL-1005", "We hebben er vorige maand drie verwijderd, is dat verwerkt?",
     "Nee, sinds 1 februari 2026 staat er geen verwijdering van 3 licenties in onze gegevens."),
    ("NL-1005", "Op 3 november heb ik 2 licenties verwijderd, staat dat erin?",
     "Nee, zo'n wijziging staat bij die datum niet in onze gegevens."),
    ("NL-1001", "Er zijn vorige week 2 licenties verwijderd, is dat doorgekomen?",
     "Nee, sinds 1 maart 2026 staat er geen verwijdering van 2 licenties in onze gegevens."),
    ("NL-1001", "Zijn er vorige maand licenties verwijderd?",
     "Nee, sinds 1 maart 2026 staat er geen verwijdering van licenties in onze gegevens."),
    ("NL-1001", "We hebben er vier bij besteld, is dat aangekomen?",
     "Nee, sinds 1 maart 2026 staat er geen toevoeging van 4 licenties in onze gegevens."),
    ("NL-1004", "Ik heb vorige maand 3 licenties toegevoegd, is dat al doorgekomen?",
     "Ja, de toevoeging van 3 licenties telt sinds 16 oktober 2026: uw abonnement telt nu 15 licenties."),
    ("NL-1004", "Er zijn drie licenties bijgekocht, staan die er al in?",
     "Ja, de toevoeging van 3 licenties telt sinds 16 oktober 2026"),
    ("NL-1004", "Zijn de drie extra licenties al geregistreerd?",
     "Ja, de toevoeging van 3 licenties telt sinds 16 oktober 2026"),
    ("NL-1003", "Wij namen er begin november 2 licenties bij. Is dat gelukt?",
     "Ja, de toevoeging van 2 licenties telt sinds 1 november 2026: uw abonnement telt nu 8 licenties."),
    ("NL-1003", "Is onze uitbreiding met 2 licenties verwerkt?",
     "Ja, de toevoeging van 2 licenties telt sinds 1 november 2026"),
    ("NL-1001", "Er komen 3 mensen bij en 2 gaan weg, wat betekent dat voor onze licenties?",
     "Met 3 licenties erbij vanaf 26 november 2026 telt uw abonnement 13 licenties; de toevoeging wordt "
     "gefactureerd tot en met 28 februari 2027. Verwijdert u 2 licenties, uiterlijk op 28 februari 2027, "
     "dan telt uw abonnement 11 licenties vanaf 1 maart 2027."),
    ("NL-1001", "2 licenties eraf per 1 maart en 3 erbij in april",
     "Verwijdert u 2 licenties, uiterlijk op 28 februari 2027, dan telt uw abonnement 8 licenties vanaf 1 "
     "maart 2027. Met 3 licenties erbij vanaf 1 april 2027 telt uw abonnement 11 licenties"),
    ("NL-1001", "Stel dat we in januari 4 licenties toevoegen en er 1 maart 3 verwijderen?",
     "Met 4 licenties erbij vanaf 1 januari 2027 telt uw abonnement 14 licenties"),
    ("NL-1001", "Als twee collega's vertrekken en er vijf nieuwe collega's starten, hoeveel licenties hebben we dan?",
     "Met 5 licenties erbij vanaf 26 november 2026 telt uw abonnement 15 licenties"),
    ("NL-1001", "Per 1 maart gaan er 2 licenties af en komen er 3 bij, hoe werkt dat?",
     "Verwijdert u 2 licenties, uiterlijk op 28 februari 2027, dan telt uw abonnement 8 licenties vanaf 1 "
     "maart 2027. Met 3 licenties erbij vanaf 1 maart 2027 telt uw abonnement 11 licenties"),
    ("NL-1001", "We nemen er in januari 2 bij en in april nog 3, wat wordt het dan?",
     "Met 2 licenties erbij vanaf 1 januari 2027 telt uw abonnement 12 licenties"),
    ("NL-1001", "Wat als we teruggaan naar 8 licenties?",
     "Verwijdert u 2 licenties, uiterlijk op 28 februari 2027, dan telt uw abonnement 8 licenties vanaf 1 "
     "maart 2027."),
    ("NL-1001", "Wat gebeurt er als we terug gaan naar acht licenties?",
     "Verwijdert u 2 licenties, uiterlijk op 28 februari 2027"),
    ("NL-1001", "Wat als we van 10 naar 12 licenties gaan?",
     "Met 2 extra licenties telt uw abonnement 12 licenties."),
    ("NL-1001", "En als we van tien naar twaalf licenties zouden gaan per 1 maart?",
     "Met 2 extra licenties vanaf 1 maart 2027"),
    ("NL-1001", "Wij willen uitbreiden naar 15 licenties, hoe gaat dat?",
     "Met 5 extra licenties telt uw abonnement 15 licenties."),
    ("NL-1001", "Kunnen we zakken naar 9 licenties?",
     "Verwijdert u 1 licentie"),
    ("NL-1001", "Wat als we naar 10 licenties gaan?",
     "Uw abonnement telt al 10 licenties."),
    ("NL-1005", "Wat als we terug gaan naar 12 licenties?",
     "Vanaf 1 februari 2027 telt uw abonnement 12 licenties; de verwijdering van 2 licenties is al "
     "verwerkt."),
    ("NL-1005", "Wat als we teruggaan naar 10 licenties?",
     "Verwijdert u 2 licenties, uiterlijk op 31 januari 2027, dan telt uw abonnement 10 licenties vanaf 1 "
     "februari 2027."),
    ("NL-1002", "Wat als ik per 1 maart 2 licenties verwijder?",
     "Vanaf 1 maart 2027: verwijdert u 2 licenties uiterlijk op 28 februari 2027, dan telt uw abonnement "
     "er vanaf dan 3."),
    ("NL-1001", "Wat als ik per 1 maart 2 licenties toevoeg?",
     "Met 2 extra licenties vanaf 1 maart 2027, het begin van een factureringsperiode, telt uw abonnement "
     "12 licenties."),
    ("NL-1001", "Wat gebeurt er als we nu 10 licenties hebben en er 3 bij nemen?",
     "Met 3 extra licenties telt uw abonnement 13 licenties."),
    ("NL-1010", "Wat als we 2 licenties verwijderen en 3 toevoegen?",
     "Met 3 licenties erbij vanaf 26 november 2026 telt uw abonnement 11 licenties; de toevoeging wordt "
     "gefactureerd tot en met 30 november 2026. Uw abonnement is opgezegd, met 30 november 2026 als "
     "laatste dag"),
    ("NL-1005", "Hoeveel licenties hebben we?",
     "Uw abonnement telt 14 licenties: 11 actieve gebruikers en 3 vrije licenties."),
    ("NL-1005", "Hoeveel licenties kunnen we nog verwijderen?",
     "U kunt nu 1 licentie verwijderen"),
    ("NL-1001", "Ik heb vorige week 6 licenties verwijderd. Krijg ik daar geld voor terug?",
     "Nee, verwijderde licenties crediteren wij niet met terugwerkende kracht."),
    ("NL-1005", "Ik heb vorige maand 2 licenties uit het abonnement gehaald. Vanaf welke datum telt dat?",
     "Vanaf 1 februari 2027: vanaf die dag telt de laatste verwijdering, 2 licenties."),
    ("NL-1005", "Wanneer wordt een verwijdering van licenties verwerkt?",
     "Vanaf 1 februari 2027, als u de licenties uiterlijk op 31 januari 2027 verwijdert."),
    ("NL-1005", "Er zijn 2 licenties verwijderd en 3 toegevoegd, is dat allebei verwerkt?",
     "Ja, de verwijdering van 2 licenties"),
    ("NL-1005", "Er zijn twee licenties van ons verwijderd vorige maand. Is dat al bij jullie bekend?",
     "Ja, de verwijdering van 2 licenties"),
    ("NL-1002", "We hebben gisteren een gebruiker en een licentie verwijderd, is dat doorgevoerd?",
     "Nee, sinds"),
    ("NL-1004", "Wat als er in januari 2 licenties bijkomen en er in juni 4 af gaan?",
     "Met 2 licenties erbij vanaf 1 januari 2027 telt uw abonnement 17 licenties"),
    ("NL-1003", "Wat als we van 8 licenties naar 6 gaan?",
     "Verwijdert u 2 licenties, uiterlijk op 31 december 2026, dan telt uw abonnement 6 licenties vanaf 1 "
     "januari 2027."),
]  # fmt: skip

FINNISH: list[Case] = [
    ("FI-2005", "Poistettiin viime viikolla kaksi, näkyykö se jo?",
     "Kyllä, 10.10.2026 tehty 2 lisenssin poisto on tiedoissamme: 1.2.2027 alkaen tilauksessa on 12 "
     "lisenssiä."),
    ("FI-2005", "Viime viikolla poistettiin kaksi lisenssiä, onko se kirjattu?",
     "Kyllä, 10.10.2026 tehty 2 lisenssin poisto"),
    ("FI-2005", "Kollegani poisti äskettäin kaksi lisenssiä. Menikö se läpi?",
     "Kyllä, 10.10.2026 tehty 2 lisenssin poisto"),
    ("FI-2005", "Poistimme lokakuussa 2 lisenssiä, näettekö sen?",
     "Kyllä, 10.10.2026 tehty 2 lisenssin poisto"),
    ("FI-2005", "Ovatko poistetut lisenssit jo tiedoissanne?",
     "Kyllä, 10.10.2026 tehty 2 lisenssin poisto"),
    ("FI-2005", "Onko kahden lisenssin poisto rekisteröity?",
     "Kyllä, 10.10.2026 tehty 2 lisenssin poisto"),
    ("FI-2005", "Olen vähentänyt 10. lokakuuta kaksi lisenssiä, onko se tullut perille?",
     "Kyllä, 10.10.2026 tehty 2 lisenssin poisto"),
    ("FI-2005", "Poistettiinko meiltä viime aikoina lisenssejä?",
     "Kyllä, 10.10.2026 tehty 2 lisenssin poisto"),
    ("FI-2005", "Lisenssejä vähennettiin, onko muutos voimassa?",
     "Kyllä, 10.10.2026 tehty 2 lisenssin poisto"),
    ("FI-2005", "Luovuimme kahdesta lisenssistä, onko se huomioitu?",
     "Kyllä, 10.10.2026 tehty 2 lisenssin poisto"),
    ("FI-2005", "Poistimme viime kuussa kolme lisenssiä, onko se kirjattu?",
     "Ei, 1.2.2026 alkaen tiedoissamme ei ole 3 lisenssin poistoa."),
    ("FI-2005", "Poistin 3.11. kaksi lisenssiä, näkyykö se?",
     "Ei, tällaista muutosta ei ole tiedoissamme kyseiseltä ajalta."),
    ("FI-2001", "Viime viikolla poistettiin 2 lisenssiä, näkyykö poisto?",
     "Ei, 1.3.2026 alkaen tiedoissamme ei ole"),
    ("FI-2001", "Poistettiinko viime kuussa lisenssejä?",
     "Ei, 1.3.2026 alkaen tiedoissamme ei ole"),
    ("FI-2001", "Tilasimme neljä lisenssiä lisää, tuliko tilaus perille?",
     "Ei, 1.3.2026 alkaen tiedoissamme ei ole"),
    ("FI-2004", "Lisäsin viime kuussa 3 lisenssiä, onko se mennyt läpi?",
     "Kyllä, 3 lisenssin lisäys on ollut voimassa 16.10.2026 alkaen: tilauksessa on nyt 15 lisenssiä."),
    ("FI-2004", "Lisäsimme kolme lisenssiä, näkyvätkö ne jo?",
     "Kyllä, 3 lisenssin lisäys on ollut voimassa 16.10.2026 alkaen"),
    ("FI-2004", "Ostettiin kolme lisenssiä lisää, ovatko ne tiedoissa?",
     "Kyllä, 3 lisenssin lisäys on ollut voimassa 16.10.2026 alkaen"),
    ("FI-2003", "Marraskuun alussa lisättiin 2 lisenssiä. Onnistuiko se?",
     "Kyllä, 2 lisenssin lisäys on ollut voimassa 1.11.2026 alkaen: tilauksessa on nyt 8 lisenssiä."),
    ("FI-2003", "Onko kahden lisenssin lisäys kirjattu?",
     "Kyllä, 2 lisenssin lisäys on ollut voimassa 1.11.2026 alkaen"),
    ("FI-2001", "Meille tulee kolme uutta työntekijää ja kaksi lähtee, mitä se tarkoittaa lisensseille?",
     "Kun lisäätte 3 lisenssiä 26.11.2026 alkaen, tilauksessa on 13 lisenssiä; lisäys laskutetaan "
     "28.2.2027 asti. Kun poistatte 2 lisenssiä viimeistään 28.2.2027, tilauksessa on 11 lisenssiä "
     "1.3.2027 alkaen."),
    ("FI-2001", "Mitä jos kaksi lisenssiä lähtee pois 1.3. ja kolme tulee lisää huhtikuussa?",
     "Kun poistatte 2 lisenssiä viimeistään 28.2.2027, tilauksessa on 8 lisenssiä 1.3.2027 alkaen. Kun "
     "lisäätte 3 lisenssiä 1.4.2027 alkaen, tilauksessa on 11 lisenssiä"),
    ("FI-2001", "Jos lisäämme tammikuussa neljä lisenssiä ja poistamme 1.3. kolme, mitä tapahtuu?",
     "Kun lisäätte 4 lisenssiä 1.1.2027 alkaen, tilauksessa on 14 lisenssiä"),
    ("FI-2001", "Kaksi työntekijää lähtee ja viisi uutta aloittaa, montako lisenssiä meillä sitten on?",
     "Kun lisäätte 5 lisenssiä 26.11.2026 alkaen, tilauksessa on 15 lisenssiä"),
    ("FI-2001", "Poistamme 2 lisenssiä ja lisäämme 3, miten se vaikuttaa laskutukseen?",
     "Kun lisäätte 3 lisenssiä 26.11.2026 alkaen"),
    ("FI-2001", "Lisäämme tammikuussa 2 lisenssiä ja huhtikuussa vielä 3, mikä on määrä silloin?",
     "Kun lisäätte 2 lisenssiä 1.1.2027 alkaen, tilauksessa on 12 lisenssiä"),
    ("FI-2001", "Mitä jos vähennämme lisenssit kahdeksaan?",
     "Jos poistatte 2 lisenssiä viimeistään 28.2.2027, tilauksessa on 8 lisenssiä 1.3.2027 alkaen."),
    ("FI-2001", "Entä jos vähennetään kahdeksaan?",
     "Jos poistatte 2 lisenssiä viimeistään 28.2.2027"),
    ("FI-2001", "Mitä jos menemme kymmenestä kahteentoista lisenssiin?",
     "Jos lisäätte 2 lisenssiä, tilauksessa on 12 lisenssiä."),
    ("FI-2001", "Entä jos nostamme lisenssien määrän 10:stä 12:een 1.3. alkaen?",
     "Jos lisäätte 2 lisenssiä 1.3.2027 alkaen"),
    ("FI-2001", "Mitä tapahtuu, jos kasvatamme lisenssimäärän 15:een?",
     "Jos lisäätte 5 lisenssiä, tilauksessa on 15 lisenssiä."),
    ("FI-2001", "Voimmeko pudottaa lisenssit yhdeksään?",
     "Jos poistatte 1 lisenssin"),
    ("FI-2001", "Mitä jos lisenssit vähennetään kymmeneen?",
     "Tilauksessa on jo 10 lisenssiä."),
    ("FI-2005", "Entä jos lisenssit vähennetään kahteentoista?",
     "Tilauksessa on 1.2.2027 alkaen 12 lisenssiä; 2 lisenssin poisto on jo kirjattu."),
    ("FI-2005", "Mitä jos vähennämme lisenssit kymmeneen?",
     "Jos poistatte 2 lisenssiä viimeistään 31.1.2027, tilauksessa on 10 lisenssiä 1.2.2027 alkaen."),
    ("FI-2002", "Mitä jos poistan 1.3. kaksi lisenssiä?",
     "1.3.2027 alkaen: jos poistatte 2 lisenssiä viimeistään 28.2.2027, lisenssejä on siitä lähtien 3."),
    ("FI-2001", "Mitä jos lisään 1.3. kaksi lisenssiä?",
     "Jos lisäätte 2 lisenssiä 1.3.2027 alkaen eli laskutuskauden alusta, tilauksessa on 12 lisenssiä."),
    ("FI-2001", "Meillä on nyt 10 lisenssiä. Mitä jos lisäämme 3?",
     "Jos lisäätte 3 lisenssiä"),
    ("FI-2010", "Mitä jos poistamme 2 lisenssiä ja lisäämme 3?",
     "Kun lisäätte 3 lisenssiä 26.11.2026 alkaen, tilauksessa on 11 lisenssiä; lisäys laskutetaan "
     "30.11.2026 asti. Tilaus on irtisanottu päättymään 30.11.2026"),
    ("FI-2005", "Montako lisenssiä tilauksessamme on?",
     "Tilauksessanne on 14 lisenssiä, joista 11 on käytössä ja 3 vapaana."),
    ("FI-2005", "Kuinka monta lisenssiä voimme poistaa Severassa?",
     "Voitte poistaa nyt 1 lisenssin"),
    ("FI-2001", "Poistin viime viikolla kuusi lisenssiä. Hyvitetäänkö ne?",
     "Ei, poistettuja lisenssejä ei hyvitetä takautuvasti."),
    ("FI-2005", "Poistin viime kuussa kaksi lisenssiä roskakorista. Mistä päivästä alkaen se vaikuttaa?",
     "1.2.2027 alkaen: siitä päivästä viimeisin poisto, 2 lisenssiä, vaikuttaa laskutukseen."),
    ("FI-2005", "Milloin lisenssien poisto näkyy laskulla?",
     "1.2.2027 alkaen, kun poistatte lisenssit viimeistään 31.1.2027."),
    ("FI-2005", "Poistimme 2 lisenssiä ja lisäsimme 3, onko molemmat kirjattu?",
     "Kyllä, 10.10.2026 tehty 2 lisenssin poisto"),
    ("FI-2005", "Meiltä on poistettu kaksi lisenssiä viime kuussa. Onko se jo tiedossanne?",
     "Kyllä, 10.10.2026 tehty 2 lisenssin poisto"),
    ("FI-2002", "Poistimme eilen yhden lisenssin, onko se kirjattu?",
     "Ei,"),
    ("FI-2004", "Mitä jos lisäämme tammikuussa 2 lisenssiä ja poistamme kesäkuussa 4?",
     "Kun lisäätte 2 lisenssiä 1.1.2027 alkaen, tilauksessa on 17 lisenssiä"),
    ("FI-2003", "Mitä jos vähennämme lisenssit kahdeksasta kuuteen?",
     "Jos poistatte 2 lisenssiä viimeistään 31.12.2026, tilauksessa on 6 lisenssiä 1.1.2027 alkaen."),
]  # fmt: skip


MOST_WRONG = 0.05
"""Which topic and point a question has is learnt: another model may misread some."""


@pytest.mark.parametrize(("language", "cases"), [("nl", DUTCH), ("fi", FINNISH)])
def test_the_first_sentence_answers(saldo: Callable[..., Ran], language: str, cases: list[Case]) -> None:
    asked = [{"text": text, "customer": customer, "language": language} for customer, text, _ in cases]
    ran = saldo("ask", "--jsonl", stdin="\n".join(map(json.dumps, asked)), SALDO_TODAY=TODAY)
    answers = [one["answer"].replace("\u00a0", " ") for one in ran.objects()]
    wrong = [
        (text, start, answer.split("\n")[0])
        for (_, text, start), answer in zip(cases, answers, strict=True)
        if not answer.startswith(start)
    ]
    assert len(wrong) <= MOST_WRONG * len(cases), wrong
