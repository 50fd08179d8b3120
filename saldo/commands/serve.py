"""`saldo serve`: the bot, the widget's channel and the demo page, in one process."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.text import Text

from saldo.commands.terminal import terminal
from saldo.errors import SaldoError
from saldo.settings import Settings, from_environment

if TYPE_CHECKING:
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
) -> None:
    """Start the bot with its web page."""
    if demo:
        os.environ["SALDO_DEMO"] = "1"
    settings = from_environment()
    if not settings.model.is_file():
        raise SaldoError("There is no model yet; run `saldo train`.")
    _must_be_free(host, port)
    _serve(settings, host, port)


def _must_be_free(host: str, port: int) -> None:
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


def _serve(settings: Settings, host: str, port: int) -> None:
    console = terminal(stderr=True)
    contexts: list[WebContext] = []
    with console.status("Starting the bot …"):
        from saldo.rasa_runtime import patches

        patches.apply(settings)
        from saldo.web.application import application

        app = application(settings, contexts.append)
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host
    address = f"http://{shown}:{port}{PATH}"
    app.register_listener(lambda *_: _ready(console, address, contexts[0].script), "after_server_start")
    app.run(host=host, port=port, access_log=False, motd=False)


def _ready(console: Console, address: str, script: Script) -> None:
    line = Text.assemble("Saldo is ready: ", (address, f"link {address}"), "  (Ctrl-C stops it)")
    console.print(line, soft_wrap=True)
    console.print("On your own pages (docs/widget.md):", style="dim")
    pinned = f'src="{address}{script.name}" integrity="{script.integrity}"'
    embedding = f'<script type="module" crossorigin {pinned}></script>\n<saldo-chat></saldo-chat>'
    console.print(embedding, style="dim", soft_wrap=True)
