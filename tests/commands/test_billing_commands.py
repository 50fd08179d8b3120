"""`saldo billing`: make, fill, import and read the records; whatever is wrong with them is one clear line."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

from saldo.billing import sample_accounts
from saldo.billing.intake.csv_format import write_folder
from tests.support import TODAY, Ran

Saldo = Callable[..., Ran]
DUE_AND_OVERDUE = ("2026-11-22", "2026-12-22")


@pytest.fixture
def elsewhere(saldo: Saldo, tmp_path: Path) -> Saldo:
    """Runs the command with a billing database of this test's own, which is not there yet."""
    return lambda *args, **more: saldo(*args, SALDO_DATABASE_URL=f"sqlite:///{tmp_path}/saldo.db", **more)


def test_init_makes_an_empty_database_and_leaves_one_that_is_there(elsewhere: Saldo) -> None:
    assert elsewhere("billing", "init") == Ran(0, "The billing database is ready.\n", "")
    assert elsewhere("billing", "sample").code == 0
    assert elsewhere("billing", "init").code == 0
    assert "NL-1001" in elsewhere("billing", "show").out


def test_sample_fills_an_empty_database_once(elsewhere: Saldo) -> None:
    assert elsewhere("billing", "sample").out == "Added 34 invented companies, such as NL-1001 and FI-2001.\n"
    assert elsewhere("billing", "sample").out == "The billing database holds records already; nothing was added.\n"


def test_show_lists_the_customers(saldo: Saldo) -> None:
    lines = saldo("billing", "show").out.splitlines()
    assert lines[0].split() == ["id", "name", "country", "business", "id"]
    assert len([line for line in lines if line.strip().startswith(("NL-", "FI-"))]) == 34


def test_show_tells_everything_of_one_customer(saldo: Saldo) -> None:
    out = saldo("billing", "show", "NL-1001").out
    assert out.startswith("Kraanvogel Advies B.V. (NL-1001)")
    for word in ("contacts", "subscription", "licences", "8 active of 9", "2026-0142", "10 × 6 = 60", "2,070.00 EUR"):
        assert word in out


@pytest.mark.parametrize(
    ("customer", "topic", "told"),
    [
        ("NL-1001", "invoice_quantity", "Op factuur 2026-0142 staan 60 stuks: 10 licenties × 6 maanden."),
        ("FI-2001", "invoice_quantity", "Laskulla 2026-0482 on 60 kpl: 10 lisenssiä × 6 kuukautta."),
        ("FI-2001", "seat_count", "■■■■■■■■□□"),
    ],
)
def test_explain_words_a_topic_in_the_customers_language(saldo: Saldo, customer: str, topic: str, told: str) -> None:
    ran = saldo("billing", "explain", customer, topic)
    assert (ran.code, ran.err) == (0, "")
    assert told in ran.out


def test_explain_speaks_another_language_when_asked(saldo: Saldo) -> None:
    ran = saldo("billing", "explain", "FI-2001", "invoice_quantity", "--language", "nl")
    assert ran.out.startswith("Op factuur 2026-0482 staan 60 stuks")


def test_explain_tells_of_another_day_when_asked(saldo: Saldo) -> None:
    told = [saldo("billing", "explain", "NL-1011", "payment_extension", "--on", day).out for day in DUE_AND_OVERDUE]
    assert told[0] != told[1]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["show", "NL-9999"], "No customer has the id 'NL-9999'; `saldo billing show` lists them."),
        (["show", "\udcff"], "No customer has the id '\\udcff'; `saldo billing show` lists them."),
        (["explain", "NL-9999", "seat_count"], "No customer has the id 'NL-9999'; `saldo billing show` lists them."),
        (["explain", "NL-1001", "prices"], "There is no topic 'prices'; there are seat_count, "),
        (["explain", "NL-1001", "seat_count", "--on", "soon"], "--on is 'soon'; allowed: a date such as 2026-07-01."),
        (["import", "/nowhere"], "/nowhere: "),
    ],
    ids=["show", "odd id", "explain", "topic", "date", "folder"],
)
def test_a_mistake_is_one_line_and_exit_code_2(saldo: Saldo, args: list[str], told: str) -> None:
    ran = saldo("billing", *args)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(told)
    assert ran.err.count("\n") == 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample's first company as CSV files."""
    write_folder(sample_accounts(date.fromisoformat(TODAY))[:1], tmp_path / "csv")
    return tmp_path / "csv"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_import_reads_a_folder_and_replaces_a_customer_that_is_there(elsewhere: Saldo, folder: Path) -> None:
    assert elsewhere("billing", "import", str(folder)) == Ran(0, "Imported 1 customer.\n", "")
    edit(folder / "customers.csv", "Kraanvogel", "Zilverreiger")
    assert elsewhere("billing", "import", str(folder)).code == 0
    shown = elsewhere("billing", "show").out
    assert "Zilverreiger" in shown and "Kraanvogel" not in shown


def test_records_of_a_week_ago_are_told_as_such_in_the_shell_and_by_the_bot(elsewhere: Saldo, folder: Path) -> None:
    elsewhere("billing", "import", str(folder), SALDO_TODAY="2026-11-12")
    as_of = "Dit was de stand volgens onze gegevens van 12 november 2026."
    explained = ("billing", "explain", "NL-1001", "seat_count")
    assert as_of in elsewhere(*explained, SALDO_TODAY="2026-11-19").out
    assert as_of not in elsewhere(*explained, SALDO_TODAY="2026-11-18").out
    assert as_of not in elsewhere(*explained, SALDO_TODAY="2026-11-19", SALDO_RECORDS_OLD_AFTER="8").out
    asked = ("ask", "Waarom betaal ik voor meer gebruikers dan er actief zijn?", "--customer", "NL-1001")
    assert as_of in elsewhere(*asked, SALDO_TODAY="2026-11-19").out
    assert "users on 2026-11-12 from " in elsewhere("billing", "show", "NL-1001").out


def test_import_tells_all_mistakes_with_file_line_and_column_and_writes_nothing(elsewhere: Saldo, folder: Path) -> None:
    edit(folder / "customers.csv", ",NL,", ",BE,")
    edit(folder / "invoices.csv", "2026-", "soon-")
    elsewhere("billing", "init")
    ran = elsewhere("billing", "import", str(folder))
    assert (ran.code, ran.out) == (2, "")
    assert f"{folder}/customers.csv:2, country: " in ran.err
    assert f"{folder}/payments.csv:2, invoice: " in ran.err
    assert "NL-1001" not in elsewhere("billing", "show").out


@pytest.mark.parametrize("args", [["show"], ["show", "NL-1001"], ["explain", "NL-1001", "seat_count"]], ids=" ".join)
def test_a_database_that_is_missing_is_told_with_the_remedy(elsewhere: Saldo, tmp_path: Path, args: list[str]) -> None:
    ran = elsewhere("billing", *args)
    assert ran == Ran(2, "", f"There is no billing database at {tmp_path}/saldo.db; run `saldo billing init`.\n")
    assert not (tmp_path / "saldo.db").exists()


def test_a_question_for_a_customer_is_told_of_a_missing_database_too(elsewhere: Saldo) -> None:
    assert "run `saldo billing init`" in elsewhere("ask", "ok", "--customer", "NL-1001").err


def test_a_question_of_nobody_needs_no_database(elsewhere: Saldo) -> None:
    assert elsewhere("ask", "Hoe zeg ik Severa op?").code == 0


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program that keeps the file to itself."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


def test_a_locked_database_is_told_and_is_used_again_afterwards(elsewhere: Saldo, folder: Path, tmp_path: Path) -> None:
    elsewhere("billing", "sample")
    with locked(tmp_path / "saldo.db"):
        ran = elsewhere("billing", "import", str(folder))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"The billing database {tmp_path}/saldo.db is locked by another program; try again when that has finished.\n"
    )
    assert "NL-1001" in elsewhere("billing", "show").out


def test_a_database_of_an_older_layout_is_told(elsewhere: Saldo, tmp_path: Path) -> None:
    elsewhere("billing", "init")
    with closing(sqlite3.connect(tmp_path / "saldo.db")) as connection, connection:
        connection.execute("UPDATE billing_migration SET version_num = '0001'")
        connection.execute("DROP TABLE imports")
        connection.execute("DROP TABLE credit_notes")
        connection.execute("DROP TABLE kept_imports")
    for args in (["show"], ["sample"], ["init"]):
        ran = elsewhere("billing", *args)
        assert (ran.code, ran.out) == (2, "")
        assert "was made by an older Saldo" in ran.err and "; run `saldo billing migrate`." in ran.err
        assert ran.err.count("\n") == 1
    ran = elsewhere("billing", "migrate")
    assert ran == Ran(0, "The billing database was migrated from layout 0001 (0005).\n", "")
    assert elsewhere("billing", "migrate").out == "The billing database has this layout already (0005).\n"
    assert elsewhere("billing", "show").code == 0


def test_a_file_that_is_no_database_is_told(elsewhere: Saldo, tmp_path: Path) -> None:
    (tmp_path / "saldo.db").write_text("Dear diary, today I was taken for a database. " * 50)
    ran = elsewhere("billing", "show")
    assert (ran.code, ran.out) == (2, "")
    assert "is not a billing database" in ran.err


def test_a_url_of_something_else_is_told_without_its_password(saldo: Saldo) -> None:
    ran = saldo("billing", "show", SALDO_DATABASE_URL="mysql://me:hush@host/saldo")
    assert (ran.code, ran.out) == (2, "")
    assert "SALDO_DATABASE_URL" in ran.err
    assert "hush" not in ran.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_that_may_not_be_written_is_told(saldo: Saldo, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    ran = saldo("billing", "init", SALDO_DATABASE_URL=f"sqlite:///{tmp_path}/saldo.db")
    assert ran.code == 2
    assert "Permission denied" in ran.err


def test_a_conversation_outlives_its_database(saldo: Saldo, tmp_path: Path) -> None:
    question = '{"text": "Waarom staan er 60 licenties op mijn factuur?", "customer": "NL-1001"}\n'
    ran = saldo("ask", "--jsonl", stdin=question * 2, SALDO_DATABASE_URL=f"sqlite:///{tmp_path}/gone.db")
    assert ran.code == 0
    assert [list(result) for result in ran.objects()] == [["error"], ["error"]]


def test_a_dry_run_shows_what_would_change_and_writes_nothing(elsewhere: Saldo, folder: Path) -> None:
    elsewhere("billing", "import", str(folder))
    edit(folder / "customers.csv", "Kraanvogel", "Zilverreiger")
    (folder / "payments.csv").write_text("id,invoice,paid_on,amount\n", encoding="utf-8")
    ran = elsewhere("billing", "import", str(folder), "--dry-run")
    assert (ran.code, ran.err) == (0, "")
    assert "changed  customers NL-1001: name " in ran.out and "→ Zilverreiger" in ran.out
    assert "missing  payments " in ran.out
    assert ran.out.splitlines()[-1].startswith("The source has 1 customer; nothing was written. It no longer has ")
    assert "Zilverreiger" not in elsewhere("billing", "show").out


def test_what_changed_is_told_as_json(elsewhere: Saldo, folder: Path) -> None:
    assert json.loads(elsewhere("billing", "import", str(folder), "--json").out)["written"] is True
    (folder / "payments.csv").write_text("id,invoice,paid_on,amount\n", encoding="utf-8")
    told = json.loads(elsewhere("billing", "import", str(folder), "--json", "--remove-missing").out)
    assert told["removed"] is True and told["tables"]["payments"]["missing"] > 0
    assert told["tables"]["customers"] == {
        "rows": 1, "added": 0, "changed": 0, "unchanged": 1, "missing": 0,
        "examples": {"added": [], "changed": [], "missing": []},
    }  # fmt: skip
    assert json.loads(elsewhere("billing", "import", str(folder), "--json").out)["tables"]["payments"]["missing"] == 0


def test_a_customer_with_mistakes_is_set_aside_when_told(elsewhere: Saldo, tmp_path: Path) -> None:
    """The exit code says that not all came in, and the report who did not and why."""
    two = tmp_path / "two"
    write_folder(sample_accounts(date.fromisoformat(TODAY))[:2], two)
    edit(two / "users.csv", "NL-1002,", "NL-1002,Nieuw,perhaps\nNL-1002,")
    assert elsewhere("billing", "import", str(two)).code == 2
    ran = elsewhere("billing", "import", str(two), "--set-aside")
    assert (ran.code, ran.err) == (1, "")
    assert ", active: 'perhaps' is not yes or no" in ran.out and "set aside NL-1002: " in ran.out
    assert ran.out.endswith("Imported 1 customer. Set aside 1 customer, whose earlier records are kept.\n")
    assert "NL-1001" in elsewhere("billing", "show").out and "NL-1002" not in elsewhere("billing", "show").out
    told = json.loads(elsewhere("billing", "import", str(two), "--set-aside", "--json").out)["set_aside"]
    assert [one["customer"] for one in told["customers"]] == ["NL-1002"]


def test_what_contradicts_is_a_warning(elsewhere: Saldo, folder: Path) -> None:
    with (folder / "refunds.csv").open("a", encoding="utf-8") as file:
        file.write("2026-0142,2026-09-01,9999.00\n")
    ran = elsewhere("billing", "import", str(folder))
    assert (ran.code, ran.err) == (0, "")
    assert "warning   " in ran.out and "9999.00 EUR refunded of '2026-0142'" in ran.out


@pytest.mark.parametrize(
    ("args", "told"),
    [([], "Name the folder of CSV files, or a --mapping"), (["{folder}", "--mapping", "{folder}/m.yml"], "leave the")],
    ids=["nothing", "both"],
)
def test_an_import_without_a_source_is_told(elsewhere: Saldo, folder: Path, args: list[str], told: str) -> None:
    (folder / "m.yml").write_text(
        "source: database\nurl_from: X\ntables: {contacts: {table: c, columns: {customer: k, name: n, email: e}},"
        " customers: {table: c, columns: {id: i, name: n, country: c, language: l, business_id: b}}}",
        encoding="utf-8",
    )
    ran = elsewhere("billing", "import", *(arg.format(folder=folder) for arg in args))
    assert (ran.code, ran.out, told in ran.err) == (2, "", True), ran.err
