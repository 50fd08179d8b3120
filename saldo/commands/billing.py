"""`saldo billing`: the billing records."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Optional

import typer
from rich.console import Console
from rich.table import Table

from saldo.commands.ask import Language
from saldo.commands.render import show
from saldo.commands.terminal import terminal
from saldo.errors import SaldoError
from saldo.settings import from_environment

if TYPE_CHECKING:
    from saldo.billing import Explanation, Repository
    from saldo.billing.intake.source import RecordSource
    from saldo.billing.model import Account

app = typer.Typer(help="The billing records.", no_args_is_help=True, rich_markup_mode=None)

SOME_SET_ASIDE = 1
"""The exit code of an import without some of the customers."""
WIDE = 200
"""Columns of a table that is piped: its lines are not to be broken."""


@app.command("init")
def init() -> None:
    """Make the billing database, empty; leaves one that is there as it is."""
    from saldo.billing import create_database

    create_database(from_environment().database_url)
    terminal().print("The billing database is ready.")


@app.command("migrate")
def migrate_tables() -> None:
    """Bring a billing database of an older Saldo up to date; its records are kept. Copy it before."""
    from saldo.billing.store.database import migrate

    before, now = migrate(from_environment().database_url)
    done = "has this layout already" if before == now else f"was migrated from layout {before}"
    terminal().print(f"The billing database {done} ({now}).")


@app.command("sample")
def sample() -> None:
    """Fill an empty billing database with invented companies; leaves one with records as it is."""
    from saldo.billing import Repository, create_database, sample_accounts

    settings = from_environment()
    records = Repository(create_database(settings.database_url))
    if not records.is_empty():
        terminal().print("The billing database holds records already; nothing was added.")
        return
    accounts = sample_accounts(settings.day())
    records.add(accounts)
    terminal().print(f"Added {len(accounts)} invented companies, such as {_first_of_each_country(accounts)}.")


@app.command("import")
def import_records(
    folder: Optional[Path] = typer.Argument(None, metavar="[DIR]", help="Folder of CSV files."),
    mapping: Optional[Path] = typer.Option(None, help="How other files, or a database, are to be read (YAML)."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only tell what would change."),
    remove_missing: bool = typer.Option(False, "--remove-missing", help="Remove what the source no longer has."),
    aside: bool = typer.Option(False, "--set-aside", help="Import the others where some customers have mistakes."),
    as_json: bool = typer.Option(False, "--json", help="Tell what changed as JSON."),
) -> None:
    """Read customers and all their records from CSV files or a database; nothing is written if anything is wrong.

    With --set-aside customers with mistakes are left as they are, and the exit code is 1.
    """
    from saldo.billing import create_database, open_database
    from saldo.billing.intake.run import run_import
    from saldo.billing.intake.set_aside import NOBODY
    from saldo.commands.import_report import print_report, progress_bar

    source = _source(folder, mapping)
    settings = from_environment()
    engine = (open_database if dry_run else create_database)(settings.database_url)
    with progress_bar() as progress:
        report = run_import(engine, source, not dry_run, remove_missing, progress, settings.day(), aside)
    print_report(report, as_json)
    if report.set_aside != NOBODY:
        raise typer.Exit(SOME_SET_ASIDE)


def _source(folder: Path | None, mapping: Path | None) -> RecordSource:
    """Where the records are to come from."""
    from saldo.billing.intake.csv_source import CsvSource
    from saldo.billing.intake.mapping import OWN_FILES, read_mapping

    read = read_mapping(mapping) if mapping else OWN_FILES
    if read.url_from:
        from saldo.billing.intake.sql_source import SqlSource

        if folder is not None:
            raise SaldoError(f"{mapping} reads a database; leave the folder {folder} out.")
        return SqlSource(read)
    if folder is None:
        raise SaldoError("Name the folder of CSV files, or a --mapping that reads a database.")
    return CsvSource(folder, read)


@app.command("show")
def show_customer(
    customer: Optional[str] = typer.Argument(None, help="A customer's id; without one, all are listed."),
) -> None:
    """Show a customer's records, or list the customers."""
    records = _records()
    _wide().print(_one(records.account(customer)) if customer is not None else _all(records))


@app.command("explain")
def explain_topic(
    customer: str,
    topic: str,
    on: Optional[str] = typer.Option(None, help="The day to explain for, such as 2026-07-01."),
    language: Optional[Language] = typer.Option(None, help="Instead of the customer's own."),
) -> None:
    """Explain a topic in a customer's own figures, with the rule's source and the records they came from."""
    from saldo.answers.compose import ExplainedTopic, answer
    from saldo.billing import explain
    from saldo.faq import load
    from saldo.settings import day_of

    settings = from_environment()
    faq = load(settings.faq)
    if topic not in faq.topics:
        raise SaldoError(f"There is no topic {topic!r}; there are {', '.join(faq.topics)}.")
    account = _records().account(customer)
    day = day_of("--on", on) or settings.day(account.customer.country)
    explanation = explain(topic, account, day, old_after_days=settings.records_old_after)
    speaks = language.value if language else account.customer.language
    console = _wide()
    show(console, answer(faq, [ExplainedTopic(topic, speaks, explanation)], speaks).published()["blocks"])
    if explanation:
        source = faq.text(topic, speaks).source
        console.print(f"\nRule: {source.article} article, “{source.heading}”", soft_wrap=True)
        if not explanation.facts:
            console.print("The answer needs no figure: no record of this customer concerns it.")
        for table in _origins(account, explanation):
            console.print(table)


def _origins(account: Account, explanation: Explanation) -> list[Table]:
    """The facts as machines get them, then the records they came from, a table for each kind."""
    from saldo.answers.formats import plain, plain_formula
    from saldo.billing.origins import records_of, row_of

    facts = _table("facts", ["name", "value", "formula", "source"])
    for fact in explanation.facts:
        facts.add_row(fact.name, str(plain(fact.value)), plain_formula(fact.formula) or "", str(fact.source))
    tables = [facts] if explanation.facts else []
    for kind, records in records_of(account, explanation).items():
        rows = [row_of(record) for record in records]
        table = _table(kind, list(rows[0]))
        for row in rows:
            table.add_row(*row.values())
        tables.append(table)
    return tables


def _table(title: str, columns: Sequence[str]) -> Table:
    return Table(*columns, title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))


def _wide() -> Console:
    return terminal(width=None if sys.stdout.isatty() else WIDE)


def _records() -> Repository:
    from saldo.billing import Repository, open_database

    return Repository(open_database(from_environment().database_url))


def _all(records: Repository) -> Table:
    table = Table("id", "name", "country", "business id", box=None)
    for customer in records.customers():
        table.add_row(customer.id, customer.name, customer.country, customer.business_id)
    return table


def _one(account: Account) -> Table:
    table = Table(
        title=f"{account.customer.name} ({account.customer.id})", title_justify="left", show_header=False, box=None
    )
    for kind, rows in _lists(account).items():
        for number, row in enumerate(rows):
            table.add_row(kind if number == 0 else "", row)
    return table


def _lists(account: Account) -> dict[str, list[str]]:
    """Each kind of record in a line a support agent can read."""
    active = sum(user.active for user in account.users)
    return {
        "contacts": [f"{contact.name} <{contact.email}>" for contact in account.contacts],
        "subscription": [
            f"{one.id}: {one.package}, {one.months} months, now {one.period.start} to {one.period.last_day}"
            + (f", cancelled from {one.cancelled_on}" if one.cancelled_on else "")
            for one in account.subscriptions
        ],
        "licences": [f"{change.licences:+d} from {change.effective_on}" for change in account.licence_changes],
        "users": [f"{active} active of {len(account.users)}"],
        "invoices": [
            f"{invoice.number} of {invoice.issued_on}, due {invoice.due_date}: {_money(invoice.total.cents)} — "
            + "; ".join(f"{line.licences} × {line.months} = {line.quantity}" for line in invoice.lines)
            for invoice in account.invoices
        ],
        "payments": [f"{one.paid_on}: {_money(one.amount.cents)} for {one.invoice}" for one in account.payments],
        "refunds": [f"{one.paid_on}: {_money(one.amount.cents)} of {one.invoice}" for one in account.refunds],
        "credit notes": [
            f"{one.number} of {one.issued_on}: {_money(one.amount.cents)} off {one.invoice}"
            for one in account.credit_notes
        ],
        "reminders": [f"{one.sent_on} for {one.invoice}" for one in account.reminders],
        "in collection": [f"{one.invoice} since {one.transferred_on}" for one in account.collections],
        "imported": [
            f"{one.table} on {one.imported_on or 'a day not noted'}"
            + (", left as they were since" if one.behind else f" from {one.source}" if one.source else "")
            for one in account.imports or ()
        ],
    }


def _money(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d} EUR"


def _first_of_each_country(accounts: Sequence[Account]) -> str:
    first = {account.customer.country: account.customer.id for account in reversed(accounts)}
    return " and ".join(sorted(first.values(), reverse=True))
