"""`saldo erase`, `saldo export` and `saldo purge`: what is kept of people (docs/privacy.md)."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Optional

import typer
from rich.table import Table

from saldo.commands.terminal import json_line, terminal
from saldo.errors import SaldoError
from saldo.private_files import FILE, private_file
from saldo.settings import from_environment

if TYPE_CHECKING:
    from saldo.privacy.erasing import Line, Receipt

WHEN_PIPED = 200
"""Columns of a table that no terminal limits."""
WHO = typer.Argument(..., metavar="CUSTOMER_OR_CONVERSATION", help="A customer's id, a conversation's, or an address.")
FOLDERS = typer.Option([], "--mail", metavar="DIR", help="A folder of reviews beside var/mail, as `--out` made it.")
DRY_RUN = typer.Option(False, "--dry-run", help="Only tell what would go.")


def erase(
    who: str = WHO,
    dry_run: bool = DRY_RUN,
    yes: bool = typer.Option(False, "--yes", help="Do not ask first."),
    as_json: bool = typer.Option(False, "--json", help="Print the receipt as one JSON object."),
    mail: list[Path] = FOLDERS,
) -> None:
    """Remove all that is kept of a customer, a conversation or a mail address, and print a receipt."""
    from saldo.privacy import erasing
    from saldo.privacy.stores import open_stores

    with open_stores(from_environment(), _folders(mail)) as stores:
        receipt = erasing.erase(stores, who, dry_run=True)
        if not dry_run:
            if not yes:
                _ask(receipt)
            with terminal(stderr=True).status("Erasing …"):
                receipt = erasing.erase(stores, who, dry_run=False)
    if as_json:
        print(json_line(receipt.to_json()))
    else:
        _print(receipt)


def export(
    who: str = WHO,
    out: Optional[Path] = typer.Option(None, "--out", metavar="FILE", help="Write it there, for your eyes only."),
    mail: list[Path] = FOLDERS,
) -> None:
    """All that is kept of a customer, a conversation or a mail address, as JSON for that person to read."""
    import json

    from saldo.privacy import exporting
    from saldo.privacy.stores import open_stores

    with open_stores(from_environment(), _folders(mail)) as stores:
        found = exporting.export(stores, who)
    if out is None:
        typer.echo(json.dumps(found, indent=1))
        return
    try:
        with private_file(out, os.O_TRUNC) as file:
            out.chmod(FILE)
            file.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise SaldoError(f"{out} cannot be written ({error.strerror}).") from None
    items = sum(len(each["items"]) for each in found["kept"])
    terminal(soft_wrap=True).print(f"Wrote {items} items to {out}.")


def purge(
    dry_run: bool = DRY_RUN,
    days: Optional[int] = typer.Option(None, "--days", min=1, help="Instead of SALDO_KEEP_DAYS."),
    as_json: bool = typer.Option(False, "--json", help="Print what went as one JSON object."),
    mail: list[Path] = FOLDERS,
) -> None:
    """Remove what has had its time, as `serve` and `mail watch` do once a day, and print what went."""
    from dataclasses import asdict

    from saldo.privacy import expiry

    settings = from_environment()
    keep = days or settings.keep_days
    if not keep:
        raise SaldoError("SALDO_KEEP_DAYS is 0: nothing expires. To remove old things all the same, name --days.")
    with terminal(stderr=True).status("Looking …"):
        lines = expiry.purge(settings, keep, dry_run=dry_run, folders=_folders(mail))
    if as_json:
        print(json_line({"days": keep, "dry_run": dry_run, "lines": [asdict(line) for line in lines]}))
        return
    would = "would be " if dry_run else ""
    out = terminal(width=None if sys.stdout.isatty() else WHEN_PIPED)
    out.print(_table(lines, f"Older than {keep} days, {would}removed"))


def _folders(folders: Sequence[Path]) -> list[Path]:
    for folder in folders:
        if not folder.is_dir():
            raise SaldoError(f"{folder}: there is no such folder.")
    return list(folders)


def _ask(receipt: Receipt) -> None:
    if not sys.stdin.isatty():
        raise SaldoError("Nothing was erased: add --yes, or --dry-run to see what would go.")
    _print(receipt)
    if not typer.confirm("Erase it?"):
        raise SaldoError("Nothing was erased.")


def _print(receipt: Receipt) -> None:
    out = terminal(width=None if sys.stdout.isatty() else WHEN_PIPED)
    would = "would be erased" if receipt.dry_run else "erased"
    out.print(_table(receipt.lines, f"{receipt.kind} {receipt.name}, {receipt.at}: {would}"))
    out.print("What lies in the team's mailbox or helpdesk, and the billing records, is the team's and stays.")
    if receipt.shared:
        addresses = ", ".join(receipt.shared)
        out.print(f"Mails of {addresses} stay, but those proven to be this customer's: other customers have them too.")
    if receipt.unswept:
        out.print(f"Another program is at work on {', '.join(receipt.unswept)}; run this again to overwrite the bytes.")


def _table(lines: Sequence[Line], title: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("what")
    table.add_column("where")
    table.add_column("how many", justify="right")
    for line in lines:
        table.add_row(line.what, line.where, str(line.count))
    return table
