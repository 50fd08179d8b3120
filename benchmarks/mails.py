"""How long a mail takes, from its bytes to its draft and review: time of the processor on one core.

    .venv/bin/python -m benchmarks.mails [FOLDER…] [--rounds 3]

Reads every .eml file in the folders, the tests' mails unless others are given, with the trained model and the sample's
records; each round handles all of them once more. Skipped mails are left out of the figures. What else the machine does
is left out, too; on an idle one this is the time that passes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from saldo.rasa_runtime import patches
from saldo.settings import CHECKOUT, from_environment

FOLDERS = [CHECKOUT / "tests" / "mail" / name for name in ("messages", "fresh")]
DAY = "2026-11-22"
AUTHSERV_ID = "mx.saldo.example"
"""Who proves the senders of the tests' mails."""


def main() -> None:
    options = _options()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    files = [path.read_bytes() for folder in options.folders for path in sorted(folder.rglob("*.eml"))]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "SALDO_DATABASE_URL": f"sqlite:///{folder}/saldo.db",
            "SALDO_TODAY": DAY,
            "SALDO_MAIL_AUTHSERV_ID": AUTHSERV_ID,
        }
        taken = sorted(_milliseconds(files, options.rounds))
    cuts = quantiles(taken, n=100)
    print(f"{len(taken):,} mails on one core: p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, longest {taken[-1]:.1f} ms")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=FOLDERS, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _milliseconds(files: list[bytes], rounds: int) -> Iterator[float]:
    """Of each mail that was not skipped, in each round; a round before them warms up and does not count."""
    settings = from_environment()
    patches.apply(settings)
    from saldo.billing import Repository, create_database, sample_accounts
    from saldo.faq import load
    from saldo.mail.handler import MailHandler
    from saldo.mail.parse.incoming import read
    from saldo.rasa_runtime.agent import Bot

    records = Repository(create_database(settings.database_url))
    records.add(sample_accounts(settings.today))
    handler = MailHandler(settings, load(settings.faq), Bot(settings.model), records)
    loop = asyncio.new_event_loop()
    for number in range(rounds + 1):
        for data in files:
            began = time.process_time()
            handled = loop.run_until_complete(handler.handle(read(data), "x.eml", "box", lambda sender, day: 0))
            if handled.draft is not None:
                handled.draft.as_bytes()
            if number and not handled.review.skipped:
                yield (time.process_time() - began) * 1000
    loop.close()


if __name__ == "__main__":
    main()
