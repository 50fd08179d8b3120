"""`saldo benchmark`: understanding, speed and memory beside stock Rasa, on the same examples and questions."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import typer

from saldo.commands.conversing import benchmark_module
from saldo.commands.terminal import json_line, terminal
from saldo.errors import SaldoError
from saldo.settings import from_environment


def benchmark(
    files: Optional[list[Path]] = typer.Argument(None, help="Labelled questions; tests/questions unless given."),
    share: float = typer.Option(
        0.1, min=0.01, max=1, help="Share of the examples that both learn from; with all of them DIET takes hours."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object."),
) -> None:
    """Train Saldo's pipeline and stock Rasa's on the same examples and ask both the same questions."""
    from saldo.evaluation import read_labelled

    peers = benchmark_module("peers")
    settings = from_environment()
    questions = read_labelled(files or [settings.home / "tests" / "questions"])
    if not questions:
        raise SaldoError("There are no labelled questions in these files.")
    with terminal(stderr=True).status("Beginning …") as status:
        found = peers.compare(settings.home, questions, share, status.update)
    if as_json:
        typer.echo(json_line(peers.as_json(found)))
    else:
        terminal().print(peers.table(found))
