"""A mapping file says how another system's files are read; every mistake in it is told with its line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from saldo.billing.intake.csv_source import CsvSource
from saldo.billing.intake.mapping import OWN_FILES, read_mapping
from saldo.billing.model import Account, Reminder, User
from saldo.errors import FaultyFiles, SaldoError
from tests.billing.importing import accounts_of

DUTCH = """
source: csv
encoding: windows-1252
separator: semicolon
decimal: ","
language: nl
yes: [ja]
no: [nee]
tables:
  customers:
    file: klanten.csv
    columns:
      id: Klantnummer
      name: Naam
      country: {column: Land, values: {Nederland: NL, Finland: FI}}
      language: {value: nl}
      business_id: KvK
  contacts: {file: contactpersonen.csv, columns: {customer: Klant, name: Naam, email: E-mail}}
  users:
    file: gebruikers.csv
    columns: {customer: Klant, name: Naam, active: Actief}
  subscriptions:
    file: abonnementen.csv
    columns:
      id: Nummer
      customer: Klant
      package: Pakket
      months: Maanden
      period_start: Van
      period_end: {column: Tot en met, last_day: true}
  licence_changes:
    file: licenties.csv
    columns: {subscription: Abonnement, ordered_on: Besteld, effective_on: Ingang, licences: Aantal}
  invoices:
    file: facturen.csv
    columns: {number: Factuur, subscription: Abonnement, issued_on: Datum, due_date: Vervalt, total: Bedrag}
  invoice_lines:
    file: regels.csv
    columns:
      invoice: Factuur
      number: Regel
      licences: Licenties
      months: Maanden
      quantity: Aantal
      unit_price: {column: Prijs in centen, cents: true}
      period_start: Van
      period_end: {column: Tot en met, last_day: true}
  payments:
    file: betalingen.csv
    columns: {id: Nummer, invoice: Factuur, paid_on: Datum, amount: Bedrag}
  reminders: {file: herinneringen.csv, columns: {invoice: Factuur, sent_on: Datum}}
"""
FILES = {
    "klanten.csv": "Klantnummer;Naam;Land;KvK\nNL-1;Café Zoë;Nederland;99000001\n",
    "contactpersonen.csv": "Klant;Naam;E-mail\nNL-1;Anna;Anna@Voorbeeld.example\n",
    "gebruikers.csv": "Actief;Naam;Klant;Afdeling\nja;Zoë;NL-1;Inkoop\nnee;Iris;NL-1;\n",
    "abonnementen.csv": "Nummer;Klant;Pakket;Maanden;Van;Tot en met\nS-1;NL-1;Team;6;1-7-2026;31 december 2026\n",
    "licenties.csv": "Abonnement;Besteld;Ingang;Aantal\nS-1;1-1-2026;1-1-2026;10\n",
    "facturen.csv": "Factuur;Abonnement;Datum;Vervalt;Bedrag\n2026-0142;S-1;01-07-2026;15 juli 2026;€ 2.070,00\n",
    "regels.csv": "Factuur;Regel;Licenties;Maanden;Aantal;Prijs in centen;Van;Tot en met\n"
    "2026-0142;1;10;6,00;60;3450;1-7-2026;31-12-2026\n",
    "betalingen.csv": "Nummer;Factuur;Datum;Bedrag\nP-1;2026-0142;13/7/2026;2070\n",
    "herinneringen.csv": "Factuur;Datum\n2026-0142;20-7-2026\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a Dutch bookkeeping system might export, and the mapping beside it."""
    for name, text in FILES.items():
        (tmp_path / name).write_bytes(text.encode("windows-1252"))
    (tmp_path / "mapping.yml").write_text(DUTCH, encoding="utf-8")
    return tmp_path


def test_another_systems_files_become_the_account(folder: Path, account: Account) -> None:
    (found,) = accounts_of(CsvSource(folder, read_mapping(folder / "mapping.yml")))
    assert found == replace(
        account,
        customer=replace(account.customer, name="Café Zoë"),
        users=(User("NL-1", "Zoë", True), User("NL-1", "Iris", False)),
        reminders=(Reminder("2026-0142", date(2026, 7, 20)),),
    )


def test_mistakes_are_told_in_the_words_of_the_source(folder: Path) -> None:
    (folder / "klanten.csv").write_bytes("Klantnummer;Naam;Land;KvK\nNL-1;A;België;99\n".encode("windows-1252"))
    (folder / "facturen.csv").write_text("Factuur;Abonnement;Datum;Vervalt;Bedrag\n1;S-9;2026;1-1-2026;12.50\n")
    with pytest.raises(FaultyFiles) as caught:
        accounts_of(CsvSource(folder, read_mapping(folder / "mapping.yml")))
    told = str(caught.value).replace(f"{folder}/", "")
    assert "klanten.csv:2, Land: 'België' is not one of NL, FI" in told
    assert "facturen.csv:2, Abonnement: 'S-9' is not in abonnementen.csv" in told
    assert "facturen.csv:2, Datum: '2026' is not a date" in told
    assert "facturen.csv:2, Bedrag: '12.50' is not a number with ',' before the decimals" in told
    assert "regels.csv:2, Factuur: '2026-0142' is not in facturen.csv" in told


def test_a_file_that_is_of_another_encoding_is_told(folder: Path) -> None:
    text = (folder / "mapping.yml").read_text(encoding="utf-8").replace("windows-1252", "utf-8")
    (folder / "mapping.yml").write_text(text, encoding="utf-8")
    with pytest.raises(FaultyFiles, match=r"klanten\.csv:2: is not UTF-8"):
        accounts_of(CsvSource(folder, read_mapping(folder / "mapping.yml")))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("source: csv", "source: excel", "mapping.yml:2: source: unexpected value"),
        ("windows-1252", "dutch", "mapping.yml:3: encoding: 'dutch' is no encoding"),
        ("semicolon", "space", "separator: 'space' is not one of tab, comma"),
        ("klanten.csv", "klanten.csv, sheet: 1", "is no YAML"),
        ("      name: Naam\n", "", "customers lacks the column name"),
        ("      package: Pakket", "      package: Pakket\n      colour: Kleur", "subscriptions has no column colour"),
        ("  invoices:", "  bills:", "there is no table bills"),
        ("{value: nl}", "{value: be}", "customers.language: 'be' is not one of nl, fi"),
        ("{value: nl}", "{}", "give either `column`"),
        ("  payments:\n    file", "  payments:\n    table", "payments: a CSV source has `file`"),
        ("source: csv", "source: csv\nurl_from: X", "a database, and nothing else, has `url_from`"),
    ],
)
def test_a_mistake_in_the_mapping_is_told(folder: Path, old: str, new: str, told: str) -> None:
    assert old in DUTCH
    (folder / "mapping.yml").write_text(DUTCH.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FaultyFiles) as caught:
        read_mapping(folder / "mapping.yml")
    assert told in str(caught.value)


def test_a_mapping_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SaldoError, match="is missing"):
        read_mapping(tmp_path / "mapping.yml")


def test_the_documents_example_is_a_mapping(tmp_path: Path) -> None:
    """Every YAML example in docs/import.md can be read."""
    document = (Path(__file__).parents[3] / "docs" / "import.md").read_text(encoding="utf-8")
    examples = [part.partition("```")[0] for part in document.split("```yaml\n")[1:]]
    assert len(examples) == 3
    for example in examples:
        (tmp_path / "mapping.yml").write_text(example, encoding="utf-8")
        assert read_mapping(tmp_path / "mapping.yml").tables


def test_our_own_files_are_a_mapping_too() -> None:
    assert OWN_FILES.tables["customers"].fields["id"].column == "id"
