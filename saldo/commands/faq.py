"""`saldo faq check`: whether the content files are in order."""

from __future__ import annotations

import typer
from rich.console import Console

from saldo.errors import FaultyFiles
from saldo.settings import from_environment

app = typer.Typer(help="The reviewed answers.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def main() -> None:
    """The reviewed answers."""


@app.command("check")
def check_content() -> None:
    """Check the content files; every mistake with file, line and what would be right."""
    from saldo.faq import LANGUAGES, check, load

    content = load(from_environment().faq)
    if faults := check(content):
        raise FaultyFiles(faults)
    Console().print(f"In order: {len(content.topics)} topics in {' and '.join(LANGUAGES)}.")
