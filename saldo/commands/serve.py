"""`saldo serve`: the bot, the widget's channel and the demo page, in one process or in several."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING, Optional

import typer
from rich.console import Console
from rich.text import Text

from saldo.commands.conversing import must_have_model
from saldo.commands.terminal import terminal
from saldo.errors import DatabaseUnusable, SaldoError, WrongLayout
from saldo.settings import Settings, from_environment

if TYPE_CHECKING:
    import asyncio

    from sanic import Sanic

    from saldo.web.bundle import Script
    from saldo.web.context import WebContext

PATH = "/webhooks/widget/"


class PortTaken(SaldoError):
    """Another program listens where the bot should."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"Port {port} on {host} is taken; stop what runs there, or choose another: --port {port + 1}")


def serve(
    host: str = typer.Option(
        "127.0.0.1", "--host", help="Address to listen on; only this machine unless told otherwise."
    ),
    port: int = typer.Option(5005, "--port", min=1, max=65535, help="Port to listen on."),
    demo: bool = typer.Option(False, "--demo", help="Let the page pick a sample customer. Never on a real server."),
    workers: int = typer.Option(1, "--workers", min=1, max=64, help="Processes that answer; one for each core."),
    listens: Optional[int] = typer.Option(None, "--socket", hidden=True),
) -> None:
    """Start the bot with its web page."""
    if demo:
        os.environ["SALDO_DEMO"] = "1"
    settings = from_environment()
    must_have_model(settings)
    if listens is None:
        from saldo.rasa_runtime.model_file import must_be_this_bots

        must_be_this_bots(settings.model)
        must_be_free(host, port)
        must_be_known(settings)
        if settings.demo:
            must_be_sample(settings)
    if workers > 1:
        _serve_by_workers(settings, host, port, workers)
    tell_how_it_runs(settings)
    if listens is None:
        _serve(settings, host, port)
    else:
        _serve_as_worker(settings, listens)


def must_be_free(host: str, port: int) -> None:
    """SaldoError where nothing can listen there: the port is taken or not allowed, or there is no such address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror:
            raise SaldoError(f"There is no address {host!r} on this machine; try --host 127.0.0.1.") from None
        except PermissionError:
            raise SaldoError(
                f"Port {port} is not open to this user; choose one above 1023, such as --port 5005."
            ) from None
        except OSError:
            raise PortTaken(host, port) from None


def tell_how_it_runs(settings: Settings) -> None:
    """Metrics and spans, where the settings ask for them. SaldoError if they ask for what cannot be."""
    from saldo.insight import metrics, spans

    spans.trace()
    metrics.serve_metrics(settings)


def must_be_known(settings: Settings) -> None:
    """WrongLayout if a store is another Saldo's; one that cannot be read just now may come back, and health tells."""
    from saldo.billing import open_database
    from saldo.insight.store import open_store
    from saldo.storage.conversations import ConversationBook

    checks = (
        lambda: open_database(settings.database_url, limited=True),
        open_store(settings).check,
        ConversationBook(settings).check,
    )
    for check in checks:
        try:
            check()
        except WrongLayout:
            raise
        except DatabaseUnusable:
            continue


def must_be_sample(settings: Settings) -> None:
    """SaldoError if there are others than the sample's companies: whoever opens the page could pick them."""
    from saldo.billing import Repository, open_database, sample_accounts

    try:
        customers = Repository(open_database(settings.database_url, limited=True)).customers()
    except DatabaseUnusable:  # then there are no figures to be seen; health tells why
        return
    if strangers := {one.id for one in customers} - {one.customer.id for one in sample_accounts()}:
        raise SaldoError(
            f"--demo shows anybody's figures to whoever opens the page, and {len(strangers)} customers in the billing "
            "database are not the sample's; start without --demo, or name another in SALDO_DATABASE_URL."
        )


def _serve(settings: Settings, host: str, port: int) -> None:
    console = terminal(stderr=True)
    with console.status("Starting the bot …"):
        app, context = _application(settings)
    app.register_listener(lambda *_: _ready(console, _address(host, port), context.script), "after_server_start")
    from saldo.commands.workers import WAITING

    app.run(host=host, port=port, backlog=WAITING, access_log=False, motd=False)


def _serve_by_workers(settings: Settings, host: str, port: int, count: int) -> None:
    from saldo.commands.workers import listening, run_workers
    from saldo.web.bundle import Script

    console = terminal(stderr=True)
    status = console.status(f"Starting {count} processes …")
    status.start()

    def ready() -> None:
        status.stop()
        _ready(console, _address(host, port), Script(settings.state / "widget"))

    try:
        code = run_workers(count, listening(host, port), ready)
    finally:
        status.stop()
    raise typer.Exit(code)


def _serve_as_worker(settings: Settings, listens: int) -> None:
    """Answer what comes in on a socket that the parent has opened; stop when the parent is gone."""
    app, _ = _application(settings)
    from saldo.web.edge.drain import begin_to_end

    def parent_gone(loop: asyncio.AbstractEventLoop) -> None:
        loop.remove_reader(sys.stdin.fileno())  # an end is told again and again, and a second time ends all
        begin_to_end(app)

    app.register_listener(lambda _, loop: loop.add_reader(sys.stdin.fileno(), parent_gone, loop), "after_server_start")
    app.register_listener(_tell_parent, "after_server_start")
    app.run(sock=socket.socket(fileno=listens), access_log=False, motd=False)


def _tell_parent(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    os.write(sys.stdout.fileno(), b"ready\n")


def _application(settings: Settings) -> tuple[Sanic, WebContext]:
    from saldo.rasa_runtime import patches

    patches.apply(settings)
    from saldo.insight import metrics
    from saldo.privacy.expiry import Daily
    from saldo.rasa_runtime.channel import book_of
    from saldo.web.application import application
    from saldo.web.edge.gate import gate_of

    contexts: list[WebContext] = []
    app = application(settings, contexts.append)
    (context,) = contexts
    metrics.watch({"The store of conversations": lambda: book_of(app).check(), **context.checks()})
    if settings.worker <= 1:  # of several, one forgets what is too old to be kept
        app.register_listener(lambda *_: Daily(settings, lambda: gate_of(app).inside > 0).start(), "after_server_start")
    return app, context


def _address(host: str, port: int) -> str:
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host
    return f"http://{shown}:{port}{PATH}"


def _ready(console: Console, address: str, script: Script) -> None:
    line = Text.assemble("Saldo is ready: ", (address, f"link {address}"), "  (Ctrl-C stops it)")
    console.print(line, soft_wrap=True)
    console.print("On your own pages (docs/widget.md):", style="dim")
    pinned = f'src="{address}{script.name}" integrity="{script.integrity}"'
    embedding = f'<script type="module" crossorigin {pinned}></script>\n<saldo-chat></saldo-chat>'
    console.print(embedding, style="dim", soft_wrap=True)
