"""Gathers the verbs. A user's mistake is one line on stderr and exit code 2, a fault of ours one and exit code 3."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from traceback import extract_tb

import typer

from saldo import __version__
from saldo.commands import ask, benchmark, billing, evaluate, faq, mail, privacy, report, serve, shell, train
from saldo.commands.terminal import terminal
from saldo.errors import SaldoError
from saldo.private_files import OTHERS, is_open, keep_private, private_file
from saldo.settings import CHECKOUT

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
app.command("report")(report.report)
app.command("erase")(privacy.erase)
app.command("export")(privacy.export)
app.command("purge")(privacy.purge)
app.add_typer(billing.app, name="billing")
app.add_typer(faq.app, name="faq")
app.add_typer(mail.app, name="mail")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"saldo {__version__}")
        raise typer.Exit()


PUBLISHING = ("train", "evaluate", "benchmark", "faq")
"""Verbs whose files are nobody's secret, and may be read by another user who runs the bot."""
STARTING = ("serve", "mail", "erase", "purge")
"""Verbs that look through the whole folder of state; the others look at it only where others can, too."""


@app.callback()
def main(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Answers and explains a SaaS customer's bill, in Dutch and Finnish."""
    verb, state = context.invoked_subcommand, _state()
    if verb not in PUBLISHING:
        os.umask(OTHERS)
    if verb in STARTING or is_open(state):
        keep_private(state)


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
    except Exception as error:  # a fault of ours: never a traceback, and nothing of what a customer wrote in the log
        log = _logged(error)
        said = f"Saldo failed ({type(error).__name__}), which is a fault of ours; nothing was lost. Where: {log}"
        terminal(stderr=True, soft_wrap=True).print(said, style="red")
        sys.exit(3)


def _logged(error: Exception) -> Path:
    """Add the fault's type and the places it went through to a log that only its owner reads; the log's path."""
    log = _state() / "faults.log"
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    places = (f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__))
    entry = "\n".join([f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S%z} {type(error).__name__}", *places, ""])
    with private_file(log, os.O_APPEND) as file:
        file.write(entry)
    return log


def _state() -> Path:
    """The folder of state, also before the settings are read, or where they make no sense."""
    return Path(os.environ.get("SALDO_HOME") or CHECKOUT).expanduser() / "var"
