"""`saldo mail`: drafts of replies to support mails, for a person to read and send. Nothing here sends."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Optional

import typer
from rich.progress import Progress

from saldo.commands import mail_serve
from saldo.commands.conversing import load_bot
from saldo.commands.serve import tell_how_it_runs
from saldo.commands.terminal import terminal
from saldo.errors import SaldoError
from saldo.settings import Settings, day_of, from_environment

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from saldo.mail.batch import Result
    from saldo.mail.handler import MailHandler
    from saldo.mail.store.claims import Claims

MANY = 20
"""Mails from which on their pace says something."""
WHEN_PIPED = 200
"""Columns of a table that no terminal limits."""

NOTES: bool = typer.Option(False, "--notes", help="Leave a note to a colleague as a draft where a person must look.")

app = typer.Typer(help="Drafts of replies to support mails; it never sends.", no_args_is_help=True)
app.command("serve")(mail_serve.serve)


@app.callback()
def main() -> None:
    """Drafts of replies to support mails; it never sends."""


@app.command("draft")
def draft(
    paths: list[Path] = typer.Argument(..., metavar="PATH…", help=".eml files, folders of them, mbox files, Maildirs."),
    out: Path = typer.Option(..., "--out", metavar="DIR", help="Folder for the drafts and their reviews."),
    notes: bool = NOTES,
) -> None:
    """Draft a reply to each stored mail; each mail once, also when run again."""
    from saldo.mail.batch import Batch, stored_mails
    from saldo.mail.store.draft_folder import DraftFolder

    settings, console = from_environment(), terminal(stderr=True)
    mails, folder = stored_mails(paths), DraftFolder(out)
    with console.status("Loading …"):
        handler, claims, _ = office(settings, notes)
    with Progress(console=console, transient=True, disable=not console.is_terminal or len(mails) < 5) as progress:
        task = progress.add_task("Drafting", total=len(mails))
        run = Batch(handler, claims, folder).run(mails, lambda: progress.advance(task))
        began = time.perf_counter()
        count = asyncio.run(run)
    pace = f" ({len(mails) * 60 / (time.perf_counter() - began):,.0f} mails a minute)" if len(mails) >= MANY else ""
    terminal(soft_wrap=True).print(f"{summary(count)} in {out}{pace}")


@app.command("watch")
def watch(
    url: str = typer.Argument(
        ..., metavar="IMAP_URL", help="Such as imaps://user%40example.com@imap.example.com/INBOX"
    ),
    out: Optional[Path] = typer.Option(
        None, "--out", metavar="DIR", help="Folder for the reviews; var/mail by default."
    ),
    since: Optional[str] = typer.Option(
        None, help="Take older mails too, since a day such as 2026-07-01, the newest first."
    ),
    everything: bool = typer.Option(False, "--all", help="Take all older mails too, the newest first."),
    drafts: Optional[str] = typer.Option(
        None, "--drafts", metavar="NAME", help="Folder for the drafts; made if it is not there."
    ),
    sent: Optional[str] = typer.Option(
        None, "--sent", metavar="NAME", help="Folder of what was sent, to learn what became of drafts."
    ),
    notes: bool = NOTES,
    once: bool = typer.Option(False, "--once", help="Stop when nothing is left to draft."),
) -> None:
    """Draft as mail arrives, into the mailbox's Drafts; the password is read from SALDO_MAIL_PASSWORD.

    The first start begins now; later ones go on from there.
    """
    from saldo.mail.imap.server import secrets_of, server_of
    from saldo.mail.imap_worker import ImapWorker
    from saldo.mail.inbox import Inbox, Reach
    from saldo.mail.store.draft_folder import DraftFolder
    from saldo.privacy.expiry import Daily

    if since and everything:
        raise SaldoError("--since and --all do not go together; give one of them.")
    if drafts is not None and not (drafts.strip() and drafts.isprintable()):
        raise SaldoError("--drafts must be the name of a folder, such as Drafts.")
    if sent is not None and not (sent.strip() and sent.isprintable()):
        raise SaldoError("--sent must be the name of a folder, such as Sent.")
    settings, console = from_environment(), terminal(stderr=True, soft_wrap=True)
    server, secret = server_of(url), secrets_of(os.environ)
    older: Optional[Reach] = "all" if everything else day_of("--since", since)
    folder = DraftFolder(out or settings.state / "mail")
    tell_how_it_runs(settings)
    with console.status("Loading …"):
        handler, claims, engine = office(settings, notes)
        from saldo.billing import Repository
        from saldo.insight import metrics

        metrics.watch({"The billing database": Repository(engine).is_empty})
    console.print(f"Watching {server}  (Ctrl-C stops it)")
    Daily(settings, folders=(folder.folder,)).start()
    worker = ImapWorker(handler, claims, engine, folder, str(server), lambda line: console.print(line), older)
    asyncio.run(worker.watch(lambda: Inbox(server, secret(), drafts, sent), once=once))


@app.command("check")
def check(
    url: str = typer.Argument(
        ..., metavar="IMAP_URL", help="Such as imaps://user%40example.com@imap.example.com/INBOX"
    ),
) -> None:
    """What Saldo would be able to do in a mailbox, from its last 50 mails; changes nothing there."""
    from saldo.mail.check import Check, report
    from saldo.mail.imap.server import secrets_of, server_of

    settings, server, secret = from_environment(), server_of(url), secrets_of(os.environ)
    with terminal(stderr=True).status("Looking …"), Check(server, secret()) as found:
        lines = report(found, settings.mail_authserv_ids)
    terminal(soft_wrap=True).print("\n".join(lines))


@app.command("review")
def review(
    folder: Path = typer.Argument(..., metavar="DIR", help="Folder that `mail draft` or `mail watch` wrote into."),
    html: Optional[Path] = typer.Option(None, "--html", metavar="FILE", help="Write a page with mails and drafts."),
) -> None:
    """What was drafted and why: a line for each mail, or a page with each mail beside its draft."""
    from saldo.mail.review.page import page, table, write
    from saldo.mail.store.draft_folder import reviews_in

    reviews = list(reviews_in(folder))
    if html:
        write(html, page(folder, reviews))
        terminal().print(f"Wrote {html}", soft_wrap=True)
    else:
        terminal(width=None if sys.stdout.isatty() else WHEN_PIPED).print(table(reviews))


@app.command("desk")
def desk(
    folder: Path = typer.Argument(..., metavar="DIR", help="Folder that `mail draft` or `mail watch` wrote into."),
    port: int = typer.Option(5010, "--port", min=1, max=65535, help="Port of this machine to listen on."),
    language: str = typer.Option("nl", "--language", metavar="nl|fi|en", help="Language of the page."),
    mailbox: Optional[str] = typer.Option(
        None, "--mailbox", metavar="IMAP_URL", help="The watched mailbox: letters can be laid into its Drafts."
    ),
    drafts: Optional[str] = typer.Option(None, "--drafts", metavar="NAME", help="Its folder for the drafts."),
) -> None:
    """A page on this machine to work off the mails: read, correct, draft again; it never sends."""
    from saldo.commands.desk import serve_desk

    serve_desk(folder, port, language, mailbox, drafts)


@app.command("evaluate")
def evaluate(
    folders: list[Path] = typer.Argument(
        ..., metavar="DIR…", help="Folders of .eml files, each with a .json of its topics."
    ),
) -> None:
    """Measure the drafts on mails whose topics are known: how many are answered, and what is answered needlessly."""
    from saldo.mail.evaluate import measure, pairs_in

    settings = from_environment()
    sets = [(folder, pairs_in(folder)) for folder in folders]
    with terminal(stderr=True).status("Loading …"):
        handler, _, _ = office(settings)
    out = terminal(soft_wrap=True)
    for folder, pairs in sets:
        figures = asyncio.run(measure(handler, pairs))
        out.print(
            f"{folder}: {len(figures.mails)} mails, micro-F1 {figures.micro_f1:.3f}, exact set {figures.exact:.3f}, "
            f"answered from a quoted thread {len(figures.leaked)}",
            markup=False,
        )
        for mail in figures.inexact:
            missed, extra = mail.asked - mail.answered, mail.answered - mail.asked
            words = [*(f"misses {topic}" for topic in sorted(missed)), *(f"adds {topic}" for topic in sorted(extra))]
            out.print(f"  {mail.path.name}: {', '.join(words)}")


def summary(count: Counter[Result]) -> str:
    """What a run came to, in one line."""
    words: dict[Result, tuple[str, str]] = {
        "drafted": ("draft", "drafts"),
        "note": ("note to a colleague", "notes to a colleague"),
        "person": ("for a person", "for a person"),
        "none": ("with nothing to answer", "with nothing to answer"),
        "skipped": ("skipped", "skipped"),
        "before": ("done before", "done before"),
    }
    found = [f"{count[name]} {one if count[name] == 1 else many}" for name, (one, many) in words.items() if count[name]]
    return ", ".join(found) or "No mails"


def office(settings: Settings, notes: bool = False) -> tuple[MailHandler, Claims, Engine]:
    """What drafting takes; SaldoError if there is no model yet."""
    from saldo.billing import Repository, create_database
    from saldo.faq import load
    from saldo.mail.handler import MailHandler
    from saldo.mail.store.claims import Claims

    engine = create_database(settings.database_url)
    claims, faq = Claims(engine), load(settings.faq)
    return MailHandler(settings, faq, load_bot(settings), Repository(engine), notes=notes), claims, engine
