"""Gathers the verbs, and turns a user's mistake into one line on stderr and exit code 2."""

from __future__ import annotations

import os
import sys

import typer

from saldo import __version__
from saldo.commands import ask, benchmark, billing, evaluate, faq, mail, serve, shell, train
from saldo.commands.terminal import terminal
from saldo.errors import SaldoError

app = typer.Typer(
    help="Answers and explains a SaaS customer's bill, in Dutch and Finnish.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: the pretty one takes as long to load as all the rest
)
app.command("train")(train.train)
app.command("ask")(ask.ask)
app.command("shell")(shell.shell)
app.command("serve")(serve.serve)
app.command("evaluate")(evaluate.evaluate)
app.command("benchmark")(benchmark.benchmark)
app.add_typer(billing.app, name="billing")
app.add_typer(faq.app, name="faq")
app.add_typer(mail.app, name="mail")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"saldo {__version__}")
        raise typer.Exit()


@app.callback()
def main(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Answers and explains a SaaS customer's bill, in Dutch and Finnish."""


def run() -> None:
    """The entry point."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # neither odd bytes nor an old terminal stop us
    try:
        app()
    except SaldoError as error:
        terminal(stderr=True, soft_wrap=True).print(str(error), style="red")
        sys.exit(2)
    except BrokenPipeError:  # whoever read has enough; what is still to be flushed has no place to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
