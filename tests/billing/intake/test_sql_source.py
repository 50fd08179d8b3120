"""PostgreSQL and MariaDB as sources: read as they are, and never written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from saldo.billing.intake.mapping import read_mapping
from saldo.billing.intake.run import run_import
from saldo.billing.intake.source import Faults
from saldo.billing.intake.sql_source import SqlSource
from saldo.billing.model import Account
from saldo.billing.store.database import create_database
from saldo.errors import FaultyFiles, SaldoError
from tests.billing.importing import accounts_of

SCHEMA = """
CREATE TABLE klant (nr INTEGER PRIMARY KEY, naam VARCHAR(80), kvk CHAR(8));
CREATE TABLE contact (klant INTEGER, naam VARCHAR(80), mail VARCHAR(80));
CREATE TABLE gebruiker (volgnr INTEGER, klant INTEGER, naam VARCHAR(80), actief BOOLEAN);
CREATE TABLE abonnement (nr VARCHAR(9), klant INTEGER, pakket VARCHAR(9), maanden SMALLINT, van DATE, tot DATE);
CREATE TABLE licentie (abonnement VARCHAR(9), besteld TIMESTAMP, ingang DATE, aantal INTEGER);
CREATE TABLE factuur (nr VARCHAR(20), abonnement VARCHAR(9), datum DATE, vervalt DATE, bedrag DECIMAL(12,2));
CREATE TABLE regel (factuur VARCHAR(20), nr INTEGER, licenties INTEGER, maanden DECIMAL(6,4), prijs DECIMAL(12,2));
CREATE TABLE betaling (nr VARCHAR(9), factuur VARCHAR(20), datum DATE, centen BIGINT);
INSERT INTO klant VALUES (1, 'Voorbeeld B.V.', '99000001');
INSERT INTO contact VALUES (1, 'Anna', 'anna@voorbeeld.example');
INSERT INTO gebruiker VALUES (1, 1, 'Anna', true), (2, 1, 'Bea', true), (3, 1, 'Cor', true), (4, 1, 'Dirk', true),
  (5, 1, 'Els', true), (6, 1, 'Fien', true), (7, 1, 'Gijs', true), (8, 1, 'Hans', true), (9, 1, 'Iris', false);
INSERT INTO abonnement VALUES ('S-1', 1, 'Team', 6, '2026-07-01', '2026-12-31');
INSERT INTO licentie VALUES ('S-1', '2026-01-01 09:30:00', '2026-01-01', 10);
INSERT INTO factuur VALUES ('2026-0142', 'S-1', '2026-07-01', '2026-07-15', 2070.00);
INSERT INTO regel VALUES ('2026-0142', 1, 10, 6.0000, 34.50);
INSERT INTO betaling VALUES ('P-1', '2026-0142', '2026-07-13', 207000);
"""
MAPPING = """
source: database
url_from: BOOKKEEPING_URL
tables:
  customers:
    query: SELECT concat('NL-', nr) AS id, naam, kvk FROM klant WHERE naam LIKE '%' AND '12:30' <> naam
    columns: {id: id, name: naam, country: {value: NL}, language: {value: nl}, business_id: kvk}
  contacts:
    query: SELECT concat('NL-', klant) AS klant, naam, mail FROM contact
    columns: {customer: klant, name: naam, email: mail}
  users:
    query: SELECT concat('NL-', klant) AS klant, naam, actief FROM gebruiker ORDER BY volgnr;
    columns: {customer: klant, name: naam, active: actief}
  subscriptions:
    query: SELECT nr, concat('NL-', klant) AS klant, pakket, maanden, van, tot FROM abonnement
    columns:
      id: nr
      customer: klant
      package: pakket
      months: maanden
      period_start: van
      period_end: {column: tot, last_day: true}
  licence_changes:
    table: licentie
    columns: {subscription: abonnement, ordered_on: besteld, effective_on: ingang, licences: aantal}
  invoices:
    table: factuur
    columns: {number: nr, subscription: abonnement, issued_on: datum, due_date: vervalt, total: bedrag}
  invoice_lines:
    query: |
      SELECT r.*, r.licenties * r.maanden AS aantal, a.van, a.tot FROM regel r
      JOIN factuur f ON f.nr = r.factuur JOIN abonnement a ON a.nr = f.abonnement
    columns:
      invoice: factuur
      number: nr
      licences: licenties
      months: maanden
      quantity: aantal
      unit_price: prijs
      period_start: van
      period_end: {column: tot, last_day: true}
  payments:
    table: betaling
    columns: {id: nr, invoice: factuur, paid_on: datum, amount: {column: centen, cents: true}}
"""


@pytest.fixture(params=["postgresql", "mariadb"])
def bookkeeping(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Another system's database, its URL in the environment."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    engine = create_engine(url, future=True)
    with engine.begin() as connection:
        for statement in SCHEMA.split(";\n")[:-1]:
            connection.execute(text(statement.replace(":30:", r"\:30\:")))
    engine.dispose()
    monkeypatch.setenv("BOOKKEEPING_URL", url.replace("+psycopg2", "").replace("mysql+pymysql", "mariadb"))
    return engine


def source(folder: Path, old: str = "", new: str = "") -> SqlSource:
    assert old in MAPPING
    (folder / "mapping.yml").write_text(MAPPING.replace(old, new, 1), encoding="utf-8")
    return SqlSource(read_mapping(folder / "mapping.yml"))


def test_its_rows_become_the_account(bookkeeping: Engine, tmp_path: Path, account: Account) -> None:
    assert accounts_of(source(tmp_path)) == [account]


def test_a_second_import_finds_nothing_new(bookkeeping: Engine, tmp_path: Path) -> None:
    engine = create_database(f"sqlite:///{tmp_path}/saldo.db")
    assert run_import(engine, source(tmp_path)).is_first
    with bookkeeping.begin() as connection:
        connection.execute(text("UPDATE factuur SET vervalt = '2026-07-31'"))
    report = run_import(engine, source(tmp_path))
    assert {name: (one.added, one.changed, one.missing) for name, one in report.tables.items() if one.changed} == {
        "invoices": (0, 1, 0)
    }


def test_mistakes_are_told_with_table_row_and_column(bookkeeping: Engine, tmp_path: Path) -> None:
    with bookkeeping.begin() as connection:
        connection.execute(text("UPDATE klant SET kvk = '99'"))
        connection.execute(text("UPDATE regel SET licenties = 0"))
    with pytest.raises(FaultyFiles) as caught:
        accounts_of(source(tmp_path))
    assert "query for customers:1, kvk: '99" in str(caught.value)
    assert "query for invoice_lines:1, licenties: 0 is not more than 0" in str(caught.value)


SUBSCRIPTIONS = """\
    query: SELECT nr, concat('NL-', klant) AS klant, pakket, maanden, van, tot FROM abonnement
    columns:
      id: nr
      customer: klant
      package: pakket
      months: maanden
"""
OF_A_STATE = """\
    query: SELECT a.*, concat('NL-', klant) AS debiteur FROM abonnement a
    where: {stand: loopt}
    columns:
      id: nr
      customer: debiteur
      package: pakket
      months: {of_period: true}
"""


def test_its_rows_count_and_are_reckoned_as_a_files(bookkeeping: Engine, tmp_path: Path, account: Account) -> None:
    """`where` on a column that is nothing of ours, with what belongs to a row left out; months of a period."""
    with bookkeeping.begin() as connection:
        connection.execute(text("ALTER TABLE abonnement ADD COLUMN stand VARCHAR(9) DEFAULT 'loopt'"))
        connection.execute(text("INSERT INTO abonnement VALUES ('S-2', 1, 'Team', 0, NULL, NULL, 'concept')"))
        connection.execute(text("INSERT INTO licentie VALUES ('S-2', '2026-01-01 09:30:00', '2026-01-01', 0)"))
    assert accounts_of(source(tmp_path, SUBSCRIPTIONS, OF_A_STATE)) == [account]


PAYMENTS = """\
    table: betaling
    columns: {id: nr, invoice: factuur, paid_on: datum, amount: {column: centen, cents: true}}
"""
MOMENTS = """\
    table: betaald
    columns: {id: {value: P}, invoice: {value: F}, paid_on: op, amount: {value: "1.00"}}
"""


def test_a_moment_of_a_database_is_the_day_it_is_here(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(postgresql_url, future=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE betaald (op TIMESTAMP WITH TIME ZONE)"))
        connection.execute(text("INSERT INTO betaald VALUES ('2026-06-30 22:30:00+00')"))
    engine.dispose()
    monkeypatch.setenv("BOOKKEEPING_URL", postgresql_url.replace("+psycopg2", ""))
    reader = source(tmp_path, PAYMENTS, MOMENTS)
    (row,) = reader.rows("payments", Faults(reader))
    assert row.values["paid_on"] == date(2026, 7, 1)
    reader.close()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("table: factuur", "table: facturen", "facturen cannot be read"),
        ("number: nr, sub", "number: nummer, sub", "factuur cannot be read"),
        ("name: naam, country", "name: name, country", "query for customers, name: column is missing"),
    ],
)
def test_a_mapping_that_does_not_fit_is_told(
    bookkeeping: Engine, tmp_path: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(SaldoError) as caught:
        accounts_of(source(tmp_path, old, new))
    assert told in str(caught.value)


@pytest.mark.parametrize("statement", ["DELETE FROM klant", "COMMIT", "CREATE TABLE extra (nr INTEGER)"])
def test_nothing_can_be_written(bookkeeping: Engine, tmp_path: Path, statement: str) -> None:
    """Not even by a query that tries, and not after a COMMIT either."""
    with source(tmp_path)._open() as connection:
        with pytest.raises(DBAPIError):
            connection.exec_driver_sql(statement)
            connection.exec_driver_sql("DELETE FROM klant")
        connection.rollback()
    with bookkeeping.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM klant")).scalar() == 1


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (None, "BOOKKEEPING_URL is not set"),
        ("hush", "BOOKKEEPING_URL is not the URL of a source"),
        ("sqlite:///hush.db", "is not the URL of a source"),
        ("postgresql://bob:hush@127.0.0.1:1/books", "postgresql://127.0.0.1/books cannot be read"),
        ("mariadb://bob:hush@127.0.0.1:1/books", "mariadb://127.0.0.1/books cannot be read"),
    ],
)
def test_a_url_that_leads_nowhere_keeps_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str | None, told: str
) -> None:
    monkeypatch.delenv("BOOKKEEPING_URL", raising=False)
    if url is not None:
        monkeypatch.setenv("BOOKKEEPING_URL", url)
    with pytest.raises(SaldoError, match=told) as caught:
        source(tmp_path)
    assert "hush" not in str(caught.value) and "bob" not in str(caught.value)
