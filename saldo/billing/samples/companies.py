"""Invented companies and people for the sample data; any likeness is chance, no address can receive mail."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from saldo.billing.business_id import y_tunnus
from saldo.billing.model import Contact, Country, Customer, Language, User

NAMES: dict[Country, str] = {
    "NL": """Kraanvogel Advies B.V.
Zoutkeet Architecten B.V.
Lindehof Accountants B.V.
Tegelwerk Interieur B.V.
Noordkade Ingenieurs B.V.
Wolkenveld Communicatie B.V.
Haverstraat Juristen B.V.
Duingras Landschap B.V.
Sluiswachter Consultancy B.V.
Kompasroos Opleidingen B.V.
Beukelaar & Zoon Techniek B.V.
Ganzenveer Uitgevers B.V.
Marktlicht Onderzoek B.V.
Oeverloper Logistiek B.V.
Stadsmuur Projecten B.V.
Vlinderslag Software B.V.
Weegbree Advocatuur B.V.""",
    "FI": """Kurkiaura Konsultointi Oy
Suolahuone Arkkitehdit Oy
Lehmuspiha Tilitoimisto Oy
Laattakivi Sisustus Oy
Pohjoislaituri Insinöörit Oy
Pilvipelto Viestintä Oy
Kaurakuja Lakipalvelut Oy
Dyynivihvilä Maisema Oy
Sulkuvahti Neuvonta Oy
Tuuliruusu Koulutus Oy
Pyökkilä ja Poika Tekniikka Oy
Hanhensulka Kustannus Oy
Torivalo Tutkimus Oy
Rantasipi Logistiikka Oy
Muurinkulma Projektit Oy
Perhosisku Ohjelmistot Oy
Ratamo Asianajo Oy""",
}
FIRST_NAMES: dict[Country, str] = {
    "NL": "Anneke Bram Carlijn Daan Evelien Femke Gijs Hanneke Iris Jeroen Katja Lotte Maarten Noor Roos",
    "FI": "Aino Eero Helmi Ilmari Johanna Kaisa Lauri Maija Niilo Oona Pekka Riikka Sanna Tuomas Veera Ville",
}
LAST_NAMES: dict[Country, str] = {
    "NL": "Achterberg Bosveld Dijkhuis Groeneweg Kuiperij Molenaar Oosterhof Rietveen Veldkant Zandman",
    "FI": "Ahovaara Hietakari Järvelin Kallionpää Mäkirinne Niittyaho Palojärvi Rautala Suoranta Vuorela",
}
FIRST_ID: dict[Country, int] = {"NL": 1001, "FI": 2001}


@dataclass(frozen=True)
class Company:
    """An invented customer; `number` counts from 0 within its country."""

    country: Country
    number: int

    @property
    def customer(self) -> Customer:
        name = NAMES[self.country].splitlines()[self.number]
        language: Language = "nl" if self.country == "NL" else "fi"
        number = FIRST_ID[self.country] + self.number
        return Customer(f"{self.country}-{number}", name, self.country, language, self._business_id())

    def contact(self, number: int = 0) -> Contact:
        """One of its contacts, with an address on a domain nobody can own."""
        customer, name = self.customer, self._person(3 * self.number + 5 * number)
        return Contact(customer.id, name, f"{_slug(name, '.')}@{_slug(customer.name.rsplit(' ', 1)[0], '-')}.example")

    def users(self, active: int, inactive: int) -> tuple[User, ...]:
        people = (self._person(3 * self.number + 5 * number) for number in range(active + inactive))
        return tuple(User(self.customer.id, name, number < active) for number, name in enumerate(people))

    def _person(self, seed: int) -> str:
        first, last = FIRST_NAMES[self.country].split(), LAST_NAMES[self.country].split()
        return f"{first[seed % len(first)]} {last[seed % len(last)]}"

    def _business_id(self) -> str:
        """From ranges not yet given out: KvK numbers that begin with 99, Y-tunnus that begin with 9."""
        if self.country == "NL":
            return str(99001000 + 37 * self.number)
        candidates = (y_tunnus(str(9001000 + 37 * self.number + step)) for step in range(2))
        return next(one for one in candidates if one is not None)


def companies(country: Country) -> list[Company]:
    return [Company(country, number) for number in range(len(NAMES[country].splitlines()))]


def _slug(text: str, joint: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]+", joint, plain).strip(joint)
