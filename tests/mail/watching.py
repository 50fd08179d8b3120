"""What the tests of a watched mailbox share: mails that arrive, drafts that lie there, and waiting for them."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable

from tests.mail.dovecot import Dovecot
from tests.mail.mails import mail_bytes

STANDSTILL = 300.0
"""Seconds without any progress after which a test fails: Dovecot holds the lock of a process that was killed for two
minutes before it takes it for stale."""
Start = Callable[..., "subprocess.Popen[str]"]


def deliver(dovecot: Dovecot, first: int, last: int) -> None:
    for number in range(first, last):
        dovecot.deliver(f"{number:05}", mail_bytes(message_id=f"<{number:05}@x.example>", subject=f"Lasku {number}"))


def in_order(dovecot: Dovecot, folder: str = "Luonnokset") -> list[str]:
    """The numbers of the mails that drafts answer, in the order of the drafts."""
    found = (re.search(rb"^In-Reply-To: <(\d+)@", draft, re.MULTILINE) for draft in dovecot.drafts(folder))
    return [each[1].decode() for each in found if each]


def answered(dovecot: Dovecot, folder: str = "Luonnokset") -> list[str]:
    return sorted(in_order(dovecot, folder))


def wait_until(done: Callable[[], bool], progress: Callable[[], object] = lambda: None) -> None:
    """Wait as long as anything moves: a slow machine only takes longer, one that stands still fails."""
    seen, until = progress(), time.monotonic() + STANDSTILL
    while not done():
        assert time.monotonic() < until, f"nothing moved for {STANDSTILL:.0f} s"
        time.sleep(0.1)
        if (now := progress()) != seen:
            seen, until = now, time.monotonic() + STANDSTILL
